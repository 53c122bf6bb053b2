"""What policies consume: booked once, taken back by new rows, the same for one claim and for many (ADJ-3, ADJ-5, D-7)."""

import random
from collections import defaultdict
from datetime import date, timedelta
from functools import partial
from threading import Barrier, Thread
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import delete, func, select, update
from sqlalchemy.exc import DBAPIError
from tests.modules.msingi_claims.claims_fixtures import COVERS_ALL, Scheme, scheme_of

from msingi.testing import AsUser, MakePlatform
from msingi.transact import transact
from msingi.work import Work
from msingi_claims.models.claim import Claim
from msingi_claims.models.decision import ClaimDecision, ConsumptionEntry
from msingi_claims.models.line import ClaimLine
from msingi_claims.models.states import Purpose
from msingi_claims.rules.codes import ClaimStatus
from msingi_claims.services import reviews, selection, submission

LIMITED: dict[str, Any] = {
    "other_items": {"limitation": {"other": {"type": "C", "adult": "80", "child": "80"}}},
    "other_services": {},
    "coverage": [{"kind": "item", "code": "IT2", "max_quantity": {"adult": "6", "child": "6"}}],
    "deductible": {"basis": "insuree", "general": "150"},
    "ceiling": {"basis": "policy", "general": "900"},
    "max_amount": {"surgery": "250"},
    "max_number": {"delivery": 1},
}
_RESULTS = (
    *(ClaimLine.position, ClaimLine.status, ClaimLine.reason, ClaimLine.accepted_quantity),
    *(
        ClaimLine.gross_minor,
        ClaimLine.refused_minor,
        ClaimLine.deductible_minor,
        ClaimLine.remunerated_minor,
    ),
    *(ClaimLine.patient_share_minor, ClaimLine.excess_minor, ClaimLine.excess_category_minor),
)


def _sums(scheme: Scheme) -> dict[UUID, tuple[int, int]]:
    """Deducted and counted by policy: the sums over the ledger."""
    entry = ConsumptionEntry
    statement = select(
        entry.policy_id,
        func.sum(entry.sign * entry.deducted_minor),
        func.sum(entry.sign * entry.counted_minor),
    ).group_by(entry.policy_id)
    rows = scheme.act(lambda work: work.session.execute(statement).all())
    return {row[0]: (int(row[1]), int(row[2])) for row in rows}


def _results(scheme: Scheme, prefix: str = "") -> list[Any]:
    """What became of every line of the claims whose code begins so, in order."""
    statement = (
        select(Claim.code, Claim.status, Claim.approved_minor, *_RESULTS)
        .join(ClaimLine, ClaimLine.claim_id == Claim.id)
        .where(Claim.code.startswith(prefix))
        .order_by(Claim.code, ClaimLine.position)
    )
    return list(scheme.act(lambda work: work.session.execute(statement).all()))


def _generated(scheme: Scheme, people: list[UUID], count: int, seed: int, prefix: str) -> list[UUID]:
    """Claims of all kinds for the same few people, the same for the same seed."""
    chance = random.Random(seed)
    codes = ("SV1", "SV2", "SURG", "DELI", "HOSP", "CONS", "IT1", "IT2", "IT30", "MALE")
    ids = []
    for number in range(count):
        lines = [
            (chance.choice(codes), chance.randint(1, 4), chance.choice((0, 33, 100, 120)))
            for _ in range(chance.randint(1, 5))
        ]
        first = date(2025, 3, 1) + timedelta(days=chance.randint(0, 300))
        last = first + timedelta(days=chance.choice((0, 0, 2)))
        draft: dict[str, Any] = {"date_from": first, "date_to": last, "code": f"{prefix}{number:04}"}
        ids.append(scheme.enter(chance.choice(people), *lines, **draft))
    return ids


