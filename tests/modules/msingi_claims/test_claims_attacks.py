"""The attacker at the doors of claims: what one may not see, decide, approve or claim (attacks 15 to 28, 84 to 91)."""

from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal
from functools import partial
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import func, select
from tests.modules.msingi_claims.claims_fixtures import COVERS_ALL, Scheme, scheme_of

from msingi.actor import Actor
from msingi.errors import DomainError
from msingi.ids import new_id
from msingi.kernel.models import JobRecord
from msingi.testing import AsUser, MakePlatform
from msingi.work import Work
from msingi_claims.models.claim import Claim
from msingi_claims.models.decision import ClaimDecision, ConsumptionEntry
from msingi_claims.models.facility_side import Feedback
from msingi_claims.models.line import ClaimLine
from msingi_claims.models.review import ReviewTask
from msingi_claims.models.states import Purpose, TaskState
from msingi_claims.plugin import DECIDE_CONSENT, ENTER_CLAIMS, REVIEW_CLAIMS, SUBMIT_CLAIMS
from msingi_claims.rules.codes import ClaimStatus
from msingi_claims.services import consents, entry, rejection, restoring, reviews, selection
from msingi_claims.services.bulk_runs import queue_run
from msingi_insurance import LineKind, Officer, OfficerVillage

CREATE = "mutation($d:ClaimDraft!){createClaim(input:$d){id}}"
REVIEW = """mutation($i:UUID!,$l:[LineVerdict!]!,$v:Int!){
  reviewClaim(id:$i,lines:$l,adjustment:"",expectedVersion:$v){version}}"""
DECISIONS = (
    "mutation($i:UUID!){processClaims(ids:[$i]){jobId}}",
    'mutation($i:UUID!){rejectClaims(ids:[$i],reason:"x"){status}}',
    'mutation($i:UUID!){queryClaim(id:$i,question:"?"){id}}',
)
FEEDBACK = """mutation($i:UUID!,$d:LocalDate!){deliverFeedback(claimId:$i,input:{careRendered:true,paymentAsked:false,
  drugPrescribed:true,drugReceived:true,mark:3,heardOn:$d}){id}}"""


def _wire(scheme: Scheme, insuree: UUID, lines: Sequence[dict[str, Any]], **fields: Any) -> dict[str, Any]:
    draft = {
        "code": "ATTACK",
        "facilityId": str(scheme.hospital),
        "insureeId": str(insuree),
        "diagnosis": "A00",
        "dateFrom": "2026-02-01",
        "lines": list(lines),
    }
    return {"d": draft | fields}


def _line(quantity: str = "1", price: str = "100 XAF") -> dict[str, Any]:
    return {"kind": "SERVICE", "code": "SV1", "quantity": quantity, "price": price}


def _selected(scheme: Scheme, *lines: Any) -> UUID:
    claim_id = scheme.submitted(scheme.patient(), *lines)
    scheme.act(lambda work: selection.select_claims(work, [claim_id], Purpose.REVIEW))
    return claim_id


def _code(step: Callable[[], object]) -> str:
    with pytest.raises(DomainError) as refusal:
        step()
    return refusal.value.code


def _count(scheme: Scheme, model: Any) -> int:
    return int(scheme.act(lambda work: work.session.scalar(select(func.count()).select_from(model))))


@pytest.mark.rule("attack 54", "attack 55", "attack 56", "attack 22")
def test_attack_55_wild_quantities_prices_dates_and_fields_are_refused_and_leave_nothing(
    make_platform: MakePlatform, as_user: AsUser
) -> None:
    scheme = scheme_of(make_platform, as_user)
    insuree = scheme.patient()
    most = "9223372036854775807 XAF"
    refused: list[tuple[str, dict[str, Any]]] = [
        ("core.invalid_input", {"lines": [_line("0")]}),
        ("core.invalid_input", {"lines": [_line("-1")]}),
        ("core.invalid_input", {"lines": [_line(str(2**31))]}),
        ("number.invalid", {"lines": [_line("1" + "0" * 30)]}),
        ("money.negative", {"lines": [_line(price="-5 XAF")]}),
        ("money.mixed_currencies", {"lines": [_line(price="5 USD")]}),
        ("money.too_precise", {"lines": [_line(price="5.5 XAF")]}),
        ("claims.too_much_asked", {"lines": [_line(price=most)]}),
        ("claims.too_much_asked", {"lines": [_line("99999", most)]}),
        ("claims.too_much_asked", {"lines": [_line(price=most)] * 2}),
        ("claims.too_many_lines", {"lines": [_line()] * 1000}),
        ("core.invalid_input", {"lines": [_line()] * 1001}),
        ("date.out_of_range", {"dateFrom": "0001-01-01"}),
        ("date.out_of_range", {"dateFrom": "9999-12-31"}),
        ("claims.future_date", {"dateFrom": "2027-12-31"}),
        ("core.broken_reference", {"referFromId": str(new_id())}),
        ("graphql.invalid_variable", {"status": "CHECKED"}),
        ("graphql.invalid_variable", {"enteredBy": str(new_id())}),
        ("core.not_found", {"facilityId": str(scheme.centre)}),
    ]

    found = [
        scheme.refused(CREATE, _wire(scheme, insuree, **({"lines": [_line()]} | bad)), actor=scheme.clerk)
        for _, bad in refused
    ]

    assert found == [code for code, _ in refused]
    assert (_count(scheme, Claim), _count(scheme, ClaimLine)) == (0, 0)


