"""Plans, bundles and an employer, for tests of group cover."""

from datetime import date
from typing import Any
from uuid import UUID

from tests.modules.msingi_insurance.money_fixtures import Till, francs

from msingi_insurance.models.contracts import PlanBundle, PlanKind
from msingi_insurance.services.plans import PlanDraft, create_bundle, create_plan
from msingi_insurance.services.policy_holders import (
    HolderDraft,
    HolderMemberDraft,
    add_members,
    create_holder,
)


def plan(till: Till, code: str, rule: str, **parameters: Any) -> UUID:
    draft = PlanDraft(
        code=code,
        name=code,
        rule=rule,
        parameters=parameters,
        product_id=till.product.id,
        periodicity=1 if rule == "contribution_from_income" else 12,
        valid_from=date(2026, 1, 1),
        kind=PlanKind.PAYMENT if rule == "commission" else PlanKind.CONTRIBUTION,
    )
    made: UUID = till.act(lambda work: create_plan(work, draft)).id
    return made


def bundle(till: Till, *plans: UUID) -> PlanBundle:
    place = till.scheme.places["CM"]
    made: PlanBundle = till.act(
        lambda work: create_bundle(work, code="B1", name="Bundle", jurisdiction_id=place, plan_ids=plans)
    )
    return made


def holder_with(till: Till, *incomes: int | None, plans: tuple[UUID, ...]) -> UUID:
    """An employer in D1 with a member of each income."""
    group = bundle(till, *plans)
    place = till.scheme.places["D1"]
    draft = HolderDraft(code="ACME", name="Acme", jurisdiction_id=place)
    holder = till.act(lambda work: create_holder(work, draft))
    members = [
        HolderMemberDraft(
            insuree_id=till.scheme.enrol().insurees[0].id,
            bundle_id=group.id,
            income=None if income is None else francs(income),
        )
        for income in incomes
    ]
    till.act(lambda work: add_members(work, holder.id, members))
    till.act(lambda work: add_members(work, holder.id, members))
    made: UUID = holder.id
    return made
