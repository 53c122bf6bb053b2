"""Builds the tree of places of a country from its shipped files (FR-2, FR-5)."""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Final

from anyascii import anyascii

from msingi.tabular import Row, fold_header
from msingi_registry.country.description import (
    OPERATIONAL,
    CountryDescription,
    PlaceFile,
    describe_country,
)
from msingi_registry.country.shipped_files import read_rows

_NOT_IN_CODE: Final = re.compile("[^A-Z0-9]+")


@dataclass(frozen=True, slots=True)
class Place:
    """A country, region, district or smaller unit; ``name`` is the first of ``names`` (by language).

    ``level`` counts from 0, the country; ``level_code`` is its code in the country's profile. ``source`` names the file it was read from.
    """

    code: str
    name: str
    names: Mapping[str, str]
    level: int
    level_code: str
    parent_code: str | None
    source: str
    tree: str = OPERATIONAL
    valid_from: date | None = None


class PlaceNoteKind(StrEnum):
    """What is odd about a line of a place file."""

    REPEATED = "repeated_place"
    RENAMED = "renamed_place"
    ORPHAN = "orphan_place"


@dataclass(frozen=True, slots=True)
class PlaceNote:
    """An oddity of a place file; the place as first published stands."""

    kind: PlaceNoteKind
    file: str
    line: int
    code: str


@dataclass(frozen=True, slots=True)
class PlaceTree:
    """The places of a country, parents before children, and what was odd while reading them."""

    places: tuple[Place, ...]
    notes: tuple[PlaceNote, ...]
    first_level: Mapping[str, str]
    """The code of a first-level place of the operational tree by any of its published names, folded."""

    def find_first_level(self, name: str) -> str | None:
        """The code of the first-level place that a facility file names, if it is known."""
        return self.first_level.get(fold_header(name))


def read_places(
    iso3: str, *, trees: Collection[str] = (OPERATIONAL,), with_on_demand: bool = False
) -> tuple[Place, ...]:
    """The places of the chosen trees, parents first; large files only ``with_on_demand``."""
    return read_place_tree(iso3, trees=trees, with_on_demand=with_on_demand).places


def read_place_tree(
    iso3: str, *, trees: Collection[str] = (OPERATIONAL,), with_on_demand: bool = False
) -> PlaceTree:
    """The places of the chosen trees with the notes about their files; raises ``FileNotFoundError``."""
    country = describe_country(iso3)
    growing = _Growing(country)
    for file in country.places:
        if file.tree in trees and (with_on_demand or not file.on_demand):
            growing.add(file)
    first_level = {
        key: code
        for (tree, level, (key, *rest)), code in growing.index.items()
        if (tree, level) == (OPERATIONAL, 1)
    }
    return PlaceTree(tuple(growing.places.values()), tuple(growing.notes), first_level)


_Key = tuple[str, int, tuple[str, ...]]


@dataclass
class _Growing:
    """A tree while it is read: places by code, and codes by the columns that name them."""

    country: CountryDescription
    places: dict[str, Place] = field(default_factory=dict)
    notes: list[PlaceNote] = field(default_factory=list)
    index: dict[_Key, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        root = self.country
        name = next(iter(root.names.values()))
        top = root.levels[0].code
        self.places[root.code] = Place(root.code, name, root.names, 0, top, None, "country.toml")

    def add(self, file: PlaceFile) -> None:
        for row in read_rows(self.country.iso3.lower(), file.file):
            parent = self._parent(file, row)
            if parent is None:
                self.notes.append(
                    PlaceNote(PlaceNoteKind.ORPHAN, file.file, row.line, row.values[file.key or file.code])
                )
                continue
            code = row.values[file.code] if file.code else f"{parent}-{_code_part(row.values[file.key])}"
            self._add_place(file, row, code, parent)

    def _parent(self, file: PlaceFile, row: Row) -> str | None:
        if not file.parent:
            return self.country.code
        return self.index.get(
            (file.tree, file.level - 1, tuple(fold_header(row.values[name]) for name in file.parent))
        )

    def _add_place(self, file: PlaceFile, row: Row, code: str, parent: str) -> None:
        names = {language: row.values[column] for language, column in file.names.items()}
        known = self.places.get(code)
        if known is None:
            self.places[code] = Place(
                code=code,
                name=next(iter(names.values())),
                names=names,
                level=file.level,
                level_code=self.country.levels[file.level].code,
                parent_code=parent,
                source=file.file,
                tree=file.tree,
                valid_from=file.valid_from,
            )
            self.index.update((key, code) for key in _keys(file, row))
        elif known.names != names:
            self.notes.append(PlaceNote(PlaceNoteKind.RENAMED, file.file, row.line, code))
        elif not file.flattened:
            self.notes.append(PlaceNote(PlaceNoteKind.REPEATED, file.file, row.line, code))


def _keys(file: PlaceFile, row: Row) -> Iterator[_Key]:
    for column in (file.code, *file.aliases):
        if column and row.values[column]:
            yield file.tree, file.level, (fold_header(row.values[column]),)
    if file.key:
        own = tuple(fold_header(row.values[column]) for column in (*file.parent, file.key))
        yield file.tree, file.level, own


def _code_part(text: str) -> str:
    return _NOT_IN_CODE.sub("-", anyascii(text).upper()).strip("-")