@pytest.mark.rule("attack 24", "CLM-5")
def test_attack_24_who_edited_a_claim_or_keyed_it_first_decides_nothing_on_it(
    make_platform: MakePlatform, as_user: AsUser
) -> None:
    scheme = scheme_of(make_platform, as_user)
    insuree = scheme.patient()
    claim_id = scheme.enter(insuree)
    draft = scheme.draft(insuree, ("SV1", 9), code=scheme.claim(claim_id).code)
    scheme.as_actor(
        scheme.officer,
        ENTER_CLAIMS,
        lambda work: entry.edit_claim(work, claim_id, draft, expected_version=1),
    )
    scheme.submit(claim_id)
    one = {"i": str(claim_id)}

    for document in DECISIONS:
        assert scheme.refused(document, one) == "claims.own_claim", document
    scheme.act(lambda work: selection.select_claims(work, [claim_id], Purpose.REVIEW))
    assign = "mutation($i:UUID!,$w:UUID!){assignReviews(claimIds:[$i],assigneeId:$w)}"
    own = scheme.refused(assign, one | {"w": str(scheme.officer.id)}, actor=scheme.national)

    assert own == "claims.own_claim"
    assert scheme.run(
        "mutation($i:UUID!){processClaims(ids:[$i]){results{status}}}", one, actor=scheme.national
    )


@pytest.mark.rule("attack 24", "CLM-5")
def test_attack_24_who_submitted_a_claim_of_others_decides_nothing_on_it(
    make_platform: MakePlatform, as_user: AsUser
) -> None:
    scheme = scheme_of(make_platform, as_user)
    claim_id = scheme.enter(scheme.patient())
    one = {"i": str(claim_id)}
    scheme.run("mutation($i:UUID!){submitClaim(id:$i){status}}", one)

    assert [scheme.refused(document, one) for document in DECISIONS] == ["claims.own_claim"] * 3
    scheme.act(lambda work: selection.select_claims(work, [claim_id], Purpose.REVIEW))
    version = scheme.claim(claim_id).version

    assert scheme.refused(REVIEW, one | {"l": [], "v": version}) == "claims.own_claim"
    assert scheme.claim(claim_id).status is ClaimStatus.CHECKED
    assert scheme.run(REVIEW, one | {"l": [], "v": version}, actor=scheme.national)


@pytest.mark.rule("CLM-5", "D-2", "attack 85")
@pytest.mark.parametrize(
    ("verdict", "code"),
    [
        ({"quantity": "3"}, "claims.more_than_provided"),
        ({"price": "101 XAF"}, "claims.more_than_provided"),
        ({"price": "9223372036854775807 XAF", "quantity": "99999"}, "claims.more_than_provided"),
        ({"price": "-1 XAF"}, "money.negative"),
        ({"price": "1 USD"}, "money.mixed_currencies"),
        ({"quantity": "-1"}, "core.invalid_input"),
    ],
)
def test_attack_85_a_review_never_adds_to_what_was_provided_and_asked(
    make_platform: MakePlatform, as_user: AsUser, verdict: dict[str, str], code: str
) -> None:
    scheme = scheme_of(make_platform, as_user)
    claim_id = _selected(scheme, ("SV1", 2))
    (line,) = scheme.lines(claim_id)
    given = {"i": str(claim_id), "v": scheme.claim(claim_id).version}

    assert scheme.refused(REVIEW, given | {"l": [{"lineId": str(line.id)} | verdict]}) == code
    scheme.run(REVIEW, given | {"l": [{"lineId": str(line.id), "quantity": "2", "price": "100 XAF"}]})


