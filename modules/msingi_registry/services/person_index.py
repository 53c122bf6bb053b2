"""Keeps the search keys of persons in step with their records; all of it can be rebuilt from them."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, cast
from uuid import UUID

from sqlalchemy import Table, bindparam, delete, select

from msingi.bulk import insert_cells
from msingi.ids import new_ids
from msingi.keep import Keep
from msingi.keyring import Keyring
from msingi.work import Work
from msingi_registry.models.person import IndexKind, NameWord, Person, PersonSearchKey, PersonStatus, birth_of
from msingi_registry.rules.dates import BirthDate
from msingi_registry.rules.person_keys import NameKeys, name_keys, sounds_of

_CHUNK: Final = 5_000
"""Values in one IN list, and persons in one step of a rebuild."""
_WROTE_WORDS: Final = "registry.wrote_words"
_WORDS_KEPT: Final = 50_000
"""Words of names that a process remembers: a country has fewer."""

_HEARD: Final = select(NameWord.word).where(NameWord.word.in_(bindparam("words", expanding=True))).distinct()
_KEYS: Final = cast("Table", PersonSearchKey.__table__)
_WORDS: Final = cast("Table", NameWord.__table__)


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexedPerson:
    """What the index needs to know of a person."""

    person_id: UUID
    jurisdiction_id: UUID
    names: str
    birth: BirthDate | None = None
    phones: frozenset[str] = field(default_factory=frozenset)


def phone_index(keyring: Keyring, phone: str) -> str:
    """What stands for a telephone number in the index: equal numbers are found, none can be read (attack 99)."""
    return keyring.blind_index("registry.phone", phone)


def keys_of(keyring: Keyring, person: IndexedPerson) -> Iterator[tuple[IndexKind, str]]:
    """Every key that leads to the person."""
    names = name_keys(person.names)
    yield from ((IndexKind.WORD, word) for word in names.words)
    yield from duplicate_keys(keyring, person, names)


def duplicate_keys(
    keyring: Keyring, person: IndexedPerson, names: NameKeys | None = None
) -> Iterator[tuple[IndexKind, str]]:
    """The keys that a record of the same person would very likely share (ID-9)."""
    names = names or name_keys(person.names)
    yield from ((IndexKind.PAIR, pair) for pair in names.pairs)
    yield from ((IndexKind.BIRTH, key) for key in names.with_birth(person.birth))
    yield from ((IndexKind.PHONE, phone_index(keyring, phone)) for phone in person.phones)


def key_rows(keyring: Keyring, persons: Iterable[IndexedPerson]) -> list[dict[str, Any]]:
    """The rows of the index for these persons."""
    return [
        {
            "person_id": person.person_id,
            "kind": kind,
            "value": value,
            "birth_year": person.birth.year if person.birth else None,
            "jurisdiction_id": person.jurisdiction_id,
        }
        for person in persons
        for kind, value in keys_of(keyring, person)
    ]


def index_persons(
    work: Work, persons: Sequence[IndexedPerson], *, known_words: Collection[str] | None = None
) -> None:
    """Write the keys of new persons, and the sounds of words that no name had before.

    ``known_words`` are those of the words that were known a moment ago, when the caller has asked.
    """
    rows = key_rows(work.keyring, persons)
    if not rows:
        return
    work.session.flush()
    _insert(work, _KEYS, rows)
    words = {row["value"] for row in rows if row["kind"] is IndexKind.WORD}
    _learn_words(work, words - set(_ask_words(work, words) if known_words is None else known_words))


def reindex_persons(work: Work, persons: Sequence[IndexedPerson]) -> None:
    """Replace the keys of persons whose names, birth or phones changed."""
    forget_persons(work, [person.person_id for person in persons])
    index_persons(work, persons)


def forget_persons(work: Work, person_ids: Collection[UUID]) -> None:
    """Remove every key of these persons: nobody finds them by search any more."""
    for chunk in _chunks(list(person_ids)):
        work.session.execute(delete(PersonSearchKey).where(PersonSearchKey.person_id.in_(chunk)))


def rebuild_index(work: Work, *, after: UUID | None = None) -> UUID | None:
    """Rebuild the keys of the next 5,000 persons; returns where to go on, None at the end."""
    statement = select(Person).order_by(Person.id).limit(_CHUNK)
    if after is not None:
        statement = statement.where(Person.id > after)
    found = list(work.session.scalars(statement))
    if not found:
        return None
    forget_persons(work, [person.id for person in found])
    index_persons(work, [indexed(person) for person in found if person.status is PersonStatus.ACTIVE])
    return found[-1].id


def indexed(person: Person) -> IndexedPerson:
    """What the index needs to know of a stored person."""
    return IndexedPerson(
        person_id=person.id,
        jurisdiction_id=person.jurisdiction_id,
        names=all_names(person.given_name, person.family_name, person.other_names),
        birth=birth_of(person.birth_date, person.birth_precision),
        phones=frozenset(phone for phone in (person.phone, person.other_phone) if phone),
    )


def all_names(*names: str) -> str:
    """All names of a person in one text."""
    return " ".join(name for name in names if name)


def word_rows(words: Iterable[str]) -> list[dict[str, Any]]:
    """How each of these words sounds, as rows."""
    heard = [
        (kind, value, word)
        for word in sorted(words)
        for kind, values in sounds_of(word).items()
        for value in sorted(values)
    ]
    return [
        {"id": row_id, "kind": kind.value, "value": value, "word": word}
        for row_id, (kind, value, word) in zip(new_ids(len(heard)), heard, strict=True)
    ]


def unheard_words(work: Work, words: Collection[str]) -> set[str]:
    """Those of the words of which this process does not remember that they are known."""
    return set(words) - set(_memory(work).get_many(words, _nothing))


def note_known_words(work: Work, words: Collection[str]) -> None:
    """Remember words that were read: a word that is known once is known for ever.

    A work that wrote words itself remembers nothing: what it reads may yet be undone.
    """
    if words and not work.session.info.get(_WROTE_WORDS):
        _memory(work).get_many(words, lambda missing: dict.fromkeys(missing, True))


def _learn_words(work: Work, words: set[str]) -> None:
    """Write the sounds of words that were not known."""
    rows = word_rows(words)
    if rows:
        _insert(work, _WORDS, rows)
        work.session.info[_WROTE_WORDS] = True


def _insert(work: Work, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Write rows of an index that is not audited and has no scope."""
    insert_cells(work.session.connection(), table, {name: [row[name] for row in rows] for name in rows[0]})


def _ask_words(work: Work, words: Collection[str]) -> set[str]:
    """Those of the words that are known already."""
    unheard = unheard_words(work, words)
    heard: set[str] = set()
    for chunk in _chunks(sorted(unheard)):
        heard.update(work.session.scalars(_HEARD, {"words": chunk}))
    note_known_words(work, heard)
    return set(words) - unheard | heard


def _memory(work: Work) -> Keep[str, bool]:
    return work.platform.kept("registry.words", size=_WORDS_KEPT)


def _nothing(_missing: Collection[str]) -> dict[str, bool]:
    return {}


def _chunks(values: list[Any]) -> Iterator[list[Any]]:
    return (values[at : at + _CHUNK] for at in range(0, len(values), _CHUNK))
