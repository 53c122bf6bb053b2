"""Lists of administrative places: code, name, place above; names in further languages as name_fr, name_en ..."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from sqlalchemy import select

from msingi import tabular
from msingi.rbac.models import FACILITY, Jurisdiction
from msingi.rbac.rules import NewPlace
from msingi.rbac.tree import add_places
from msingi.tabular import Column, Numbered, cells
from msingi.work import Work
from msingi_registry.imports.outcome import Outcome
from msingi_registry.imports.place_lookup import KnownPlace, find_places, is_usable
from msingi_registry.services.facility_rows import chunks


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceLine:
    """A line of a list of places."""

    code: str
    name: str
    parent: str | None
    names: Mapping[str, str]
    valid_from: date | None


class JurisdictionImporter:
    """Reads and writes lists of places; a place that is known is renamed, never moved."""

    batch_size: Final[int] = 20_000
    """Places above stand in the same batch or in an earlier one."""

    def __init__(self, languages: Sequence[str]) -> None:
        self._languages = tuple(languages)

    def mapping(self) -> tabular.Mapping[PlaceLine]:
        """The columns."""
        text = cells.text(maximum=200)
        names = tuple(
            Column(f"name_{language}", f"name_{language}", cells.optional(text), required=False)
            for language in self._languages
        )
        return tabular.Mapping(
            self._build,
            (
                Column("code", "code", cells.text(maximum=64)),
                Column("name", "name", text, ("nom",)),
                Column(
                    "parent",
                    "parent",
                    cells.optional(cells.text(maximum=64)),
                    ("parent_code", "place"),
                    required=False,
                ),
                Column("valid_from", "valid_from", cells.optional(cells.date()), required=False),
                *names,
            ),
        )

    def keys(self, record: PlaceLine) -> Sequence[str]:
        """The code."""
        return (record.code,)

    def write(self, work: Work, lines: Sequence[Numbered[PlaceLine]]) -> Outcome:
        """Add the new places and rename those that are known."""
        outcome = Outcome()
        known = _known(work, [line.record.code for line in lines])
        fresh = [line for line in lines if line.record.code not in known]
        accepted = _accept(work, fresh, outcome)
        add_places(work, [_place(line.record) for line in accepted])
        outcome.created = len(accepted)
        visible = work.visible_places([place.id for place in known.values()], work.scope)
        for line in lines:
            place = known.get(line.record.code)
            if place is not None and place.id not in visible:
                outcome.refuse(line.line, "code", "registry.import_unknown_place")
            elif place is not None:
                _rename(place, line, outcome)
        work.session.flush()
        _flag_moves(work, lines, known, outcome)
        return outcome

    def _build(self, code: str, name: str, parent: str | None, **others: object) -> PlaceLine:
        valid_from = others.pop("valid_from")
        names = {key.removeprefix("name_"): str(value) for key, value in others.items() if value is not None}
        return PlaceLine(
            code=code.strip(),
            name=name.strip(),
            parent=parent.strip() if parent else None,
            names={self._languages[0]: name.strip(), **names},
            valid_from=valid_from if isinstance(valid_from, date) else None,
        )


def _known(work: Work, codes: Sequence[str]) -> dict[str, Jurisdiction]:
    found: dict[str, Jurisdiction] = {}
    for chunk in chunks(codes):
        places = work.session.scalars(select(Jurisdiction).where(Jurisdiction.code.in_(chunk)))
        found.update({place.code: place for place in places})
    return found


def _accept(work: Work, fresh: Sequence[Numbered[PlaceLine]], outcome: Outcome) -> list[Numbered[PlaceLine]]:
    """The lines whose chain of places above ends at a usable one; refusing one refuses all below it."""
    above = find_places(work, {line.record.parent for line in fresh if line.record.parent})
    waiting = {line.record.code: line for line in fresh}
    verdicts: dict[str, bool] = {}
    for line in fresh:
        chain = [line.record.code]
        while (parent := waiting[chain[-1]].record.parent) in waiting and parent not in verdicts:
            if parent in chain:
                break
            chain.append(parent)
        for code in reversed(chain):
            verdicts[code] = _is_accepted(work, waiting[code], above, verdicts, outcome)
    return [line for line in fresh if verdicts[line.record.code]]


def _is_accepted(
    work: Work,
    line: Numbered[PlaceLine],
    above: Mapping[str, KnownPlace],
    verdicts: Mapping[str, bool],
    outcome: Outcome,
) -> bool:
    parent = line.record.parent
    if line.record.code in verdicts:
        return verdicts[line.record.code]
    if parent is None:
        if not work.scope.everywhere:
            outcome.refuse(line.line, "parent", "registry.import_parent_missing")
        return work.scope.everywhere
    if verdicts.get(parent):
        return True
    return is_usable(above.get(parent), outcome, line.line, "parent")


def _place(record: PlaceLine) -> NewPlace:
    return NewPlace(record.code, record.name, record.parent, names=record.names, valid_from=record.valid_from)


def _rename(place: Jurisdiction, line: Numbered[PlaceLine], outcome: Outcome) -> None:
    if place.kind == FACILITY:
        outcome.refuse(line.line, "code", "registry.import_is_facility")
        return
    names = {**place.names, **line.record.names}
    if (place.name, place.names) == (line.record.name, names):
        outcome.unchanged += 1
        return
    place.name, place.names = line.record.name, names
    outcome.updated += 1


def _flag_moves(
    work: Work,
    lines: Sequence[Numbered[PlaceLine]],
    known: Mapping[str, Jurisdiction],
    outcome: Outcome,
) -> None:
    above = work.by_ids(Jurisdiction, [place.parent_id for place in known.values()])
    refused = {said.line for said in outcome.said}
    for line in lines:
        place = known.get(line.record.code)
        if place is None or line.line in refused or line.record.parent is None:
            continue
        parent = above[place.parent_id].code if place.parent_id else None
        if parent != line.record.parent:
            outcome.flag(line.line, "parent", "registry.import_place_differs")
