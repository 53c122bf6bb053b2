"""Lists of persons: each line goes through the same checks as a registration at a desk (ID-12)."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from msingi import tabular
from msingi.clean_text import clean_line
from msingi.errors import DomainError
from msingi.tabular import CellRefused, Column, Numbered, cells, read_date
from msingi.work import Work
from msingi_registry.errors import (
    DuplicatePerson,
    IdentifierTaken,
    PossibleDuplicate,
    RepeatedInBatch,
    UnknownIdentifierType,
)
from msingi_registry.imports.outcome import Outcome
from msingi_registry.imports.place_lookup import KnownPlace, find_places
from msingi_registry.models.person import Sex
from msingi_registry.rules.dates import check_life, read_birth_date
from msingi_registry.rules.names import clean_name
from msingi_registry.rules.phones import MAX_PHONE, normalise_phone
from msingi_registry.rules.refusals import Refusal
from msingi_registry.services.drafts import IdentifierDraft, PersonDraft
from msingi_registry.services.registration import MOST_AT_ONCE, register_persons

_SEXES: Final = {
    "female": Sex.FEMALE,
    "f": Sex.FEMALE,
    "féminin": Sex.FEMALE,
    "feminin": Sex.FEMALE,
    "femme": Sex.FEMALE,
    "male": Sex.MALE,
    "m": Sex.MALE,
    "masculin": Sex.MALE,
    "h": Sex.MALE,
    "homme": Sex.MALE,
    "other": Sex.OTHER,
    "autre": Sex.OTHER,
}
_SPOKEN_PARAMS: Final = (str, int)
_COLUMN_OF: Final[Mapping[str, str]] = {
    "registry.import_identifier_taken": "identifier",
    "registry.identifier_invalid": "identifier",
    "registry.identifier_location_refused": "identifier_type",
    "registry.identifier_location_required": "identifier_type",
    UnknownIdentifierType.code: "identifier_type",
}
"""The columns of what is only known when persons are registered."""
_LONGEST_DATE: Final = 30
_SHOWN_BY_HAND: Final[Mapping[type[DomainError], str]] = {
    IdentifierTaken: "registry.import_identifier_taken",
    PossibleDuplicate: "registry.import_resembles_person",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonLine:
    """A line of a list of persons."""

    place: str
    given_name: str | None
    family_name: str | None
    other_names: str | None
    sex: Sex | None
    birth_date: str | None
    age_years: int | None
    phone: str | None
    residence: str | None
    identifier_type: str | None
    identifier: str | None


class PersonImporter:
    """Reads and writes lists of persons; who is registered already is left as he is.

    Each cell passes the rule of a registration as it is read, so that a refusal names its column; telephone numbers
    are read as dialled in the region (ISO 3166, two letters).
    """

    batch_size: Final[int] = min(1_000, MOST_AT_ONCE)

    def __init__(self, *, today: date, region: str) -> None:
        self._today = today
        self._region = region

    def mapping(self) -> tabular.Mapping[PersonLine]:
        """The columns."""
        name = cells.optional(_ruled(clean_name, maximum=200))
        phone = cells.optional(_ruled(lambda typed: normalise_phone(typed, self._region), maximum=MAX_PHONE))

        def optional(column: str, field: str, parser: tabular.Parser[object], *aliases: str) -> Column:
            return Column(column, field, parser, aliases, required=False)

        return tabular.Mapping(
            _build,
            (
                Column("place", "place", cells.text(maximum=64), ("facility", "lieu", "district")),
                optional("given_name", "given_name", name, "first_name", "prenom", "prénom"),
                optional("family_name", "family_name", name, "last_name", "nom"),
                optional("other_names", "other_names", name, "autres_noms"),
                optional("sex", "sex", cells.optional(cells.choice(_SEXES)), "gender", "sexe"),
                optional(
                    "birth_date",
                    "birth_date",
                    cells.optional(_ruled(self._birth_date, maximum=_LONGEST_DATE)),
                    "date_of_birth",
                    "date_naissance",
                ),
                optional("age", "age_years", cells.optional(cells.integer(minimum=0, maximum=125)), "âge"),
                optional("phone", "phone", phone, "telephone", "téléphone"),
                optional(
                    "residence",
                    "residence",
                    cells.optional(_ruled(clean_line, maximum=200)),
                    "address",
                    "adresse",
                ),
                optional("identifier_type", "identifier_type", cells.optional(cells.text(maximum=32))),
                optional("identifier", "identifier", cells.optional(cells.text(maximum=64)), "identifiant"),
            ),
        )

    def _birth_date(self, typed: str) -> str:
        """A day written like in every other list, or a month or year where no more is known."""
        try:
            written = read_date(typed).isoformat()
        except CellRefused:
            written = typed
        check_life(read_birth_date(written), self._today)
        return written

    def keys(self, record: PersonLine) -> Sequence[str]:  # noqa: ARG002 - registration tells persons apart
        """None: registration itself finds those who are the same."""
        return ()

    def write(self, work: Work, lines: Sequence[Numbered[PersonLine]]) -> Outcome:
        """Register the persons that nothing speaks against."""
        outcome = Outcome()
        places = find_places(work, {line.record.place for line in lines})
        ready = [line for line in lines if _has_place(line, places, outcome)]
        found = register_persons(work, [_draft(line.record, places) for line in ready])
        outcome.created = len(found.registered)
        for position, refusal in found.refused.items():
            _tell(ready, position, refusal, outcome)
        return outcome


def _ruled(rule: Callable[[str], str], *, maximum: int) -> tabular.Parser[str]:
    """A parser of texts that a rule of the registry reads."""
    read = cells.text(maximum=maximum)

    def parse(cell: str) -> str:
        try:
            return rule(read(cell).strip())
        except (Refusal, DomainError) as refusal:
            raise CellRefused(refusal.code, **refusal.params) from None

    return parse


def _build(**fields: object) -> PersonLine:
    line = PersonLine(**fields)  # type: ignore[arg-type]
    if not (line.given_name or line.family_name):
        raise CellRefused("registry.import_name_missing", column="family_name")
    if line.identifier and not line.identifier_type:
        raise CellRefused("registry.import_identifier_type_missing", column="identifier_type")
    return line


def _has_place(line: Numbered[PersonLine], places: Mapping[str, KnownPlace], outcome: Outcome) -> bool:
    place = places.get(line.record.place)
    if place is None:
        outcome.refuse(line.line, "place", "registry.import_unknown_place")
    elif place.valid_to is not None:
        outcome.refuse(line.line, "place", "registry.import_place_closed")
    else:
        return True
    return False


def _draft(line: PersonLine, places: Mapping[str, KnownPlace]) -> PersonDraft:
    identifiers = []
    if line.identifier and line.identifier_type:
        place = places[line.place].id
        identifiers.append(
            IdentifierDraft(
                type=line.identifier_type,
                value=line.identifier,
                location_id=place if line.identifier_type == "file_number" else None,
            )
        )
    return PersonDraft(
        jurisdiction_id=places[line.place].id,
        given_name=line.given_name or "",
        family_name=line.family_name or "",
        other_names=line.other_names or "",
        sex=line.sex,
        birth_date=line.birth_date,
        age_years=None if line.birth_date else line.age_years,
        phone=line.phone,
        residence=line.residence or "",
        identifiers=identifiers,
    )


def _tell(
    lines: Sequence[Numbered[PersonLine]], position: int, refusal: DomainError, outcome: Outcome
) -> None:
    line = lines[position]
    if isinstance(refusal, DuplicatePerson):
        outcome.unchanged += 1
        return
    if isinstance(refusal, RepeatedInBatch):
        first = lines[refusal.position].line
        outcome.refuse(line.line, "", "registry.import_same_person", first_line=first)
        return
    if isinstance(refusal, IdentifierTaken | PossibleDuplicate):
        shown = _SHOWN_BY_HAND[type(refusal)]
        outcome.refuse(line.line, _COLUMN_OF.get(shown, ""), shown)  # a list never shows registered persons
        return
    params = {name: value for name, value in refusal.params.items() if isinstance(value, _SPOKEN_PARAMS)}
    outcome.refuse(line.line, _COLUMN_OF.get(refusal.code, ""), refusal.code, **params)
