"""The address of a database is read strictly, and no refusal repeats a part of it: it may hold a password."""

from contextlib import closing

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.engine import make_url
from sqlalchemy.exc import OperationalError
from tests.core.cli_fixtures import installed

from msingi.address import is_file_uri, read_address
from msingi.cli.platforms import platform_for
from msingi.errors import ConfigurationError
from msingi.kernel.readiness import refuse_unreachable, refuse_unready
from msingi.unreachable import told_reason

__all__ = ["installed"]
SECRET = "hunter2"
MISREAD = [
    f"sqlite:///postgresql://u:{SECRET}@h/db",
    f"sqlite://u:{SECRET}@h/db",
    f"sqlite:///country.db?timeout={SECRET}",
    f"postgresql://u:p@{SECRET}@localhost:1/db",
    f"postgresql://u:%{SECRET}@[::1/db",
    f"postgresql://u:{SECRET}@localhost:port/db",
    f"u:{SECRET}@h/db",
]
UNREACHABLE = [
    f"postgresql://u:a:{SECRET}@localhost:1/db",
    f"postgresql://{SECRET}@localhost:1/db",
    f"postgresql://u:a/{SECRET}@localhost:1/db",
    f"postgresql://localhost:1/db?password={SECRET}&bad=1",
    f"postgresql://localhost:1/db?password={SECRET}&sslmode=zz",
    f"postgresql://u:p@{SECRET}.invalid/db",
]


@pytest.mark.parametrize("url", MISREAD)
def test_an_address_that_is_misread_is_refused_without_a_word_of_it(url: str) -> None:
    with pytest.raises(ConfigurationError, match="not the address of a database") as refused:
        read_address(url)

    assert SECRET not in str(refused.value)
    assert refused.value.__cause__ is None


@pytest.mark.usefixtures("installed")
@pytest.mark.parametrize("url", [*MISREAD, *UNREACHABLE])
def test_no_refusal_of_a_command_repeats_a_part_of_the_address(url: str) -> None:
    with pytest.raises(ConfigurationError) as refused, closing(platform_for("cameroon", url)) as platform:
        refuse_unready(platform)

    assert SECRET not in str(refused.value)


@pytest.mark.usefixtures("installed")
@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"database": "nosuch"}, "there is no such database on the server"),
        ({"username": "nosuch"}, "the server refuses this user or password"),
        ({"query": {"host": "/nosuch"}}, "nobody listens at this address and port"),
        ({"host": "127.0.0.1", "port": 1, "query": {}}, "nobody listens at this address and port"),
        ({"host": "nosuch.invalid", "query": {}}, "no computer of this name is known"),
        ({"query": {"host": "/nosuch", "bad": "1"}}, "the address holds an option that is not known"),
    ],
)
def test_the_kind_of_failure_is_told(
    database_url: str, engine_name: str, change: dict[str, object], reason: str
) -> None:
    if engine_name == "sqlite":
        pytest.skip("a file has no server")
    url = make_url(database_url).set(**change).render_as_string(hide_password=False)  # type: ignore[arg-type]

    with pytest.raises(ConfigurationError) as refused, closing(platform_for("cameroon", url)) as platform:
        refuse_unreachable(platform)

    assert str(refused.value).endswith(f"file rights: {reason}.")


class Said(Exception):
    """What a driver raises when a connect fails: words alone."""


@given(st.sampled_from(["failed to resolve host", "invalid connection option", "SSL"]) | st.text())
def test_what_a_driver_says_is_never_part_of_the_reason(words: str) -> None:
    reason = told_reason(OperationalError(None, None, Said(f"{words} {SECRET}")))

    assert SECRET not in str(reason)


def test_only_a_name_that_sqlite_reads_itself_is_a_file_uri() -> None:
    told = {
        url: is_file_uri(read_address(url))
        for url in (
            "sqlite:///file:a.db?uri=true",
            "sqlite:///a.db",
            "sqlite:////a.db",
            "postgresql://h/file:a",
        )
    }

    assert list(told.values()) == [True, False, False, False]
