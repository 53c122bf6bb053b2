"""Reports of insurance: what was sold, who is covered, and what was paid for it (TZA-06)."""

from sqlalchemy import literal, select

from msingi.reports import Rows, counted, money
from msingi.work import Work
from msingi_insurance.models.family import Insuree
from msingi_insurance.models.field_staff import Officer
from msingi_insurance.models.policy import InsureePolicy, Policy, Premium
from msingi_insurance.models.product import Product
from msingi_insurance.plugin import READ_REPORTS, plugin
from msingi_insurance.rules.states import PayType
from msingi_registry import Facility, Person


@plugin.report(
    "enrolment",
    title="Enrolment",
    allow=READ_REPORTS,
    by={"product": "Product", "stage": "Stage", "status": "Status", "officer": "Officer"},
    sums=[counted("policies", "Policies"), money("value", "Value")],
)
def enrolment(work: Work) -> Rows:  # noqa: ARG001 - the contract of a report
    """One row per policy, by its day of enrolment."""
    return (
        select(
            Policy.jurisdiction_id.label("place_id"),
            Policy.enrol_date.label("day"),
            Product.code.label("product"),
            Policy.stage.label("stage"),
            Policy.status.label("status"),
            Officer.code.label("officer"),
            literal(1).label("policies"),
            Policy.value_minor.label("value"),
        )
        .join(Product, Product.id == Policy.product_id)
        .outerjoin(Officer, Officer.id == Policy.officer_id)
    )


@plugin.report(
    "cover",
    title="Insured persons",
    allow=READ_REPORTS,
    by={"product": "Product", "sex": "Sex", "first_service_point": "First service point"},
    sums=[counted("insurees", "Insured persons")],
)
def cover(work: Work) -> Rows:  # noqa: ARG001
    """One row per insuree and policy, by the day on which the cover took effect."""
    return (
        select(
            InsureePolicy.jurisdiction_id.label("place_id"),
            InsureePolicy.effective_date.label("day"),
            Product.code.label("product"),
            Person.sex.label("sex"),
            Facility.name.label("first_service_point"),
            literal(1).label("insurees"),
        )
        .join(Policy, Policy.id == InsureePolicy.policy_id)
        .join(Product, Product.id == Policy.product_id)
        .join(Insuree, Insuree.id == InsureePolicy.insuree_id)
        .join(Person, Person.id == Insuree.person_id)
        .outerjoin(Facility, Facility.id == Insuree.first_service_point_id)
        .where(InsureePolicy.effective_date.is_not(None))
    )


@plugin.report(
    "contributions",
    title="Contributions received",
    allow=READ_REPORTS,
    by={"product": "Product", "pay_type": "Way of paying", "officer": "Officer"},
    sums=[counted("receipts", "Receipts"), money("amount", "Amount")],
)
def contributions(work: Work) -> Rows:  # noqa: ARG001
    """One row per receipt, by its day of payment; reversals count negative, used credit was received before."""
    return (
        select(
            Premium.jurisdiction_id.label("place_id"),
            Premium.pay_date.label("day"),
            Product.code.label("product"),
            Premium.pay_type.label("pay_type"),
            Officer.code.label("officer"),
            literal(1).label("receipts"),
            Premium.amount_minor.label("amount"),
        )
        .join(Product, Product.id == Premium.product_id)
        .outerjoin(Officer, Officer.id == Premium.officer_id)
        .where(Premium.pay_type != PayType.CREDIT)
    )
