"""Indexes that leave empty values out: the migrations make what the models say, and searches still use them."""

from sqlalchemy import inspect, text

from msingi.db import Model
from msingi.platform import installed_plugins
from msingi.testing import MakePlatform


def test_the_database_has_the_indexes_without_empty_values_of_the_models(make_platform: MakePlatform) -> None:
    platform = make_platform(*installed_plugins().values())
    tables = [table for table in Model.metadata.tables.values() if not table.name.startswith("garden")]
    wanted = {
        index.name
        for table in tables
        for index in table.indexes
        if index.dialect_options["sqlite"]["where"] is not None
    }

    with platform.database.read.connect() as connection:
        inspector, where = inspect(connection), f"{connection.dialect.name}_where"
        there = set(inspector.get_table_names())
        found = {
            index["name"]
            for table in tables
            if table.name in there
            for index in inspector.get_indexes(table.name)
            if where in index.get("dialect_options", {})
        }

    assert found == wanted
    assert {"ix_claims_line_policy_id", "ix_registry_person_mother_id"} <= wanted


def test_a_search_by_value_uses_such_an_index(make_platform: MakePlatform) -> None:
    platform = make_platform(*installed_plugins().values())
    search = "SELECT id FROM claims_line WHERE policy_id = :policy"
    given = {"policy": "0" * 32 if platform.database.is_sqlite else "00000000-0000-7000-8000-000000000000"}

    with platform.database.read.connect() as connection:
        if platform.database.is_sqlite:
            plan = connection.execute(text(f"EXPLAIN QUERY PLAN {search}"), given).all()
        else:
            connection.execute(text("SET enable_seqscan = off"))
            plan = connection.execute(text(f"EXPLAIN {search}"), given).all()

    assert "ix_claims_line_policy_id" in str(plan)
