"""GraphQL operations on persons."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import Select, select

from msingi.clean_text import Verbatim
from msingi.i18n import in_language
from msingi.plugin import SIGNED_IN
from msingi.work import Work
from msingi_registry.models.identifier import Identifier
from msingi_registry.models.person import Person, Sex
from msingi_registry.plugin import (
    EDIT_PERSONS,
    LIST_PERSONS,
    READ_CONTACTS,
    READ_PERSONS,
    REGISTER_PERSONS,
    plugin,
)
from msingi_registry.rules.identifier_types import LocationUse, Uniqueness
from msingi_registry.services import identifiers as numbers
from msingi_registry.services import persons as records
from msingi_registry.services import registration, search, uhids
from msingi_registry.services.drafts import IdentifierDraft, PersonChanges, PersonDraft
from msingi_registry.services.persons import AccessBasis
from msingi_registry.services.search import PersonQuery
from msingi_registry.settings import RegistrySettings

plugin.expose(
    Person,
    *("id", "given_name", "family_name", "other_names", "sex", "birth_date", "birth_precision"),
    *("death_date", "phone", "other_phone", "languages", "residence", "jurisdiction_id"),
    *("household_id", "household", "household_role", "is_head", "mother_id", "birth_order"),
    *("synthetic", "status", "replaced_by_id", "version"),
    allow=READ_PERSONS,
    guarded={"phone": READ_CONTACTS, "other_phone": READ_CONTACTS},
)
plugin.expose(
    Identifier,
    *("id", "type", "system", "value", "location_id", "assigner", "valid_from", "valid_to", "state"),
    allow=READ_PERSONS,
    name="PersonIdentifier",
)


class PersonMatch(BaseModel):
    """What a search shows of a person until the record is opened with a basis (ID-23)."""

    model_config = ConfigDict(frozen=True)

    id: UUID = Field(description="The person; open the record with it.")
    initials: str = Field(description="Initials of the names, given names first.")
    birth_year: int | None = Field(description="Year of birth.")
    sex: Sex | None = Field(description="Sex.")
    place: str = Field(description="Place of registration.")
    uhid_end: str = Field(description="Last four digits of the health ID.")


class LeasedBlock(BaseModel):
    """Health IDs that a device may give out without a network (ID-2)."""

    model_config = ConfigDict(frozen=True)

    block_id: UUID | None = Field(description="The block; empty when the device still has enough health IDs.")
    uhids: list[str] = Field(description="The health IDs of the block, twelve digits each.")


class IdentifierTypeInfo(BaseModel):
    """A type of identifier that persons may carry (ID-4)."""

    model_config = ConfigDict(frozen=True)

    code: str = Field(description="Code of the type, to be sent as type.")
    label: str = Field(description="Name of the type in your language.")
    pattern: str = Field(description="Format of the value in normal form; empty when any is accepted.")
    location: LocationUse = Field(description="Whether a value names the place that gave it.")
    uniqueness: Uniqueness = Field(description="Where a value belongs to one person only.")


@plugin.query(allow=SIGNED_IN)
def identifier_types(work: Work) -> list[IdentifierTypeInfo]:
    """The types of identifier that the country knows, in their order."""
    return [
        IdentifierTypeInfo(
            code=kind.code,
            label=in_language(kind.labels, work.language) or kind.code,
            pattern=kind.pattern,
            location=kind.location,
            uniqueness=kind.uniqueness,
        )
        for kind in work.settings(RegistrySettings).identifier_types
    ]


@plugin.query(allow=READ_PERSONS)
def search_persons(work: Work, query: PersonQuery) -> list[PersonMatch]:
    """Find persons by name, year of birth, phone, code, household and place: at most 20, masked."""
    return [
        PersonMatch(
            id=row.person_id,
            initials=row.initials,
            birth_year=row.birth_year,
            sex=row.sex,
            place=row.place,
            uhid_end=row.uhid_end,
        )
        for row in search.search_persons(work, query)
    ]


@plugin.connection(
    Person,
    allow=LIST_PERSONS,
    where=("id", "family_name", "given_name", "sex", "birth_date", "household_id", "status", "synthetic"),
    order=("id", "family_name"),
)
def persons(work: Work) -> Select[tuple[Person]]:  # noqa: ARG001 - every connection receives it
    """Persons registered in the reader's places."""
    return select(Person)


@plugin.query(allow=READ_PERSONS)
def person(work: Work, id: UUID, basis: AccessBasis) -> Person | None:  # noqa: A002 - the name callers see
    """The record of one person, opened for a stated reason that the audit trail keeps."""
    return records.open_person(work, id, basis=basis)


@plugin.query(allow=READ_PERSONS)
def recognise_person(work: Work, code: Verbatim, basis: AccessBasis, birth_year: int | None = None) -> Person:
    """The person whose card is scanned, wherever registered; a health ID of another place needs the year of birth."""
    return records.recognise_person(work, code, basis=basis, birth_year=birth_year)


@plugin.mutation(allow=REGISTER_PERSONS)
def register_person(work: Work, input: PersonDraft) -> Person:  # noqa: A002 - the name callers see
    """Register a person who is not registered yet."""
    return registration.register_person(work, input)


@plugin.mutation(allow=EDIT_PERSONS)
def update_person(work: Work, id: UUID, input: PersonChanges, expected_version: int) -> Person:  # noqa: A002
    """Correct the record of a person; what is left out stays as it is."""
    return records.update_person(work, id, input, expected_version=expected_version)


@plugin.mutation(allow=EDIT_PERSONS)
def record_death(work: Work, id: UUID, death_date: date, expected_version: int) -> Person:  # noqa: A002
    """Record the death of a person."""
    return records.record_death(work, id, death_date=death_date, expected_version=expected_version)


@plugin.mutation(allow=EDIT_PERSONS)
def add_identifier(
    work: Work,
    person_id: UUID,
    input: IdentifierDraft,  # noqa: A002 - the name callers see
    acknowledged: list[UUID] | None = None,
) -> Identifier:
    """Add an identifier to a person; acknowledged are registered persons who resemble this one and are somebody else."""
    return numbers.add_identifier(work, person_id, input, acknowledged=acknowledged or ())


@plugin.mutation(allow=EDIT_PERSONS)
def end_identifier(work: Work, id: UUID, reason: str) -> Identifier:  # noqa: A002 - the name callers see
    """End an identifier that was given in error or is no longer valid; its value is free again."""
    return numbers.end_identifier(work, id, reason=reason)


@plugin.mutation(allow=REGISTER_PERSONS)
def allocate_uhid_block(work: Work, device: str, jurisdiction_id: UUID) -> LeasedBlock:
    """Lease a block of health IDs to a device that has few left, for registration without a network."""
    block, values = uhids.lease_block(work, device=device, jurisdiction_id=jurisdiction_id)
    return LeasedBlock(block_id=block.id if block else None, uhids=values)


@plugin.extend(Person, allow=READ_PERSONS)
def identifiers(parents: Sequence[Person], work: Work) -> dict[UUID, list[Identifier]]:
    """Identifiers beside the health ID."""
    return numbers.identifiers_of(work, parents)


@plugin.extend(Person, allow=READ_PERSONS)
def uhid(parents: Sequence[Person], work: Work) -> dict[UUID, str]:
    """The universal health ID: twelve digits."""
    return uhids.uhids_of(work, [parent.id for parent in parents])