@pytest.mark.rule("D-20", "ADJ-10", "ADJ-11")
@pytest.mark.parametrize("seed", [7, 2026])
def test_claims_one_by_one_and_all_at_once_give_the_same(
    make_platform: MakePlatform, as_user: AsUser, seed: int
) -> None:
    scheme = scheme_of(make_platform, as_user, LIMITED, refuse_findings=[])

    outcomes = []
    for prefix in ("A", "B"):
        people = scheme.family(members=3)
        policy = scheme.insure(people)
        ids = _generated(scheme, people, 24, seed, prefix)
        for part in [ids] if prefix == "A" else [[one] for one in ids]:
            scheme.submit(*part)
        checked = [one for one in ids if scheme.claim(one).status is ClaimStatus.CHECKED]
        for part in [checked] if prefix == "A" else [[one] for one in checked]:
            scheme.process(*part)
        outcomes.append((_results(scheme, prefix), _sums(scheme)[policy]))

    (together, sums), (apart, sums_apart) = outcomes
    assert [row[1:] for row in together] == [row[1:] for row in apart]
    assert sums == sums_apart
    assert {row[1] for row in together} == {ClaimStatus.VALUATED, ClaimStatus.REJECTED}
    _holds_identities(together)


def _holds_identities(rows: list[Any]) -> None:
    totals: dict[str, int] = defaultdict(int)
    for row in rows:
        parts = row.remunerated_minor + row.patient_share_minor + row.excess_minor
        parts += row.deductible_minor + row.refused_minor + row.excess_category_minor
        assert parts == row.gross_minor
        assert row.remunerated_minor >= 0
        totals[row.code] += row.remunerated_minor
    assert {row.code: row.approved_minor for row in rows} == totals


@pytest.mark.rule("D-7", "ADJ-5", "m1")
def test_d_7_a_claim_that_is_submitted_reviewed_and_processed_consumes_once(
    make_platform: MakePlatform, as_user: AsUser
) -> None:
    terms = {**COVERS_ALL, "deductible": {"basis": "insuree", "general": "500"}}
    scheme = scheme_of(make_platform, as_user, terms)
    insuree = scheme.patient()
    claim_id = scheme.submitted(insuree, ("SV1", 3))
    (policy,) = _sums(scheme)

    scheme.act(lambda work: selection.select_claims(work, [claim_id], Purpose.REVIEW))
    scheme.act(lambda work: reviews.deliver_reviews(work, [claim_id]))
    scheme.process(claim_id)

    assert _sums(scheme) == {policy: (300, 0)}
    assert scheme.claim(claim_id).remunerated_minor == 0
    later = scheme.submitted(insuree, ("SV1", 3), date_from=date(2026, 2, 20))
    assert [line.deductible_minor for line in scheme.lines(later)] == [200]
    assert scheme.claim(later).approved_minor == 100


@pytest.mark.rule("D-7", "ADJ-5")
def test_what_a_reviewer_changes_is_taken_back_and_booked_anew(
    make_platform: MakePlatform, as_user: AsUser
) -> None:
    scheme = scheme_of(
        make_platform, as_user, {**COVERS_ALL, "ceiling": {"basis": "insuree", "general": "1000"}}
    )
    claim_id = scheme.submitted(scheme.patient(), ("SV1", 4))
    scheme.act(lambda work: selection.select_claims(work, [claim_id], Purpose.REVIEW))
    (line,) = scheme.lines(claim_id)
    verdict = reviews.LineVerdict(line_id=line.id, quantity=1)
    scheme.act(
        lambda work: reviews.save_review(
            work, claim_id, [verdict], adjustment="", expected_version=work.get(Claim, claim_id).version
        )
    )

    scheme.act(lambda work: reviews.deliver_reviews(work, [claim_id]))

    rows = scheme.act(
        lambda work: work.session.execute(
            select(ConsumptionEntry.sequence, ConsumptionEntry.sign, ConsumptionEntry.counted_minor).order_by(
                ConsumptionEntry.id
            )
        ).all()
    )
    assert sorted(tuple(row) for row in rows) == [(1, 1, 400), (2, -1, 400), (2, 1, 100)]


@pytest.mark.rule("ADJ-5", "D-7")
def test_replaying_every_decision_from_nothing_gives_the_consumption_that_stands(
    make_platform: MakePlatform, as_user: AsUser
) -> None:
    scheme = scheme_of(make_platform, as_user, LIMITED, refuse_findings=[])
    people = scheme.family(members=3)
    scheme.insure(people)
    ids = _generated(scheme, people, 24, 11, "R")
    scheme.submit(*ids)
    scheme.process(*[one for one in ids if scheme.claim(one).status is ClaimStatus.CHECKED][:9])

    lines = select(
        ClaimLine.policy_id, func.sum(ClaimLine.deductible_minor), func.sum(ClaimLine.remunerated_minor)
    ).join(Claim, Claim.id == ClaimLine.claim_id)
    counted = lines.where(
        Claim.status.in_([ClaimStatus.CHECKED, ClaimStatus.VALUATED]), ClaimLine.policy_id.is_not(None)
    )
    rows = scheme.act(lambda work: work.session.execute(counted.group_by(ClaimLine.policy_id)).all())

    assert _sums(scheme) == {row[0]: (int(row[1]), int(row[2])) for row in rows}


