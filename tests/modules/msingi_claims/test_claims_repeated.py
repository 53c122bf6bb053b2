"""A claim is processed as it was submitted exactly when deciding it anew would say the same (CLM-6, D-20)."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import case, func, select, update
from tests.modules.msingi_claims.claims_fixtures import COVERS_ALL, Scheme, scheme_of

from msingi.ids import new_id
from msingi.testing import AsUser, MakePlatform
from msingi.work import Work
from msingi_catalogue import MedicalService, PriceList, PriceListLine, ServiceCategory, renew_register
from msingi_claims.models.claim import Claim
from msingi_claims.models.decision import ClaimDecision as DecisionRow
from msingi_claims.models.decision import ConsumptionEntry
from msingi_claims.models.line import ClaimLine
from msingi_claims.models.states import ReviewVerdict
from msingi_claims.rules.codes import ClaimStatus, LineStatus, Stage
from msingi_claims.services.deciding import Decided, Repeated, decide_claims
from msingi_claims.services.documents import read_lines, write_document
from msingi_claims.services.life import Action
from msingi_claims.services.rejection import reject_claims
from msingi_claims.services.taking import take_claims
from msingi_insurance import Insuree, InsureePolicy, Policy
from msingi_registry import Person

_TERMS: Final[dict[str, Any]] = {
    "other_items": {"limitation": {"other": {"type": "C", "adult": "80", "child": "60"}}},
    "other_services": {},
    "coverage": [{"kind": "item", "code": "IT2", "max_quantity": {"adult": "6", "child": "6"}}],
    "deductible": {"basis": "insuree", "general": "150"},
    "ceiling": {"basis": "policy", "general": "1500", "extra_member": {"general": "300"}},
    "threshold": 2,
    "max_amount": {"consultation": "700", "surgery": "250"},
}
_OTHER_TERMS: Final[dict[str, Any]] = {**_TERMS, "deductible": {"basis": "insuree", "general": "90"}}
_BY_TREATMENT: Final[dict[str, Any]] = {
    **COVERS_ALL,
    "deductible": {"basis": "treatment", "general": "50"},
    "ceiling": {"basis": "treatment", "general": "350"},
}


_MIXES: Final = (
    (0, [("SV1", 2), ("IT2", 3), ("CONS", 1)]),
    (1, [("IT1", 4), ("SURG", 1)]),
    (1, [("CONS", 1), ("IT1", 1)]),
)


class _Family:
    """Two people with a policy, and claims of theirs that were submitted one after the other."""

    def __init__(self, scheme: Scheme, versions: Mapping[str, UUID], *, claims: int) -> None:
        self.scheme = scheme
        self.versions = versions
        self.people = scheme.family(members=2)
        self.policy = scheme.insure(self.people, versions["P1"])
        self.ids = [
            scheme.submitted(self.people[whose], *lines, date_from=date(2026, 1, 5 + 7 * number))
            for number, (whose, lines) in enumerate(_MIXES[:claims])
        ]

    def change(self, model: Any, *criteria: Any, **values: Any) -> None:
        """Change rows behind the back of the services."""
        statement = update(model).where(*criteria).values(values)
        self.scheme.act(lambda work: work.session.execute(statement))

    def compared(self) -> Sequence[Decided | Repeated]:
        """What processing makes of the claims, after it was compared with deciding all of them anew."""
        found: Sequence[Decided | Repeated] = self.scheme.act(self._compare)
        return found

    def _compare(self, work: Work) -> Sequence[Decided | Repeated]:
        checked = select(Claim.id).where(Claim.id.in_(self.ids), Claim.status == ClaimStatus.CHECKED)
        claims = take_claims(work, list(work.session.scalars(checked)), Action.PROCESS)
        if not claims:
            return []
        processed = decide_claims(work, claims, Stage.PROCESS).every
        anew = decide_claims(work, claims, Stage.REVIEW).decided
        assert [one.claim.id for one in processed] == [one.claim.id for one in anew]
        for one, other in zip(processed, anew, strict=True):
            _check_same(one, other)
        return processed


def _check_same(one: Decided | Repeated, anew: Decided) -> None:
    document = one.document if isinstance(one, Repeated) else write_document(one.decision)
    assert read_lines(document) == read_lines(write_document(anew.decision))
    passed = anew.result.status is ClaimStatus.CHECKED
    status = ClaimStatus.VALUATED if passed else ClaimStatus.REJECTED
    assert one.result == anew.result._replace(status=status)


def _consume(family: _Family) -> None:
    family.scheme.submitted(family.people[1], ("SV2", 3), date_from=date(2026, 2, 1))


def _consume_quantity(family: _Family) -> None:
    family.scheme.submitted(family.people[0], ("IT2", 1, 0), date_from=date(2026, 2, 3))


def _reject(family: _Family) -> None:
    last = family.ids[-1]
    if family.scheme.claim(last).status is ClaimStatus.CHECKED:
        family.scheme.act(lambda work: reject_claims(work, [last], reason="x"))


def _price(family: _Family) -> None:
    line = PriceListLine.service_id.in_(select(MedicalService.id).where(MedicalService.code == "SV1"))
    family.change(PriceListLine, line, price_override_minor=20 + family.scheme.made)
    family.change(PriceList, PriceList.code == "PL", stamp=new_id())


def _categorise(family: _Family) -> None:
    surgery = MedicalService.category == ServiceCategory.SURGERY
    other = case((surgery, ServiceCategory.CONSULTATION), else_=ServiceCategory.SURGERY)
    family.change(MedicalService, MedicalService.code == "CONS", category=other)
    family.scheme.act(renew_register)


def _sell_other_terms(family: _Family) -> None:
    family.change(Policy, Policy.id == family.policy, product_version_id=family.versions["P2"])


def _end_cover(family: _Family) -> None:
    family.change(InsureePolicy, InsureePolicy.policy_id == family.policy, expiry_date=date(2026, 1, 1))


def _take_out(family: _Family) -> None:
    other = family.scheme.insure(family.scheme.family(), family.versions["P1"])
    whose = (InsureePolicy.policy_id == family.policy, InsureePolicy.insuree_id == family.people[0])
    family.change(InsureePolicy, *whose, policy_id=other)


def _rejuvenate(family: _Family) -> None:
    person = select(Insuree.person_id).where(Insuree.id.in_(family.people))
    family.change(Person, Person.id.in_(person), birth_date=date(2016, 1, 1))


def _review(family: _Family) -> None:
    family.change(ClaimLine, ClaimLine.claim_id == family.ids[0], approved_quantity=Decimal(1))


def _judge(family: _Family) -> None:
    family.change(ClaimLine, ClaimLine.claim_id == family.ids[0], verdict=ReviewVerdict.REFUSE)


def _grow(family: _Family) -> None:
    """A third member lifts the ceiling, which the claims do not reach."""
    days = {"effective_date": date(2026, 1, 1), "expiry_date": date(2026, 12, 31)}

    def add(work: Work) -> None:
        policy = work.get(Policy, family.policy)
        cover = {name: getattr(policy, name) for name in ("jurisdiction_id", "start_date")}
        (child,) = newborn
        work.add(
            InsureePolicy(
                insuree_id=child, policy_id=policy.id, enrolment_date=policy.enrol_date, **cover, **days
            )
        )

    newborn = family.scheme.family()
    family.scheme.act(add)


def _leave(family: _Family) -> None:
    """Nothing happens."""


_CHANGES: Final[Mapping[str, Callable[[_Family], None]]] = {
    "consumption of the family": _consume,
    "consumption of a quantity": _consume_quantity,
    "price": _price,
    "category": _categorise,
    "terms": _sell_other_terms,
    "policy of another family": _take_out,
    "age": _rejuvenate,
    "quantity by a reviewer": _review,
    "verdict of a reviewer": _judge,
    "members": _grow,
    "rejection": _reject,
    "end of cover": _end_cover,
    "nothing": _leave,
}
_HARMLESS: Final = frozenset({"end of cover", "nothing"})
"""What a submission has chosen holds even if cover ended since (CLM-6)."""


@pytest.fixture
def families(make_platform: MakePlatform, as_user: AsUser) -> Callable[[int], _Family]:
    """Makes families with so many claims under one scheme."""
    scheme = scheme_of(make_platform, as_user, _TERMS, refuse_findings=[])
    versions = {"P1": scheme.product_version, "P2": scheme.sell(_OTHER_TERMS, code="P2")}
    return lambda claims: _Family(scheme, versions, claims=claims)


@pytest.mark.rule("CLM-6", "D-20")
@pytest.mark.parametrize("change", sorted(_CHANGES.keys() - {"rejection"}))
def test_a_claim_is_decided_anew_when_what_it_rests_on_has_changed(
    families: Callable[[int], _Family], change: str
) -> None:
    family, other = families(1), families(1)

    _CHANGES[change](family)

    assert [isinstance(one, Repeated) for one in family.compared()] == [change in _HARMLESS]
    everybodys = {"price", "category"}
    assert [isinstance(one, Repeated) for one in other.compared()] == [change not in everybodys]


@pytest.mark.rule("CLM-6", "D-7", "D-20")
@settings(
    max_examples=25,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    claims=st.integers(1, 3),
    changes=st.lists(st.sampled_from(sorted(_CHANGES)), max_size=3),
    apart=st.booleans(),
)
def test_what_is_repeated_is_what_would_be_decided_anew(
    families: Callable[[int], _Family], claims: int, changes: list[str], *, apart: bool
) -> None:
    family = families(claims)
    for change in changes:
        _CHANGES[change](family)

    found = family.compared()

    ids = [one.claim.id for one in found]
    for part in [[one] for one in ids] if apart else [ids] if ids else []:
        family.scheme.process(*part)
    if not apart:
        stored = [family.scheme.claim(claim_id) for claim_id in ids]
        assert [_total(claim) for claim in stored] == [_expected(one) for one in found]
    for claim_id in ids:
        _check_bookings(family.scheme, claim_id)


def _total(claim: Claim) -> tuple[Any, ...]:
    return (
        *(claim.status, claim.category, claim.rejection_code, claim.approved_minor, claim.remunerated_minor),
        *(claim.valuated_minor, claim.nominal_minor, claim.patient_share_minor, claim.decisions),
    )


def _expected(one: Decided | Repeated) -> tuple[Any, ...]:
    result = one.result
    code = int(result.reason) if result.status is ClaimStatus.REJECTED else None
    final = (result.final_minor, result.final_minor, result.nominal_minor, result.patient_share_minor)
    return (
        *(result.status, result.category, code, result.approved_minor),
        *(*final, one.claim.decisions + 1),
    )


def _check_bookings(scheme: Scheme, claim_id: UUID) -> None:
    """What stands in the consumption ledger is what the lines say (ADJ-5)."""
    entry = ConsumptionEntry
    booked = select(
        func.sum(entry.sign * entry.deducted_minor), func.sum(entry.sign * entry.counted_minor)
    ).where(entry.claim_id == claim_id)
    sums = scheme.act(lambda work: work.session.execute(booked).one())
    lines = scheme.lines(claim_id)
    deducted = sum(line.deductible_minor or 0 for line in lines)
    paid = sum(line.remunerated_minor or 0 for line in lines)
    assert tuple(int(one or 0) for one in sums) == (deducted, paid)


@pytest.mark.rule("CLM-6", "D-7")
def test_a_claim_that_is_repeated_books_nothing_and_says_the_same(families: Callable[[int], _Family]) -> None:
    family = families(1)
    (claim_id,) = family.ids
    rows = select(func.count()).select_from(ConsumptionEntry)
    before = [_stored(line) for line in family.scheme.lines(claim_id)]
    booked = family.scheme.act(lambda work: work.session.scalar(rows))

    (outcome,) = family.scheme.process(claim_id)

    assert outcome.status is ClaimStatus.VALUATED
    assert {line.status for line in outcome.lines} == {LineStatus.PASSED}
    assert [_stored(line) for line in family.scheme.lines(claim_id)] == before
    assert family.scheme.act(lambda work: work.session.scalar(rows)) == booked
    decided = select(DecisionRow.sequence, DecisionRow.input_digest, DecisionRow.document).where(
        DecisionRow.claim_id == claim_id
    )
    stored = family.scheme.act(
        lambda work: work.session.execute(decided.order_by(DecisionRow.sequence)).all()
    )
    assert [row.sequence for row in stored] == [1, 2]
    assert stored[0][1:] == stored[1][1:]


def _stored(line: ClaimLine) -> dict[str, Any]:
    return {column.key: getattr(line, column.key) for column in ClaimLine.__mapper__.column_attrs}


@pytest.mark.rule("CLM-6", "ADJ-6")
def test_a_relative_line_still_waits_for_its_batch_when_it_is_repeated(
    make_platform: MakePlatform, as_user: AsUser
) -> None:
    terms = {**COVERS_ALL, "other_items": {"price_origin": "R"}}
    scheme = scheme_of(make_platform, as_user, terms)
    family = _Family(scheme, {"P1": scheme.product_version}, claims=1)

    (one,) = family.scheme.act(_processed(family.ids))
    scheme.process(*family.ids)

    assert isinstance(one, Repeated)
    assert one.result.status is ClaimStatus.PROCESSED
    claim = scheme.claim(family.ids[0])
    assert (claim.status, claim.approved_minor, claim.remunerated_minor) == (ClaimStatus.PROCESSED, 600, None)
    assert claim.nominal_minor == 300


def _processed(claim_ids: Sequence[UUID]) -> Callable[[Work], Sequence[Decided | Repeated]]:
    def decide(work: Work) -> Sequence[Decided | Repeated]:
        return decide_claims(work, take_claims(work, claim_ids, Action.PROCESS), Stage.PROCESS).every

    return decide


@pytest.mark.rule("CLM-6", "PRD-6")
def test_limits_of_one_treatment_hold_again_when_the_claim_is_repeated(
    make_platform: MakePlatform, as_user: AsUser
) -> None:
    scheme = scheme_of(make_platform, as_user, _BY_TREATMENT)
    family = _Family(scheme, {"P1": scheme.product_version}, claims=3)

    found = family.compared()

    assert [isinstance(one, Repeated) for one in found] == [True] * 3
    assert [one.result.approved_minor for one in found] == [350, 350, 150]
