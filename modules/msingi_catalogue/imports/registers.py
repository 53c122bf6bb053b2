"""Lists of items, services and diagnoses: read, compared with the register, written in a few statements."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any, Final

from sqlalchemy import or_, select

from msingi import tabular
from msingi.errors import DomainError
from msingi.tabular import Column, Numbered, RefusedLine
from msingi.work import Work
from msingi_catalogue.imports.strategy import Strategy, strategy_refusal
from msingi_catalogue.rules.changes import Effect
from msingi_catalogue.rules.kinds import PackageType
from msingi_catalogue.services.packages import ContentDraft, change_contents, contents_mistakes
from msingi_catalogue.services.registers import RegisterKind
from msingi_catalogue.services.stamps import lock_register
from msingi_catalogue.services.writing import EntryDraft, end_entries, live_rows, mistakes_of, write_entries
from msingi_registry import Outcome, Said

_MAY_BE_EMPTY: Final = frozenset({"frequency_days", "max_quantity", "max_amount_minor"})


@dataclass(frozen=True, slots=True)
class EntryLine:
    """A line of a register; ``contents`` None leaves a package as it is, ``unread`` fields are those that cannot be read."""

    draft: EntryDraft
    contents: tuple[ContentDraft, ...] | None
    unread: frozenset[str] = frozenset()


class RegisterImporter:
    """Reads and writes lists of one register; columns that a file does not have stay as they are."""

    batch_size: Final[int] = 20_000
    """Packages may contain what stands in the same batch or in an earlier one."""

    def __init__(
        self,
        kind: RegisterKind,
        columns: tuple[Column, ...],
        present: frozenset[str],
        strategy: Strategy,
        *,
        dry_run: bool,
    ) -> None:
        self._kind = kind
        self._columns = columns
        self._present = present
        self._strategy = strategy
        self._dry_run = dry_run

    def mapping(self) -> tabular.Mapping[EntryLine]:
        """The columns."""
        return tabular.Mapping(self._build, self._columns)

    def keys(self, record: EntryLine) -> Sequence[str]:
        """The code."""
        return (record.draft.code,)

    def write(self, work: Work, lines: Sequence[Numbered[EntryLine]]) -> Outcome:
        """Write the lines that the strategy takes."""
        outcome = Outcome()
        lock_register(work)
        known = live_rows(work, self._kind, [line.record.draft.code for line in lines])
        taken = [line for line in lines if self._takes(line, known, outcome)]
        contents = self._contents_mistakes(work, taken, known, beside=taken)
        refused = {number: mistakes[0] for number, mistakes in contents.items() if mistakes}
        refused |= self._write(work, [line for line in taken if line.line not in refused], outcome)
        wrong = [line for line in taken if line.line in refused]
        for number, mistakes in self._mistakes(work, wrong, known, beside=taken).items():
            _refuse(outcome, number, mistakes or [refused[number]])
        return outcome

    def judge(self, work: Work, lines: Sequence[RefusedLine]) -> Sequence[Said]:
        """What else is wrong with lines of which cells cannot be read: the strategy, fields, names, contents."""
        drafts = [self._of(line) for line in lines if line.fields.get("code")]
        known = live_rows(work, self._kind, [line.record.draft.code for line in drafts])
        outcome = Outcome()
        taken = [line for line in drafts if self._takes(line, known, outcome)]
        for number, mistakes in self._mistakes(work, taken, known).items():
            _refuse(outcome, number, mistakes)
        return outcome.said

    @property
    def ends(self) -> bool:
        """Whether it ends what the list does not name."""
        return self._strategy is Strategy.REPLACE

    def close(self, work: Work, keys: Collection[str]) -> Outcome:
        """With the strategy replace, end what the list does not name: yesterday was its last day.

        An empty list ends nothing: it is rather a mistake than the end of a register.
        """
        outcome = Outcome()
        if not self.ends or not keys:
            return outcome
        model: Any = self._kind.live
        live = select(model.code).where(or_(model.valid_to.is_(None), model.valid_to >= work.today()))
        gone = set(work.session.scalars(live)) - set(keys)
        last = work.today() - timedelta(days=1)
        ended = end_entries(work, self._kind, live_rows(work, self._kind, gone).values(), last)
        for code in sorted(ended):
            outcome.end(code, dry_run=self._dry_run)
        return outcome

    def _write(
        self, work: Work, lines: Sequence[Numbered[EntryLine]], outcome: Outcome
    ) -> dict[int, DomainError]:
        """Write entries and what they contain; answers the lines that are refused."""
        effects = write_entries(work, self._kind, [line.record.draft for line in lines])
        written = list(zip(lines, effects, strict=True))
        packed = self._pack(work, [line for line, effect in written if isinstance(effect, Effect)])
        refused: dict[int, DomainError] = {}
        for line, effect in written:
            contents = packed.get(line.record.draft.code, Effect.UNCHANGED)
            if isinstance(effect, DomainError):
                refused[line.line] = effect
            elif isinstance(contents, DomainError):
                refused[line.line] = contents
            else:
                _count(outcome, effect, contents)
        return refused

    def _of(self, line: RefusedLine) -> Numbered[EntryLine]:
        fields: dict[str, Any] = {"since": None, **line.fields}
        unread = frozenset(column.field for column in self._columns) - line.fields.keys()
        return Numbered(line[0].line, replace(self._build(**fields), unread=unread))

    def _mistakes(
        self,
        work: Work,
        lines: Sequence[Numbered[EntryLine]],
        known: Mapping[str, Mapping[str, Any]],
        *,
        beside: Sequence[Numbered[EntryLine]] = (),
    ) -> dict[int, list[DomainError]]:
        """Everything for which lines are refused, by line, with the same number of statements whatever their number."""
        contents = self._contents_mistakes(work, lines, known, beside=beside)
        found: dict[int, list[DomainError]] = {}
        for line in lines:
            draft, unread = line.record.draft, line.record.unread
            own = mistakes_of(work, self._kind, draft, known.get(draft.code), unread=unread)
            found[line.line] = [*own, *contents.get(line.line, ())]
        return found

    def _contents_mistakes(
        self,
        work: Work,
        lines: Sequence[Numbered[EntryLine]],
        known: Mapping[str, Mapping[str, Any]],
        *,
        beside: Sequence[Numbered[EntryLine]],
    ) -> dict[int, list[DomainError]]:
        """What is wrong with contents, by line; they may name services of the lines ``beside`` that are not refused."""
        packages = {
            line.line: (_package_type(line.record, known.get(line.record.draft.code)), line.record.contents)
            for line in lines
            if line.record.contents
        }
        if not packages:
            return {}
        named = {code for _, contents in packages.values() for _, code, *_ in contents}
        coming: dict[str, PackageType] = {}
        for record in (line.record for line in beside if line.record.draft.code in named):
            live = known.get(record.draft.code)
            kind = _package_type(record, live)
            simple = kind is PackageType.SIMPLE and record.contents
            if kind and not simple and not mistakes_of(work, self._kind, record.draft, live):
                coming[record.draft.code] = kind
        return contents_mistakes(work, packages, coming=coming)

    def _build(self, code: str, since: date | None, **fields: Any) -> EntryLine:
        contents = fields.pop("contents", None) if "contents" in self._present else None
        values = {
            name: value
            for name, value in fields.items()
            if name in self._present and (value is not None or name in _MAY_BE_EMPTY)
        }
        return EntryLine(EntryDraft(code, values, since), contents)

    def _takes(
        self, line: Numbered[EntryLine], known: Mapping[str, Mapping[str, Any]], outcome: Outcome
    ) -> bool:
        refusal = strategy_refusal(
            self._strategy, line.record.draft.code, known=line.record.draft.code in known
        )
        if refusal is not None:
            outcome.refuse(line.line, "code", refusal.code, **refusal.params)
        return refusal is None

    def _pack(self, work: Work, lines: Sequence[Numbered[EntryLine]]) -> dict[str, Effect | DomainError]:
        packages = {line.record.draft.code: line.record for line in lines if line.record.contents is not None}
        if not packages:
            return {}
        begins = {code: line.draft.since or work.today() for code, line in packages.items()}
        return change_contents(
            work, {code: line.contents or () for code, line in packages.items()}, begins=begins
        )


def _package_type(record: EntryLine, live: Mapping[str, Any] | None) -> PackageType | None:
    """What a service is, or would be; None when that cannot be read."""
    if "package_type" in record.unread:
        return None
    known = PackageType.SIMPLE if live is None else live["package_type"]
    said: PackageType = record.draft.values.get("package_type", known)
    return said


def _refuse(outcome: Outcome, line: int, mistakes: Iterable[DomainError]) -> None:
    for mistake in mistakes:
        outcome.refuse(line, "code", mistake.code, **mistake.params)


def _count(outcome: Outcome, effect: Effect, packed: Effect) -> None:
    if effect is Effect.CREATED:
        outcome.created += 1
    elif Effect.UPDATED in {effect, packed} or packed is Effect.CREATED:
        outcome.updated += 1
    else:
        outcome.unchanged += 1