@pytest.mark.rule("attack 86", "ADJ-11")
def test_fifty_claims_at_once_never_pass_one_ceiling(make_platform: MakePlatform, as_user: AsUser) -> None:
    scheme = scheme_of(
        make_platform,
        as_user,
        {**COVERS_ALL, "ceiling": {"basis": "policy", "general": "1030"}},
        refuse_findings=[],
    )
    people = scheme.family(members=5)
    scheme.insure(people)
    ids = [
        scheme.enter(people[number % 5], date_from=date(2025, 2, 1) + timedelta(days=5 * number))
        for number in range(50)
    ]
    barrier = Barrier(5, timeout=60)

    def submit(part: list[UUID]) -> None:
        barrier.wait()
        for claim_id in part:
            transact(partial(scheme.submit, claim_id), attempts=20)

    threads = [Thread(target=submit, args=(ids[start::5],)) for start in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    amounts = sorted(scheme.claim(claim_id).approved_minor or 0 for claim_id in ids)
    assert sum(amounts) == 1030
    assert amounts == [0] * 39 + [30] + [100] * 10


@pytest.mark.rule("ADJ-5")
@pytest.mark.parametrize("model", [ConsumptionEntry, ClaimDecision])
def test_the_database_itself_keeps_what_was_written(
    make_platform: MakePlatform, as_user: AsUser, model: Any
) -> None:
    scheme = scheme_of(make_platform, as_user)
    scheme.submitted(scheme.patient())

    for statement in (update(model).values(sequence=9), delete(model)):
        with pytest.raises(DBAPIError):
            scheme.act(partial(_execute, statement=statement))


def _execute(work: Work, *, statement: Any) -> None:
    work.session.execute(statement, execution_options={"synchronize_session": False})


@pytest.mark.rule("ADJ-6", "D-9", "D-34")
def test_totals_equal_the_sum_of_lines_for_every_mix_of_lines(
    make_platform: MakePlatform, as_user: AsUser
) -> None:
    scheme = scheme_of(make_platform, as_user)
    insuree = scheme.patient()
    mixes = [
        [("SV1", 1)],
        [("IT1", 2)],
        [("SV1", 1), ("IT1", 2)],
        [("IT1", 3), ("IT2", 1), ("SV1", 1), ("SV2", 2), ("CONS", 1)],
    ]
    ids = [
        scheme.enter(insuree, *mix, date_from=date(2025, 3, 1) + timedelta(days=9 * number))
        for number, mix in enumerate(mixes)
    ]

    scheme.submit(*ids)
    scheme.process(*ids)

    for claim_id, mix in zip(ids, mixes, strict=True):
        claim, lines = scheme.claim(claim_id), scheme.lines(claim_id)
        asked = sum(quantity * 100 for _, quantity in mix)
        assert (claim.claimed_minor, claim.approved_minor, claim.remunerated_minor) == (asked,) * 3
        assert sum(line.remunerated_minor or 0 for line in lines) == asked


@pytest.mark.rule("ADJ-10")
def test_processing_twice_is_refused_and_deciding_again_changes_nothing(
    make_platform: MakePlatform, as_user: AsUser
) -> None:
    scheme = scheme_of(make_platform, as_user, LIMITED)
    claim_id = scheme.submitted(scheme.patient(), ("SV1", 2), ("IT2", 4))
    before = _results(scheme)

    scheme.process(claim_id)

    assert [row[2:] for row in _results(scheme)] == [row[2:] for row in before]
    count = scheme.act(lambda work: work.session.scalar(select(func.count()).select_from(ConsumptionEntry)))
    assert count == 2
    with pytest.raises(Exception, match="valuated"):
        scheme.act(lambda work: submission.process_claims(work, [claim_id]))
