"""The table of lines: what was given to the patient, what was asked for it, and what came of it."""

from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from msingi.db import Model
from msingi.indexes import index_where_set
from msingi.money import Money
from msingi.types import Document, Scaled, shared_money
from msingi_claims.models.claim import PERSONAL
from msingi_claims.models.states import ReviewVerdict
from msingi_claims.rules.codes import LineStatus
from msingi_insurance import LimitationType, LineKind, PriceOrigin

QUANTITY_PLACES = 4


class ClaimLine(Model):
    """An item or a service on a claim, with the result of its last adjudication.

    Its changes are told by the lines of the audit trail about its claim, and by the decisions of the claim.
    """

    __tablename__ = "claims_line"
    __audited__ = False
    __table_args__ = (
        UniqueConstraint("claim_id", "position"),
        index_where_set("claims_line", "product_id"),
        index_where_set("claims_line", "policy_id"),
        CheckConstraint("quantity > 0", name="quantity_positive"),
        CheckConstraint("price_asked_minor >= 0", name="price_not_negative"),
    )

    claim_id: Mapped[UUID] = mapped_column(ForeignKey("claims_claim.id"), doc="The claim.")
    position: Mapped[int] = mapped_column(doc="Place among the lines of the claim, from 1.")
    kind: Mapped[LineKind] = mapped_column(doc="Item or service.")
    code: Mapped[str] = mapped_column(String(50), doc="Code in the catalogue.")
    catalogue_id: Mapped[UUID | None] = mapped_column(doc="The item or the service.")
    currency: Mapped[str] = mapped_column(String(3), doc="Currency of its amounts, ISO 4217.")
    quantity: Mapped[Decimal] = mapped_column(
        Scaled(QUANTITY_PLACES), doc="Quantity provided; never overwritten (D-11)."
    )
    price_asked_minor: Mapped[int] = mapped_column(BigInteger, doc="Price of one, as the facility asks it.")
    contents: Mapped[list[Any] | None] = mapped_column(
        Document,
        doc="What a package held: kind, code and quantity of each part; empty is as the register says.",
    )
    explanation: Mapped[str] = mapped_column(
        String(500), default="", info=PERSONAL, doc="What the facility adds."
    )

    approved_quantity: Mapped[Decimal | None] = mapped_column(
        Scaled(QUANTITY_PLACES), doc="Quantity set by the reviewer; 0 is a value (D-3)."
    )
    approved_price_minor: Mapped[int | None] = mapped_column(
        BigInteger, doc="Price set by the reviewer; 0 is a value (D-3)."
    )
    verdict: Mapped[ReviewVerdict | None] = mapped_column(
        doc="Whether the reviewer passed or refused it (CLM-5)."
    )
    deduction_rate: Mapped[Decimal | None] = mapped_column(
        Scaled(4), doc="Share that the review of a sample takes off, in percent (CLM-8)."
    )
    justification: Mapped[str] = mapped_column(
        String(500), default="", info=PERSONAL, doc="Why the reviewer decided so."
    )

    submitted_reason: Mapped[int | None] = mapped_column(
        doc="What the checks of the submission said; later decisions keep it (CLM-6)."
    )
    submitted_policy_id: Mapped[UUID | None] = mapped_column(doc="The policy that the submission chose.")
    status: Mapped[LineStatus | None] = mapped_column(doc="Passed or refused; empty before submission.")
    reason: Mapped[int | None] = mapped_column(doc="Code of the check that refused it; 0 when it passed.")
    product_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("insurance_product.id"), doc="The product that pays."
    )
    policy_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("insurance_policy.id"), doc="The policy charged (D-9)."
    )
    hospital: Mapped[bool | None] = mapped_column(doc="Whether it counts as hospital care (PRD-9).")
    accepted_quantity: Mapped[Decimal | None] = mapped_column(
        Scaled(QUANTITY_PLACES), doc="Quantity that counts, after limits and review."
    )
    limitation: Mapped[LimitationType | None] = mapped_column(doc="C percentage or F fixed limit.")
    limitation_value: Mapped[Decimal | None] = mapped_column(Scaled(4), doc="Percentage or limit per unit.")
    price_origin: Mapped[PriceOrigin | None] = mapped_column(doc="Where the price comes from.")
    price_adjusted_minor: Mapped[int | None] = mapped_column(BigInteger, doc="Price of one that was used.")
    gross_minor: Mapped[int | None] = mapped_column(
        BigInteger, doc="Quantity provided at the price used: what the parts below add up to (ADJ-10)."
    )
    refused_minor: Mapped[int | None] = mapped_column(BigInteger, doc="Worth of what was refused.")
    deductible_minor: Mapped[int | None] = mapped_column(BigInteger, doc="Taken by the deductible.")
    patient_share_minor: Mapped[int | None] = mapped_column(BigInteger, doc="Left to the patient.")
    excess_minor: Mapped[int | None] = mapped_column(BigInteger, doc="Above the ceiling.")
    excess_category_minor: Mapped[int | None] = mapped_column(
        BigInteger, doc="Above the maximum of the category."
    )
    nominal_minor: Mapped[int | None] = mapped_column(BigInteger, doc="Value before a relative index.")
    valuated_minor: Mapped[int | None] = mapped_column(
        BigInteger, doc="Worth; empty for a relative price before its batch."
    )
    remunerated_minor: Mapped[int | None] = mapped_column(BigInteger, doc="What the scheme pays.")

    price_asked: Mapped[Money] = shared_money("price_asked_minor")
    approved_price: Mapped[Money | None] = shared_money("approved_price_minor")
    price_adjusted: Mapped[Money | None] = shared_money("price_adjusted_minor")
    gross: Mapped[Money | None] = shared_money("gross_minor")
    refused: Mapped[Money | None] = shared_money("refused_minor")
    deductible: Mapped[Money | None] = shared_money("deductible_minor")
    patient_share: Mapped[Money | None] = shared_money("patient_share_minor")
    excess: Mapped[Money | None] = shared_money("excess_minor")
    excess_category: Mapped[Money | None] = shared_money("excess_category_minor")
    nominal: Mapped[Money | None] = shared_money("nominal_minor")
    valuated: Mapped[Money | None] = shared_money("valuated_minor")
    remunerated: Mapped[Money | None] = shared_money("remunerated_minor")
