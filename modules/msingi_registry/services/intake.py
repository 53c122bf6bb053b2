"""Reads drafts with the rules: clean names, real dates, callable phones, identifiers in normal form."""

from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from msingi.clean_text import clean_text
from msingi.ids import new_id
from msingi.keyring import Keyring
from msingi.work import Work
from msingi_registry.errors import NameMissing, UnknownIdentifierType
from msingi_registry.models.household import HouseholdRole
from msingi_registry.models.identifier import Identifier
from msingi_registry.models.person import Sex
from msingi_registry.refusal_texts import rules_said
from msingi_registry.rules.dates import BirthDate, birth_from_age, check_life, read_birth_date
from msingi_registry.rules.identifier_types import normalise_identifier, uniqueness_key
from msingi_registry.rules.identifiers import normalise_uhid
from msingi_registry.rules.matching import IdentifierRole, PersonFacts, PersonIdentifier
from msingi_registry.rules.names import clean_name
from msingi_registry.rules.phones import normalise_phone
from msingi_registry.services.drafts import IdentifierDraft, PersonFields
from msingi_registry.services.person_index import IndexedPerson, all_names
from msingi_registry.settings import IdentifierTypeSettings, RegistrySettings


@dataclass(frozen=True, slots=True, kw_only=True)
class NewIdentifier:
    """An identifier in normal form; ``claim`` is the blind index that must belong to nobody else."""

    type: str
    system: str
    value: str
    value_index: str
    claim: str | None
    proves: IdentifierRole | None
    assigner: str
    draft: IdentifierDraft

    def record(self, person_id: UUID, jurisdiction_id: UUID) -> Identifier:
        """The row of this identifier for a person."""
        return Identifier(
            jurisdiction_id=jurisdiction_id,
            person_id=person_id,
            type=self.type,
            system=self.system,
            value=self.value,
            value_index=self.value_index,
            proves=self.proves,
            location_id=self.draft.location_id,
            assigner=self.assigner,
            valid_from=self.draft.valid_from,
            valid_to=self.draft.valid_to,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class NewPerson:
    """A draft that passed the rules, with the id it will have."""

    jurisdiction_id: UUID
    given: str
    family: str
    other: str
    sex: Sex | None
    birth: BirthDate | None
    phones: tuple[str | None, str | None]
    identifiers: tuple[NewIdentifier, ...]
    uhid: str | None
    residence: str
    draft: PersonFields
    mother_id: UUID | None = None
    household_id: UUID | None = None
    role: HouseholdRole | None = None
    id: UUID = field(default_factory=new_id)

    @property
    def indexed(self) -> IndexedPerson:
        """What the index needs to know."""
        return IndexedPerson(
            person_id=self.id,
            jurisdiction_id=self.jurisdiction_id,
            names=all_names(self.given, self.family, self.other),
            birth=self.birth,
            phones=frozenset(phone for phone in self.phones if phone),
        )

    @property
    def facts(self) -> PersonFacts:
        """What is compared; identifiers stand as blind indexes."""
        return PersonFacts(
            given=all_names(self.given, self.other),
            family=self.family,
            sex=self.sex,
            birth=self.birth,
            identifiers=frozenset(
                PersonIdentifier(identifier.proves, identifier.system, identifier.value_index)
                for identifier in self.identifiers
                if identifier.proves
            ),
            phones=frozenset(phone for phone in self.phones if phone),
            place=str(self.jurisdiction_id),
            mother=str(self.mother_id) if self.mother_id else None,
            birth_order=self.draft.birth_order,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Membership:
    """Where a new person belongs: the household, and what the person is in it."""

    household_id: UUID
    role: HouseholdRole
    mother_id: UUID | None = None


def read_person(
    work: Work, draft: PersonFields, *, jurisdiction_id: UUID, membership: Membership | None = None
) -> NewPerson:
    """Read a draft with every rule.

    Raises:
        NameMissing: neither a name, nor a mother, nor the number of a programme is given (ID-8, INS-7).
        UnknownIdentifierType: a type is not in the settings.
        DomainError: a rule refuses a value; the code names the rule.

    """
    mother_id = draft.mother_id or (membership.mother_id if membership else None)
    has_name = (draft.given_name + draft.family_name + draft.other_names).strip()
    if mother_id is None and not (has_name or _is_in_a_programme(work, draft)):
        raise NameMissing
    with rules_said():
        birth = read_birth(draft.birth_date, draft.age_years, work.today())
        check_life(birth, work.today())
        return NewPerson(
            jurisdiction_id=jurisdiction_id,
            given=read_name(draft.given_name),
            family=read_name(draft.family_name),
            other=read_name(draft.other_names),
            sex=draft.sex,
            birth=birth,
            phones=(read_phone(work, draft.phone), read_phone(work, draft.other_phone)),
            identifiers=tuple(read_identifier(work, identifier) for identifier in draft.identifiers),
            uhid=normalise_uhid(draft.uhid) if draft.uhid else None,
            residence=clean_text(draft.residence),
            draft=draft,
            mother_id=mother_id,
            household_id=membership.household_id if membership else None,
            role=membership.role if membership else None,
        )


def _is_in_a_programme(work: Work, draft: PersonFields) -> bool:
    """Whether the number of a programme stands for the name, as in HIV schemes (INS-7)."""
    types = {kind.code: kind for kind in work.settings(RegistrySettings).identifier_types}
    named = (types.get(identifier.type) for identifier in draft.identifiers)
    return any(kind is not None and kind.proves is IdentifierRole.PROGRAMME for kind in named)


def read_name(typed: str) -> str:
    """The name as it is stored; nothing typed stays nothing."""
    return clean_name(typed) if typed.strip() else ""


def read_phone(work: Work, typed: str | None) -> str | None:
    """The number in international form, as dialled in the country of the profile."""
    return normalise_phone(typed, work.platform.profile.country.iso2) if typed else None


def read_birth(typed: str | None, age_years: int | None, today: date) -> BirthDate | None:
    """The date of birth with the precision in which it was given; the age counts when there is no date."""
    if typed:
        return read_birth_date(typed)
    return None if age_years is None else birth_from_age(age_years, today)


def read_identifier(work: Work, draft: IdentifierDraft) -> NewIdentifier:
    """The identifier in normal form, with its blind indexes."""
    kind = _type_of(work.settings(RegistrySettings), draft.type)
    rule = kind.rule()
    value = normalise_identifier(rule, draft.value)
    location = str(draft.location_id) if draft.location_id else None
    unique = uniqueness_key(rule, value, location=location)
    return NewIdentifier(
        type=kind.code,
        system=kind.system,
        value=value,
        value_index=value_index(work.keyring, kind.system, value),
        claim=work.keyring.blind_index("registry.claim", unique) if unique else None,
        proves=kind.proves,
        assigner=clean_text(draft.assigner),
        draft=draft,
    )


def value_index(keyring: Keyring, system: str, value: str) -> str:
    """What stands for an identifier in indexes: equal values are found, none can be read (attack 99)."""
    return keyring.blind_index("registry.identifier", f"{system}|{value}")


def _type_of(settings: RegistrySettings, code: str) -> IdentifierTypeSettings:
    for kind in settings.identifier_types:
        if kind.code == code:
            return kind
    raise UnknownIdentifierType(type=code, known=", ".join(kind.code for kind in settings.identifier_types))
