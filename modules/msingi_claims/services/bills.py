"""Bills of a batch run: what each facility is owed for each product, with a line per claim (BAT-6)."""

from collections import Counter
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
            Claim.paid_at.is_(None),
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
    facilities = work.by_ids(Facility, {one.facility_id for one in owed})
    products = work.by_ids(Product, {one.product_id for one in owed})
    drafts = [
        _Draft(new_id(), one, facilities[one.facility_id], products[one.product_id])
        for one in owed
        if one.amount_minor > 0
    ]
    posted = _post(work, drafts)
    codes = _codes(run, drafts)
    rows = [_row(work, run, draft) for draft in drafts]
    for row, code, transaction_id in zip(rows, codes, posted, strict=True):
        row |= {"code": code, "transaction_id": transaction_id, "account": accounts[row["product_id"]]}
    work.insert_rows(Bill, rows)
    columns = ("bill_id", "claim_id", "product_id", "currency", "amount_minor")
    lines = [
        (draft.id, claim_id, draft.owed.product_id, run.currency, minor)
        for draft in drafts
        for claim_id, minor in draft.owed.claims
    ]
    write_rows(work, BillLine, columns, lines)
    run.bills, run.claims = len(rows), len({line[1] for line in lines})
    run.amount_minor = sum(draft.owed.amount_minor for draft in drafts)
    return run.amount_minor


@dataclass(frozen=True, slots=True)
class _Draft:
    id: UUID
    owed: Owed
    facility: Facility
    product: Product


def _codes(run: BatchRun, drafts: Sequence[_Draft]) -> list[str]:
    """The codes of bills; a closed product may share its code with the one that followed, so a number tells them apart."""
    seen: Counter[str] = Counter()
    codes = []
    for draft in drafts:
        code = bill_code(draft.product.code, draft.facility.code, run.year, run.month, draft.owed.kind)
        seen[code] += 1
        codes.append(code if seen[code] == 1 else f"{code}-{seen[code]}")
    return codes


def _row(work: Work, run: BatchRun, draft: _Draft) -> dict[str, Any]:
    return {
        "id": draft.id,
        "jurisdiction_id": draft.facility.jurisdiction_id,
        "kind": draft.owed.kind,
        "batch_id": run.id,
        "facility_id": draft.facility.id,
        "product_id": draft.product.id,
        "state": BillState.ISSUED,
        "claims": len(draft.owed.claims),
        "currency": run.currency,
        "amount_minor": draft.owed.amount_minor,
        "issued_on": work.today(),
        "version": 1,
    }


def _post(work: Work, drafts: Sequence[_Draft]) -> list[UUID]:
    """Post each bill: an expense of the product, owed to the facility; returns the transactions."""
    payable = open_accounts(
        work, PAYABLE, {str(draft.facility.id): draft.facility.jurisdiction_id for draft in drafts}
    )
    expense = open_accounts(
        work, REMUNERATION, {str(draft.product.id): draft.product.jurisdiction_id for draft in drafts}
    )
    postings = [
        Posting(
            template=BILLED.name,
            key=f"claims.bill:{draft.id}",
            jurisdiction_id=draft.facility.jurisdiction_id,
            occurred_on=work.today(),
            movements=(
                Movement(
                    expense[str(draft.product.id)], payable[str(draft.facility.id)], draft.owed.amount_minor
                ),
            ),
        )
        for draft in drafts
    ]
    return [posted.transaction_id for posted in post_many(work, postings)]
