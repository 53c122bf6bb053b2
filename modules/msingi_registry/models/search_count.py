"""The table of searches: how many each user has left, the same for every process of the installation."""

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from msingi.db import Model


class SearchCount(Model):
    """When all searches of a user are back; one row per user who ever searched (ID-23)."""

    __tablename__ = "registry_search_count"
    __audited__ = False

    who: Mapped[str] = mapped_column(String(40), unique=True)
    full_at: Mapped[datetime]
