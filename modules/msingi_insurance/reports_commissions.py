"""The report of commissions: what officers collected and earned; no statement computes it, for plugins bring the rules."""

from sqlalchemy import select

from msingi.reports import Lines, Question, Rows, WorkedOut, counted, money
from msingi.work import Work
from msingi_insurance.models.field_staff import Officer
from msingi_insurance.models.product import Product
from msingi_insurance.plugin import READ_OFFICERS, plugin
from msingi_insurance.services.commissions import (
    COMMISSION_KEYS,
    contributions_with_plans,
    shared_commissions,
)


def _earned(work: Work, question: Question, lines: Lines) -> list[list[int]]:
    return [[part] for part in shared_commissions(work, question.until, lines)]


@plugin.report(
    "commissions",
    title="Commissions of officers",
    allow=READ_OFFICERS,
    by={"officer": "Officer", "product": "Product", "plan": "Payment plan"},
    sums=[counted("contributions", "Contributions"), money("collected", "Collected")],
    worked_out=WorkedOut(COMMISSION_KEYS, (money("commission", "Commission"),), _earned),
)
def commissions(work: Work) -> Rows:
    """One row per contribution for which a plan pays its officer, by its day of payment (TZA-14).

    What is taken back counts negative. The commission is that of the whole period and place asked for, rounded once
    for each officer, product and plan; what it is split by gets parts that add up to it.
    """
    paid = contributions_with_plans(work).subquery()
    return (
        select(*paid.c, Officer.code.label("officer"), Product.code.label("product"))
        .join(Product, Product.id == paid.c.product_id)
        .outerjoin(Officer, Officer.id == paid.c.officer_id)
    )
