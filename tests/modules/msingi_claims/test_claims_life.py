"""The life of a claim: every transition, and every refusal changes nothing (CLM, attacks 22, 24, 91)."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from functools import partial
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import func, select
from tests.modules.msingi_claims.claims_fixtures import Scheme, scheme_of

from msingi.errors import DomainError, InvalidInput
from msingi.money import Money
from msingi.rbac.presets import define_roles
from msingi.testing import AsUser, MakePlatform
from msingi.work import Work
from msingi_claims.errors import NotDecided, OwnClaim, OwnFacility, WrongStatus
from msingi_claims.models.claim import Claim
from msingi_claims.models.decision import ClaimDecision, ConsumptionEntry
from msingi_claims.models.line import ClaimLine
from msingi_claims.models.states import COUNTED, Purpose, ReviewVerdict
from msingi_claims.plugin import ENTER_CLAIMS, PROCESS_CLAIMS, REVIEW_CLAIMS
from msingi_claims.plugin import plugin as claims
from msingi_claims.rules.codes import ClaimStatus, Selection
from msingi_claims.services import entry, rejection, restoring, reviews, selection, submission
from msingi_claims.services.explaining import explain_claim
from msingi_claims.services.life import TRANSITIONS, Action

_E, _C, _R = ClaimStatus.ENTERED, ClaimStatus.CHECKED, ClaimStatus.REJECTED
_V, _VOID = ClaimStatus.VALUATED, ClaimStatus.VOID


def _steps(scheme: Scheme, insuree: UUID) -> dict[Action, Callable[[Work, UUID], Any]]:
    """What each action does to a claim, whatever its status."""

    def version(work: Work, claim_id: UUID) -> int:
        return work.get(Claim, claim_id).version

    def edit(work: Work, claim_id: UUID) -> Any:
        draft = scheme.draft(insuree, ("SV2", 1), code=work.get(Claim, claim_id).code)
        return entry.edit_claim(work, claim_id, draft, expected_version=version(work, claim_id))

    def delete(work: Work, claim_id: UUID) -> Any:
        return entry.delete_claim(work, claim_id, reason="error", expected_version=version(work, claim_id))

    return {
        Action.EDIT: edit,
        Action.DELETE: delete,
        Action.SUBMIT: lambda work, claim_id: submission.submit_claims(work, [claim_id]),
        Action.SELECT: lambda work, claim_id: selection.select_claims(work, [claim_id], Purpose.REVIEW),
        Action.QUERY: lambda work, claim_id: reviews.ask_facility(work, claim_id, question="Why?"),
        Action.PROCESS: lambda work, claim_id: submission.process_claims(work, [claim_id]),
        Action.REJECT: lambda work, claim_id: rejection.reject_claims(work, [claim_id], reason="no"),
        Action.RESTORE: lambda work, claim_id: restoring.restore_claim(
            work, claim_id, code=f"R{scheme.made}"
        ),
    }


def _in_status(scheme: Scheme, insuree: UUID, status: ClaimStatus, day: int) -> UUID:
    claim_id = scheme.enter(insuree, ("SV1", 1), date_from=date(2025, 2, 1) + timedelta(days=9 * day))
    if status is _VOID:
        scheme.act(lambda work: entry.delete_claim(work, claim_id, reason="x", expected_version=1))
    if status in {_C, _R, _V}:
        scheme.submit(claim_id)
    if status is _R:
        scheme.act(lambda work: rejection.reject_claims(work, [claim_id], reason="no"))
    if status is _V:
        scheme.process(claim_id)
    return claim_id


def _picture(scheme: Scheme) -> Any:
    """Everything that a refused action could have changed."""

    def look(work: Work) -> Any:
        claims = work.session.execute(select(Claim.id, Claim.status, Claim.version).order_by(Claim.id)).all()
        counts = [
            work.session.scalar(select(func.count()).select_from(model))
            for model in (ClaimLine, ClaimDecision, ConsumptionEntry)
        ]
        return claims, counts

    return scheme.act(look)


@pytest.mark.rule("CLM-6", "CLM-13", "attack 91", "D-22")
def test_each_action_works_in_its_statuses_only_and_a_refusal_changes_nothing(
    make_platform: MakePlatform, as_user: AsUser
) -> None:
    scheme = scheme_of(make_platform, as_user)
    insuree = scheme.patient()
    steps = _steps(scheme, insuree)
    standing = {
        status: _in_status(scheme, insuree, status, day)
        for day, status in enumerate((_E, _C, _R, _V, _VOID), start=1)
    }

    for day, (action, step) in enumerate(steps.items(), start=10):
        for status, claim_id in standing.items():
            if status in TRANSITIONS[action].sources:
                continue
            before = _picture(scheme)
            with pytest.raises(WrongStatus):
                scheme.act(partial(_take, step=step, claim_id=claim_id))
            assert _picture(scheme) == before, (action, status)
        fresh = _in_status(scheme, insuree, TRANSITIONS[action].sources[0], day)
        scheme.act(partial(_take, step=step, claim_id=fresh))
        assert scheme.claim(fresh).status in TRANSITIONS[action].targets, action


def _take(work: Work, *, step: Callable[[Work, UUID], Any], claim_id: UUID) -> Any:
    return step(work, claim_id)


def test_every_status_above_entered_is_reached_and_left_by_the_table_only() -> None:
    reached = {target for transition in TRANSITIONS.values() for target in transition.targets}
    assert reached == set(ClaimStatus)
    assert all(ClaimStatus.VOID not in transition.sources for transition in TRANSITIONS.values())
    assert set(COUNTED) == {ClaimStatus.CHECKED, ClaimStatus.PROCESSED, ClaimStatus.VALUATED}


@pytest.mark.rule("CLM-5", "attack 24")
def test_nobody_decides_on_a_claim_of_their_own(make_platform: MakePlatform, as_user: AsUser) -> None:
    scheme = scheme_of(make_platform, as_user)
    own = scheme.enter(scheme.patient(), actor=scheme.officer)
    scheme.submit(own)
    before = _picture(scheme)

    for permission, step in (
        (PROCESS_CLAIMS, lambda work: submission.process_claims(work, [own])),
        (PROCESS_CLAIMS, lambda work: rejection.reject_claims(work, [own], reason="no")),
        (REVIEW_CLAIMS, lambda work: reviews.ask_facility(work, own, question="Why?")),
    ):
        with pytest.raises(OwnClaim):
            scheme.as_actor(scheme.officer, permission, step)

    assert _picture(scheme) == before


@pytest.mark.rule("CLM-5", "attack 24")
def test_a_right_of_the_facility_itself_decides_on_none_of_its_claims(
    make_platform: MakePlatform, as_user: AsUser
) -> None:
    scheme = scheme_of(make_platform, as_user)
    claim_id = scheme.submitted(scheme.patient())
    leaf = scheme.claim(claim_id).jurisdiction_id
    insider = as_user(PROCESS_CLAIMS, REVIEW_CLAIMS, at=leaf)
    outsider = as_user(PROCESS_CLAIMS, at=scheme.places["D1"])

    with pytest.raises(OwnFacility):
        scheme.as_actor(insider, PROCESS_CLAIMS, lambda work: submission.process_claims(work, [claim_id]))
    assert scheme.claim(claim_id).status is _C

    scheme.as_actor(outsider, PROCESS_CLAIMS, lambda work: submission.process_claims(work, [claim_id]))
    assert scheme.claim(claim_id).status is _V


@pytest.mark.rule("D-22", "D-30", "attack 23")
def test_d_22_a_claim_of_another_place_is_neither_seen_nor_changed(
    make_platform: MakePlatform, as_user: AsUser
) -> None:
    scheme = scheme_of(make_platform, as_user)
    claim_id = scheme.enter(scheme.patient())
    every = [*scheme.officer.grants.names()]
    stranger = as_user(*every, at=scheme.places["D2"])
    before = _picture(scheme)
    one = {"id": str(claim_id)}

    assert scheme.run("query($id:UUID!){claim(id:$id){id}}", one, actor=stranger) == {"claim": None}
    for document in (
        "mutation($id:UUID!){submitClaim(id:$id){status}}",
        "mutation($id:UUID!){processClaims(ids:[$id]){jobId}}",
        'mutation($id:UUID!){deleteClaim(id:$id,reason:"x",expectedVersion:1){id}}',
        'mutation($id:UUID!){rejectClaims(ids:[$id],reason:"x"){status}}',
        'mutation($id:UUID!){restoreClaim(id:$id,code:"R"){id}}',
        "query($id:UUID!){explainClaim(id:$id){ruleVersion}}",
    ):
        assert scheme.refused(document, one, actor=stranger) == "core.not_found", document

    assert _picture(scheme) == before


@pytest.mark.rule("D-30", "attack 24")
def test_d_30_each_mutation_needs_its_own_right(make_platform: MakePlatform, as_user: AsUser) -> None:
    scheme = scheme_of(make_platform, as_user)
    claim_id = scheme.submitted(scheme.patient())
    leaf = scheme.claim(claim_id).jurisdiction_id
    clerk = as_user(ENTER_CLAIMS, at=leaf)
    before = _picture(scheme)

    for document in (
        "mutation($id:UUID!){submitClaim(id:$id){status}}",
        "mutation($id:UUID!){processClaims(ids:[$id]){jobId}}",
        "mutation($id:UUID!){deliverReviews(ids:[$id]){status}}",
        "mutation($id:UUID!){selectClaims(ids:[$id],purpose:REVIEW)}",
        "mutation($id:UUID!){undoRejections(ids:[$id]){status}}",
        "mutation($id:UUID!){releaseClaims(ids:[$id]){status}}",
        'mutation($id:UUID!){restoreClaim(id:$id,code:"R"){id}}',
        'mutation($id:UUID!){deleteClaim(id:$id,reason:"x",expectedVersion:1){id}}',
    ):
        assert scheme.refused(document, {"id": str(claim_id)}, actor=clerk) == "core.forbidden", document

    assert _picture(scheme) == before


@pytest.mark.rule("D-30")
def test_d_30_who_adds_claims_does_not_delete_them_for_that() -> None:
    declared = {permission.name for permission in claims.contributions.permissions}
    roles = define_roles(declared, ["claims"], {})
    rights = {name: role.permissions for name, role in roles.items()}

    assert rights["claim_contributor"] == {"claims.read", "claims.enter", "claims.load"}
    assert rights["claim_administrator"] >= {"claims.enter", "claims.delete", "claims.load", "claims.submit"}
    assert {name for name, held in rights.items() if "claims.delete" in held} == {
        *("claim_administrator", "facility_manager", "super_administrator")
    }


@pytest.mark.rule("CLM-13")
def test_a_claim_is_neither_deleted_nor_rejected_without_a_reason(
    make_platform: MakePlatform, as_user: AsUser
) -> None:
    scheme = scheme_of(make_platform, as_user)
    insuree = scheme.patient()
    entered = scheme.enter(insuree, ("SV1", 1))
    checked = scheme.submitted(insuree, ("SV2", 1), date_from=date(2026, 1, 5))
    before = _picture(scheme)
    delete = "mutation($id:UUID!,$why:Text!){deleteClaim(id:$id,reason:$why,expectedVersion:1){status}}"
    reject = "mutation($id:UUID!,$why:Text!){rejectClaims(ids:[$id],reason:$why){status}}"

    for document, claim_id, actor in ((delete, entered, scheme.clerk), (reject, checked, scheme.officer)):
        for why in ("", "  "):
            code = scheme.refused(document, {"id": str(claim_id), "why": why}, actor=actor)
            assert code == "claims.reason_required", document
    assert _picture(scheme) == before
    told = scheme.run(delete, {"id": str(entered), "why": "entered twice"}, actor=scheme.clerk)
    assert told["deleteClaim"]["status"] == "VOID"


@pytest.mark.rule("attack 22")
def test_fields_that_are_not_the_facilitys_are_unknown_to_the_input(
    make_platform: MakePlatform, as_user: AsUser
) -> None:
    scheme = scheme_of(make_platform, as_user)
    document = """mutation($f:UUID!,$i:UUID!){createClaim(input:{code:"X",facilityId:$f,insureeId:$i,
        diagnosis:"A00",%s:"x",lines:[]}){id}}"""
    given = {"f": str(scheme.hospital), "i": str(scheme.patient())}

    for name in ("status", "approved", "enteredBy", "channel", "jurisdictionId", "reviewStatus", "batchId"):
        assert scheme.refused(document % name, given, actor=scheme.clerk) != "claims.nothing_claimed", name


@pytest.mark.rule("CLM-5", "D-2", "D-3", "m5")
def test_a_review_is_saved_then_delivered_and_zero_is_a_value(
    make_platform: MakePlatform, as_user: AsUser
) -> None:
    scheme = scheme_of(make_platform, as_user)
    claim_id = scheme.submitted(scheme.patient(), ("IT1", 2), ("SV1", 1), ("SV2", 1), ("CONS", 1))
    scheme.act(lambda work: selection.select_claims(work, [claim_id], Purpose.REVIEW))
    lines = scheme.lines(claim_id)
    version = scheme.claim(claim_id).version
    verdicts = [
        reviews.LineVerdict(line_id=lines[0].id, quantity=Decimal(1), price=Money.from_minor(37, "XAF")),
        reviews.LineVerdict(line_id=lines[1].id, price=Money.from_minor(53, "XAF")),
        reviews.LineVerdict(line_id=lines[2].id, price=Money.from_minor(0, "XAF")),
        reviews.LineVerdict(line_id=lines[3].id, verdict=ReviewVerdict.REFUSE, justification="not needed"),
    ]

    scheme.as_actor(
        scheme.officer,
        REVIEW_CLAIMS,
        lambda work: reviews.save_review(work, claim_id, verdicts, adjustment="", expected_version=version),
    )
    assert scheme.claim(claim_id).approved_minor == 500
    scheme.as_actor(scheme.officer, REVIEW_CLAIMS, lambda work: reviews.deliver_reviews(work, [claim_id]))

    claim = scheme.claim(claim_id)
    assert (claim.approved_minor, claim.review_status) == (90, Selection.DELIVERED)
    assert [line.remunerated_minor for line in scheme.lines(claim_id)] == [37, 53, 0, 0]
    assert [line.reason for line in scheme.lines(claim_id)] == [0, 0, 0, -1]
    assert [line.quantity for line in scheme.lines(claim_id)] == [2, 1, 1, 1]
    scheme.process(claim_id)
    assert scheme.claim(claim_id).remunerated_minor == 90


@pytest.mark.rule("CLM-5")
def test_a_selected_claim_that_nobody_reviewed_is_bypassed_and_a_begun_review_holds_it(
    make_platform: MakePlatform, as_user: AsUser
) -> None:
    scheme = scheme_of(make_platform, as_user)
    insuree = scheme.patient()
    idle, begun = (scheme.submitted(insuree, date_from=date(2026, 1, day)) for day in (5, 15))
    scheme.act(lambda work: selection.select_claims(work, [idle, begun], Purpose.REVIEW))
    version = scheme.claim(begun).version
    scheme.as_actor(
        scheme.officer,
        REVIEW_CLAIMS,
        lambda work: reviews.save_review(work, begun, [], adjustment="", expected_version=version),
    )

    scheme.process(idle)
    assert scheme.claim(idle).review_status is Selection.BYPASSED
    with pytest.raises(DomainError) as refusal:
        scheme.process(begun)
    assert refusal.value.code == "claims.review_open"


@pytest.mark.rule("CLM-7")
def test_a_question_goes_to_the_facility_and_its_answer_comes_back_once(
    make_platform: MakePlatform, as_user: AsUser
) -> None:
    scheme = scheme_of(make_platform, as_user)
    claim_id = scheme.submitted(scheme.patient())
    ask = 'mutation($id:UUID!){queryClaim(id:$id,question:"Why two?"){id}}'
    query_id = scheme.run(ask, {"id": str(claim_id)})["queryClaim"]["id"]
    answer = 'mutation($id:UUID!){answerClaimQuery(queryId:$id,answer:"Twins"){answer}}'

    told = scheme.run(answer, {"id": query_id}, actor=scheme.clerk)

    assert told == {"answerClaimQuery": {"answer": "Twins"}}
    assert scheme.refused(answer, {"id": query_id}, actor=scheme.clerk) == "claims.query_answered"


@pytest.mark.rule("CLM-13")
def test_a_rejected_claim_is_restored_as_a_new_one_as_often_as_allowed(
    make_platform: MakePlatform, as_user: AsUser
) -> None:
    scheme = scheme_of(make_platform, as_user, restore_most=1)
    claim_id = scheme.submitted(scheme.patient())
    scheme.act(lambda work: rejection.reject_claims(work, [claim_id], reason="no"))

    fresh = scheme.act(lambda work: restoring.restore_claim(work, claim_id, code="AGAIN"))

    claim = scheme.claim(fresh)
    assert (claim.status, claim.restored_from_id, claim.restored_times) == (_E, claim_id, 1)
    assert [(line.code, line.quantity) for line in scheme.lines(fresh)] == [("SV1", Decimal(1))]
    with pytest.raises(DomainError) as twice:
        scheme.act(lambda work: restoring.restore_claim(work, claim_id, code="THIRD"))
    assert twice.value.code == "claims.restored_already"
    scheme.submit(fresh)
    scheme.act(lambda work: rejection.reject_claims(work, [fresh], reason="no"))
    with pytest.raises(DomainError) as often:
        scheme.act(lambda work: restoring.restore_claim(work, fresh, code="FOURTH"))
    assert often.value.code == "claims.restored_too_often"


@pytest.mark.rule("F36", "CLM-13")
def test_a_mass_rejection_by_mistake_is_undone_by_new_entries(
    make_platform: MakePlatform, as_user: AsUser
) -> None:
    scheme = scheme_of(
        make_platform, as_user, {"other_services": {}, "ceiling": {"basis": "policy", "general": "150"}}
    )
    insuree = scheme.patient()
    ids = [scheme.submitted(insuree, date_from=date(2026, 1, day)) for day in (5, 15)]
    paid = [scheme.claim(claim_id).approved_minor for claim_id in ids]
    entries = _picture(scheme)[1][2]

    scheme.act(lambda work: rejection.reject_claims(work, ids, reason="wrong button"))
    rejected = [scheme.claim(claim_id).approved_minor for claim_id in ids]
    scheme.act(lambda work: rejection.undo_rejections(work, ids))

    assert (paid, rejected) == ([100, 50], [0, 0])
    assert [scheme.claim(claim_id).approved_minor for claim_id in ids] == paid
    assert [scheme.claim(claim_id).status for claim_id in ids] == [_C, _C]
    assert _picture(scheme)[1][2] == entries * 3


@pytest.mark.rule("CLM-13")
def test_a_rejection_by_the_checks_is_not_taken_back(make_platform: MakePlatform, as_user: AsUser) -> None:
    scheme = scheme_of(make_platform, as_user)
    (uninsured,) = scheme.family()
    claim_id = scheme.submitted(uninsured)

    assert scheme.claim(claim_id).status is _R
    with pytest.raises(DomainError) as refusal:
        scheme.act(lambda work: rejection.undo_rejections(work, [claim_id]))
    assert refusal.value.code == "claims.rejected_by_checks"


@pytest.mark.rule("ADJ-9")
def test_what_cannot_be_explained_says_what_to_do(make_platform: MakePlatform, as_user: AsUser) -> None:
    scheme = scheme_of(make_platform, as_user)
    claim_id = scheme.enter(scheme.patient())

    with pytest.raises(NotDecided) as undecided:
        scheme.act(lambda work: explain_claim(work, claim_id, language="fr"))
    with pytest.raises(InvalidInput) as unspoken:
        scheme.act(lambda work: explain_claim(work, claim_id, language="xx"))

    texts = scheme.platform.texts
    spoken = ", ".join(scheme.platform.profile.languages)
    assert texts.refusal(undecided.value, "fr") == (
        "Rien n'est encore décidé sur cette demande. Soumettez-la d'abord, avec submitClaims, puis redemandez."
    )
    assert str(unspoken.value) == f"Some fields are not valid: language: must be one of {spoken}."
