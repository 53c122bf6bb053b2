"""Table of welcome messages."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from msingi import Model, Scoped
from msingi.types import SealedText
from msingi_registry import Household


class WelcomeSms(Scoped, Model):
    """The one message that welcomes a household."""

    __tablename__ = "welcome_sms_message"
    __table_args__ = (UniqueConstraint("household_id"),)

    household_id: Mapped[UUID] = mapped_column(ForeignKey(Household.id), doc="The household welcomed.")
    phone: Mapped[str] = mapped_column(SealedText, doc="Where the message goes.")
    language: Mapped[str] = mapped_column(String(3), doc="Language of the text.")
    text: Mapped[str] = mapped_column(String(160), doc="What the message says.")
    written_at: Mapped[datetime] = mapped_column(doc="When the household was registered.")
    sent_at: Mapped[datetime | None] = mapped_column(
        index=True, doc="When a gateway took the message; empty while it waits."
    )
