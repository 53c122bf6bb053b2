"""Grants: what they open, when they count, who may give and take them, and why an access is refused."""

from collections.abc import Callable
from datetime import date
from uuid import UUID

import pytest
from sqlalchemy import select

from msingi.actor import SYSTEM, Actor, ActorKind, GrantSet, Scope
from msingi.errors import DomainError, Forbidden, NotFound
from msingi.ids import new_id
from msingi.platform import Platform
from msingi.rbac.access import GrantCache, compile_grants
from msingi.rbac.errors import (
    AlreadyRevoked,
    PlaceClosed,
    SamePerson,
    UnknownRole,
    WiderThanOwn,
    WrongPeriod,
)
from msingi.rbac.explain import Verdict, explain
from msingi.rbac.grants import grant_role, require_other_person, revoke_grant
from msingi.rbac.models import Grant
from msingi.rbac.plugin import GRANT, READ
from msingi.rbac.rules import not_held
from msingi.rbac.tree import close_place
from msingi.testing import FrozenClock

Places = dict[str, UUID]
Appoint = Callable[..., Actor]
MARCH_2 = date(2026, 3, 2)


def _grants(platform: Platform) -> list[tuple[UUID, bool]]:
    with platform.work(writes=False) as work:
        rows = work.session.execute(select(Grant.subject_id, Grant.revoked_at).order_by(Grant.id))
        return [(subject, revoked is not None) for subject, revoked in rows]


def test_a_grant_opens_its_place_and_everything_below(appoint: Appoint, places: Places) -> None:
    officer = appoint("district_officer", "D1")

    assert officer.scope("rbac.read") == Scope(frozenset({places["D1"]}))
    assert officer.scope("rbac.edit_places") == Scope()
    assert not officer.holds("rbac.*")


@pytest.mark.rule("FR-7")
def test_a_grant_at_the_top_of_the_tree_is_national(appoint: Appoint) -> None:
    assert appoint("national_officer", "C").scope("rbac.read") == Scope(everywhere=True)


@pytest.mark.rule("attack 23")
def test_status_comes_before_role(platform: Platform, appoint: Appoint) -> None:
    officer = appoint("national_officer", "C")
    assert officer.id is not None

    with platform.work() as work:
        assert compile_grants(work, officer.id, status_active=False) == GrantSet()
        assert compile_grants(work, officer.id, status_active=True).holds("rbac.read")


def test_a_grant_counts_from_its_first_to_its_last_day(
    platform: Platform, places: Places, frozen_clock: FrozenClock
) -> None:
    user = new_id()
    with platform.work() as work:
        grant_role(
            work,
            user,
            role="auditor",
            jurisdiction_id=places["D1"],
            valid_from=date(2026, 3, 3),
            valid_to=date(2026, 3, 4),
        )

    held = []
    for _ in range(4):
        with platform.work(writes=False) as work:
            held.append(compile_grants(work, user, status_active=True).holds("audit.read"))
        frozen_clock.move(days=1)

    assert held == [False, True, True, False]


@pytest.mark.rule("FR-7")
def test_a_grant_ends_with_its_place(
    platform: Platform, places: Places, appoint: Appoint, frozen_clock: FrozenClock
) -> None:
    manager = appoint("facility_manager", "F1")
    assert manager.id is not None
    with platform.work() as work:
        close_place(work, places["F1"], last_day=MARCH_2)

    with platform.work() as work:
        assert compile_grants(work, manager.id, status_active=True).holds("rbac.read")
    frozen_clock.move(days=1)
    with platform.work() as work:
        assert compile_grants(work, manager.id, status_active=True) == GrantSet()


def test_a_revoked_grant_counts_no_more_at_once(platform: Platform, places: Places, appoint: Appoint) -> None:
    officer = appoint("district_officer", "D1")
    assert officer.id is not None

    with platform.work() as work:
        grant = work.session.scalars(select(Grant)).one()
        revoke_grant(work, grant.id)
        assert compile_grants(work, officer.id, status_active=True) == GrantSet()
        with pytest.raises(AlreadyRevoked):
            revoke_grant(work, grant.id)


def test_a_grant_that_was_undone_does_not_live_on_in_the_cache(platform: Platform, places: Places) -> None:
    user = new_id()
    with platform.work() as work:
        grant_role(work, user, role="auditor", jurisdiction_id=places["C"])
        assert compile_grants(work, user, status_active=True).holds("audit.read")
        work.session.undo()

    with platform.work() as work:
        grant_role(work, new_id(), role="auditor", jurisdiction_id=places["C"])
        assert compile_grants(work, user, status_active=True) == GrantSet()


