"""A step on several claims that is refused names those that it is refused for, and no others."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import update
from tests.modules.msingi_claims.claims_fixtures import Scheme, scheme_of

from msingi.errors import DomainError
from msingi.plugin import Permission
from msingi.testing import AsUser, MakePlatform
from msingi.work import Work
from msingi_claims.models.claim import Claim
from msingi_claims.models.states import Purpose
from msingi_claims.plugin import PROCESS_CLAIMS, REVIEW_CLAIMS, UNDO_CLAIMS
from msingi_claims.services import rejection, restoring, reviews, sampling, selection, submission

SUBMIT = "mutation($i:[UUID!]!){submitClaims(ids:$i){results{code}}}"
SELECT = "mutation($i:[UUID!]!){selectClaims(ids:$i,purpose:REVIEW)}"


@pytest.fixture
def scheme(make_platform: MakePlatform, as_user: AsUser) -> Scheme:
    """Two facilities, a clerk and an officer."""
    return scheme_of(make_platform, as_user)


@pytest.mark.rule("attack 91")
def test_a_status_that_refuses_a_step_is_told_with_the_claims_that_stand_there(scheme: Scheme) -> None:
    entered = [scheme.enter(scheme.patient()) for _ in range(2)]
    checked = scheme.submitted(scheme.patient())
    rejected = [scheme.submitted(scheme.family()[0]) for _ in range(2)]
    codes = {one: scheme.claim(one).code for one in (*entered, checked, *rejected)}

    refused = _refused(scheme, SUBMIT, *entered, checked, *rejected)

    named = f"{codes[checked]} ({{}}), {codes[rejected[0]]} ({{}}), {codes[rejected[1]]} ({{}})"
    assert refused["message"] == (
        "La demande est dans l'état contrôlé, rejeté. Cette étape est possible pour : saisi. "
        f"Demandes concernées : {named.format('contrôlé', 'rejeté', 'rejeté')}."
    )
    assert refused["extensions"] == {
        "code": "claims.wrong_status",
        "params": {
            "status": "checked, rejected",
            "allowed": "entered",
            "claims": named.format("checked", "rejected", "rejected"),
        },
    }
    assert [scheme.claim(one).status.value for one in entered] == ["entered"] * 2
    alone = _refused(scheme, SUBMIT, checked)
    assert alone["extensions"]["params"] == {"status": "checked", "allowed": "entered"}


@pytest.mark.rule("CLM-4")
def test_claims_that_are_selected_already_are_named(scheme: Scheme) -> None:
    ids = [scheme.submitted(scheme.patient()) for _ in range(3)]
    scheme.act(lambda work: selection.select_claims(work, ids[:2], Purpose.REVIEW))
    first, second = (scheme.claim(one).code for one in ids[:2])

    refused = _refused(scheme, SELECT, *ids)

    assert refused["extensions"]["params"]["claims"] == f"{first} (selected), {second} (selected)"


@pytest.mark.rule("D-22")
def test_a_claim_that_is_not_visible_is_counted_and_never_named(scheme: Scheme, as_user: AsUser) -> None:
    mine, hidden = (
        scheme.submitted(scheme.patient()),
        scheme.enter(scheme.patient(), facility_id=scheme.centre, actor=_everywhere(scheme, as_user)),
    )
    near = as_user(*scheme.officer.grants.names(), at=scheme.places["D1"])

    refused = _refused(scheme, SUBMIT, mine, hidden, actor=near)

    assert refused["extensions"] == {"code": "claims.some_not_found", "params": {"count": 1}}
    assert scheme.claim(hidden).code not in str(refused)


@pytest.mark.rule("CLM-5", "CLM-7", "attack 24")
def test_every_other_refusal_of_a_step_on_several_claims_names_them(scheme: Scheme, as_user: AsUser) -> None:
    first, second, third = (scheme.submitted(scheme.patient()) for _ in range(3))
    codes = {one: scheme.claim(one).code for one in (first, second, third)}
    own = scheme.enter(scheme.patient(), actor=scheme.officer)
    scheme.submit(own)
    scheme.act(lambda work: selection.select_claims(work, [first, own], Purpose.REVIEW))
    other = scheme.appoint(as_user(REVIEW_CLAIMS, at=scheme.places["D1"]))
    every = [first, second, third]
    leaf = scheme.claim(first).jurisdiction_id
    inside = as_user(PROCESS_CLAIMS, REVIEW_CLAIMS, at=leaf)

    def said(step: Callable[[Work], Any], permission: Permission = REVIEW_CLAIMS, actor: Any = None) -> Any:
        with pytest.raises(DomainError) as refusal:
            scheme.as_actor(actor or scheme.officer, permission, step)
        return refusal.value.code.removeprefix("claims."), str(refusal.value.params["claims"])

    assert said(lambda work: reviews.deliver_reviews(work, every)) == (
        "not_selected",
        f"{codes[second]}, {codes[third]}",
    )
    assert said(lambda work: reviews.bypass_reviews(work, [first, own])) == (
        "own_claim",
        scheme.claim(own).code,
    )
    assert said(lambda work: submission.process_claims(work, [second, own]), PROCESS_CLAIMS)[0] == "own_claim"
    assert said(lambda work: submission.process_claims(work, every), PROCESS_CLAIMS, inside) == (
        "own_facility",
        ", ".join(codes.values()),
    )
    scheme.act(lambda work: reviews.assign_reviews(work, [first], assignee_id=other.id))
    scheme.act(lambda work: selection.select_claims(work, [second], Purpose.REVIEW))
    assert said(lambda work: reviews.deliver_reviews(work, [first, second])) == ("not_assigned", codes[first])
    assert said(lambda work: reviews.assign_reviews(work, [first, second], assignee_id=inside.id)) == (
        "not_a_reviewer",
        f"{codes[first]}, {codes[second]}",
    )
    assert said(lambda work: selection.select_claims(work, every[1:], Purpose.FEEDBACK))[0] == "no_officer"
    _save(scheme, second)
    assert said(lambda work: submission.process_claims(work, every), PROCESS_CLAIMS) == (
        "review_open",
        codes[second],
    )


@pytest.mark.rule("CLM-13", "F36", "CLM-8")
def test_claims_that_do_not_come_back_and_reviews_that_are_missing_are_named(scheme: Scheme) -> None:
    by_checks = scheme.submitted(scheme.family()[0])
    taken_up, free = (scheme.submitted(scheme.patient()) for _ in range(2))
    scheme.act(lambda work: rejection.reject_claims(work, [taken_up, free], reason="wrong"))
    scheme.act(lambda work: restoring.restore_claim(work, taken_up, code="AGAIN"))

    def said(*ids: UUID, release: bool = False) -> tuple[str, str]:
        step = rejection.release_claims if release else rejection.undo_rejections
        with pytest.raises(DomainError) as refusal:
            scheme.as_actor(scheme.officer, UNDO_CLAIMS, lambda work: step(work, ids))
        return refusal.value.code, str(refusal.value.params["claims"])

    assert said(free, by_checks) == ("claims.rejected_by_checks", scheme.claim(by_checks).code)
    assert said(free, taken_up) == ("claims.taken_up_again", scheme.claim(taken_up).code)
    assert said(free, by_checks, release=True)[0] == "claims.not_releasable"


@pytest.mark.rule("CLM-8")
def test_a_sample_says_whose_reviews_are_missing(scheme: Scheme) -> None:
    claim_id = scheme.submitted(scheme.patient())
    drawn = scheme.act(
        lambda work: sampling.draw_sample(
            work, place_id=scheme.places["CM"], facility_id=None, percent=Decimal(100)
        )
    )

    with pytest.raises(DomainError) as refusal:
        scheme.act(
            lambda work: sampling.close_sample(
                work, drawn.id, extrapolate=False, expected_version=drawn.version
            )
        )

    assert str(refusal.value) == (
        f"Claims of the sample are not reviewed yet: 1. Claims concerned: {scheme.claim(claim_id).code}."
    )


@pytest.mark.rule("CLM-7")
def test_many_claims_are_named_up_to_a_number(scheme: Scheme) -> None:
    patient = scheme.patient()
    ids = [scheme.enter(patient, date_from=date(2026, 1, 1)) for _ in range(23)]

    with pytest.raises(DomainError) as refusal:
        scheme.act(lambda work: submission.process_claims(work, ids))

    assert str(refusal.value).count("(entered)") == 20
    assert str(refusal.value).endswith("(entered), and 3 more.")


@pytest.mark.rule("CLM-7")
def test_claims_with_findings_are_named(scheme: Scheme) -> None:
    odd, plain = (scheme.submitted(scheme.patient()) for _ in range(2))
    scheme.act(lambda work: work.session.execute(update(Claim).where(Claim.id == odd).values(findings=["x"])))
    scheme.act(lambda work: selection.select_claims(work, [odd, plain], Purpose.REVIEW))

    with pytest.raises(DomainError) as refusal:
        scheme.as_actor(scheme.officer, REVIEW_CLAIMS, lambda work: reviews.accept_claims(work, [odd, plain]))

    assert (refusal.value.code, str(refusal.value.params["claims"])) == (
        "claims.has_findings",
        scheme.claim(odd).code,
    )


def _refused(scheme: Scheme, document: str, *ids: UUID, actor: Any = None) -> Any:
    wanted = {"i": [str(one) for one in ids]}
    answer = scheme.platform.graphql.run(document, wanted, actor=actor or scheme.officer)
    return answer["errors"][0]


def _everywhere(scheme: Scheme, as_user: AsUser) -> Any:
    return as_user(*scheme.officer.grants.names(), at=scheme.places["CM"])


def _save(scheme: Scheme, claim_id: UUID) -> None:
    version = scheme.claim(claim_id).version
    scheme.as_actor(
        scheme.officer,
        REVIEW_CLAIMS,
        lambda work: reviews.save_review(work, claim_id, [], adjustment="", expected_version=version),
    )
