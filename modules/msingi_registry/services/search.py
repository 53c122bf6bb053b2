"""Finds persons the way a clerk remembers them: name, year, phone, code, household, place, in any combination (ID-23).

Names are searched in rounds until there are enough persons. Two words and more: pairs that sound the same, pairs that
sound nearly so, then words as written or their beginnings. One word: as written, then as it sounds. In a round every
word or pair is a test on the index; the rarest one is read, up to 5,000 persons of the caller's places, and the others are looked up person by person.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import combinations, product
from typing import Any, Final
from uuid import UUID

from pydantic import Field
from sqlalchemy import ColumnElement, CompoundSelect, Select, and_, func, literal, or_, select, union
from sqlalchemy.orm import aliased

from msingi.clean_text import Verbatim
from msingi.scoping import scope_criterion, subtree_of
from msingi.work import Work
from msingi_registry.errors import SearchTooBroad
from msingi_registry.models.household import Household
from msingi_registry.models.identifier import Identifier, IdentifierState, Uhid
from msingi_registry.models.person import IndexKind, NameWord, Person, PersonSearchKey, PersonStatus
from msingi_registry.refusal_texts import rules_said
from msingi_registry.rules.characters import MAX_TYPED
from msingi_registry.rules.identifier_types import IdentifierType, normalise_identifier
from msingi_registry.rules.identifiers import normalise_uhid
from msingi_registry.rules.masking import MAX_RESULTS
from msingi_registry.rules.name_search import MAX_QUERY_WORDS
from msingi_registry.rules.names import MAX_NAME, fold_name, name_words
from msingi_registry.rules.person_keys import MAX_VALUE, name_keys, pair_key, sound_key, sounds_of
from msingi_registry.rules.phones import MAX_PHONE
from msingi_registry.rules.refusals import Refusal
from msingi_registry.services.drafts import Draft
from msingi_registry.services.intake import read_phone, value_index
from msingi_registry.services.masked import MaskedRow, masked, masked_columns
from msingi_registry.services.person_index import all_names, phone_index
from msingi_registry.services.search_allowance import spend_search
from msingi_registry.settings import RegistrySettings

_MOST_LOOKED_AT: Final = 120
_SHORTEST_BEGINNING: Final = 3
_MOST_SOUNDING: Final = 40
_MOST_BEARERS: Final = 5_000
_COUNTED_TO: Final = 4_000
_NEAR_YEARS: Final = 3
_MOST_SOUNDS: Final = 12
_LAST_LETTER: Final = "z"
_ACTIVE: Final = Person.status == PersonStatus.ACTIVE


class PersonQuery(Draft):
    """What is known of the person looked for; all of it must hold."""

    name: str = Field(
        default="", max_length=MAX_NAME, description="Names in any order, whole or their beginnings."
    )
    birth_year: int | None = Field(
        default=None, ge=1800, le=2200, description="Year of birth; near years rank lower."
    )
    phone: str | None = Field(default=None, max_length=MAX_PHONE, description="Telephone number.")
    code: Verbatim | None = Field(
        default=None, max_length=MAX_TYPED, description="Health ID or any other identifier of the person."
    )
    household: str | None = Field(default=None, max_length=20, description="Code of the household.")
    within: UUID | None = Field(default=None, description="Place of registration, or a place above it.")


@dataclass(frozen=True, slots=True)
class _Test:
    """One condition on the index: keys of a kind with these values, or with a beginning."""

    kind: IndexKind
    values: tuple[str, ...] = ()
    beginning: str = ""

    def on(self, key: Any) -> ColumnElement[bool]:
        """The condition on an alias of the index."""
        ways: list[ColumnElement[bool]] = [key.value.in_(self.values)] if self.values else []
        if self.beginning:
            end = self.beginning + _LAST_LETTER * MAX_VALUE
            ways.append(key.value.between(self.beginning, end))
        return and_(key.kind == self.kind, or_(*ways))


@dataclass(frozen=True, slots=True)
class _Round:
    """Tests that are asked together, how near the year of birth must be, and how many persons end the search."""

    tests: list[_Test]
    near: int
    enough: int


def search_persons(work: Work, query: PersonQuery) -> list[MaskedRow]:
    """At most 20 persons of the caller's places, masked, the best first; counts as one of the user's searches (ID-23).

    Raises:
        SearchTooBroad: nothing given narrows the search enough.
        SearchTooOften: the user's searches of this minute are used up.
        DomainError: the phone has no valid form.

    """
    spend_search(work)
    return find_persons(work, query)


def find_persons(work: Work, query: PersonQuery) -> list[MaskedRow]:
    """The same search without counting it; for the platform itself."""
    words = [word.text[:MAX_VALUE] for word in name_words(query.name)[:MAX_QUERY_WORDS]]
    if not (query.phone or query.code or query.household):
        _refuse_broad(words)
    narrowed = _Narrowed(work, query)
    found: set[UUID] = set()
    for attempt in _rounds(work, query.name, words):
        found |= narrowed.find(attempt.tests, near=attempt.near)
        if len(found) >= attempt.enough:
            break
    if not found:
        return []
    rows = list(work.session.execute(masked_columns().where(Person.id.in_(sorted(found)), _ACTIVE)))
    rows.sort(key=lambda row: _rank(row, words, query.birth_year))
    return [masked(row) for row in rows[:MAX_RESULTS]]


def uhid_typed(typed: str) -> str:
    """The health ID in a typed text.

    Raises:
        DomainError: it is none (attack 59).

    """
    with rules_said():
        return normalise_uhid(typed)


class _Narrowed:
    """A query with everything applied but the words of the name."""

    def __init__(self, work: Work, query: PersonQuery) -> None:
        self._work = work
        self._year = query.birth_year
        self._within = query.within
        self._tests = [_phone_test(work, query.phone)] if query.phone else []
        self._among = _named_by_code(work, query) if query.code or query.household else None

    def find(self, words: Sequence[_Test], *, near: int) -> set[UUID]:
        """The persons who hold every test, at most 120; ``near`` widens the year of birth."""
        tests = [*self._tests, *words]
        if (
            self._among == []
            or not (tests or self._among)
            or any(not (test.values or test.beginning) for test in tests)
        ):
            return set()
        statement = self._from_codes(tests, near) if self._among else self._from_keys(tests, near)
        return set(self._work.session.scalars(statement.limit(_MOST_LOOKED_AT)))

    def _from_codes(self, tests: Sequence[_Test], near: int) -> Select[UUID]:
        statement = select(Person.id).where(Person.id.in_(self._among or []), _ACTIVE)
        if self._year is not None:
            first, last = date(self._year - near, 1, 1), date(self._year + near, 12, 31)
            statement = statement.where(Person.birth_date.between(first, last))
        if self._within is not None:
            statement = statement.where(Person.jurisdiction_id.in_(subtree_of([self._within])))
        return statement.where(*(_holds(test, Person.id) for test in tests))

    def _from_keys(self, tests: Sequence[_Test], near: int) -> Select[UUID]:
        """The limit inside keeps the work bounded, and the planner from starting with a commoner test."""
        key = aliased(PersonSearchKey)
        rarest, *others = self._rarest_first(tests, near)
        bearers = select(key.person_id).where(rarest.on(key), *self._here(key, near)).limit(_MOST_BEARERS)
        if not others:
            return bearers
        bearer = bearers.subquery()
        return select(bearer.c.person_id).where(*(_holds(test, bearer.c.person_id) for test in others))

    def _here(self, key: Any, near: int) -> list[ColumnElement[bool]]:
        """Year and place on the index itself, the caller's scope among them."""
        tests: list[ColumnElement[bool]] = []
        if self._year is not None:
            tests.append(key.birth_year.between(self._year - near, self._year + near))
        if self._within is not None:
            tests.append(key.jurisdiction_id.in_(subtree_of([self._within])))
        scope = scope_criterion(key.jurisdiction_id, self._work.scope)
        return tests if scope is None else [*tests, scope]

    def _rarest_first(self, tests: Sequence[_Test], near: int) -> list[_Test]:
        """The tests by how many index rows they read, counted up to 4,000 in one statement; long beginnings before short."""
        if len(tests) == 1:
            return list(tests)
        years = [] if self._year is None else [_years(self._year, near)]
        counts = [
            select(func.count())
            .select_from(
                select(literal(1)).where(test.on(PersonSearchKey), *years).limit(_COUNTED_TO).subquery()
            )
            .scalar_subquery()
            for test in tests
        ]
        row = self._work.session.execute(select(*counts)).one()
        ranked = sorted(zip(row, tests, strict=True), key=lambda pair: (pair[0], -len(pair[1].beginning)))
        return [test for _, test in ranked]


