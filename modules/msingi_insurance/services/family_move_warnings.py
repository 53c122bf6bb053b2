"""What the clerk of a move should know: facilities of choice, products, sellers and control numbers of the place that is left."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select

from msingi.rbac.models import JurisdictionClosure
from msingi.rbac.tree_queries import chains_of
from msingi.work import Work
from msingi_insurance.models.family import Insuree
from msingi_insurance.models.field_staff import OfficerVillage
from msingi_insurance.models.policy import Policy
from msingi_insurance.models.product import Product
from msingi_insurance.models.rollout import Rollout
from msingi_insurance.rules.moves import MoveWarning, is_for_place
from msingi_insurance.rules.periods import ONE_DAY
from msingi_insurance.rules.renewal import intended_product
from msingi_insurance.services.family_move_rows import Going
from msingi_insurance.services.policies_quotes import window_of
from msingi_registry import Facility


@dataclass(frozen=True, slots=True)
class MoveRemark:
    """One thing to know about a family that moves."""

    warning: MoveWarning = field(metadata={"doc": "What it is."})
    record_id: UUID = field(metadata={"doc": "The insuree, policy or payment that it is about."})
    name: str = field(
        metadata={
            "doc": "Insurance number, number of the policy or control number; empty until one is issued."
        }
    )


def remarks_on_move(work: Work, going: Going, to_id: UUID) -> tuple[MoveRemark, ...]:
    """Everything to know about a move to a place, in a number of statements that does not grow with the family."""
    with work.everywhere():
        chain = chains_of(work, [to_id])[to_id]
        serving = _serving(work, going, chain)
        return (
            *_facilities_outside(work, going.insurees, chain),
            *_not_sold(work, going.policies, chain),
            *(
                MoveRemark(MoveWarning.OFFICER_NOT_THERE, policy.id, policy.code)
                for policy in going.policies
                if policy.officer_id and policy.officer_id not in serving
            ),
            *_numbers_of_officers(going, serving),
        )


def _facilities_outside(
    work: Work, insurees: Sequence[Insuree], chain: Sequence[UUID]
) -> Iterator[MoveRemark]:
    """Members whose facility of choice is not below the place above the village: neighbours share their facilities."""
    above = chain[1] if len(chain) > 1 else chain[0]
    near = (
        select(Facility.id)
        .join(JurisdictionClosure, JurisdictionClosure.descendant_id == Facility.jurisdiction_id)
        .where(
            Facility.id.in_([one.first_service_point_id for one in insurees if one.first_service_point_id]),
            JurisdictionClosure.ancestor_id == above,
        )
    )
    found = set(work.session.scalars(near))
    for one in insurees:
        if one.first_service_point_id and one.first_service_point_id not in found and one.valid_to is None:
            yield MoveRemark(MoveWarning.FACILITY_OUTSIDE, one.id, one.number)


def _not_sold(work: Work, policies: Sequence[Policy], chain: Sequence[UUID]) -> Iterator[MoveRemark]:
    """Policies whose renewal would be under a product that is not for the place, or has not started there by then."""
    products: dict[str, Any] = {str(one.id): one for one in work.session.scalars(select(Product))}
    windows = {product_id: window_of(product) for product_id, product in products.items()}
    waves = _waves(work)
    places = {str(place) for place in chain}
    for policy in policies:
        follows = max(policy.expiry_date + ONE_DAY, work.today())
        intended = intended_product(str(policy.product_id), windows, on=follows)
        place = str(products[intended].jurisdiction_id)
        if not is_for_place(place, waves[intended], chain=places, on=follows):
            yield MoveRemark(MoveWarning.PRODUCT_NOT_SOLD_THERE, policy.id, policy.code)


def _waves(work: Work) -> dict[str, list[tuple[str, date | None]]]:
    waves: dict[str, list[tuple[str, date | None]]] = defaultdict(list)
    planned = select(Rollout.product_id, Rollout.jurisdiction_id, Rollout.starts_on)
    for row in work.session.execute(planned):
        waves[str(row.product_id)].append((str(row.jurisdiction_id), row.starts_on))
    return waves


def _serving(work: Work, going: Going, chain: Sequence[UUID]) -> set[UUID]:
    """The officers of the policies and payments who serve the place, or one above it."""
    asked = {policy.officer_id for policy in going.policies} | {one.officer_id for one in going.payments}
    statement = select(OfficerVillage.officer_id).where(
        OfficerVillage.officer_id.in_(asked - {None}), OfficerVillage.jurisdiction_id.in_(chain)
    )
    return set(work.session.scalars(statement))


def _numbers_of_officers(going: Going, serving: set[UUID]) -> Iterator[MoveRemark]:
    numbers = {one.id: one.number or "" for one in going.references}
    for payment in going.payments:
        if payment.officer_id and payment.officer_id not in serving:
            number = numbers.get(payment.reference_id, "") if payment.reference_id else ""
            yield MoveRemark(MoveWarning.NUMBER_OF_OFFICER, payment.id, number)
