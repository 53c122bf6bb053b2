"""Tables of health professionals: who they are, their licences, and where they work."""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from msingi.db import Model, Scoped, Versioned
from msingi.types import Document
from msingi_registry.models.facility import NAME_LENGTH, SEARCH_LENGTH, Facility
from msingi_registry.rules.practitioners import LicenceState, PractitionerCategory


class Practitioner(Scoped, Versioned, Model):
    """A health professional of the public register: one code, any number of roles (PD-2).

    Name and profession are public by law; a private telephone is not kept here (PD-5).
    """

    __tablename__ = "registry_practitioner"
    __table_args__ = (UniqueConstraint("code"), Index("ix_registry_practitioner_family_name", "family_name"))

    code: Mapped[str] = mapped_column(String(16), doc="Unique code with check digits, kept for ever (ID-5).")
    family_name: Mapped[str] = mapped_column(String(NAME_LENGTH), doc="Family name.")
    given_name: Mapped[str] = mapped_column(String(NAME_LENGTH), doc="Given names.")
    search_name: Mapped[str] = mapped_column(
        String(SEARCH_LENGTH), doc="Folded words of the names, each after a space."
    )
    category: Mapped[PractitionerCategory] = mapped_column(
        doc="Formal or traditional medicine; a traditional practitioner never prescribes (PD-7)."
    )
    profession: Mapped[str] = mapped_column(String(64), doc="Code of the profession, such as midwife.")
    specialty: Mapped[str | None] = mapped_column(String(100), doc="Specialty, if any.")
    qualifications: Mapped[list[Any]] = mapped_column(
        Document, default=list, doc="Diplomas: code, issuer and the day they were given."
    )
    licence_number: Mapped[str | None] = mapped_column(String(64), doc="Number of the licence.")
    licence_state: Mapped[LicenceState] = mapped_column(doc="Recorded state of the licence (PD-1).")
    licence_from: Mapped[date | None] = mapped_column(doc="First valid day of the licence.")
    licence_to: Mapped[date | None] = mapped_column(doc="Last valid day of the licence.")


class PractitionerLicence(Scoped, Model):
    """A licence as it stood from a day on: rights are those of the day of the event (PD-1). Never changed."""

    __tablename__ = "registry_practitioner_licence"
    __table_args__ = (
        Index("ix_registry_practitioner_licence_practitioner_id_since", "practitioner_id", "since"),
    )

    practitioner_id: Mapped[UUID] = mapped_column(
        ForeignKey("registry_practitioner.id"), doc="The professional."
    )
    since: Mapped[date] = mapped_column(doc="First day on which it stood so.")
    state: Mapped[LicenceState] = mapped_column(doc="Recorded state.")
    valid_from: Mapped[date | None] = mapped_column(doc="First valid day.")
    valid_to: Mapped[date | None] = mapped_column(doc="Last valid day.")
    reason: Mapped[str] = mapped_column(String(500), default="", doc="Why it was changed.")


class PractitionerRole(Scoped, Versioned, Model):
    """What a professional does at a facility, in a period (PD-2); it belongs to the facility's place."""

    __tablename__ = "registry_practitioner_role"
    __table_args__ = (Index("ix_registry_practitioner_role_practitioner_id", "practitioner_id"),)

    practitioner_id: Mapped[UUID] = mapped_column(
        ForeignKey("registry_practitioner.id"), doc="The professional."
    )
    facility_id: Mapped[UUID] = mapped_column(
        ForeignKey("registry_facility.id"), index=True, doc="Where the role is held."
    )
    role: Mapped[str] = mapped_column(String(64), doc="Code of the role, such as head nurse.")
    valid_from: Mapped[date] = mapped_column(doc="First day of the role.")
    valid_to: Mapped[date | None] = mapped_column(doc="Last day; empty while it has no end.")

    facility: Mapped[Facility] = relationship(lazy="raise", viewonly=True)
