"""Tables of suspensions: when policies were suspended, and when that ended (POL-11, P1, P3, P6)."""

from datetime import date
from uuid import UUID

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from msingi.db import Model, Scoped


class PolicySuspension(Scoped, Model):
    """That a policy was suspended on a day; its place is that of the policy."""

    __tablename__ = "insurance_suspension"
    __audited__ = False
    __append_only__ = True
    __table_args__ = (
        Index("ix_insurance_suspension_policy_id", "policy_id"),
        Index("ix_insurance_suspension_suspended_on", "suspended_on"),
    )

    policy_id: Mapped[UUID] = mapped_column(ForeignKey("insurance_policy.id"), doc="The policy.")
    suspended_on: Mapped[date] = mapped_column(doc="The day.")


class PolicyReinstatement(Scoped, Model):
    """That a suspension of a policy ended on a day; its place is that of the policy."""

    __tablename__ = "insurance_reinstatement"
    __audited__ = False
    __append_only__ = True
    __table_args__ = (Index("ix_insurance_reinstatement_policy_id", "policy_id"),)

    policy_id: Mapped[UUID] = mapped_column(ForeignKey("insurance_policy.id"), doc="The policy.")
    reinstated_on: Mapped[date] = mapped_column(doc="The day from which it was in force again.")
