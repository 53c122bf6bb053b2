"""What the amounts of a claim rest on beside the claim itself: while it stays the same, so do they (CLM-6, D-20)."""

from collections.abc import Collection, Sequence
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from msingi_claims.rules.codes import Stage
from msingi_claims.rules.history import History
from msingi_claims.rules.situation import Situation, Standing
from msingi_claims.rules.values import ClaimInput, PolicyInput, Reference, Settings


class Basis(NamedTuple):
    """A policy that pays lines of a claim, with its limits and what is used up of them, this claim included."""

    policy: Reference
    version: Reference | None
    """The version of the product's terms."""
    product: str
    unit: Decimal
    is_adult: bool
    is_hospital: bool
    limits: tuple[Decimal | None, ...]
    used: tuple[Decimal, ...]
    quantities: tuple[Decimal, ...]
    """Used up of each item and service of the claim whose quantity the product limits, in the order of the lines."""


def bases_of(
    claim: ClaimInput,
    day: date,
    policies: Sequence[PolicyInput],
    chosen: Collection[Reference | None],
    history: History,
    settings: Settings,
) -> list[Basis]:
    """The basis of each chosen policy; the history holds the claim, and the day is its target date."""
    situation = Situation(claim, day, policies, history, settings, Stage.PROCESS)
    by_id = {policy.id: policy for policy in policies if policy.id in chosen}
    return [_basis(situation, policy) for policy in by_id.values()]


def _basis(situation: Situation, policy: PolicyInput) -> Basis:
    standing = Standing(situation, policy)
    product = policy.product
    used = (standing.deducted, standing.category_used, standing.ceiling_used)
    return Basis(
        policy.id,
        policy.version,
        product.code,
        situation.settings.unit,
        situation.adult,
        standing.hospital,
        (standing.deductible_limit, standing.category_limit, standing.ceiling_limit),
        tuple([amount.normalize() for amount in used]),
        tuple(
            [
                standing.used_quantity(line.key).normalize()
                for line in situation.claim.lines
                if product.counts_quantity(line.key)
            ]
        ),
    )
