"""Reports of claims: what was asked, what was decided, and what facilities were paid (TZA-06)."""

from sqlalchemy import func, literal, select

from msingi.reports import Rows, counted, money
from msingi.work import Work
from msingi_claims.models.claim import Claim
from msingi_claims.models.line import ClaimLine
from msingi_claims.models.payment import Bill
from msingi_claims.plugin import READ_REPORTS, plugin
from msingi_insurance import Product
from msingi_registry import Facility


@plugin.report(
    "claims",
    title="Claims",
    allow=READ_REPORTS,
    by={
        "facility": "Facility",
        "product": "Product",
        "status": "Status",
        "visit_type": "Type of visit",
        "category": "Category",
        "diagnosis": "Main diagnosis",
        "channel": "Channel",
    },
    sums=[
        counted("claims", "Claims"),
        money("claimed", "Claimed"),
        money("approved", "Approved"),
        money("remunerated", "Remunerated"),
        money("patient_share", "Left to the patient"),
    ],
)
def claims(work: Work) -> Rows:  # noqa: ARG001 - the contract of a report
    """One row per claim, by its day of claim; amounts that are not decided yet count as nothing.

    A claim that several products pay stands under all of them together, so that no amount counts twice.
    """
    paying = (
        select(Product.code)
        .join(ClaimLine, ClaimLine.product_id == Product.id)
        .where(ClaimLine.claim_id == Claim.id)
        .distinct()
        .order_by(Product.code)
        .correlate(Claim)
        .subquery()
    )
    return select(
        Claim.jurisdiction_id.label("place_id"),
        Claim.date_claimed.label("day"),
        Facility.name.label("facility"),
        select(func.aggregate_strings(paying.c.code, " + ")).scalar_subquery().label("product"),
        Claim.status.label("status"),
        Claim.visit_type.label("visit_type"),
        Claim.category.label("category"),
        Claim.diagnosis_code.label("diagnosis"),
        Claim.channel.label("channel"),
        literal(1).label("claims"),
        Claim.claimed_minor.label("claimed"),
        Claim.approved_minor.label("approved"),
        Claim.remunerated_minor.label("remunerated"),
        Claim.patient_share_minor.label("patient_share"),
    ).join(Facility, Facility.id == Claim.facility_id)


@plugin.report(
    "care",
    title="Items and services",
    allow=READ_REPORTS,
    by={
        "facility": "Facility",
        "product": "Product",
        "kind": "Kind",
        "code": "Code",
        "status": "Status",
        "reason": "Reason",
    },
    sums=[
        counted("lines", "Lines"),
        money("gross", "Value"),
        money("refused", "Refused"),
        money("remunerated", "Remunerated"),
    ],
)
def care(work: Work) -> Rows:  # noqa: ARG001
    """One row per line of a claim, by the day of the claim."""
    return (
        select(
            Claim.jurisdiction_id.label("place_id"),
            Claim.date_claimed.label("day"),
            Facility.name.label("facility"),
            Product.code.label("product"),
            ClaimLine.kind.label("kind"),
            ClaimLine.code.label("code"),
            ClaimLine.status.label("status"),
            ClaimLine.reason.label("reason"),
            literal(1).label("lines"),
            ClaimLine.gross_minor.label("gross"),
            ClaimLine.refused_minor.label("refused"),
            ClaimLine.remunerated_minor.label("remunerated"),
        )
        .join(ClaimLine, ClaimLine.claim_id == Claim.id)
        .join(Facility, Facility.id == Claim.facility_id)
        .outerjoin(Product, Product.id == ClaimLine.product_id)
    )


@plugin.report(
    "payments",
    title="Payments to facilities",
    allow=READ_REPORTS,
    by={"facility": "Facility", "product": "Product", "account": "Account code", "state": "Status"},
    sums=[counted("bills", "Bills"), counted("claims", "Claims"), money("amount", "Amount")],
)
def payments(work: Work) -> Rows:  # noqa: ARG001
    """One row per bill, by the day on which it was issued; ``account`` is the product's account of remuneration."""
    return (
        select(
            Bill.jurisdiction_id.label("place_id"),
            Bill.issued_on.label("day"),
            Facility.name.label("facility"),
            Product.code.label("product"),
            Bill.account.label("account"),
            Bill.state.label("state"),
            literal(1).label("bills"),
            Bill.claims.label("claims"),
            Bill.amount_minor.label("amount"),
        )
        .join(Facility, Facility.id == Bill.facility_id)
        .join(Product, Product.id == Bill.product_id)
    )
