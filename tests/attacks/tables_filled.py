"""Rows for any table, made from its columns: two regions whose records point at each other, so that leaks show."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import (
    JSON,
    Boolean,
    CheckConstraint,
    Column,
    Connection,
    Date,
    Enum,
    Integer,
    LargeBinary,
    Numeric,
    Table,
    UniqueConstraint,
    Uuid,
    insert,
    update,
)

from msingi.db import Model
from msingi.ids import new_id
from msingi.platform import Platform, models_of
from msingi.plugin import Plugin
from msingi.rbac.rules import NewPlace
from msingi.rbac.tree import add_places
from msingi.types import Scaled, UtcDateTime

MARKS = {"north": "zqn", "south": "zqs", "common": "zqc"}
"""The beginning of every text in the rows of a region; nothing else in a platform holds these letters."""
CROSSING = "_crossing"
"""A row of this kind lies in its region and points at records of the other one wherever it can."""
_SPECIAL = {
    "rbac_jurisdiction",
    "rbac_closure",
    "rbac_past_parent",
    "rbac_policy_version",
    "core_installation",
    "audit_block",
    "audit_leaf",
}
"""Tables that the platform keeps consistent by itself."""
_STEP = ["ceiling", "200", "100", "100", "0", None, 0]
_LINE = ["item", "IT1", "passed", 0, None, None, None, None, False, "1", "1", []]
_DECISION = {"format": 1, "lines": [[*_LINE, *["100"] * 8, [_STEP]]]}
_MEANT: Mapping[str, Any] = {
    "claims_decision.document": json.dumps(_DECISION).encode(),
    "insurance_field_upload.outcomes": [{"family": 1, "code": 1, "reason": "#", "family_id": None}],
    "insurance_payment.state": "UNMATCHED",
    "insurance_renewal.renewed_policy_id": None,
    "insurance_renewal.response": None,
    "insurance_statement.lines": [
        {"kind": "extra", "transaction": "#", "amount": "1 XAF", "day": "2026-03-01", "number": "#"}
    ],
    "registry_facility.latitude": Decimal("1.5"),
    "registry_facility.longitude": Decimal("1.5"),
    "registry_facility.opening_hours": [[0, "08:00", "17:00"]],
    "registry_facility.status": "OPERATIONAL",
    "registry_practitioner.qualifications": [{"code": "#", "issuer": "#", "awarded_on": "2010-07-01"}],
    "registry_quality_finding.kind": "missing_coordinates",
    "registry_quality_finding.params": {"word": "#"},
}
"""Columns in which the platform looks for words or documents of its own; ``#`` stands for the mark of the region."""
NEXT = "_next"
"""A facility of this kind took over from the one of its region, and has nothing else."""
_EMPTY = re.compile(r"\(\w+ (?:IS NULL\) <> \((?=\w+ IS NULL)|= -1\) = \((?=\w+ IS NOT NULL))(\w+)")
_ONE_SIDE = re.compile(r"^\(\w+ > 0 AND (\w+) = 0\) OR ")
_NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


@dataclass(frozen=True)
class World:
    """A platform with records of every table in two regions, and some that belong to no region."""

    platform: Platform
    places: Mapping[str, UUID]
    rows: dict[tuple[str, str], dict[str, Any]] = field(default_factory=dict)

    def id_of(self, model: type[Model], label: str) -> UUID:
        """The id of the row of this model with this label."""
        return UUID(str(self.rows[model.__tablename__, label]["id"]))

    def ids(self, region: str) -> set[str]:
        """The ids of every record of a region."""
        return {
            str(row["id"])
            for (_, label), row in self.rows.items()
            if "id" in row and label.startswith(region)
        }

    def regional(self) -> list[type[Model]]:
        """Every model whose records belong to a region and have an id."""
        return [model for model in self.models() if (model.__tablename__, "south") in self.rows]

    def models(self) -> list[type[Model]]:
        """Every model that was filled and has an id of its own."""
        filled = {table for table, _ in self.rows}
        return [model for model in _models(self.platform) if model.__tablename__ in filled and _has_id(model)]


