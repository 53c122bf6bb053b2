"""Lists of items, services and diagnoses: read, compared with the register, written in a few statements."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from sqlalchemy import or_, select

from msingi import tabular
from msingi.errors import DomainError
from msingi.tabular import Column, Numbered
from msingi.work import Work
from msingi_catalogue.imports.strategy import Strategy, strategy_refusal
from msingi_catalogue.rules.changes import Effect
from msingi_catalogue.services.packages import ContentDraft, change_contents
from msingi_catalogue.services.registers import RegisterKind
from msingi_catalogue.services.stamps import lock_register
from msingi_catalogue.services.writing import EntryDraft, end_entries, live_rows, write_entries
from msingi_registry import Outcome

_MAY_BE_EMPTY: Final = frozenset({"frequency_days", "max_quantity", "max_amount_minor"})


@dataclass(frozen=True, slots=True)
class EntryLine:
    """A line of a register; ``contents`` None leaves a package as it is."""

    draft: EntryDraft
    contents: tuple[ContentDraft, ...] | None


class RegisterImporter:
    """Reads and writes lists of one register; columns that a file does not have stay as they are."""

    batch_size: Final[int] = 20_000
    """Packages may contain what stands in the same batch or in an earlier one."""

    def __init__(
        self, kind: RegisterKind, columns: tuple[Column, ...], present: frozenset[str], strategy: Strategy
    ) -> None:
        self._kind = kind
        self._columns = columns
        self._present = present
        self._strategy = strategy

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
        effects = write_entries(work, self._kind, [line.record.draft for line in taken])
        written = list(zip(taken, effects, strict=True))
        packed = self._pack(work, [line for line, effect in written if isinstance(effect, Effect)])
        for line, effect in written:
            _count(outcome, line, effect, packed.get(line.record.draft.code, Effect.UNCHANGED))
        return outcome

    @property
    def ends(self) -> bool:
        """Whether it ends what the list does not name."""
        return self._strategy is Strategy.REPLACE

    def close(self, work: Work, keys: Collection[str]) -> Outcome:
        """With the strategy replace, end what the list does not name: yesterday was its last day.

        An empty list ends nothing: it is rather a mistake than the end of a register.
        """
        if not self.ends or not keys:
            return Outcome()
        model: Any = self._kind.live
        live = select(model.code).where(or_(model.valid_to.is_(None), model.valid_to >= work.today()))
        gone = set(work.session.scalars(live)) - set(keys)
        last = work.today() - timedelta(days=1)
        return Outcome(ended=end_entries(work, self._kind, live_rows(work, self._kind, gone).values(), last))

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


def _count(
    outcome: Outcome, line: Numbered[EntryLine], effect: Effect | DomainError, packed: Effect | DomainError
) -> None:
    for refusal in (effect, packed):
        if isinstance(refusal, DomainError):
            outcome.refuse(line.line, "code", refusal.code, **refusal.params)
            return
    if effect is Effect.CREATED:
        outcome.created += 1
    elif Effect.UPDATED in {effect, packed} or packed is Effect.CREATED:
        outcome.updated += 1
    else:
        outcome.unchanged += 1
