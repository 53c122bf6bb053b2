"""Which importer reads which kind of list, and how the registry's engine is told."""

from dataclasses import replace
from typing import Any, Final

from msingi.money import exponent_of
from msingi.work import Work
from msingi_catalogue.imports.columns import diagnosis_columns, item_columns, price_columns, service_columns
from msingi_catalogue.imports.prices import PriceImporter
from msingi_catalogue.imports.registers import RegisterImporter
from msingi_catalogue.imports.strategy import ListKind, Strategy
from msingi_catalogue.services.registers import DIAGNOSES, ITEMS, SERVICES
from msingi_registry import ImportRun, ListImporter, Reading, fields_present


def importer_of(work: Work, run: ImportRun) -> ListImporter[Any]:
    """The importer of an uploaded list, with the strategy that was chosen for it."""
    strategy = Strategy(run.options.get("strategy", Strategy.UPSERT))
    exponent = exponent_of(work.platform.profile.currency)
    match ListKind(run.kind):
        case ListKind.PRICE_LIST:
            return PriceImporter(price_columns(exponent), strategy, dry_run=run.dry_run)
        case ListKind.ITEMS:
            register, columns = ITEMS, item_columns(exponent)
        case ListKind.SERVICES:
            register, columns = SERVICES, service_columns(exponent)
        case ListKind.DIAGNOSES:
            register, columns = DIAGNOSES, diagnosis_columns()
    present = fields_present(columns, run.columns, run.mapping or {})
    return RegisterImporter(register, columns, present, strategy, dry_run=run.dry_run)


READING: Final = Reading(
    job="catalogue.import_list",
    audited="catalogue.import",
    kinds=frozenset(ListKind),
    importer=importer_of,
)
"""How the catalogue reads its lists."""


def reading_with(strategy: Strategy) -> Reading:
    """The same with a strategy for one list."""
    return replace(READING, options={"strategy": strategy.value})
