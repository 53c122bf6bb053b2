"""GraphQL operations on the plans of group cover, their bundles and the calculation rules behind them."""

from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from sqlalchemy import Select, select

from msingi.work import Work
from msingi_insurance.hooks import rule_book
from msingi_insurance.models.contracts import Plan, PlanBundle
from msingi_insurance.plugin import EDIT_PLANS, READ_PLANS, plugin
from msingi_insurance.services import plans as planning
from msingi_insurance.services.plans import BundleChanges, PlanDraft

plugin.expose(
    Plan,
    *("id", "kind", "code", "name", "rule", "parameters", "product_id", "periodicity", "valid_from"),
    *("valid_to", "version"),
    allow=READ_PLANS,
)
plugin.expose(PlanBundle, "id", "code", "name", "version", allow=READ_PLANS)


@dataclass(frozen=True, slots=True)
class CalculationRuleInfo:
    """A calculation rule that plans may use."""

    id: str = field(metadata={"doc": "Its id."})
    label: str = field(metadata={"doc": "Its name in the reader's language."})


@plugin.connection(Plan, allow=READ_PLANS, where=("kind", "code", "product_id", "rule"), order=("code", "id"))
def plans(work: Work) -> Select[Plan]:  # noqa: ARG001 - the contract of a list
    """Contribution and payment plans."""
    return select(Plan)


@plugin.connection(PlanBundle, allow=READ_PLANS, where=("code",), order=("code", "id"))
def plan_bundles(work: Work) -> Select[PlanBundle]:  # noqa: ARG001 - the contract of a list
    """Bundles of plans."""
    return select(PlanBundle)


@plugin.query(allow=READ_PLANS)
def calculation_rules(work: Work) -> list[CalculationRuleInfo]:
    """Calculation rules that plans may use."""
    return [
        CalculationRuleInfo(rule.id, rule.labels.get(work.language, rule.labels["en"]))
        for rule in rule_book(work)
    ]


@plugin.mutation(allow=EDIT_PLANS)
def create_plan(work: Work, input: PlanDraft) -> Plan:  # noqa: A002 - the name that callers see
    """Add a plan; its calculation rule must accept the parameters."""
    return planning.create_plan(work, input)


@plugin.mutation(allow=EDIT_PLANS)
def end_plan(work: Work, id: UUID, last_day: date, expected_version: int | None = None) -> Plan:  # noqa: A002
    """Set the last day of use of a plan."""
    return planning.end_plan(work, id, last_day=last_day, expected_version=expected_version)


@plugin.mutation(allow=EDIT_PLANS)
def create_plan_bundle(
    work: Work, code: str, name: str, jurisdiction_id: UUID, plan_ids: list[UUID]
) -> PlanBundle:
    """Put plans together."""
    return planning.create_bundle(
        work, code=code, name=name, jurisdiction_id=jurisdiction_id, plan_ids=plan_ids
    )


@plugin.mutation(allow=EDIT_PLANS)
def update_plan_bundle(
    work: Work,
    id: UUID,  # noqa: A002 - the name that callers see
    input: BundleChanges,  # noqa: A002
    expected_version: int | None = None,
) -> PlanBundle:
    """Rename a bundle, or let it hold other plans."""
    return planning.change_bundle(work, id, input, expected_version=expected_version)