def _rounds(work: Work, name: str, words: Sequence[str]) -> Iterator[_Round]:
    """The rounds of a search by name; whoever asks stops as soon as there are enough persons."""
    if not words:
        yield _Round([], near=0, enough=0)
        return
    if len(words) == 1:
        yield _Round([_as_written(words[0], words)], near=0, enough=MAX_RESULTS)
        yield _Round([_as_heard(words[0], _sounding(work, words[0]))], near=_NEAR_YEARS, enough=0)
        return
    pairs = [_Test(IndexKind.PAIR, (pair,)) for pair in name_keys(name).pairs]
    yield _Round(pairs, near=_NEAR_YEARS, enough=MAX_RESULTS)
    sounding = {word: _sounding(work, word) for word in words}
    are_whole = all(word in heard for word, heard in sounding.items())
    yield _Round(_loose_pairs(sounding), near=_NEAR_YEARS, enough=1 if are_whole else MAX_RESULTS)
    yield _Round([_as_written(word, words) for word in words], near=0, enough=1)
    yield _Round([_as_heard(word, sounding[word]) for word in words], near=_NEAR_YEARS, enough=0)


def _refuse_broad(words: Sequence[str]) -> None:
    if not any(len(word) >= _SHORTEST_BEGINNING for word in words):
        raise SearchTooBroad


