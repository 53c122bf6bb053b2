"""Hostile values through a real door: scripts of the world, patterns, and what lies in the raw database."""

from pathlib import Path
from typing import Any
from uuid import UUID

import garden
import pytest
from sqlalchemy import inspect, text

from msingi.actor import Actor
from msingi.auth.plugin import MANAGE_USERS, READ_USERS
from msingi.platform import Platform
from msingi.rbac.rules import NewPlace
from msingi.rbac.tree import add_places
from msingi.testing import AsUser, MakePlatform

PLANT = "mutation($input: TreeInput!) { plantTree(input: $input) { label } }"
FIND = "query($w: TreesFilter) { trees(where: $w) { nodes { label } } }"
CREATE = "mutation($user: NewUser!) { createUser(user: $user) { user { id } oneTimePassword } }"
PATTERNS = [
    "(a+)+$",
    "%" * 5000,
    "_" * 5000,
    "\\" * 5000,
    "[" * 5000,
    "*" * 5000,
    "a'" * 2500,
    "%_\\" * 3000,
    ".*" * 5000,
]


@pytest.fixture
def platform(make_platform: MakePlatform) -> Platform:
    return make_platform(garden.plugin)


@pytest.fixture
def place(platform: Platform) -> UUID:
    with platform.work() as work:
        return add_places(work, [NewPlace(code="CM", name="Cameroun")])["CM"]


@pytest.fixture
def gardener(as_user: AsUser, place: UUID) -> Actor:
    return as_user(garden.READ, garden.PLANT, READ_USERS, MANAGE_USERS, at=place, national=True)


def _plant(platform: Platform, actor: Actor, place: UUID, **fields: Any) -> dict[str, Any]:
    wish = {"label": "baobab", "kind": "MANGO", "jurisdictionId": str(place), **fields}
    return platform.graphql.run(PLANT, {"input": wish}, actor=actor)


def _found(platform: Platform, actor: Actor, start: str) -> list[str]:
    answer = platform.graphql.run(FIND, {"w": {"label": {"startsWith": start}}}, actor=actor)
    return sorted(node["label"] for node in answer["data"]["trees"]["nodes"])


@pytest.mark.rule("attack 60")
@pytest.mark.parametrize(
    ("typed", "found"), [("IZMIR", ["izmir"]), ("izmir", ["izmir"]), ("\u0131zmir", ["\u0131zmir"])]
)
def test_dotted_and_dotless_i_are_two_letters_whatever_the_locale(
    platform: Platform, gardener: Actor, place: UUID, typed: str, found: list[str]
) -> None:
    for label in ("izmir", "\u0131zmir"):
        _plant(platform, gardener, place, label=label)

    assert _found(platform, gardener, typed) == found


@pytest.mark.rule("attack 60", "attack 56")
@pytest.mark.parametrize(
    "day",
    [
        "\u0662\u0660\u0662\u0666-\u0660\u0663-\u0660\u0661",
        "2026-03-0\uff11",
        "01/03/2026",
        "1,5",
        "2026-3-1",
    ],
)
def test_a_date_is_written_in_one_way_only(
    platform: Platform, gardener: Actor, place: UUID, day: str
) -> None:
    answer = _plant(platform, gardener, place, planted=day)

    assert answer["errors"][0]["extensions"]["code"] == "date.invalid"
    assert day not in str(answer)


@pytest.mark.rule("attack 61")
def test_a_filter_takes_text_and_never_a_pattern(platform: Platform, gardener: Actor, place: UUID) -> None:
    labels = ["a" * 40, "100%", *(pattern[:20] for pattern in PATTERNS)]
    for label in labels:
        _plant(platform, gardener, place, label=label)

    for pattern in PATTERNS:
        assert _found(platform, gardener, pattern) == ([pattern] if len(pattern) <= 20 else [])
        assert _found(platform, gardener, pattern[:20]) == [pattern[:20]]


@pytest.mark.rule("attack 99", "attack 95")
def test_personal_values_are_nowhere_in_the_raw_database(
    platform: Platform, gardener: Actor, place: UUID, tmp_path: Path
) -> None:
    secrets = ["+237677112233", "677112233", "awa.ngo@example.cm"]
    wish = {
        "username": "awa",
        "displayName": "Awa",
        "jurisdictionId": str(place),
        "phone": secrets[0],
        "email": secrets[2],
    }

    created = platform.graphql.run(CREATE, {"user": wish}, actor=gardener, idempotency_key="k1")
    password = created["data"]["createUser"]["oneTimePassword"]
    platform.jobs.run_pending()

    raw = _dump(platform).lower() + b"".join(path.read_bytes() for path in tmp_path.glob("test.db*")).lower()
    assert b"awa" in raw
    for secret in (*secrets, password):
        for written in (secret.lower().encode(), secret.encode().hex().encode()):
            assert written not in raw


def _dump(platform: Platform) -> bytes:
    """Every table as plain text, as a dump or an export of the log would hold it."""
    lines: list[str] = []
    with platform.database.read.connect() as connection:
        for table in inspect(connection).get_table_names():
            for row in connection.execute(text(f'SELECT * FROM "{table}"')):
                lines += [
                    value.hex() if isinstance(value, bytes | memoryview) else str(value) for value in row
                ]
    return "\n".join(lines).encode()
