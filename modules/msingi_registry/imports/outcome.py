"""What an import says of its lines, and the words for it."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Final, Protocol, TypeVar, runtime_checkable

from msingi.errors import DomainError
from msingi.tabular import REASONS, LineError, Numbered, RefusedLine
from msingi.tabular import Mapping as ColumnMapping
from msingi.work import Work
from msingi_registry.models.imports import ImportRun

T = TypeVar("T")
Line_co = TypeVar("Line_co", covariant=True)

REFUSED: Final[Mapping[str, str]] = MappingProxyType(
    {
        "registry.import_unknown_place": "There is no place with this code among those that you may import for.",
        "registry.import_place_is_facility": "This is the code of a facility; name an administrative place.",
        "registry.import_place_closed": "This place is closed.",
        "registry.import_repeated": "Line {first_line} has the same code, number or name and place.",
        "registry.import_identifier_taken": "An identifier of this line belongs to another person: register by hand.",
        "registry.import_resembles_person": "Registered persons resemble this one: register by hand.",
        "registry.import_same_person": "Line {first_line} is the same person.",
        "registry.import_code_unusable": "This code cannot be used for a facility here.",
        "registry.import_code_invalid": "This is not a valid code: check each character.",
        "registry.import_half_point": "Give both latitude and longitude, or none.",
        "registry.import_name_unreadable": "A name needs letters and no hidden characters.",
        "registry.import_parent_missing": "Only the whole country has no place above it.",
        "registry.import_is_facility": "This code belongs to a facility, not to a place.",
        "registry.import_name_missing": "Give at least one name.",
        "registry.import_identifier_type_missing": "Name the type of the identifier.",
    }
)
"""Why a line is refused, beside what single cells are refused for."""

FLAGGED: Final[Mapping[str, str]] = MappingProxyType(
    {
        "registry.import_place_differs": "The registry has another place; it was not moved.",
        "registry.import_status_differs": "The registry has the status {status}; it was not changed.",
        "registry.import_point_elsewhere": "The point does not lie in the declared region.",
        "registry.import_resembles": "This resembles {code}, which is in the registry.",
        "registry.import_nothing_ended": "Lines were refused, so nothing was ended that the list does not name. Correct them and read the list again.",
        "registry.import_ended": "Not in the list: {what} was ended.",
        "registry.import_would_end": "Not in the list: {what} would be ended.",
    }
)
"""What a person should look at although the line, or the list, was taken over."""


@dataclass(frozen=True, slots=True)
class Said:
    """What is said of a line: a refusal, or a flag on a line that was taken over; never the value of a cell.

    Line 0 is the list as a whole.
    """

    line: int
    column: str
    code: str
    params: Mapping[str, Any] = field(default_factory=dict)
    refuses: bool = True


@dataclass(slots=True)
class Outcome:
    """What became of a batch of lines."""

    created: int = 0
    updated: int = 0
    ended: int = 0
    unchanged: int = 0
    said: list[Said] = field(default_factory=list)

    @property
    def refused(self) -> int:
        """Lines that were not taken over."""
        return len({said.line for said in self.said if said.refuses})

    @property
    def suspicious(self) -> int:
        """Lines that were taken over and that a person should look at."""
        return len({said.line for said in self.said if not said.refuses and said.line})

    def refuse(self, line: int, column: str, code: str, /, **params: object) -> None:
        """Leave a line out."""
        self.said.append(Said(line, column, code, params))

    def flag(self, line: int, column: str, code: str, /, **params: object) -> None:
        """Point to a line that was taken over."""
        self.said.append(Said(line, column, code, params, refuses=False))

    def end(self, what: str, *, dry_run: bool) -> None:
        """Count and name a record that the list does not name and that ends, or would."""
        self.ended += 1
        self.flag(0, "", "registry.import_would_end" if dry_run else "registry.import_ended", what=what)


class ListImporter(Protocol[T]):
    """How one kind of list is read and written."""

    @property
    def batch_size(self) -> int:
        """Most lines that are written at once."""

    def mapping(self) -> ColumnMapping[T]:
        """The columns, and how a line becomes a record."""

    def keys(self, record: T) -> Sequence[str]:
        """What no other line of the list may share; empty when lines are told apart otherwise."""

    def write(self, work: Work, lines: Sequence[Numbered[T]]) -> Outcome:
        """Write a batch with the same number of statements whatever its length."""


@runtime_checkable
class ClosingImporter(Protocol):
    """An importer that has something to do after the last line of a list."""

    @property
    def ends(self) -> bool:
        """Whether it ends what the list does not name."""

    def close(self, work: Work, keys: Collection[str]) -> Outcome:
        """Finish a list without a refused line; ``keys`` are those of all its lines."""


@runtime_checkable
class JudgingImporter(Protocol):
    """An importer that tells more of lines of which cells cannot be read."""

    def judge(self, work: Work, lines: Sequence[RefusedLine]) -> Sequence[Said]:
        """What else is wrong with these lines, with the same number of statements whatever their number."""


@dataclass(frozen=True, slots=True)
class Reading:
    """How a module reads its lists: the job, the audited action, the kinds, and the importer of an uploaded list."""

    job: str
    audited: str
    kinds: frozenset[str]
    importer: Callable[[Work, ImportRun], ListImporter[Any]]
    options: Mapping[str, Any] = field(default_factory=dict)
    """What the importer of one list is told beside; kept with the list."""


def said_of(errors: Sequence[LineError]) -> list[Said]:
    """What the cells of a line are refused for."""
    return [Said(error.line, error.column, error.code, dict(error.params)) for error in errors]


def template_of(code: str) -> str:
    """The English text of anything that is said of lines or files."""
    known = {**REASONS, **REFUSED, **FLAGGED}
    return known[code] if code in known else _refusals()[code]


def _refusals() -> dict[str, str]:
    found: dict[str, str] = {}
    waiting: list[type[DomainError]] = [DomainError]
    while waiting:
        refusal = waiting.pop()
        found[refusal.code] = refusal.template
        waiting.extend(refusal.__subclasses__())
    return found
