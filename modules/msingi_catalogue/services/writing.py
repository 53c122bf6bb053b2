"""Writes entries of a register set-wise: the same statements for one entry as for five thousand."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from sqlalchemy import select

from msingi.bulk import Recording, change_rows
from msingi.errors import DomainError
from msingi.ids import new_id
from msingi.work import Work
from msingi_catalogue.errors import CountryOnly, FieldMissing, LaterTermsKnown, NameMissing
from msingi_catalogue.rules.changes import Change, Effect, plan_change
from msingi_catalogue.rules.validity import ended_before
from msingi_catalogue.services.registers import RegisterKind
from msingi_catalogue.services.stamps import lock_register, renew_register
from msingi_catalogue.services.trail import record_updates
from msingi_registry import search_name

_CHUNK = 5_000


@dataclass(frozen=True, slots=True)
class EntryDraft:
    """What is said of an entry; what is left out stays as it is. ``since`` is the first day of new terms, today by default."""

    code: str
    values: Mapping[str, Any]
    since: date | None = None


@dataclass(slots=True)
class _Plan:
    """Rows that wait to be written."""

    added: list[dict[str, Any]] = field(default_factory=list)
    changed: list[tuple[Mapping[str, Any], Change]] = field(default_factory=list)


def require_country(work: Work) -> None:
    """Refuse to change the registers of the country with a right for a part of it.

    Raises:
        CountryOnly: the right in use is not national.

    """
    if not work.scope.everywhere:
        raise CountryOnly


def live_rows(work: Work, kind: RegisterKind, codes: Iterable[str]) -> dict[str, Mapping[str, Any]]:
    """The live rows of these codes as they are stored."""
    wanted = sorted(set(codes))
    found: dict[str, Mapping[str, Any]] = {}
    model: Any = kind.live
    names = ("id", "code", "version", "valid_from", "valid_to", *kind.columns)
    for start in range(0, len(wanted), _CHUNK):
        statement = select(*(getattr(model, name) for name in names)).where(
            model.code.in_(wanted[start : start + _CHUNK])
        )
        found.update({row.code: row._mapping for row in work.session.execute(statement)})  # noqa: SLF001 - public by documentation
    return found


def write_entries(work: Work, kind: RegisterKind, drafts: Sequence[EntryDraft]) -> list[Effect | DomainError]:
    """Add the new entries and change the known ones; the answer says what became of each draft.

    Raises:
        CountryOnly: the right in use is not national.

    """
    require_country(work)
    lock_register(work)
    known = live_rows(work, kind, (draft.code for draft in drafts))
    plan = _Plan()
    effects = [_plan_one(work, kind, draft, known.get(draft.code), plan) for draft in drafts]
    _write(work, kind, plan)
    return effects


def mistakes_of(
    work: Work,
    kind: RegisterKind,
    draft: EntryDraft,
    live: Mapping[str, Any] | None,
    *,
    unread: Collection[str] = (),
) -> list[DomainError]:
    """Everything for which a draft is refused; fields that are ``unread`` are not judged."""
    values = _values(work, kind, draft)
    mistakes: list[DomainError] = []
    missing = [name for name in _missing(kind, values) if name not in unread]
    if live is None and missing:
        mistakes.append(FieldMissing(fields=", ".join(name.removesuffix("_minor") for name in missing)))
    names = _names({**(live or {}), **values})
    if not names and not {"name_fr", "name_en"} & set(unread):
        mistakes.append(NameMissing())
    if live is not None and "since" not in unread:
        later = _change(work, kind, draft, live, values | names).later
        mistakes += [] if later is None else [LaterTermsKnown(since=later.isoformat())]
    return mistakes


def end_entries(work: Work, kind: RegisterKind, rows: Iterable[Mapping[str, Any]], last: date) -> list[str]:
    """End entries on a day; one that begins later holds no day at all. Answers the codes of those that ended."""
    require_country(work)
    plan = _Plan()
    for row in rows:
        ends = ended_before(row["valid_from"], last + timedelta(days=1))
        if row["valid_to"] is None or row["valid_to"] > ends:
            plan.changed.append((row, Change(Effect.UPDATED, {"valid_to": ends})))
    _write(work, kind, plan)
    return [row["code"] for row, _change in plan.changed]


def _plan_one(
    work: Work, kind: RegisterKind, draft: EntryDraft, live: Mapping[str, Any] | None, plan: _Plan
) -> Effect | DomainError:
    values = _values(work, kind, draft)
    names = _names({**(live or {}), **values})
    values |= names
    if live is None:
        if not names or _missing(kind, values):
            return mistakes_of(work, kind, draft, live)[0]
        return _plan_new(work, kind, draft, values, plan)
    change = _change(work, kind, draft, live, values)
    if not names or change.later is not None:
        return mistakes_of(work, kind, draft, live)[0]
    if change.effect is Effect.UPDATED:
        plan.changed.append((live, change))
    return change.effect


def _plan_new(
    work: Work, kind: RegisterKind, draft: EntryDraft, values: Mapping[str, Any], plan: _Plan
) -> Effect:
    period = {"valid_from": draft.since or work.today(), "valid_to": None}
    row = {"id": new_id(), "code": draft.code, "version": 1, **period, **kind.defaults, **values}
    plan.added.append({name: row[name] for name in ("id", "code", "version", *period, *kind.columns)})
    return Effect.CREATED


def _change(
    work: Work, kind: RegisterKind, draft: EntryDraft, live: Mapping[str, Any], values: Mapping[str, Any]
) -> Change:
    begins = max(draft.since or work.today(), work.today())
    return plan_change(live, values, terms=kind.terms, begins=begins)


def _missing(kind: RegisterKind, values: Mapping[str, Any]) -> list[str]:
    return [name for name in kind.required if values.get(name) is None]


def _values(work: Work, kind: RegisterKind, draft: EntryDraft) -> dict[str, Any]:
    return dict(draft.values) | ({"currency": _currency(work)} if "currency" in kind.terms else {})


def _names(values: Mapping[str, Any]) -> dict[str, str]:
    """Both names, one standing in for the other, and the words by which they are found; nothing without words."""
    french, english = (str(values.get(name) or "").strip() for name in ("name_fr", "name_en"))
    words = search_name(french or english, english or french)
    return {"name_fr": french or english, "name_en": english or french, "search_text": words} if words else {}


def _write(work: Work, kind: RegisterKind, plan: _Plan) -> None:
    if not (plan.added or plan.changed):
        return
    renew_register(work)
    work.insert_rows(kind.live, plan.added)
    past = [
        {"id": new_id(), kind.past_key: live["id"], **change.past}
        for live, change in plan.changed
        if change.past is not None
    ]
    work.insert_rows(kind.past, past)
    columns = ("valid_from", "valid_to", *kind.columns)
    rows = [
        (live["id"], live["version"], *({**live, **change.live}[name] for name in columns))
        for live, change in plan.changed
    ]
    change_rows(work, kind.live, ("id", "version"), columns, rows, recording=Recording.BY_CALLER)
    record_updates(work, kind.live, [(live, change.live) for live, change in plan.changed])


def _currency(work: Work) -> str:
    return work.platform.profile.currency
