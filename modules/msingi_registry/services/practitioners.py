"""Health professionals: register, decide on licences, give roles (PD-1, PD-2, PD-7)."""

from collections.abc import Sequence
from datetime import date
from typing import Final
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import Select, or_, select

from msingi.errors import NotFound
from msingi.rbac.models import Jurisdiction
from msingi.work import Work
from msingi_registry.facility_errors import LicenceDayInvalid, RolePeriodInvalid
from msingi_registry.models.facility import Facility
from msingi_registry.models.practitioner import Practitioner, PractitionerLicence, PractitionerRole
from msingi_registry.refusal_texts import rules_said
from msingi_registry.rules.names import clean_name
from msingi_registry.rules.practitioners import (
    Licence,
    LicenceState,
    LicenceStep,
    PractitionerCategory,
    next_licence_state,
)
from msingi_registry.services.codes import draw_practitioner_codes
from msingi_registry.services.search_names import search_name, words_begin

_MAY_BE_EMPTY: Final = frozenset({"specialty", "licence_number"})
"""Columns that a correction may clear."""


class Qualification(BaseModel):
    """A diploma of a professional."""

    model_config = ConfigDict(frozen=True)

    code: str = Field(min_length=1, max_length=64, description="Code of the diploma.")
    issuer: str = Field(default="", max_length=200, description="Who gave it.")
    awarded_on: date | None = Field(default=None, description="When it was given.")


class PractitionerInput(BaseModel):
    """A professional who applies for a place in the register."""

    model_config = ConfigDict(frozen=True)

    family_name: str = Field(min_length=1, max_length=200, description="Family name.")
    given_name: str = Field(min_length=1, max_length=200, description="Given names.")
    category: PractitionerCategory = Field(description="Formal or traditional medicine (PD-7).")
    profession: str = Field(min_length=1, max_length=64, description="Code of the profession.")
    place_id: UUID = Field(description="The place whose authority keeps the record.")
    specialty: str | None = Field(default=None, max_length=100, description="Specialty.")
    qualifications: list[Qualification] = Field(default=[], max_length=50, description="Diplomas.")
    licence_number: str | None = Field(default=None, max_length=64, description="Number of the licence.")


