"""Reports of insurance: who is enrolled and covered, what was sold, what is renewed, and what was paid for it (TZA-06)."""

from typing import cast

from sqlalchemy import Table, case, literal, select

from msingi.reports import Rows, counted, money
from msingi.work import Work
from msingi_insurance import reports_commissions, reports_registers
from msingi_insurance.models.family import Family, Insuree, InsureePhoto
from msingi_insurance.models.field_staff import Officer
from msingi_insurance.models.payers import Funding, Payer
from msingi_insurance.models.payments import Payment, PaymentReference
from msingi_insurance.models.policy import InsureePolicy, Policy, Premium
from msingi_insurance.models.product import Product
from msingi_insurance.models.renewals import PolicyRenewal
from msingi_insurance.plugin import READ_REPORTS, plugin
from msingi_insurance.rules.states import PayType
from msingi_registry import Facility, Person

__all__ = ["reports_commissions", "reports_registers"]

_PERSONS = cast("Table", Person.__table__)
"""Without the scope of the reader: who sees an insuree knows the sex, wherever the person was registered (INS-8)."""


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
            _PERSONS.c.sex.label("sex"),
            Facility.name.label("first_service_point"),
            literal(1).label("insurees"),
        )
        .join(Policy, Policy.id == InsureePolicy.policy_id)
        .join(Product, Product.id == Policy.product_id)
        .join(Insuree, Insuree.id == InsureePolicy.insuree_id)
        .join(_PERSONS, _PERSONS.c.id == Insuree.person_id)
        .outerjoin(Facility, Facility.id == Insuree.first_service_point_id)
        .where(InsureePolicy.effective_date.is_not(None))
    )


@plugin.report(
    "families",
    title="Families",
    allow=READ_REPORTS,
    by={"family_type": "Type of family", "poverty": "Poverty", "status": "Status"},
    sums=[counted("families", "Families"), counted("insurees", "Insured persons")],
)
def families(work: Work) -> Rows:  # noqa: ARG001
    """One row per insuree of a family, by the first day of the family in the scheme; a family counts with its head."""
    return (
        select(
            Family.jurisdiction_id.label("place_id"),
            Family.valid_from.label("day"),
            Family.family_type.label("family_type"),
            case((Family.poverty, "poor"), else_="other").label("poverty"),
            Insuree.status.label("status"),
            case((Insuree.is_head, 1), else_=0).label("families"),
            literal(1).label("insurees"),
        )
        .join(Insuree, Insuree.family_id == Family.id)
        .where(Family.valid_to.is_(None), Insuree.valid_to.is_(None))
    )


@plugin.report(
    "photos",
    title="Photos of insured persons",
    allow=READ_REPORTS,
    by={"photo": "Photo", "status": "Status"},
    sums=[counted("insurees", "Insured persons")],
)
def photos(work: Work) -> Rows:  # noqa: ARG001
    """One row per insuree, by the first day in the scheme: with a photo, with a rejected one only, or with none (INS-4)."""
    good, any_at_all = (
        select(InsureePhoto.id).where(InsureePhoto.insuree_id == Insuree.id, *wanted).exists()
        for wanted in ((InsureePhoto.rejected == "",), ())
    )
    return select(
        Insuree.jurisdiction_id.label("place_id"),
        Insuree.valid_from.label("day"),
        case((good, "present"), (any_at_all, "rejected"), else_="missing").label("photo"),
        Insuree.status.label("status"),
        literal(1).label("insurees"),
    ).where(Insuree.valid_to.is_(None))


@plugin.report(
    "renewals",
    title="Renewals due",
    allow=READ_REPORTS,
    by={"product": "Product", "officer": "Officer", "outcome": "Outcome"},
    sums=[counted("renewals", "Renewals"), counted("told", "Families told")],
)
def renewals(work: Work) -> Rows:  # noqa: ARG001
    """One row per policy on the list of renewals, by the first day without cover (POL-8)."""
    renewed, answered = (
        PolicyRenewal.renewed_policy_id.is_not(None),
        PolicyRenewal.response.is_not(None),
    )
    return (
        select(
            PolicyRenewal.jurisdiction_id.label("place_id"),
            PolicyRenewal.renewal_date.label("day"),
            Product.code.label("product"),
            Officer.code.label("officer"),
            case((renewed, "renewed"), (answered, "answered"), else_="open").label("outcome"),
            literal(1).label("renewals"),
            case((PolicyRenewal.told_days.is_not(None), 1), else_=0).label("told"),
        )
        .join(Product, Product.id == PolicyRenewal.product_id)
        .outerjoin(Officer, Officer.id == PolicyRenewal.officer_id)
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


@plugin.report(
    "payments",
    title="Payments of gateways and banks",
    allow=READ_REPORTS,
    by={"gateway": "Gateway", "state": "State", "pay_type": "Way of paying"},
    sums=[counted("payments", "Payments"), money("received", "Received")],
)
def payments(work: Work) -> Rows:  # noqa: ARG001
    """One row per payment that came, by its day; what was not matched still lies in suspense (PAY-7)."""
    return select(
        Payment.jurisdiction_id.label("place_id"),
        Payment.pay_date.label("day"),
        Payment.gateway.label("gateway"),
        Payment.state.label("state"),
        Payment.pay_type.label("pay_type"),
        literal(1).label("payments"),
        Payment.received_minor.label("received"),
    ).where(Payment.received_minor.is_not(None))


@plugin.report(
    "control_numbers",
    title="Control numbers",
    allow=READ_REPORTS,
    by={"gateway": "Gateway", "product": "Product", "state": "State", "officer": "Officer"},
    sums=[counted("numbers", "Control numbers")],
)
def control_numbers(work: Work) -> Rows:  # noqa: ARG001
    """One row per control number, by the last day on which it can be paid (PAY-9)."""
    return (
        select(
            PaymentReference.jurisdiction_id.label("place_id"),
            PaymentReference.expires_on.label("day"),
            PaymentReference.gateway.label("gateway"),
            Product.code.label("product"),
            PaymentReference.state.label("state"),
            Officer.code.label("officer"),
            literal(1).label("numbers"),
        )
        .outerjoin(Product, Product.id == PaymentReference.product_id)
        .outerjoin(Officer, Officer.id == PaymentReference.officer_id)
    )


@plugin.report(
    "fundings",
    title="Money of payers",
    allow=READ_REPORTS,
    by={"product": "Product", "payer": "Payer", "kind": "Kind of payer", "status": "Status"},
    sums=[counted("fundings", "Receipts"), money("amount", "Amount")],
)
def fundings(work: Work) -> Rows:  # noqa: ARG001
    """One row per funding, by its day of payment."""
    return (
        select(
            Funding.jurisdiction_id.label("place_id"),
            Funding.pay_date.label("day"),
            Product.code.label("product"),
            Payer.name.label("payer"),
            Payer.type.label("kind"),
            Funding.status.label("status"),
            literal(1).label("fundings"),
            Funding.amount_minor.label("amount"),
        )
        .join(Product, Product.id == Funding.product_id)
        .join(Payer, Payer.id == Funding.payer_id)
    )
