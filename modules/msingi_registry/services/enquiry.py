"""What the whole country is asked about drafts before they are written, all of it in one statement (ID-9, ID-12)."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Final, NamedTuple
from uuid import UUID

from sqlalchemy import (
    BindParameter,
    Integer,
    Select,
    String,
    Uuid,
    bindparam,
    cast,
    literal,
    null,
    select,
    union_all,
)
from sqlalchemy.orm import InstrumentedAttribute

from msingi.work import Work
from msingi_registry.models.identifier import Identifier, IdentifierClaim, IdentifierState, Uhid
from msingi_registry.models.person import IndexKind, NameWord, PersonSearchKey
from msingi_registry.rules.blocks import draw_block
from msingi_registry.rules.person_keys import name_keys
from msingi_registry.services.intake import NewPerson
from msingi_registry.services.person_index import duplicate_keys, note_known_words, unheard_words

CLAIM: Final = "claim"
VALUE: Final = "value"
_UHID: Final = "uhid"
_WORD: Final = "word"
_AT_ONCE: Final = 5_000
"""Values of one statement: SQLite takes at most 32,766 parameters."""
Key = tuple[str, str]
"""What is asked for, and the value."""


class Holder(NamedTuple):
    """A registered person who holds a key."""

    kind: str
    value: str
    person_id: UUID
    birth_year: int | None


@dataclass(frozen=True, slots=True)
class Enquiry:
    """What the registers were asked, and what they answered."""

    keys: Mapping[UUID, Collection[Key]]
    """The keys of each draft, by the draft's id."""
    holders: Sequence[Holder]
    """Everybody who shares a key with a draft."""
    uhids: tuple[str, ...]
    """Health IDs that were drawn and that nobody has or had."""
    known_words: Collection[str]
    """The words of the names that somebody bore before."""


def enquire(work: Work, persons: Sequence[NewPerson], *, registers: bool = True) -> Enquiry:
    """Ask who holds the keys of the drafts; those that are to be registered also need health IDs and known words.

    One statement for each 5,000 values; the caller looks at the whole country.
    """
    by_draft = {person.id: tuple(_keys_of(work, person)) for person in persons}
    keys = list(dict.fromkeys(key for held in by_draft.values() for key in held))
    words, drawn = set[str](), tuple[str, ...]()
    if registers:
        words = {word for person in persons for word in name_keys(person.indexed.names).words}
        without = sum(not person.uhid for person in persons)
        drawn = draw_block(without, frozenset()) if without else ()
    unheard = unheard_words(work, words)
    keys += [(_WORD, word) for word in sorted(unheard)] + [(_UHID, value) for value in drawn]
    answers = list(_answers(work, keys))
    taken = {holder.value for holder in answers if holder.kind == _UHID}
    heard = {holder.value for holder in answers if holder.kind == _WORD}
    note_known_words(work, heard)
    return Enquiry(
        by_draft,
        [holder for holder in answers if holder.kind not in {_UHID, _WORD}],
        tuple(value for value in drawn if value not in taken),
        (words - unheard) | heard,
    )


def _keys_of(work: Work, person: NewPerson) -> Iterator[Key]:
    """The keys that a record of the same person would very likely share."""
    yield from ((kind.value, value) for kind, value in duplicate_keys(work.keyring, person.indexed))
    for identifier in person.identifiers:
        if identifier.claim:
            yield CLAIM, identifier.claim
        elif identifier.proves:
            yield VALUE, identifier.value_index


def _answers(work: Work, keys: Sequence[Key]) -> Iterator[Holder]:
    for at in range(0, len(keys), _AT_ONCE):
        values: dict[str, list[str]] = defaultdict(list)
        for kind, value in keys[at : at + _AT_ONCE]:
            values[kind].append(value)
        rows = work.session.rows(_question(tuple(sorted(values))), values)
        yield from (Holder(*row) for row in rows)


@cache
def _question(kinds: tuple[str, ...]) -> Any:
    """Built once for each set of kinds: to build it costs more than to run it for one person."""
    parts = [_part(kind, bindparam(kind, expanding=True)) for kind in kinds]
    return parts[0] if len(parts) == 1 else union_all(*parts)


def _part(kind: str, wanted: BindParameter[Iterable[str]]) -> Select[*tuple[Any, ...]]:
    match kind:
        case "claim":
            return _who(kind, IdentifierClaim.key, wanted, person=IdentifierClaim.person_id)
        case "value":
            borne = _who(kind, Identifier.value_index, wanted, person=Identifier.person_id)
            return borne.where(Identifier.state == IdentifierState.ACTIVE)
        case "uhid":
            return _who(kind, Uhid.value, wanted)
        case "word":
            return _who(kind, NameWord.word, wanted).distinct()
    key = PersonSearchKey
    holders = _who(kind, key.value, wanted, person=key.person_id, year=key.birth_year)
    return holders.where(key.kind == IndexKind(kind))


def _who(
    kind: str,
    value: InstrumentedAttribute[str],
    wanted: BindParameter[Iterable[str]],
    *,
    person: Any = None,
    year: Any = None,
) -> Select[*tuple[Any, ...]]:
    nobody, no_year = cast(null(), Uuid()), cast(null(), Integer())
    return select(
        literal(kind, String()).label("kind"),
        value.label("value"),
        (nobody if person is None else person).label("person_id"),
        (no_year if year is None else year).label("birth_year"),
    ).where(value.in_(wanted))
