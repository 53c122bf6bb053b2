"""Which importer reads which kind of list, with the caller's names of columns."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from msingi import tabular
from msingi.tabular import Column, fold_header
from msingi.work import Work
from msingi_registry.imports.facilities import COLUMNS, FacilityImporter
from msingi_registry.imports.jurisdictions import JurisdictionImporter
from msingi_registry.imports.outcome import ListImporter, Reading
from msingi_registry.models.imports import ImportKind, ImportRun


def importer_for(work: Work, run: ImportRun) -> ListImporter[Any]:
    """The importer of an uploaded list of the registry's own kinds."""
    match ImportKind(run.kind):
        case ImportKind.JURISDICTIONS:
            return JurisdictionImporter(work.platform.profile.languages)
        case ImportKind.FACILITIES:
            return FacilityImporter(fields_present(COLUMNS, run.columns, run.mapping or {}))
        case ImportKind.PERSONS:
            from msingi_registry.imports.persons import PersonImporter

            return PersonImporter(today=work.today(), region=work.platform.profile.country.iso2)


def renamed(columns: tabular.Mapping[Any], mapping: Mapping[str, str]) -> tabular.Mapping[Any]:
    """The columns under the names that the caller gave them; with a mapping, other columns are left aside."""
    names = {field: column for column, field in mapping.items()}
    chosen = tuple(
        replace(column, name=names[column.name], aliases=()) if column.name in names else column
        for column in columns.columns
    )
    return replace(columns, columns=chosen, ignore_unknown=bool(mapping))


def fields_present(
    columns: Sequence[Column], header: Sequence[str], mapping: Mapping[str, str]
) -> frozenset[str]:
    """The fields of which a file has a column, under its own name, an alias or a name that the caller gave."""
    known = {fold_header(name): column.field for column in columns for name in (column.name, *column.aliases)}
    fields = {column.name: column.field for column in columns}
    given = {fold_header(column): fields[field] for column, field in mapping.items()}
    folded = map(fold_header, header)
    return frozenset(field for name in folded if (field := given.get(name) or known.get(name)) is not None)


OWN_READING: Final = Reading(
    job="registry.import_list", audited="registry.import", kinds=frozenset(ImportKind), importer=importer_for
)
"""How the registry reads its own lists."""