def _as_written(word: str, words: Sequence[str]) -> _Test:
    """The word as a beginning; a short one counts so only beside a longer word, else as a whole word."""
    others_narrow = any(len(other) >= _SHORTEST_BEGINNING for other in words)
    if len(word) >= _SHORTEST_BEGINNING or others_narrow:
        return _Test(IndexKind.WORD, beginning=word)
    return _Test(IndexKind.WORD, values=(word,))


def _as_heard(word: str, sounding: Sequence[str]) -> _Test:
    """The words that occur in names and sound most like it; one that never occurs also as a beginning."""
    return _Test(IndexKind.WORD, tuple(sounding), "" if word in sounding else word)


def _loose_pairs(sounding: Mapping[str, Sequence[str]]) -> list[_Test]:
    """For each two words every pair of sounds that is close to theirs."""
    sounds = {
        word: list(dict.fromkeys(map(sound_key, [word, *heard])))[:_MOST_SOUNDS]
        for word, heard in sounding.items()
    }
    return [
        _Test(IndexKind.PAIR, tuple({pair_key(*pair) for pair in product(sounds[one], sounds[other])}))
        for one, other in combinations(sounds, 2)
    ]


def _sounding(work: Work, word: str) -> list[str]:
    tests = [
        and_(NameWord.kind == kind.value, NameWord.value.in_(sorted(values)))
        for kind, values in sounds_of(word).items()
        if values
    ]
    if not tests:
        return []
    alike = func.count(NameWord.kind.distinct())
    statement = select(NameWord.word).where(or_(*tests)).group_by(NameWord.word)
    return list(work.session.scalars(statement.order_by(alike.desc(), NameWord.word).limit(_MOST_SOUNDING)))


def _phone_test(work: Work, phone: str) -> _Test:
    with rules_said():
        number = read_phone(work, phone)
    return _Test(IndexKind.PHONE, (phone_index(work.keyring, number or ""),))


def _named_by_code(work: Work, query: PersonQuery) -> list[UUID]:
    """The persons whom the code names, or the members of the household, or those who are both."""
    found: list[set[UUID]] = []
    if query.code:
        found.append(set(work.session.scalars(_owners(work, query.code))))
    if query.household:
        code = query.household.replace(" ", "").upper()
        members = select(Person.id).join(Household, Household.id == Person.household_id)
        found.append(set(work.session.scalars(members.where(Household.code == code))))
    return sorted(set.intersection(*found))


def _owners(work: Work, code: str) -> CompoundSelect[UUID] | Select[UUID]:
    """Who bears the code: as a health ID, or as any other identifier."""
    indexes = [
        value_index(work.keyring, kind.system, value)
        for kind in work.settings(RegistrySettings).identifier_types
        if (value := _in_form(kind.rule(), code)) is not None
    ]
    carried = select(Identifier.person_id).where(
        Identifier.value_index.in_(indexes), Identifier.state == IdentifierState.ACTIVE
    )
    uhid = _in_uhid_form(code)
    if uhid is None:
        return carried
    return union(carried, select(Uhid.person_id).where(Uhid.value == uhid, Uhid.person_id.is_not(None)))


def _in_form(kind: IdentifierType, code: str) -> str | None:
    try:
        return normalise_identifier(kind, code)
    except Refusal:
        return None


def _in_uhid_form(code: str) -> str | None:
    try:
        return normalise_uhid(code)
    except Refusal:
        return None


def _holds(test: _Test, person_id: Any) -> ColumnElement[bool]:
    """Whether a person holds a test: one look-up per person, which no engine turns into a join."""
    key = aliased(PersonSearchKey)
    held = select(literal(1)).where(key.person_id == person_id, test.on(key)).limit(1)
    return held.scalar_subquery().is_not(None)


def _years(year: int, near: int) -> ColumnElement[bool]:
    return PersonSearchKey.birth_year.between(year - near, year + near)


def _rank(row: Any, words: Sequence[str], year: int | None) -> tuple[int, int, str]:
    """Fewest words that are not exactly in the name first, then nearest year of birth, then the name."""
    names = fold_name(all_names(row.given_name, row.family_name, row.other_names))
    borne = set(names.split())
    missing = sum(word not in borne for word in words)
    distance = abs(row.birth_date.year - year) if year is not None and row.birth_date else 0
    return missing, distance, names