def settle(platform: Platform) -> World:
    """Two regions of three leaves each, still without records."""
    regions = [("north", "CM"), ("south", "CM")]
    leaves = [(f"{region}{kind}_leaf", region) for region, _ in regions for kind in ("", CROSSING, NEXT)]
    with platform.work() as work:
        wanted = [NewPlace(code="CM", name="Cameroun")]
        wanted += [NewPlace(code=code, name=code, parent=parent) for code, parent in (*regions, *leaves)]
        return World(platform, add_places(work, wanted))


def fill(world: World, *regions: str) -> None:
    """Write the records of these regions into every table, those without a region first."""
    labels = ["common", *(f"{region}{kind}" for kind in ("", CROSSING) for region in regions)]
    with world.platform.database.write.begin() as connection:
        for label in labels:
            for table in _tables(world.platform):
                belongs = _is_regional(table)
                if belongs == (label == "common") or (table.name, label) in world.rows:
                    continue
                row = _Writer(world, table, label).row()
                connection.execute(insert(table), row)
                world.rows[table.name, label] = row
        for region in regions:
            _lead_on(world, connection, region)


def _lead_on(world: World, connection: Connection, region: str) -> None:
    """Point at what is written later than the row that points: a successor, the version of a product on sale."""
    tables = Model.metadata.tables
    facility = tables["registry_facility"]
    if (facility.name, region) in world.rows:
        follower = _Writer(world, facility, region + NEXT).row()
        connection.execute(insert(facility), follower)
        world.rows[facility.name, region + NEXT] = follower
        _point(world, connection, facility, region, {"replaced_by_id": follower["id"]})
    version = world.rows.get(("insurance_product_version", region))
    if version is not None:
        target = {"current_version_id": version["id"]}
        _point(world, connection, tables["insurance_product"], region, target)


def _point(world: World, connection: Connection, table: Table, label: str, target: Mapping[str, Any]) -> None:
    row = world.rows[table.name, label]
    connection.execute(update(table).where(table.c.id == row["id"]).values(**target))
    row.update(target)


@dataclass(frozen=True)
class _Writer:
    world: World
    table: Table
    label: str

    @property
    def region(self) -> str:
        """The region in which the row lies."""
        return self.label.removesuffix(CROSSING).removesuffix(NEXT)

    def row(self) -> dict[str, Any]:
        fixed: dict[str, Any] = dict.fromkeys(_columns_in_checks(self.table, _EMPTY))
        fixed |= dict.fromkeys(_columns_in_checks(self.table, _ONE_SIDE), 0)
        return {
            column.name: fixed[column.name] if column.name in fixed else self._value(column)
            for column in self.table.columns
        }

    def _value(self, column: Column[Any]) -> Any:
        if column.name == "jurisdiction_id":
            return self.world.places[f"{self.label}_leaf"]
        if str(column) in _MEANT:
            return _told(_MEANT[str(column)], column, MARKS[self.region])
        if column.foreign_keys:
            return self._target(column)
        if column.name == "valid_to" and column.nullable:
            return None  # a row that has ended is left out of lists, and would prove nothing there
        if column.name == "currency" or column.name.endswith("_currency"):
            return "XAF"
        return next(value for kind, value in self._by_type(column) if _is(column, kind))

    def _target(self, column: Column[Any]) -> Any:
        (key,) = column.foreign_keys
        if key.column.table is self.table and column.nullable and _has_unique_index(column):
            return None  # a row is taken back once at most
        name = key.column.table.name
        if name == "rbac_jurisdiction":
            return self.world.places.get(f"{self.label}_leaf", self.world.places["CM"])
        region = self.region
        crosses = self.label.endswith(CROSSING) and "jurisdiction_id" in self.table.columns
        crosses = crosses and not _is_alone(column)
        first = {"north": "south", "south": "north"}[region] if crosses else self.label
        for label in (first, region, "common"):
            if (name, label) in self.world.rows:
                return self.world.rows[name, label]["id"]
        return None

    def _by_type(self, column: Column[Any]) -> Iterator[tuple[Any, Any]]:
        number = len(self.world.rows)
        region = self.region
        yield Uuid, new_id()
        yield Enum, next(iter(getattr(column.type, "enum_class", None) or [None]))
        yield Boolean, False
        yield Scaled, Decimal(1)
        yield Integer, 1 + (self._written() if _is_unique(column) else 0)
        yield Numeric, Decimal("1.5")
        yield UtcDateTime, _NOON + timedelta(seconds=number)
        yield Date, date(2020, 1, 1) + timedelta(days=number)
        yield JSON, None if column.nullable else self._document(column)
        yield LargeBinary, MARKS[region].encode()
        length = getattr(getattr(column.type, "impl", column.type), "length", None) or 100
        text = f"{MARKS[region]}{number}" if length > 5 else f"{number:x}"
        yield object, text[:length]

    def _written(self) -> int:
        """Rows of this table so far."""
        return sum(1 for name, _ in self.world.rows if name == self.table.name)

    def _document(self, column: Column[Any]) -> Any:
        hint = str(_model_of(self.table).__annotations__.get(column.name, ""))
        return [] if "list[" in hint else {}


