"""A line to the server that carries nothing any more is given up; the address of the database has the last word."""

from collections.abc import Mapping

import pytest
from sqlalchemy.engine import make_url

from msingi.db import connect_database
from msingi.keyring import Keyring, generate_key


@pytest.mark.rule("F3")
@pytest.mark.parametrize(("query", "waited"), [({}, "10"), ({"connect_timeout": "3"}, "3")])
def test_a_lost_line_is_noticed(
    database_url: str, engine_name: str, query: Mapping[str, str], waited: str
) -> None:
    if engine_name == "sqlite":
        pytest.skip("a file has no line")
    url = make_url(database_url).update_query_dict(query).render_as_string(hide_password=False)
    database = connect_database(url, Keyring.from_text([generate_key()], generate_key()))

    with database.read.connect() as connection:
        driver = connection.connection.driver_connection
        assert driver is not None
        told = driver.info.get_parameters()
    database.dispose()

    assert told["connect_timeout"] == waited
    assert told["tcp_user_timeout"] == "60000"
    assert {told[f"keepalives_{name}"] for name in ("idle", "interval", "count")} == {"30", "10", "3"}
