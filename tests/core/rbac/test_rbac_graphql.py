"""The GraphQL face of places, roles and grants, as an administrator uses it."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from msingi.actor import ANONYMOUS, Actor
from msingi.ids import new_id
from msingi.platform import Platform
from msingi.rbac.models import Grant, Jurisdiction
from msingi.testing import AsUser

Places = dict[str, UUID]
Appoint = Callable[..., Actor]
Run = Callable[..., dict[str, Any]]

GRANT = """
mutation($subject: UUID!, $role: String!, $place: UUID!) {
  grantRole(subjectId: $subject, role: $role, jurisdictionId: $place) {
    id version role { name label permissions } jurisdiction { code path { code } }
  }
}
"""
REVOKE = "mutation($grant: UUID!) { revokeGrant(grantId: $grant) { revokedAt version } }"


def test_places_are_listed_with_their_path(run: Run, places: Places, as_user: AsUser) -> None:
    query = """{ jurisdictions(where: {kind: {eq: "facility"}}, orderBy: [CODE_ASC]) {
        totalCount nodes { code level kind path { code level } } } }"""

    answer = run(query, actor=as_user("core.read_modules", at=places["F3"]))

    listed = answer["data"]["jurisdictions"]
    assert listed["totalCount"] == 3
    assert [node["code"] for node in listed["nodes"]] == ["F1", "F2", "F3"]
    assert listed["nodes"][2]["path"] == [
        {"code": "C", "level": 0},
        {"code": "R2", "level": 1},
        {"code": "D3", "level": 2},
    ]


@pytest.mark.rule("P1")
def test_nobody_reads_places_without_signing_in(run: Run, places: Places) -> None:
    answer = run("{ jurisdictions { nodes { code } } }", actor=ANONYMOUS)

    assert [error["extensions"]["code"] for error in answer["errors"]] == ["core.not_authenticated"]


def test_a_role_is_granted_seen_and_revoked(run: Run, places: Places, appoint: Appoint) -> None:
    officer = appoint("district_officer", "D1")
    subject = str(new_id())
    asked = {"subject": subject, "role": "district_officer", "place": str(places["F1"])}

    granted = run(GRANT, asked, actor=officer)["data"]["grantRole"]
    listed = run(
        "query($s: UUID!) { grants(where: {subjectId: {eq: $s}}) { nodes { id revokedAt } } }",
        {"s": subject},
        actor=officer,
    )
    revoked = run(REVOKE, {"grant": granted["id"]}, actor=officer)["data"]["revokeGrant"]

    assert granted["role"]["label"] == "Responsable de district"
    assert "rbac.grant" in granted["role"]["permissions"]
    assert granted["jurisdiction"]["path"] == [{"code": "C"}, {"code": "R1"}, {"code": "D1"}]
    assert listed["data"]["grants"]["nodes"] == [{"id": granted["id"], "revokedAt": None}]
    assert (revoked["version"], revoked["revokedAt"] is not None) == (2, True)


@pytest.mark.rule("attack 25")
def test_a_wider_grant_is_refused_and_leaves_nothing(
    run: Run, platform: Platform, places: Places, appoint: Appoint
) -> None:
    officer = appoint("district_officer", "D1")
    attempts = [
        ("super_administrator", "D1", "rbac.wider_than_own"),
        ("district_officer", "D2", "core.forbidden"),
        ("nobody", "D1", "rbac.unknown_role"),
    ]

    for role, place, code in attempts:
        asked = {"subject": str(new_id()), "role": role, "place": str(places[place])}
        errors = run(GRANT, asked, actor=officer)["errors"]
        assert [error["extensions"]["code"] for error in errors] == [code]

    with platform.work(writes=False) as work:
        assert len(work.session.scalars(select(Grant.id)).all()) == 1


@pytest.mark.rule("attack 15")
def test_a_grant_elsewhere_is_revoked_like_one_that_does_not_exist(
    run: Run, platform: Platform, appoint: Appoint
) -> None:
    officer = appoint("district_officer", "D1")
    appoint("district_officer", "D3")
    with platform.work(writes=False) as work:
        hidden = work.session.scalars(select(Grant.id).order_by(Grant.id)).all()[-1]

    answers = [run(REVOKE, {"grant": str(grant)}, actor=officer)["errors"] for grant in (hidden, new_id())]

    assert [error["extensions"] for error in answers[0]] == [error["extensions"] for error in answers[1]]
    assert answers[0][0]["extensions"]["code"] == "core.not_found"


def test_an_administrator_learns_why_an_access_is_refused(run: Run, places: Places, appoint: Appoint) -> None:
    officer = appoint("region_officer", "R1")
    nurse = appoint("nurse", "F1")
    query = """query($s: UUID!, $p: UUID!) { explainAccess(subjectId: $s, permission: "rbac.grant", jurisdictionId: $p)
        { allowed verdict rule hidden grants { role verdict } } }"""

    answer = run(query, {"s": str(nurse.id), "p": str(places["F1"])}, actor=officer)

    assert answer["data"]["explainAccess"] == {
        "allowed": False,
        "verdict": "ROLE_LACKS_IT",
        "rule": None,
        "hidden": 0,
        "grants": [{"role": "nurse", "verdict": "ROLE_LACKS_IT"}],
    }


def test_places_are_added_moved_and_closed(
    run: Run, platform: Platform, places: Places, as_user: AsUser
) -> None:
    editor = as_user("rbac.edit_places", at=places["R1"])
    add = 'mutation { addPlace(code: "D9", name: "Neuf", parentCode: "R1") { id level } }'
    move = "mutation($a: UUID!, $b: UUID!) { movePlace(placeId: $a, parentId: $b) { level version } }"
    close = 'mutation($a: UUID!) { closePlace(placeId: $a, lastDay: "2026-03-31") { validTo } }'

    added = run(add, actor=editor)["data"]["addPlace"]
    moved = run(move, {"a": added["id"], "b": str(places["D2"])}, actor=editor)["data"]["movePlace"]
    closed = run(close, {"a": added["id"]}, actor=editor)["data"]["closePlace"]
    refused = run(close, {"a": str(places["D3"])}, actor=editor)["errors"]

    assert (added["level"], moved["level"], closed) == (2, 3, {"validTo": "2026-03-31"})
    assert refused[0]["extensions"]["code"] == "core.not_found"
    with platform.work(writes=False) as work:
        assert work.get(Jurisdiction, places["D3"]).valid_to is None


def test_roles_are_synchronised_by_who_manages_them(run: Run, places: Places, as_user: AsUser) -> None:
    mutation = "mutation { syncRoles { added removed } }"

    allowed = run(mutation, actor=as_user("rbac.manage_roles"))
    refused = run(mutation, actor=as_user("rbac.read"))

    assert allowed["data"]["syncRoles"] == {"added": 0, "removed": 0}
    assert refused["errors"][0]["extensions"]["code"] == "core.forbidden"


def test_every_refusal_speaks_french(platform: Platform) -> None:
    from msingi.errors import DomainError
    from msingi.rbac import errors

    refusals = [
        kind
        for kind in vars(errors).values()
        if isinstance(kind, type) and issubclass(kind, DomainError) and kind is not DomainError
    ]

    untranslated = [
        kind.code for kind in refusals if platform.texts.get(kind.template, "fr") == kind.template
    ]
    assert len(refusals) == 15
    assert untranslated == []
