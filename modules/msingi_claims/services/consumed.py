"""What insurance asks before care is given: how much insurees have used up of their policies (POL-10, D-28)."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from msingi.work import Work
from msingi_claims.models.claim import Claim
from msingi_claims.models.line import ClaimLine
from msingi_claims.models.states import COUNTED
from msingi_claims.rules.codes import ConsumptionKind, LineStatus
from msingi_claims.rules.compiled import LineKey
from msingi_claims.rules.decisions import Consumption
from msingi_claims.services.past import money_used, quantities_used
from msingi_claims.services.units import Units
from msingi_insurance import Category, Consumed, InsureePolicy, Used

_Pair = tuple[UUID, UUID]
_ZERO = Decimal(0)


def consumed_by(work: Work, policy_ids: Collection[UUID], insuree_ids: Collection[UUID]) -> list[Consumed]:
    """What each of the insurees has used up under each of the policies, in four statements."""
    units = Units.of(work.platform.profile.currency)
    money = list(money_used(work, policy_ids, units))
    quantities: dict[_Pair, dict[LineKey, Decimal]] = defaultdict(dict)
    for entry in quantities_used(work, policy_ids, None):
        if entry.key is not None and entry.amount:
            quantities[entry.policy, entry.insuree][entry.key] = entry.amount  # type: ignore[index]
    counts = _claims(work, policy_ids, insuree_ids)
    given = _given(work, insuree_ids)
    pairs: set[Any] = {(entry.policy, entry.insuree) for entry in money} | quantities.keys() | counts.keys()
    return [
        Consumed(
            policy_id=policy_id,
            insuree_id=insuree_id,
            deducted=_used(money, ConsumptionKind.DEDUCTED, policy_id, insuree_id),
            paid=_used(money, ConsumptionKind.REMUNERATED, policy_id, insuree_id),
            category_claims=counts.get((policy_id, insuree_id), {}),
            category_amounts=_categories(money, policy_id, insuree_id),
            quantities=quantities.get((policy_id, insuree_id), {}),
            given=given.get(insuree_id, {}),
        )
        for policy_id, insuree_id in sorted(pairs)
        if insuree_id in set(insuree_ids)
    ]


def _used(money: Iterable[Consumption], kind: ConsumptionKind, policy_id: UUID, insuree_id: UUID) -> Used:
    sums = {(own, hospital): _ZERO for own in (True, False) for hospital in (True, False)}
    for entry in money:
        if entry.kind is kind and entry.policy == policy_id:
            sums[False, entry.hospital] += entry.amount
            if entry.insuree == insuree_id:
                sums[True, entry.hospital] += entry.amount
    return Used(
        insuree_hospital=sums[True, True],
        insuree_other=sums[True, False],
        policy_hospital=sums[False, True],
        policy_other=sums[False, False],
    )


def _categories(
    money: Iterable[Consumption], policy_id: UUID, insuree_id: UUID
) -> Mapping[Category, Decimal]:
    sums: dict[Category, Decimal] = defaultdict(Decimal)
    for entry in money:
        if entry.category is not None and (entry.policy, entry.insuree) == (policy_id, insuree_id):
            sums[entry.category] += entry.amount
    return dict(sums)


def _claims(
    work: Work, policy_ids: Collection[UUID], insuree_ids: Collection[UUID]
) -> Mapping[_Pair, Mapping[Category, int]]:
    """Claims by category whose target date lies in the cover of the insuree (CLM-2)."""
    statement = (
        select(InsureePolicy.policy_id, Claim.insuree_id, Claim.category, func.count().label("claims"))
        .join(InsureePolicy, InsureePolicy.insuree_id == Claim.insuree_id)
        .where(
            InsureePolicy.policy_id.in_(sorted(policy_ids)),
            Claim.insuree_id.in_(sorted(insuree_ids)),
            Claim.status.in_(COUNTED),
            Claim.target_date >= InsureePolicy.effective_date,
            Claim.target_date <= InsureePolicy.expiry_date,
        )
        .group_by(InsureePolicy.policy_id, Claim.insuree_id, Claim.category)
    )
    found: dict[_Pair, dict[Category, int]] = defaultdict(dict)
    for row in work.session.execute(statement):
        found[row.policy_id, row.insuree_id][row.category] = row.claims
    return found


def _given(work: Work, insuree_ids: Collection[UUID]) -> Mapping[UUID, Mapping[LineKey, tuple[date, ...]]]:
    """The days on which each item and service was given, by whatever policy (check 5)."""
    statement = (
        select(Claim.insuree_id, Claim.target_date, ClaimLine.kind, ClaimLine.code)
        .join(ClaimLine, ClaimLine.claim_id == Claim.id)
        .where(
            Claim.insuree_id.in_(sorted(insuree_ids)),
            Claim.status.in_(COUNTED),
            ClaimLine.status == LineStatus.PASSED,
        )
        .order_by(Claim.target_date)
    )
    found: dict[UUID, dict[LineKey, tuple[date, ...]]] = defaultdict(dict)
    for row in work.session.execute(statement):
        days = found[row.insuree_id]
        days[row.kind, row.code] = (*days.get((row.kind, row.code), ()), row.target_date)
    return found