def test_the_cache_drops_who_was_not_seen_for_longest() -> None:
    cache = GrantCache(size=2)
    keys = [(new_id(), None, MARCH_2) for _ in range(3)]
    for key in keys[:2]:
        cache.put(key, GrantSet())
    cache.get(keys[0])

    cache.put(keys[2], GrantSet())

    assert [cache.get(key) for key in keys] == [GrantSet(), None, GrantSet()]


@pytest.mark.rule("attack 25")
@pytest.mark.parametrize(
    ("role", "place", "until", "refusal"),
    [
        ("super_administrator", "D1", None, WiderThanOwn),
        ("auditor", "F1", None, WiderThanOwn),
        ("district_officer", "D2", None, Forbidden),
        ("district_officer", "R1", None, Forbidden),
        ("district_officer", "C", None, Forbidden),
        ("district_officer", "D1", None, WiderThanOwn),
        ("district_officer", "D1", date(2026, 7, 1), WiderThanOwn),
        ("district_officer", "D1", date(2026, 3, 1), WrongPeriod),
        ("district_offic*", "D1", date(2026, 6, 30), UnknownRole),
    ],
)
def test_nobody_grants_wider_than_he_holds(
    platform: Platform,
    places: Places,
    appoint: Appoint,
    role: str,
    place: str,
    until: date | None,
    refusal: type[DomainError],
) -> None:
    officer = appoint("district_officer", "D1", until=date(2026, 6, 30))
    before = _grants(platform)

    with pytest.raises(refusal), platform.work(officer) as work, work.allowed(GRANT):
        grant_role(work, new_id(), role=role, jurisdiction_id=places[place], valid_to=until)

    assert _grants(platform) == before


@pytest.mark.parametrize(
    ("missing", "english", "french"),
    [
        (["a.one"], "1 right (a.one)", "1 droit (a.one)"),
        (
            ["a.one", "a.two", "a.three"],
            "3 rights (a.one, a.two, a.three)",
            "3 droits (a.one, a.two, a.three)",
        ),
        (["a.1", "a.2", "a.3", "a.4"], "4 rights (a.1, a.2, a.3…)", "4 droits (a.1, a.2, a.3…)"),
    ],
)
def test_a_refused_role_names_the_first_rights_that_lack_and_who_can_give_it(
    platform: Platform, missing: list[str], english: str, french: str
) -> None:
    refused = WiderThanOwn.by(missing, role="nurse")

    assert platform.texts.refusal(refused, "en") == (
        f"You cannot give or take back the role nurse here: for this place and period you lack {english}. "
        "Ask somebody whose rights go further, or whoever runs the server: the command `user grant` gives the role."
    )
    assert platform.texts.refusal(refused, "fr") == (
        "Vous ne pouvez pas donner ou retirer le rôle nurse ici : pour ce lieu et cette période il vous manque "
        f"{french}. Demandez-le à une personne dont les droits vont plus loin, ou à qui gère le serveur : "
        "la commande `user grant` donne le rôle."
    )
    assert refused.plain()["permissions"] == ", ".join(missing)


@pytest.mark.rule("attack 25")
def test_what_one_holds_can_be_passed_on_below(platform: Platform, places: Places, appoint: Appoint) -> None:
    officer = appoint("district_officer", "D1", until=date(2026, 6, 30))

    with platform.work(officer) as work, work.allowed(GRANT):
        grant = grant_role(
            work,
            new_id(),
            role="district_officer",
            jurisdiction_id=places["F1"],
            valid_to=date(2026, 6, 30),
            reason="Holiday",
        )

    assert (grant.granted_by, grant.valid_from, grant.reason, grant.version) == (
        officer.id,
        MARCH_2,
        "Holiday",
        1,
    )


@pytest.mark.rule("attack 25")
def test_nobody_revokes_what_he_could_not_grant(platform: Platform, places: Places, appoint: Appoint) -> None:
    officer = appoint("district_officer", "D1")
    appoint("super_administrator", "D1")
    appoint("district_officer", "D2")
    before = _grants(platform)
    with platform.work(writes=False) as work:
        _, stronger, elsewhere = work.session.scalars(select(Grant.id).order_by(Grant.id))

    for grant, refusal in ((stronger, WiderThanOwn), (elsewhere, NotFound)):
        with pytest.raises(refusal), platform.work(officer) as work, work.allowed(GRANT):
            revoke_grant(work, grant)

    assert _grants(platform) == before


@pytest.mark.rule("attack 43")
def test_a_restricted_token_passes_on_only_what_it_carries(
    platform: Platform, places: Places, appoint: Appoint
) -> None:
    officer = appoint("district_officer", "D1")
    token = Actor(ActorKind.TOKEN, id=officer.id, grants=officer.grants.restricted_to(["rbac.grant"]))

    with pytest.raises(WiderThanOwn), platform.work(token) as work, work.allowed(GRANT):
        grant_role(work, new_id(), role="district_officer", jurisdiction_id=places["D1"])