class PractitionerChanges(BaseModel):
    """Corrections of a professional; what is left out stays. The category never changes (PD-7)."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    family_name: str | None = Field(default=None, min_length=1, max_length=200, description="Family name.")
    given_name: str | None = Field(default=None, min_length=1, max_length=200, description="Given names.")
    profession: str | None = Field(
        default=None, min_length=1, max_length=64, description="Code of the profession."
    )
    specialty: str | None = Field(default=None, max_length=100, description="Specialty.")
    qualifications: list[Qualification] | None = Field(
        default=None, max_length=50, description="All diplomas, the known ones too."
    )
    licence_number: str | None = Field(default=None, max_length=64, description="Number of the licence.")


class LicenceDecision(BaseModel):
    """A step of a licence, decided by its authority."""

    model_config = ConfigDict(frozen=True)

    step: LicenceStep = Field(description="What is decided.")
    on: date | None = Field(default=None, description="First day on which it holds; today when left out.")
    valid_from: date | None = Field(default=None, description="First valid day, when it changes.")
    valid_to: date | None = Field(default=None, description="Last valid day, when it changes.")
    reason: str = Field(default="", max_length=500, description="Why.")


def search_practitioners(search: str) -> Select[Practitioner]:
    """Professionals by the beginnings of words of their names, or by code."""
    by_code = Practitioner.code == search.replace(" ", "").upper()
    return select(Practitioner).where(or_(words_begin(Practitioner.search_name, search), by_code))


def register_practitioner(work: Work, given: PractitionerInput) -> Practitioner:
    """Add a professional with one code for life and a licence that is applied for (PD-1, PD-2, ID-5).

    Raises:
        NotFound: the place does not exist or lies outside the scope.
        FacilityNameInvalid: a name cannot be stored.

    """
    place = work.find(Jurisdiction, given.place_id)
    if place is None or not work.covers(work.scope, given.place_id):
        raise NotFound(type="Jurisdiction")
    with rules_said():
        family, first = clean_name(given.family_name), clean_name(given.given_name)
    (code,) = draw_practitioner_codes(work, 1)
    practitioner = work.add(
        Practitioner(
            jurisdiction_id=place.id,
            code=code,
            family_name=family,
            given_name=first,
            search_name=search_name(first, family),
            category=given.category,
            profession=given.profession,
            specialty=given.specialty,
            qualifications=[diploma.model_dump(mode="json") for diploma in given.qualifications],
            licence_number=given.licence_number,
            licence_state=LicenceState.APPLIED,
        )
    )
    work.session.flush()
    _record(work, practitioner, work.today(), "")
    return practitioner


def update_practitioner(
    work: Work, practitioner_id: UUID, given: PractitionerChanges, *, expected_version: int | None = None
) -> Practitioner:
    """Correct the record of a professional; code, category and licence stay (PD-2).

    Raises:
        NotFound, StaleVersion: it is not visible, or was changed meanwhile.
        FacilityNameInvalid: a name cannot be stored.

    """
    practitioner = work.get(Practitioner, practitioner_id, expected_version=expected_version)
    values = given.model_dump(exclude_unset=True, mode="json")
    for name, value in values.items():
        if value is not None or name in _MAY_BE_EMPTY:
            setattr(practitioner, name, value)
    with rules_said():
        practitioner.family_name = clean_name(practitioner.family_name)
        practitioner.given_name = clean_name(practitioner.given_name)
    practitioner.search_name = search_name(practitioner.given_name, practitioner.family_name)
    work.session.flush()
    return practitioner


def set_licence(
    work: Work, practitioner_id: UUID, decision: LicenceDecision, *, expected_version: int | None = None
) -> Practitioner:
    """Take a step of a licence; what it was before stays on record for the day of an event (PD-1).

    Raises:
        LicenceStepRefused: there is no such step from the state on the day.
        LicencePeriodInvalid: it would end before it begins.
        LicenceDayInvalid: the day lies in the future or before the last step.
        StaleVersion: somebody else changed it meanwhile.
        NotFound: the professional lies outside the scope.

    """
    practitioner = work.get(Practitioner, practitioner_id, expected_version=expected_version)
    day = decision.on or work.today()
    _check_day(work, practitioner.id, day)
    with rules_said():
        state = next_licence_state(licence_of(practitioner), decision.step, day)
        licence = Licence(
            state=state,
            valid_from=decision.valid_from or practitioner.licence_from,
            valid_to=decision.valid_to or practitioner.licence_to,
        )
    practitioner.licence_state = licence.state
    practitioner.licence_from, practitioner.licence_to = licence.valid_from, licence.valid_to
    work.session.flush()
    _record(work, practitioner, day, decision.reason)
    return practitioner


def licence_of(practitioner: Practitioner) -> Licence:
    """The licence as it is recorded now."""
    return Licence(
        state=practitioner.licence_state,
        valid_from=practitioner.licence_from,
        valid_to=practitioner.licence_to,
    )


def licences_on(work: Work, practitioners: Sequence[UUID], day: date) -> dict[UUID, Licence]:
    """The licence of each professional as it stood on the day of an event; none before the application (PD-1)."""
    rows = work.session.scalars(
        select(PractitionerLicence)
        .where(PractitionerLicence.practitioner_id.in_(practitioners), PractitionerLicence.since <= day)
        .order_by(PractitionerLicence.since, PractitionerLicence.id)
    )
    return {
        row.practitioner_id: Licence(state=row.state, valid_from=row.valid_from, valid_to=row.valid_to)
        for row in rows
    }


def give_role(
    work: Work,
    practitioner_id: UUID,
    facility_id: UUID,
    *,
    role: str,
    valid_from: date,
    valid_to: date | None = None,
) -> PractitionerRole:
    """Say what a professional does at a facility, in a period; roles may overlap (PD-2).

    Raises:
        RolePeriodInvalid: the role would end before it begins.
        NotFound: professional or facility lie outside the scope.

    """
    practitioner, facility = work.get(Practitioner, practitioner_id), work.get(Facility, facility_id)
    if valid_to is not None and valid_to < valid_from:
        raise RolePeriodInvalid
    return work.add(
        PractitionerRole(
            practitioner_id=practitioner.id,
            facility_id=facility.id,
            jurisdiction_id=facility.jurisdiction_id,
            role=role,
            valid_from=valid_from,
            valid_to=valid_to,
        )
    )


def end_role(work: Work, role_id: UUID, *, on: date, expected_version: int | None = None) -> PractitionerRole:
    """Give a role its last day.

    Raises:
        RolePeriodInvalid: the day lies before the first one.
        NotFound: the role lies outside the scope.

    """
    role = work.get(PractitionerRole, role_id, expected_version=expected_version)
    if on < role.valid_from:
        raise RolePeriodInvalid
    role.valid_to = on
    return role


def _check_day(work: Work, practitioner_id: UUID, day: date) -> None:
    statement = select(PractitionerLicence.since).where(
        PractitionerLicence.practitioner_id == practitioner_id
    )
    last = work.session.scalar(statement.order_by(PractitionerLicence.since.desc()).limit(1))
    if day > work.today() or (last is not None and day < last):
        raise LicenceDayInvalid(since=last or day)


def _record(work: Work, practitioner: Practitioner, day: date, reason: str) -> None:
    work.add(
        PractitionerLicence(
            practitioner_id=practitioner.id,
            jurisdiction_id=practitioner.jurisdiction_id,
            since=day,
            state=practitioner.licence_state,
            valid_from=practitioner.licence_from,
            valid_to=practitioner.licence_to,
            reason=reason,
        )
    )
    work.session.flush()