@pytest.mark.rule("attack 24", "CLM-7")
def test_attack_24_a_begun_or_assigned_review_is_not_taken_over_delivered_or_waved_through(
    make_platform: MakePlatform, as_user: AsUser
) -> None:
    scheme = scheme_of(make_platform, as_user)
    begun, assigned = (_selected(scheme, ("SV1", 2)) for _ in range(2))
    version = scheme.claim(begun).version
    scheme.as_actor(
        scheme.officer,
        REVIEW_CLAIMS,
        lambda work: reviews.save_review(work, begun, [], adjustment="", expected_version=version),
    )
    scheme.appoint(scheme.officer)
    scheme.act(lambda work: reviews.assign_reviews(work, [assigned], assignee_id=scheme.officer.id))
    thief = scheme.appoint(as_user(*scheme.officer.grants.names(), at=scheme.places["D1"]))

    for claim_id in (begun, assigned):
        one = {"i": str(claim_id), "v": scheme.claim(claim_id).version, "l": []}
        for document in (
            REVIEW,
            "mutation($i:UUID!){deliverReviews(ids:[$i]){status}}",
            "mutation($i:UUID!){acceptClaims(ids:[$i]){status}}",
            "mutation($i:UUID!){bypassReviews(ids:[$i])}",
        ):
            wanted = one if document is REVIEW else {"i": one["i"]}
            assert scheme.refused(document, wanted, actor=thief) == "claims.not_assigned", document

    scheme.act(lambda work: reviews.assign_reviews(work, [begun], assignee_id=thief.id))
    handed_over = scheme.as_actor(thief, REVIEW_CLAIMS, lambda work: reviews.deliver_reviews(work, [begun]))
    assert [one.status for one in handed_over] == [ClaimStatus.CHECKED]


@pytest.mark.rule("attack 84", "attack 91", "F36")
def test_attack_84_care_that_was_claimed_again_does_not_come_back_twice(
    make_platform: MakePlatform, as_user: AsUser
) -> None:
    scheme = scheme_of(make_platform, as_user, restore_most=3)
    insuree = scheme.patient()
    first = scheme.submitted(insuree, ("SV1", 1))

    def reject(one: UUID) -> None:
        scheme.act(lambda work: rejection.reject_claims(work, [one], reason="x"))

    def undo(one: UUID) -> None:
        scheme.act(lambda work: rejection.undo_rejections(work, [one]))

    reject(first)
    second = scheme.act(lambda work: restoring.restore_claim(work, first, code="AGAIN"))

    entered = _code(lambda: undo(first))
    scheme.submit(second)
    checked = _code(lambda: undo(first))
    reject(second)
    undo(first)

    assert (entered, checked) == ("claims.taken_up_again",) * 2
    assert _code(lambda: undo(second)) == "claims.taken_up_again"
    assert (
        _code(lambda: scheme.act(lambda work: restoring.restore_claim(work, second, code="THIRD")))
        == "claims.taken_up_again"
    )
    assert [scheme.claim(one).approved_minor for one in (first, second)] == [100, 0]


@pytest.mark.rule("attack 56", "attack 22")
@pytest.mark.parametrize(
    "document",
    [
        "mutation($a:UUID!){runBatch(placeId:$a,year:2026,month:13){id}}",
        "mutation($a:UUID!){runBatch(placeId:$a,year:9999,month:1){id}}",
        "mutation($a:UUID!){queueBatch(placeId:$a,year:2026,month:0)}",
        'mutation($a:UUID!){proposeFacilityAccount(facilityId:$a,holder:"H",bank:"B",number:"<x>"){id}}',
    ],
)
def test_attack_56_rules_beside_plain_arguments_hold(
    make_platform: MakePlatform, as_user: AsUser, document: str
) -> None:
    scheme = scheme_of(make_platform, as_user)

    assert scheme.refused(document, {"a": str(scheme.places["D1"])}) == "core.invalid_input"


@pytest.mark.rule("attack 15", "CLM-3", "D-22")
def test_attack_15_feedback_tells_nothing_about_claims_elsewhere(
    make_platform: MakePlatform, as_user: AsUser
) -> None:
    scheme = scheme_of(make_platform, as_user)
    idle, chosen = (scheme.submitted(scheme.patient()) for _ in range(2))
    scheme.act(partial(_officer, scheme=scheme))
    scheme.act(lambda work: selection.select_claims(work, [chosen], Purpose.FEEDBACK))
    stranger = as_user(*scheme.officer.grants.names(), at=scheme.places["D2"])

    def said(claim_id: UUID, actor: Actor, day: str = "2026-02-20") -> str:
        return scheme.refused(FEEDBACK, {"i": str(claim_id), "d": day}, actor=actor)

    assert [said(one, stranger) for one in (idle, chosen, new_id())] == ["core.not_found"] * 3
    assert said(idle, scheme.officer) == "claims.not_selected"
    assert said(chosen, scheme.officer, "2199-01-01") == "claims.future_date"
    assert _count(scheme, Feedback) == 0


def _officer(work: Work, *, scheme: Scheme) -> None:
    district = scheme.places["D1"]
    officer = work.add(Officer(jurisdiction_id=district, code="O1", name="Officer", phone="+237650000000"))
    work.session.flush()
    work.add(OfficerVillage(jurisdiction_id=district, officer_id=officer.id))