@pytest.mark.rule("FR-1")
def test_a_closed_place_gets_no_grant(platform: Platform, places: Places) -> None:
    with platform.work() as work:
        close_place(work, places["F1"], last_day=MARCH_2)

    with pytest.raises(PlaceClosed), platform.work() as work:
        grant_role(work, new_id(), role="nurse", jurisdiction_id=places["F1"])


@pytest.mark.rule("attack 15")
def test_grants_are_seen_in_the_own_places_only(platform: Platform, appoint: Appoint) -> None:
    officer = appoint("district_officer", "D1")
    appoint("nurse", "F1")
    appoint("nurse", "F3")
    appoint("national_officer", "C")

    with platform.work(officer, writes=False) as work, work.allowed(READ):
        assert len(work.session.scalars(select(Grant.id)).all()) == 2


@pytest.mark.rule("attack 24")
def test_the_author_does_not_approve(platform: Platform) -> None:
    author, other, job = new_id(), new_id(), new_id()
    actors = [
        (Actor(ActorKind.USER, id=author), True),
        (Actor(ActorKind.USER, id=other), False),
        (Actor(ActorKind.TOKEN, id=job, on_behalf_of=author), True),
        (SYSTEM, True),
    ]

    for actor, refused in actors:
        with platform.work(actor, writes=False) as work:
            if refused:
                with pytest.raises(SamePerson):
                    require_other_person(author, work)
            else:
                require_other_person(author, work)


@pytest.mark.rule("attack 25")
def test_the_delegation_rule_in_one_table() -> None:
    top, region, district, elsewhere = (new_id() for _ in range(4))
    own = GrantSet(
        {
            top: frozenset({"a.national"}),
            region: frozenset({"a.long", "a.short"}),
            elsewhere: frozenset({"a.far"}),
        },
        frozenset({top}),
        {(region, "a.short"): date(2026, 6, 30)},
    )
    asked = ["a.national", "a.long", "a.short", "a.far", "a.none"]

    assert not_held(asked, own, [district, region], until=None) == ["a.far", "a.none", "a.short"]
    assert not_held(asked, own, [district, region], until=date(2026, 6, 30)) == ["a.far", "a.none"]
    assert not_held(asked, own, [district], until=date(2026, 6, 30)) == [
        "a.far",
        "a.long",
        "a.none",
        "a.short",
    ]
    assert not_held([], own, [district], until=None) == []


@pytest.mark.rule("attack 26")
def test_an_explanation_names_what_decides(
    platform: Platform, places: Places, appoint: Appoint, frozen_clock: FrozenClock
) -> None:
    officer = appoint("district_officer", "D1", until=MARCH_2)
    assert officer.id is not None
    questions = [
        ("rbac.grant", "F1", True, Verdict.ALLOWED, "district_officer: rbac.grant"),
        ("rbac.edit_places", "F1", True, Verdict.ROLE_LACKS_IT, None),
        ("rbac.grant", "D2", True, Verdict.OTHER_PLACE, None),
        ("rbac.*", "F1", True, Verdict.UNKNOWN_PERMISSION, None),
        ("rbac.grant", "F1", False, Verdict.NOT_ACTIVE, None),
    ]

    with platform.work(writes=False) as work:
        for permission, place, active, verdict, rule in questions:
            answer = explain(
                work,
                officer.id,
                permission=permission,
                jurisdiction_id=places[place],
                status_active=active,
            )
            assert (answer.verdict, answer.rule) == (verdict, rule)
            assert answer.allowed == (verdict is Verdict.ALLOWED)
        stranger = explain(work, new_id(), permission="rbac.grant", jurisdiction_id=places["F1"])
        assert (stranger.allowed, stranger.verdict) == (False, Verdict.NO_GRANT)
    frozen_clock.move(days=1)
    with platform.work(writes=False) as work:
        late = explain(work, officer.id, permission="rbac.grant", jurisdiction_id=places["F1"])
    assert late.verdict is Verdict.NOT_IN_PERIOD


@pytest.mark.rule("attack 19")
def test_an_explanation_shows_only_grants_of_the_askers_places(
    platform: Platform, places: Places, appoint: Appoint
) -> None:
    officer = appoint("district_officer", "D1")
    inspected = appoint("national_officer", "C")
    assert inspected.id is not None

    with platform.work(officer, writes=False) as work, work.allowed(READ):
        answer = explain(work, inspected.id, permission="rbac.grant", jurisdiction_id=places["F1"])
        with pytest.raises(Forbidden):
            explain(work, inspected.id, permission="rbac.grant", jurisdiction_id=places["F3"])

    assert (answer.allowed, answer.rule, answer.grants, answer.hidden) == (True, None, [], 1)
