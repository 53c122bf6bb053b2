"""What patients and policies have used up before: sums of the consumption ledger, and earlier claims."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any, Final, overload
from uuid import UUID

from sqlalchemy import BigInteger, bindparam, func, select, type_coerce

from msingi.table_statistics import unindexed
from msingi.work import Work
from msingi_claims.findings import EarlierClaim, PastLine
from msingi_claims.models.claim import Claim
from msingi_claims.models.decision import ConsumptionEntry
from msingi_claims.models.line import QUANTITY_PLACES, ClaimLine
from msingi_claims.models.states import COUNTED
from msingi_claims.rules.codes import ConsumptionKind, LineStatus
from msingi_claims.rules.compiled import LineKey
from msingi_claims.rules.decisions import Consumption
from msingi_claims.rules.history import History
from msingi_claims.rules.values import ClaimInput, Reference
from msingi_claims.services.units import Units
from msingi_insurance import Category, LineKind
from msingi_registry import Facility


def earlier_claims(work: Work, insuree_ids: Collection[UUID], *, since: date) -> "EarlierClaims":
    """The claims of patients that count, in the whole country, in one statement; their lines are not read yet."""
    return EarlierClaims(work, sorted(set(insuree_ids)), since)


class EarlierClaims(Sequence[EarlierClaim]):
    """Claims of some patients; lines are read for those that are named, and of all others at the first look at one.

    Most claims lie too far back to be compared with new ones: their lines are four fifths of what there is to read.
    """

    def __init__(self, work: Work, insuree_ids: Sequence[UUID], since: date) -> None:
        self._work = work
        self._whose: Mapping[str, Any] = {"insurees": insuree_ids, "since": since}
        self._lines: dict[UUID, list[PastLine]] = {}
        with work.everywhere():
            rows = work.session.execute(_counted_claims(), self._whose).all()
        self._claims = [_earlier(row, self._lines_of) for row in rows]

    def __len__(self) -> int:
        return len(self._claims)

    @overload
    def __getitem__(self, place: int) -> EarlierClaim: ...
    @overload
    def __getitem__(self, place: slice) -> list[EarlierClaim]: ...
    def __getitem__(self, place: int | slice) -> EarlierClaim | list[EarlierClaim]:
        return self._claims[place]

    def __iter__(self) -> Iterator[EarlierClaim]:
        return iter(self._claims)

    def read_lines(self, claims: Iterable[EarlierClaim]) -> None:
        """Read what was given in some of these claims, in one statement, or in none when it is known."""
        wanted = {claim.claim_id for claim in claims} - self._lines.keys()
        if wanted:
            self._keep(wanted, _lines_of_claims(), {"claims": sorted(wanted)})

    def _lines_of(self, claim_id: UUID) -> Sequence[PastLine]:
        if claim_id not in self._lines:
            unread = {claim.claim_id for claim in self._claims} - self._lines.keys()
            self._keep(unread, _lines_of_patients(), self._whose)
        return self._lines[claim_id]

    def _keep(self, wanted: Collection[UUID], statement: Any, asked: Mapping[str, Any]) -> None:
        self._lines |= {claim_id: [] for claim_id in wanted}
        with self._work.everywhere():
            for row in self._work.session.execute(statement, asked):
                if row.claim_id in wanted:
                    self._lines[row.claim_id].append(((row.kind, row.code), row.quantity, row.status))


def _earlier(row: Any, read_lines: Callable[[UUID], Sequence[PastLine]]) -> EarlierClaim:
    where = (row.facility_id, row.facility_code)
    what = (row.diagnosis_code, row.category or Category.VISIT)
    return EarlierClaim(row.id, row.insuree_id, *where, row.date_from, row.target_date, *what, read_lines)


# Built once: to build these statements costs more than to run them for one patient.

_COUNTS: Final = (
    Claim.insuree_id.in_(bindparam("insurees", expanding=True)),
    Claim.target_date >= bindparam("since"),
    unindexed(Claim.status).in_(COUNTED),
)
_GIVEN: Final = (ClaimLine.claim_id, ClaimLine.kind, ClaimLine.code, ClaimLine.quantity, ClaimLine.status)


@cache
def _counted_claims() -> Any:
    return (
        select(
            *(Claim.id, Claim.insuree_id, Claim.facility_id, Facility.code.label("facility_code")),
            *(Claim.date_from, Claim.target_date, Claim.diagnosis_code, Claim.category),
        )
        .join(Facility, Facility.id == Claim.facility_id)
        .where(*_COUNTS)
    )


@cache
def _lines_of_claims() -> Any:
    return select(*_GIVEN).where(ClaimLine.claim_id.in_(bindparam("claims", expanding=True)))


@cache
def _lines_of_patients() -> Any:
    return select(*_GIVEN).join(Claim, Claim.id == ClaimLine.claim_id).where(*_COUNTS)


def remember(history: History, earlier: EarlierClaims, inputs: Collection[ClaimInput]) -> None:
    """Note in a history what these claims may meet of earlier ones: doubles of their days, what has a frequency."""
    days = {(given.patient.id, given.target_date) for given in inputs}
    rare = _rare_care(inputs)
    earlier.read_lines(claim for claim in earlier if claim.insuree_id in rare)
    for claim in earlier:
        history.add_claim(claim.insuree_id, claim.category, claim=claim.claim_id, day=claim.target_date)
        if (claim.insuree_id, claim.target_date) in days:
            history.add_fingerprint(claim.fingerprint())
        wanted = rare.get(claim.insuree_id)
        if wanted is None:
            continue
        for key, _, status in claim.lines:
            if status is LineStatus.PASSED and key in wanted:
                history.add_passed_line(claim.insuree_id, key, claim.target_date)


def _rare_care(inputs: Iterable[ClaimInput]) -> Mapping[Reference, set[LineKey]]:
    """What is asked for that has a frequency, by patient."""
    rare: dict[Reference, set[LineKey]] = defaultdict(set)
    for given in inputs:
        for line in given.lines:
            if line.entry is not None and line.entry.frequency_days:
                rare[given.patient.id].add(line.key)
    return rare


def add_ledger(
    work: Work,
    history: History,
    policy_ids: Collection[UUID],
    limited: Collection[LineKey],
    units: Units,
    *,
    by: Collection[UUID] | None,
) -> None:
    """Add what the policies have used up ``by`` some insurees, or by all; quantities of limited care only.

    One statement for money, and one for quantities when any is limited.
    """
    if not policy_ids:
        return
    history.add_consumption(money_used(work, policy_ids, units, by=by))
    if limited:
        history.add_consumption(quantities_used(work, policy_ids, limited, by=by))


def money_used(
    work: Work, policy_ids: Collection[UUID], units: Units, *, by: Collection[UUID] | None = None
) -> Iterable[Consumption]:
    """Sums of money by policy, insuree, kind of care and category, in one statement."""
    asked = {"policies": sorted(policy_ids), "insurees": sorted(by or ())}
    for row in work.session.execute(_sums_of_money(everybody=by is None), asked):
        whose = (row.policy_id, row.insuree_id, row.hospital)
        if row.deducted:
            yield Consumption(ConsumptionKind.DEDUCTED, *whose, units.major(int(row.deducted)), 0)
        if row.counted:
            yield Consumption(ConsumptionKind.REMUNERATED, *whose, units.major(int(row.counted)), 0)
        if row.of_category:
            amount = units.major(int(row.of_category))
            yield Consumption(ConsumptionKind.CATEGORY, *whose, amount, 0, row.category)


_ENTRY: Final = ConsumptionEntry
_BY_SOME: Final = unindexed(_ENTRY.insuree_id).in_(bindparam("insurees", expanding=True))
"""A policy has few insurees: its index finds the rows, and this leaves some of them out."""


@cache
def _sums_of_money(*, everybody: bool) -> Any:
    statement = (
        select(
            *(_ENTRY.policy_id, _ENTRY.insuree_id, _ENTRY.hospital, _ENTRY.category),
            func.sum(_ENTRY.sign * _ENTRY.deducted_minor).label("deducted"),
            func.sum(_ENTRY.sign * _ENTRY.counted_minor).label("counted"),
            func.sum(_ENTRY.sign * _ENTRY.category_minor).label("of_category"),
        )
        .where(_ENTRY.policy_id.in_(bindparam("policies", expanding=True)))
        .group_by(_ENTRY.policy_id, _ENTRY.insuree_id, _ENTRY.hospital, _ENTRY.category)
    )
    return statement if everybody else statement.where(_BY_SOME)


def quantities_used(
    work: Work,
    policy_ids: Collection[UUID],
    limited: Collection[LineKey] | None,
    *,
    by: Collection[UUID] | None = None,
) -> Iterable[Consumption]:
    """Sums of quantities by policy, insuree, kind and code; of some items and services, or of all."""
    quantity = func.sum(_ENTRY.sign * type_coerce(_ENTRY.quantity, BigInteger))
    statement = (
        select(_ENTRY.policy_id, _ENTRY.insuree_id, _ENTRY.kind, _ENTRY.code, quantity.label("used"))
        .where(_ENTRY.policy_id.in_(sorted(policy_ids)))
        .group_by(_ENTRY.policy_id, _ENTRY.insuree_id, _ENTRY.kind, _ENTRY.code)
    )
    if by is not None:
        statement = statement.where(unindexed(_ENTRY.insuree_id).in_(sorted(by)))
    if limited is not None:
        statement = statement.where(_ENTRY.code.in_(sorted({code for _, code in limited})))
    for row in work.session.execute(statement):
        used = Decimal(int(row.used)).scaleb(-QUANTITY_PLACES)
        key: LineKey = (row.kind, row.code)
        yield Consumption(
            *(ConsumptionKind.QUANTITY, row.policy_id, row.insuree_id, False, used, 0, None, key)
        )


@dataclass(frozen=True, slots=True)
class Booking:
    """A row of the ledger that is not taken back, and the same as the rules write it."""

    row: Any
    entries: tuple[Consumption, ...]


def live_bookings(work: Work, claim_ids: Collection[UUID], units: Units) -> Mapping[UUID, Sequence[Booking]]:
    """The rows of claims that no other row takes back, by claim, in one statement (D-7)."""
    entry = ConsumptionEntry
    reversal = select(entry.reverses_id).where(
        entry.claim_id.in_(list(claim_ids)), entry.reverses_id.is_not(None)
    )
    statement = select(
        *(entry.id, entry.claim_id, entry.line_id, entry.policy_id, entry.insuree_id, entry.kind),
        *(entry.code, entry.target_date, entry.hospital, entry.category, entry.currency),
        *(entry.deducted_minor, entry.counted_minor, entry.category_minor, entry.quantity),
    ).where(entry.claim_id.in_(list(claim_ids)), entry.sign == 1, entry.id.not_in(reversal))
    found: dict[UUID, list[Booking]] = {claim_id: [] for claim_id in claim_ids}
    for row in work.session.execute(statement):
        found[row.claim_id].append(Booking(row, tuple(_entries(row, units))))
    return found


def _entries(row: Any, units: Units) -> Iterable[Consumption]:
    whose = (row.policy_id, row.insuree_id, row.hospital)
    if row.deducted_minor:
        yield Consumption(ConsumptionKind.DEDUCTED, *whose, units.major(row.deducted_minor), 0)
    if row.counted_minor:
        yield Consumption(ConsumptionKind.REMUNERATED, *whose, units.major(row.counted_minor), 0)
    if row.category_minor:
        amount = units.major(row.category_minor)
        yield Consumption(ConsumptionKind.CATEGORY, *whose, amount, 0, row.category)
    if row.quantity:
        key: tuple[LineKind, str] = (row.kind, row.code)
        yield Consumption(ConsumptionKind.QUANTITY, *whose, row.quantity, 0, None, key)