def _told(meant: Any, column: Column[Any], mark: str) -> Any:
    kinds = getattr(column.type, "enum_class", None)
    if kinds is not None and meant is not None:
        return kinds[meant]
    return json.loads(json.dumps(meant).replace("#", mark)) if isinstance(meant, (list, dict)) else meant


def _columns_in_checks(table: Table, form: re.Pattern[str]) -> Iterator[str]:
    """Columns that stay empty, or zero, because a check of this form ties them to another one."""
    for constraint in table.constraints:
        if isinstance(constraint, CheckConstraint):
            yield from form.findall(str(constraint.sqltext))


def _is_alone(column: Column[Any]) -> bool:
    """Whether what a row points at must be unique, so that rows of each kind point at the same kind."""
    keys = [list(one.columns) for one in column.table.constraints if isinstance(one, UniqueConstraint)]
    keys += [list(one.columns) for one in column.table.indexes if one.unique]
    mine = [key for key in keys if column.name in {one.name for one in key}]
    return any(all(one.foreign_keys and one.name != "jurisdiction_id" for one in key) for key in mine)


def _has_unique_index(column: Column[Any]) -> bool:
    return any(index.unique and column.name in index.columns for index in column.table.indexes)


def _is_unique(column: Column[Any]) -> bool:
    """Whether two rows may not hold the same value, alone or together with other columns."""
    keys = (one for one in column.table.constraints if isinstance(one, UniqueConstraint))
    return any(column.name in key.columns for key in keys)


def _is(column: Column[Any], kind: Any) -> bool:
    from msingi.types import SealedText

    if isinstance(column.type, SealedText):
        return kind is object
    return (
        kind is object
        or isinstance(column.type, kind)
        or isinstance(getattr(column.type, "impl", None), kind)
    )


def _models(platform: Platform) -> Sequence[type[Model]]:
    return _models_of(tuple(platform.plugins))


@cache
def _models_of(plugins: tuple[Plugin[Any], ...]) -> Sequence[type[Model]]:
    return [model for plugin in plugins for model in models_of(plugin)]


@cache
def _model_of(table: Table) -> type[Model]:
    return next(mapper.class_ for mapper in Model.registry.mappers if mapper.local_table is table)


def _tables(platform: Platform) -> list[Table]:
    mine = {model.__tablename__ for model in _models(platform)} - _SPECIAL
    return [table for table in Model.metadata.sorted_tables if table.name in mine]


def _has_id(model: type[Model]) -> bool:
    return "id" in model.__table__.columns


def _is_regional(table: Table) -> bool:
    if "jurisdiction_id" in table.columns:
        return True
    targets = {key.column.table for key in table.foreign_keys} - {table}
    return any(_is_regional(target) for target in targets)
