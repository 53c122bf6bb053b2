"""Bills of a batch run: what each facility is owed for each product, with a line per claim (BAT-6)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from msingi.bulk import write_rows
from msingi.ids import new_id
from msingi.work import Work
from msingi_claims.models.claim import Claim
from msingi_claims.models.line import ClaimLine
from msingi_claims.models.payment import BatchRun, Bill, BillLine
from msingi_claims.posting_templates import BILLED, PAYABLE, REMUNERATION
from msingi_claims.rules.bills import BillKind, BillState, bill_code
from msingi_claims.rules.codes import ClaimStatus
from msingi_insurance import Product
from msingi_ledger import Movement, Posting, open_accounts, post_many
from msingi_registry import Facility


@dataclass(frozen=True, slots=True)
class Owed:
    """What a facility is owed for a product, and for which claims; capitation names none."""

    facility_id: UUID
    product_id: UUID
    kind: BillKind
    claims: Sequence[tuple[UUID, int]]
    amount_minor: int


def unbilled_claims(work: Work, products: Iterable[UUID], before: datetime) -> list[Owed]:
    """What valuated claims processed before an instant are owed and no bill has asked for, in one statement."""
    worth = func.sum(ClaimLine.remunerated_minor)
    billed = select(BillLine.id).where(
        BillLine.claim_id == ClaimLine.claim_id, BillLine.product_id == ClaimLine.product_id
    )
    statement = (
        select(Claim.facility_id, ClaimLine.product_id, Claim.id, worth)
        .join(ClaimLine, ClaimLine.claim_id == Claim.id)
        .where(
            Claim.status == ClaimStatus.VALUATED,
            Claim.processed_at < before,
            ClaimLine.product_id.in_(list(products)),
            ~billed.exists(),
        )
        .group_by(Claim.facility_id, ClaimLine.product_id, Claim.id)
        .having(worth > 0)
        .order_by(Claim.facility_id, ClaimLine.product_id, Claim.id)
    )
    owed: dict[tuple[UUID, UUID], list[tuple[UUID, int]]] = {}
    rows: Iterable[Any] = work.session.execute(statement)
    for facility_id, product_id, claim_id, minor in rows:
        owed.setdefault((facility_id, product_id), []).append((claim_id, int(minor)))
    return [
        Owed(facility, product, BillKind.CLAIMS, claims, sum(minor for _, minor in claims))
        for (facility, product), claims in owed.items()
    ]


def issue_bills(work: Work, run: BatchRun, owed: Sequence[Owed], accounts: Mapping[UUID, str]) -> int:
    """Write the bills with their lines and post them to the ledger, set-wise; returns what they add up to.

    ``accounts`` names the account of remuneration of each product.
    """
    owed = [one for one in owed if one.amount_minor > 0]
    facilities = work.by_ids(Facility, {one.facility_id for one in owed})
    products = work.by_ids(Product, {one.product_id for one in owed})
    ids = [new_id() for _ in owed]
    posted = _post(work, list(zip(ids, owed, strict=True)), facilities, products)
    bills = [
        _bill(
            work,
            run,
            bill_id,
            one,
            facilities[one.facility_id],
            products[one.product_id],
            accounts[one.product_id],
            posted[bill_id],
        )
        for bill_id, one in zip(ids, owed, strict=True)
    ]
    work.insert_rows(Bill, bills)
    columns = ("bill_id", "claim_id", "product_id", "currency", "amount_minor")
    lines = [
        (bill_id, claim_id, one.product_id, run.currency, minor)
        for bill_id, one in zip(ids, owed, strict=True)
        for claim_id, minor in one.claims
    ]
    write_rows(work, BillLine, columns, lines)
    run.bills, run.claims = len(bills), len({line[1] for line in lines})
    run.amount_minor = sum(one.amount_minor for one in owed)
    return run.amount_minor


def _bill(
    work: Work,
    run: BatchRun,
    bill_id: UUID,
    owed: Owed,
    facility: Facility,
    product: Product,
    account: str,
    transaction_id: UUID,
) -> dict[str, Any]:
    return {
        "id": bill_id,
        "jurisdiction_id": facility.jurisdiction_id,
        "code": bill_code(product.code, facility.code, run.year, run.month, owed.kind),
        "kind": owed.kind,
        "batch_id": run.id,
        "facility_id": facility.id,
        "product_id": product.id,
        "state": BillState.ISSUED,
        "claims": len(owed.claims),
        "currency": run.currency,
        "amount_minor": owed.amount_minor,
        "account": account,
        "issued_on": work.today(),
        "transaction_id": transaction_id,
        "version": 1,
    }


def _post(
    work: Work,
    bills: Sequence[tuple[UUID, Owed]],
    facilities: dict[UUID, Facility],
    products: dict[UUID, Product],
) -> dict[UUID, UUID]:
    """Post each bill: an expense of the product, owed to the facility; the transactions by bill."""
    payable = open_accounts(work, PAYABLE, {str(one.id): one.jurisdiction_id for one in facilities.values()})
    expense = open_accounts(
        work, REMUNERATION, {str(one.id): one.jurisdiction_id for one in products.values()}
    )
    postings = [
        Posting(
            template=BILLED.name,
            key=f"claims.bill:{bill_id}",
            jurisdiction_id=facilities[owed.facility_id].jurisdiction_id,
            occurred_on=work.today(),
            movements=(
                Movement(expense[str(owed.product_id)], payable[str(owed.facility_id)], owed.amount_minor),
            ),
        )
        for bill_id, owed in bills
    ]
    return {
        bill_id: each.transaction_id
        for (bill_id, _), each in zip(bills, post_many(work, postings), strict=True)
    }
