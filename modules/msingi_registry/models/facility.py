"""Tables of facilities: what they are, the numbers others gave them, and what they offer."""

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from msingi.db import Model, Scoped, Versioned
from msingi.types import Document
from msingi_registry.country.description import Ownership
from msingi_registry.degrees import Degrees
from msingi_registry.rules.facilities import CareType, FacilityState

NAME_LENGTH = 200
SEARCH_LENGTH = 1000


class Facility(Scoped, Versioned, Model):
    """A place of care: a leaf of the jurisdiction tree below its administrative place (PD-3).

    ``jurisdiction_id`` is the leaf of the facility itself, so that a grant can be given for one facility only.
    """

    __tablename__ = "registry_facility"
    __table_args__ = (
        UniqueConstraint("code"),
        UniqueConstraint("jurisdiction_id", name="uq_registry_facility_leaf"),
        Index("ix_registry_facility_name", "name"),
        Index("ix_registry_facility_latitude_longitude", "latitude", "longitude"),
    )

    code: Mapped[str] = mapped_column(
        String(16), doc="Unique code with check digits, kept for ever (CH-02, ID-5)."
    )
    name: Mapped[str] = mapped_column(String(NAME_LENGTH), doc="Name, as its source writes it.")
    search_name: Mapped[str] = mapped_column(
        String(SEARCH_LENGTH), doc="Folded words of the name, each after a space."
    )
    type: Mapped[str] = mapped_column(String(100), doc="Type in the words of the country (FR-5).")
    standard_type: Mapped[str | None] = mapped_column(
        String(100), doc="Type in the words that several countries share, when it has one."
    )
    tier: Mapped[int | None] = mapped_column(doc="Level of care, 1 is the lowest; empty when not published.")
    ownership: Mapped[Ownership | None] = mapped_column(doc="Who owns it; empty when not known.")
    legal_form: Mapped[str | None] = mapped_column(String(100), doc="Legal form of the owner.")
    care_type: Mapped[CareType | None] = mapped_column(doc="Inpatient, outpatient or both.")
    status: Mapped[FacilityState] = mapped_column(index=True, doc="Where it stands in its life (FR-1).")
    latitude: Mapped[Decimal | None] = mapped_column(Degrees, doc="Degrees north (WGS 84), seven places.")
    longitude: Mapped[Decimal | None] = mapped_column(Degrees, doc="Degrees east (WGS 84), seven places.")
    coordinate_source: Mapped[str | None] = mapped_column(String(100), doc="How the point was found.")
    beds: Mapped[int | None] = mapped_column(doc="Beds for patients who stay overnight.")
    opened_on: Mapped[date | None] = mapped_column(doc="First day, when known.")
    closed_on: Mapped[date | None] = mapped_column(doc="Day from which it is closed; empty while it is not.")
    opening_hours: Mapped[list[Any] | None] = mapped_column(
        Document, doc="Opening periods of a week in local time: weekday from 0 (Monday), opens, closes."
    )
    verified_on: Mapped[date | None] = mapped_column(doc="Day on which somebody last confirmed the record.")
    replaced_by_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("registry_facility.id"), index=True, doc="The facility that took over (PD-4)."
    )
    published: Mapped[dict[str, Any]] = mapped_column(
        Document, default=dict, doc="Every cell of the published line it was read from, as it was."
    )


class FacilityIdentifier(Scoped, Model):
    """A number that another list gave to a facility, such as CMR-00001.

    ``occurrence`` tells lines apart that share one number in their list, so that no line is lost.
    """

    __tablename__ = "registry_facility_identifier"
    __table_args__ = (UniqueConstraint("system", "value", "occurrence"),)

    facility_id: Mapped[UUID] = mapped_column(
        ForeignKey("registry_facility.id"), index=True, doc="The facility."
    )
    system: Mapped[str] = mapped_column(String(100), doc="The list that gave the number.")
    value: Mapped[str] = mapped_column(String(100), doc="The number.")
    occurrence: Mapped[int] = mapped_column(default=1, doc="1, or more for a number that the list repeats.")


class FacilityService(Scoped, Model):
    """A service that a facility offers."""

    __tablename__ = "registry_facility_service"
    __table_args__ = (
        UniqueConstraint("facility_id", "service"),
        Index("ix_registry_facility_service_service", "service"),
    )

    facility_id: Mapped[UUID] = mapped_column(ForeignKey("registry_facility.id"), doc="The facility.")
    service: Mapped[str] = mapped_column(String(64), doc="Code of the service.")
    in_use_since: Mapped[date | None] = mapped_column(doc="Since when it is offered, when known.")


class QualityFinding(Scoped, Model):
    """Something odd about a published line or a facility: flagged, nothing is refused or moved (FR-4, FR-6)."""

    __tablename__ = "registry_quality_finding"
    __audited__ = False
    __table_args__ = (Index("ix_registry_quality_finding_source_kind", "source", "kind"),)

    source: Mapped[str] = mapped_column(String(100), doc="The list in which it was found.")
    kind: Mapped[str] = mapped_column(String(64), doc="What is odd.")
    line: Mapped[int] = mapped_column(doc="Line of the list; 0 when it is about no single line.")
    source_id: Mapped[str] = mapped_column(
        String(100), doc="Number or code that the list gives to the record."
    )
    facility_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("registry_facility.id"), index=True, doc="The facility, when it is about one."
    )
    params: Mapped[dict[str, Any]] = mapped_column(
        Document, default=dict, doc="Details that fill the sentence."
    )