@pytest.mark.rule("attack 15", "attack 18", "D-22")
def test_attack_15_nothing_of_a_claim_elsewhere_is_read_by_any_path(
    make_platform: MakePlatform, as_user: AsUser
) -> None:
    scheme = scheme_of(make_platform, as_user)
    claim_id = scheme.submitted(scheme.patient())
    stranger = as_user(*scheme.officer.grants.names(), at=scheme.places["D2"])
    one = {"i": str(claim_id)}

    hidden = scheme.run(
        "query($i:UUID!){claim(id:$i){patient{familyName} lines{code}} claims{totalCount nodes{id}} "
        "reviewTasks{totalCount} sampleReviews{totalCount} reviewerWorkloads{open}}",
        one,
        actor=stranger,
    )
    explained = scheme.refused("query($i:UUID!){explainClaim(id:$i){lines{steps}}}", one, actor=stranger)
    odd = 'query($i:UUID!){explainClaim(id:$i,language:"../../x"){lines{steps}}}'

    assert hidden == {
        "claim": None,
        "claims": {"totalCount": 0, "nodes": []},
        "reviewTasks": {"totalCount": 0},
        "sampleReviews": {"totalCount": 0},
        "reviewerWorkloads": [],
    }
    assert (explained, scheme.refused(odd, one)) == ("core.not_found", "core.invalid_input")


@pytest.mark.rule("attack 91", "CLM-7")
def test_attack_91_a_claim_that_goes_on_leaves_no_task_and_gets_it_back_when_it_returns(
    make_platform: MakePlatform, as_user: AsUser
) -> None:
    scheme = scheme_of(make_platform, as_user)
    processed, rejected = (_selected(scheme) for _ in range(2))

    def state(claim_id: UUID) -> TaskState:
        task = select(ReviewTask.state).where(ReviewTask.claim_id == claim_id)
        return TaskState(scheme.act(lambda work: work.session.scalar(task)))

    scheme.process(processed)
    scheme.act(lambda work: rejection.reject_claims(work, [rejected], reason="x"))
    closed = [state(one) for one in (processed, rejected)]
    scheme.act(lambda work: rejection.undo_rejections(work, [rejected]))

    assert closed == [TaskState.DONE] * 2
    assert (state(processed), state(rejected)) == (TaskState.DONE, TaskState.OPEN)


@pytest.mark.rule("attack 21", "attack 15", "D-20", "D-22")
def test_attack_21_a_job_touches_no_claim_that_its_user_may_not(
    make_platform: MakePlatform, as_user: AsUser
) -> None:
    scheme = scheme_of(make_platform, as_user)
    ids = [scheme.enter(scheme.patient()) for _ in range(3)]
    stranger = as_user(SUBMIT_CLAIMS, at=scheme.places["D2"])
    job_id = scheme.as_actor(stranger, SUBMIT_CLAIMS, lambda work: queue_run(work, "claims.submit_many", ids))

    scheme.platform.jobs.run_one(job_id)

    job = scheme.act(lambda work: work.session.get(JobRecord, job_id))
    assert job.result != {"checked": 3}
    assert {scheme.claim(one).status for one in ids} == {ClaimStatus.ENTERED}
    assert (_count(scheme, ClaimDecision), _count(scheme, ConsumptionEntry)) == (0, 0)


@pytest.mark.rule("attack 85")
def test_attack_85_a_consent_holds_for_its_facility_and_its_care_only(
    make_platform: MakePlatform, as_user: AsUser
) -> None:
    scheme = scheme_of(make_platform, as_user, COVERS_ALL)
    insuree = scheme.patient()
    request = consents.ConsentRequest(
        insuree_id=insuree,
        facility_id=scheme.hospital,
        kind=LineKind.SERVICE,
        code="SURG",
        quantity=Decimal(1),
        reason="hernia",
    )
    yes = consents.ConsentDecision(granted=True, valid_from=date(2026, 1, 1), valid_to=date(2026, 3, 1))
    asked = scheme.act(lambda work: consents.request_consent(work, request))
    scheme.as_actor(
        scheme.national,
        DECIDE_CONSENT,
        lambda work: consents.decide_consent(work, asked.id, yes, expected_version=1),
    )
    named = {"pre_authorisation": asked.number, "actor": scheme.national}

    other_care = _code(lambda: scheme.enter(insuree, ("CONS", 1), **named))
    other_place = _code(lambda: scheme.enter(insuree, ("SURG", 1), facility_id=scheme.centre, **named))

    assert (other_care, other_place) == ("claims.consent_not_given",) * 2
    assert scheme.enter(insuree, ("SURG", 1), **named)
