"""Table of signs of fraud in enrolment; derived, made again by each run (attack 89)."""

from datetime import datetime

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from msingi.db import Model, Scoped
from msingi.types import Document
from msingi_insurance.rules.fraud import FraudSign


class EnrolmentFinding(Scoped, Model):
    """A sign that a person should look at; its place is that of its records, or the country when they lie apart."""

    __tablename__ = "insurance_enrolment_finding"
    __audited__ = False
    __table_args__ = (Index("ix_insurance_enrolment_finding_sign_id", "sign", "id"),)

    sign: Mapped[FraudSign] = mapped_column(doc="What was found.")
    officers: Mapped[list[str]] = mapped_column(Document, doc="Officers concerned.")
    records: Mapped[list[str]] = mapped_column(Document, doc="Contributions or insurees that show it.")
    found_at: Mapped[datetime] = mapped_column(doc="When it was found.")
