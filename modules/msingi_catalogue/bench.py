"""Benchmark of look-ups: what pricing a batch of claims costs when the catalogue is in memory."""

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from random import Random
from time import process_time
from typing import Any, Final
from uuid import UUID

from sqlalchemy import event, select

from msingi.ids import new_id
from msingi.migrate import upgrade
from msingi.platform import Platform
from msingi.rbac.rules import NewPlace
from msingi.rbac.tree import add_places
from msingi.tabular import Mode
from msingi.trial import small_profile
from msingi_catalogue.imports.demonstration import load_demonstration
from msingi_catalogue.models import PriceListAssignment
from msingi_catalogue.plugin import plugin
from msingi_catalogue.services.lookup import open_catalogue
from msingi_catalogue.services.price_lists import assign_price_list
from msingi_registry import Facility, import_file

CLAIMS: Final = 1_000
LINES: Final = 5
_FIRST: Final = date(2026, 1, 1)
_Claim = tuple[UUID, date, list[str]]


@plugin.benchmark("catalogue_prices")
def catalogue_prices(*, quick: bool, database_url: str | None = None) -> dict[str, float]:
    """Statements for a batch of 1,000 claims at 20 facilities over 280 days, and microseconds for each of its lines.

    A line is looked up by its code at the claim's day and priced by the list of the claim's facility.
    """
    with _installation(database_url) as (platform, facilities):
        claims = _claims(facilities, CLAIMS // 10 if quick else CLAIMS)
        _price(platform, facilities, claims)
        sent: list[str] = []
        event.listen(platform.database.read, "before_cursor_execute", lambda *told: sent.append(told[2]))
        before = process_time()
        priced = _price(platform, facilities, claims)
        spent = process_time() - before
    if priced != len(claims) * LINES:
        raise AssertionError("a line has no price")
    selects = sum(statement.startswith("SELECT") for statement in sent)
    return {"statements": float(selects), "us_per_line": spent * 1e6 / priced}


def _price(platform: Platform, facilities: Sequence[UUID], claims: Sequence[_Claim]) -> int:
    with platform.work(writes=False) as work:
        catalogue = open_catalogue(work, facilities)
        priced = 0
        for facility, day, codes in claims:
            table = catalogue.prices(facility, day)
            found = (catalogue.items.by_code(code, day) for code in codes)
            priced += sum(item is not None and table.price_of(item) is not None for item in found)
    return priced


def _claims(facilities: Sequence[UUID], amount: int) -> list[_Claim]:
    random = Random(amount)  # noqa: S311 - sample data
    codes = ["PARA01", "IBUP01", "AMOX02", "ARTE01", "XMAL01", "XEXA01", "ZINC01", "METR02"]
    return [
        (random.choice(facilities), _FIRST + timedelta(random.randrange(280)), random.sample(codes, LINES))
        for _ in range(amount)
    ]


@contextmanager
def _installation(database_url: str | None) -> Iterator[tuple[Platform, list[UUID]]]:
    with tempfile.TemporaryDirectory() as folder:
        url = database_url or f"sqlite:///{Path(folder) / 'bench.db'}"
        settings: dict[str, Any] = {"jobs": {"backend": "embedded"}, "modules": ["registry", "catalogue"]}
        platform = Platform(small_profile(database={"url": url}, **settings))
        upgrade(platform)
        yield platform, _facilities(platform, new_id().hex[-12:])
        platform.close()


def _facilities(platform: Platform, place: str) -> list[UUID]:
    with platform.work() as work:
        root = add_places(work, [NewPlace(place, "Bench")])[place]
        price_list = load_demonstration(work).price_list_id
        assigned = select(PriceListAssignment.id).where(PriceListAssignment.jurisdiction_id == root)
        if price_list is not None and work.session.scalar(assigned) is None:
            assign_price_list(work, price_list, root, valid_from=_FIRST)
    lines = "".join(f"{place} {number},{place},Hospital\n" for number in range(20))
    content = f"name,place,type\n{lines}".encode()
    import_file(platform, "facilities", content, mode=Mode.ALL_OR_NOTHING, dry_run=False, mapping={})
    with platform.work(writes=False) as work:
        return list(work.session.scalars(select(Facility.id).where(Facility.name.startswith(place))))
