"""Tables of the jurisdiction tree, roles, policies and grants."""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from msingi.db import Model, Versioned
from msingi.types import Document


class Jurisdiction(Versioned, Model):
    """A place of the health administration: country, region, district, ... down to the facility as a leaf."""

    __tablename__ = "rbac_jurisdiction"
    __table_args__ = (UniqueConstraint("code"), Index("ix_rbac_jurisdiction_parent_id", "parent_id"))

    code: Mapped[str] = mapped_column(String(64), doc="Unique code of the place, as its source publishes it.")
    name: Mapped[str] = mapped_column(String(200), doc="Name in the country's first language.")
    names: Mapped[dict[str, Any]] = mapped_column(Document, default=dict, doc="Names by language code.")
    level: Mapped[int] = mapped_column(
        doc="Depth in the tree: 0 is the country; names of levels come from the profile."
    )
    kind: Mapped[str] = mapped_column(
        String(32), default="admin", doc="admin for a place, facility for a leaf."
    )
    parent_id: Mapped[UUID | None] = mapped_column(ForeignKey("rbac_jurisdiction.id"), doc="The place above.")
    valid_from: Mapped[date | None] = mapped_column(
        doc="First day on which the place exists, when known (FR-2)."
    )
    valid_to: Mapped[date | None] = mapped_column(
        doc="Last day on which the place exists; empty while it does (FR-1)."
    )


class JurisdictionClosure(Model):
    """Every (ancestor, descendant) pair of the tree, each place being its own ancestor at depth 0."""

    __tablename__ = "rbac_closure"
    __audited__ = False
    __table_args__ = (
        UniqueConstraint("ancestor_id", "descendant_id"),
        Index("ix_rbac_closure_descendant_id", "descendant_id"),
    )

    ancestor_id: Mapped[UUID] = mapped_column(ForeignKey("rbac_jurisdiction.id"))
    descendant_id: Mapped[UUID] = mapped_column(ForeignKey("rbac_jurisdiction.id"))
    depth: Mapped[int]
