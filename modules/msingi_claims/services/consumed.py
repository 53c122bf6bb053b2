"""What insurance asks before care is given: how much insurees have used up of their policies (POL-10, D-28)."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import cast
from uuid import UUID

from sqlalchemy import and_, func, select

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
    """What each of the insurees has used up under each of the policies, in four statements.

    Who used up nothing has an answer too where the family did: a limit of the policy is one for all.
    """
    units = Units.of(work.platform.profile.currency)
    money = _Money.of(money_used(work, policy_ids, units))
    quantities: dict[_Pair, dict[LineKey, Decimal]] = defaultdict(dict)
    for entry in quantities_used(work, policy_ids, None):
        if entry.key is not None and entry.amount:
            quantities[entry.policy, entry.insuree][entry.key] = entry.amount  # type: ignore[index]
    counts = _claims(work, policy_ids, insuree_ids)
    given = _given(work, insuree_ids)
    wanted = set(insuree_ids)
    family = {pair for pair, claims in counts.items() if claims or pair[0] in money.policies}
    pairs = money.pairs | quantities.keys() | family
    return [
        Consumed(
            policy_id=policy_id,
            insuree_id=insuree_id,
            deducted=money.used(ConsumptionKind.DEDUCTED, policy_id, insuree_id),
            paid=money.used(ConsumptionKind.REMUNERATED, policy_id, insuree_id),
            category_claims=counts.get((policy_id, insuree_id), {}),
            category_amounts=money.categories.get((policy_id, insuree_id), {}),
            quantities=quantities.get((policy_id, insuree_id), {}),
            given=given.get(insuree_id, {}),
        )
        for policy_id, insuree_id in sorted(pairs)
        if insuree_id in wanted
    ]


@dataclass(slots=True)
class _Money:
    """Sums of money, found by policy and by insuree however many there are."""

    policies: set[UUID] = field(default_factory=set)
    pairs: set[_Pair] = field(default_factory=set)
    categories: dict[_Pair, dict[Category, Decimal]] = field(default_factory=dict)
    _sums: dict[tuple[ConsumptionKind, UUID, UUID | None, bool], Decimal] = field(default_factory=dict)

    @classmethod
    def of(cls, entries: Iterable[Consumption]) -> "_Money":
        """Add entries up."""
        made = cls()
        for entry in entries:
            policy_id, insuree_id = cast("_Pair", (entry.policy, entry.insuree))
            made.policies.add(policy_id)
            made.pairs.add((policy_id, insuree_id))
            if entry.category is not None:
                sums = made.categories.setdefault((policy_id, insuree_id), {})
                sums[entry.category] = sums.get(entry.category, _ZERO) + entry.amount
                continue
            for whose in (insuree_id, None):
                key = (entry.kind, policy_id, whose, entry.hospital)
                made._sums[key] = made._sums.get(key, _ZERO) + entry.amount
        return made

    def used(self, kind: ConsumptionKind, policy_id: UUID, insuree_id: UUID) -> Used:
        """What one insuree, and what the whole policy used, in hospital and other care apart."""

        def of(whose: UUID | None, *, hospital: bool) -> Decimal:
            return self._sums.get((kind, policy_id, whose, hospital), _ZERO)

        return Used(
            insuree_hospital=of(insuree_id, hospital=True),
            insuree_other=of(insuree_id, hospital=False),
            policy_hospital=of(None, hospital=True),
            policy_other=of(None, hospital=False),
        )


def _claims(
    work: Work, policy_ids: Collection[UUID], insuree_ids: Collection[UUID]
) -> Mapping[_Pair, Mapping[Category, int]]:
    """Claims by category whose target date lies in the cover of the insuree (CLM-2); covers without one are there too."""
    counted = and_(
        *(Claim.insuree_id == InsureePolicy.insuree_id, Claim.status.in_(COUNTED)),
        *(Claim.target_date >= InsureePolicy.effective_date, Claim.target_date <= InsureePolicy.expiry_date),
    )
    statement = (
        select(
            *(InsureePolicy.policy_id, InsureePolicy.insuree_id, Claim.category),
            func.count(Claim.id).label("claims"),
        )
        .outerjoin(Claim, counted)
        .where(
            InsureePolicy.policy_id.in_(sorted(policy_ids)), InsureePolicy.insuree_id.in_(sorted(insuree_ids))
        )
        .group_by(InsureePolicy.policy_id, InsureePolicy.insuree_id, Claim.category)
    )
    found: dict[_Pair, dict[Category, int]] = defaultdict(dict)
    for row in work.session.execute(statement):
        claims = found[row.policy_id, row.insuree_id]
        if row.claims:
            claims[row.category] = row.claims
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
