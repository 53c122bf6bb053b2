"""The policies that may pay for patients, locked in the order of their ids, with the terms that they were sold under."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache
from typing import Any, Final
from uuid import UUID

from sqlalchemy import bindparam, select

from msingi.work import Work
from msingi_claims.rules.compiled import CompiledProduct, compile_product
from msingi_claims.rules.values import PolicyInput
from msingi_insurance import InsureePolicy, Policy, Product, ProductVersion, Stage, Terms, in_force

_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Policies:
    """The policies of some patients."""

    by_insuree: Mapping[UUID, Sequence[PolicyInput]]
    product_ids: Mapping[UUID, UUID]
    """The product of each policy."""
    _members: Mapping[UUID, Sequence[tuple[date, date]]]
    """When each member of a policy has cover, for policies whose ceiling grows with them."""

    def of(self, insuree_id: UUID, day: date | None) -> Sequence[PolicyInput]:
        """Those of a patient, with the number of members who have cover on the day (PRD-7)."""
        policies = self.by_insuree.get(insuree_id, ())
        if day is None or not any(policy.id in self._members for policy in policies):
            return policies
        return [self._counted(policy, day) for policy in policies]

    def products(self) -> Collection[CompiledProduct]:
        """The terms under which they were sold, each once."""
        sold = (policy.product for policies in self.by_insuree.values() for policy in policies)
        return {id(product): product for product in sold}.values()

    def _counted(self, policy: PolicyInput, day: date) -> PolicyInput:
        covers = self._members.get(policy.id)  # type: ignore[arg-type]
        if covers is None:
            return policy
        return replace(policy, members=sum(first <= day <= last for first, last in covers))


def lock_policies(work: Work, insuree_ids: Collection[UUID]) -> Policies:
    """The policies of these patients, wherever they live, locked until the work ends (ADJ-11).

    Two statements when the terms are in memory and a ceiling grows with the family, else one.
    """
    with work.everywhere():
        rows = work.session.execute(_covers(), {"insurees": sorted(set(insuree_ids))}).all()
        products = _products(work, {row.product_version_id for row in rows})
        growing = {row.policy_id for row in rows if _grows(products[row.product_version_id])}
        members = _member_covers(work, growing) if growing else {}
    by_insuree: dict[UUID, list[PolicyInput]] = defaultdict(list)
    for row in rows:
        by_insuree[row.insuree_id].append(_policy(row, products[row.product_version_id]))
    return Policies(by_insuree, {row.policy_id: row.product_id for row in rows}, members)


@cache
def _covers() -> Any:
    """Built once: to build it costs more than to run it for one patient."""
    return (
        select(
            InsureePolicy.insuree_id,
            InsureePolicy.effective_date.label("cover_from"),
            InsureePolicy.expiry_date.label("cover_to"),
            InsureePolicy.valid_to,
            Policy.id.label("policy_id"),
            *(Policy.product_id, Policy.product_version_id, Policy.start_date, Policy.effective_date),
            *(Policy.status, Policy.status_before, Policy.stage),
        )
        .join(Policy, Policy.id == InsureePolicy.policy_id)
        .where(InsureePolicy.insuree_id.in_(bindparam("insurees", expanding=True)))
        .order_by(Policy.id, InsureePolicy.id)
        .with_for_update(of=Policy)
    )


def _policy(row: Any, product: CompiledProduct) -> PolicyInput:
    return PolicyInput(
        id=row.policy_id,
        product=product,
        start_date=row.start_date,
        effective_date=row.effective_date,
        cover_from=row.cover_from,
        cover_to=_last_day(row.cover_to, row.valid_to),
        is_in_force=in_force(row.status, row.status_before),
        is_new=row.stage is Stage.NEW,
        version=row.product_version_id,
    )


def _last_day(expiry: date, valid_to: date | None) -> date:
    return expiry if valid_to is None else min(expiry, valid_to - _DAY)


def _products(work: Work, version_ids: Collection[UUID]) -> dict[UUID, CompiledProduct]:
    """Compiled terms by version; a version never changes, so they stay in memory."""

    def load(missing: Collection[UUID]) -> dict[UUID, CompiledProduct]:
        statement = (
            select(ProductVersion.id, ProductVersion.terms, Product.code)
            .join(Product, Product.id == ProductVersion.product_id)
            .where(ProductVersion.id.in_(list(missing)))
        )
        return {
            row.id: compile_product(row.code, Terms.model_validate(row.terms))
            for row in work.session.execute(statement)
        }

    return work.platform.kept("claims.products", size=200).get_many(version_ids, load)


def _grows(product: CompiledProduct) -> bool:
    return product.ceiling is not None and product.ceiling.extra_member is not None


def _member_covers(work: Work, policy_ids: Iterable[UUID]) -> dict[UUID, list[tuple[date, date]]]:
    statement = select(
        *(InsureePolicy.policy_id, InsureePolicy.effective_date),
        *(InsureePolicy.expiry_date, InsureePolicy.valid_to),
    ).where(InsureePolicy.policy_id.in_(sorted(policy_ids)), InsureePolicy.effective_date.is_not(None))
    covers: dict[UUID, list[tuple[date, date]]] = defaultdict(list)
    for row in work.session.execute(statement):
        covers[row.policy_id].append((row.effective_date, _last_day(row.expiry_date, row.valid_to)))
    return covers
