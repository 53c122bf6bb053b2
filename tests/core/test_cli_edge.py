"""The edge of the command line: a database that is not ready is told plainly, and nothing is made."""

import json
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
import structlog
from sqlalchemy import create_engine, inspect
from tests.core.cli_fixtures import FILE, call, installed, told
from typer.main import get_command

from msingi.cli.edge import assembled
from msingi.cli.entry import COMMANDS, app
from msingi.cli.platforms import platform_for
from msingi.cli.serving import address_of, bind
from msingi.errors import ConfigurationError
from msingi.kernel.installation import is_demonstration, wipe

__all__ = ["installed"]
pytestmark = pytest.mark.usefixtures("installed")
ROOT = Path(__file__).parents[2]
PLUGINS = ("load", "catalogue", "insurance", "ledger", "claims")
WITHOUT_DATABASE = {"migrate", "demo", "check", "modules", "settings show", "bench"}
"""Commands that make a database, ask for its state themselves, or never look into it."""
NEEDING = {
    "serve": ["--port", "0"],
    "worker": [],
    "uninstall": ["claims", "--yes"],
    "audit verify": [],
    "audit search": [],
    "audit seal": [],
    "audit export": ["trail.ndjson"],
    "user create": ["amina", "--name", "A", "--place", "CM"],
    "user reset": ["amina"],
    "user unlock": ["amina"],
    "user grant": ["amina", "auditor", "--place", "CM"],
    "load country": ["CMR"],
    "load jurisdictions": [FILE],
    "load facilities": [FILE],
    "load persons": [FILE],
    "load synthetic-persons": ["1"],
    "catalogue load": [FILE, "--kind", "items"],
    "catalogue export": ["--kind", "items"],
    "insurance import enrolment": [FILE],
    "insurance import renewals": [FILE],
    "insurance export master-data": ["--officer", "E1"],
    "insurance product load": [FILE],
    "insurance product apply": [],
    "insurance product export": ["CSU"],
    "ledger verify": [],
    "ledger adopt": [],
    "ledger checks": [],
    "ledger balance": [],
    "ledger export": ["journal.csv"],
    "claims batch run": ["--place", "CM", "--year", "2026", "--month", "1"],
    "claims payments list": [],
    "claims payments file": ["P1", "--to", "payment.xml"],
    "claims payments answers": ["P1", FILE],
}


def _commands(path: str, command: Any) -> Iterator[tuple[str, Any]]:
    if not hasattr(command, "commands"):
        yield path, command
        return
    for name, inner in command.commands.items():
        yield from _commands(f"{path} {name}", inner)


def test_what_is_logged_while_a_command_runs_stands_beside_its_answer(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with assembled("tanzania", "sqlite:///here.db"):
        structlog.get_logger().info("nothing to see")
        structlog.get_logger().warning("jobs.failed", name="registry.load")

    told = capsys.readouterr()
    assert told.out == ""
    assert json.loads(told.err)["event"] == "jobs.failed"


def test_every_command_with_a_database_is_tried_without_one() -> None:
    group: Any = get_command(app)
    found = [
        call for name in (*COMMANDS, *PLUGINS) for call in _commands(name, group.get_command(None, name))
    ]
    with_database = {path for path, command in found if any(one.name == "database" for one in command.params)}

    assert with_database == {*NEEDING, *WITHOUT_DATABASE}


@pytest.mark.parametrize("command", NEEDING)
def test_a_missing_database_is_told_and_not_made(command: str, installed: Path) -> None:
    missing = call(command, *NEEDING[command], "--profile", "cameroon", "--database", "sqlite:///typo.db")

    assert told(missing) == (
        2,
        (
            "msingi: database.url : il n'y a pas de base de données typo.db. Vérifiez le chemin, ou créez-la avec "
            "`msingi migrate`.\n"
        ),
    )
    assert [path.name for path in installed.iterdir()] == [FILE]


@pytest.mark.parametrize("options", [["--status"], ["--dry-run"]])
def test_asking_what_a_migration_would_do_makes_no_database(options: list[str], installed: Path) -> None:
    asked = call("migrate", *options, "--profile", "cameroon", "--database", "sqlite:///typo.db")

    assert told(asked)[0] == 2
    assert "typo.db" in asked.stderr
    assert [path.name for path in installed.iterdir()] == [FILE]


def test_check_names_a_missing_database_among_its_problems(installed: Path) -> None:
    checked = call("check", "--json", "--profile", "cameroon", "--database", "sqlite:///typo.db")

    assert checked.exit_code == 1
    assert [problem[:55] for problem in json.loads(checked.stdout)["problems"]] == [
        "database.url : il n'y a pas de base de données typo.db."
    ]
    assert [path.name for path in installed.iterdir()] == [FILE]


def test_a_database_without_tables_or_behind_asks_for_the_migration(database_url: str) -> None:
    options = ["--profile", "cameroon", "--database", database_url]
    if database_url.startswith("sqlite"):
        Path(database_url.removeprefix("sqlite:///")).touch()

    empty = told(call("ledger balance", *options))
    checked = told(call("check", *options))
    migrated = told(call("migrate", *options))
    ready = told(call("ledger balance", *options))
    engine = create_engine(database_url.replace("postgresql://", "postgresql+psycopg://"))
    with engine.begin() as connection:
        connection.exec_driver_sql("DROP TABLE alembic_version_claims")
    behind = told(call("audit verify", *options))
    engine.dispose()

    assert empty == (
        2,
        "msingi: database.url : cette base de données est vide. Créez ses tables avec `msingi migrate`.\n",
    )
    assert (checked[0], migrated, ready) == (1, (0, ""), (0, ""))
    assert behind == (
        2,
        "msingi: La base de données est en retard sur cette version (claims) : lancez `msingi migrate`.\n",
    )


def test_a_setup_that_broke_off_is_completed_before_anybody_works_on_it(database_url: str) -> None:
    options = ["--profile", "cameroon", "--database", database_url]
    call("migrate", *options)
    engine = create_engine(database_url.replace("postgresql://", "postgresql+psycopg://"))
    with engine.begin() as connection:
        connection.exec_driver_sql("DELETE FROM core_installation")
    engine.dispose()

    stopped = [told(call(command, *options)) for command in ("serve --port 0", "worker")]
    checked = json.loads(call("check", "--json", *options).stdout)["problems"]
    completed = told(call("migrate", *options))
    ready = call("check", *options).exit_code

    sentence = (
        "database.url : l'installation de cette base de données n'a pas été achevée. "
        "Achevez-la avec `msingi migrate`."
    )
    assert stopped == [(2, f"msingi: {sentence}\n")] * 2
    assert checked == [sentence]
    assert (completed, ready) == ((0, ""), 0)


@pytest.mark.parametrize(
    "command", ["migrate", "check", "ledger verify", "audit verify", "worker", "serve --port 0"]
)
@pytest.mark.parametrize(
    "url",
    [
        "not an address",
        "mysql://root@localhost/health",
        "postgresql://health:hunter2@localhost:x/health",
        "sqlite://",
        "sqlite:///:memory:",
    ],
)
def test_an_address_that_cannot_be_read_is_refused_without_repeating_it(command: str, url: str) -> None:
    refused = call(command, "--profile", "cameroon", "--database", url)

    assert told(refused)[0] == (1 if command == "check" else 2)
    assert "ceci n'est pas l'adresse d'une base de données" in refused.output
    assert "hunter2" not in refused.output


@pytest.mark.parametrize(
    ("command", "module"),
    [
        ("claims payments list", "claims"),
        ("insurance product apply", "insurance"),
        ("ledger verify", "ledger"),
    ],
)
def test_the_command_of_a_module_that_is_switched_off_says_so(command: str, module: str) -> None:
    refused = call(command, "--profile", "algeria", "--database", "sqlite:///here.db")

    why = f"cette commande appartient à {module}, qui n'est pas activé ici. Ajoutez-le à `modules`."
    assert told(refused) == (2, f"msingi: modules : {why}\n")


@pytest.mark.parametrize(
    "command", ["migrate", "migrate --status", "demo --port 0", "claims payments list", "serve --port 0"]
)
def test_a_database_that_does_not_answer_is_told_with_its_reason(command: str) -> None:
    refused = call(
        command, "--profile", "cameroon", "--database", "postgresql://health:hunter2@127.0.0.1:1/health"
    )

    code, text = told(refused)
    assert code == 2
    assert text.startswith("msingi: database.url : la base de données est inutilisable.")
    assert text.endswith("personne n'écoute à cette adresse et à ce port.\n")
    assert "hunter2" not in text


def test_a_file_that_is_no_database_is_told(installed: Path) -> None:
    (installed / "letter.db").write_text("Dear minister, " * 100, encoding="utf-8")

    for command in ("ledger verify", "migrate", "demo --port 0"):
        code, text = told(call(command, "--profile", "cameroon", "--database", "sqlite:///letter.db"))
        assert (code, "le fichier n'est pas une base de données" in text) == (2, True)
    assert (installed / "letter.db").read_text(encoding="utf-8").startswith("Dear minister, ")


@pytest.mark.rule("attack 105")
def test_no_command_works_on_a_demonstration_with_a_real_profile(database_url: str, installed: Path) -> None:
    options = ["--profile", "cameroon", "--database", database_url]
    profile = installed / "show.toml"
    shipped = (ROOT / "settings" / "cameroon.toml").read_text(encoding="utf-8")
    profile.write_text(f"demo = true\n{shipped}", encoding="utf-8")
    assert call("migrate", "--profile", str(profile), "--database", database_url).exit_code == 0

    refused = told(call("user unlock", "amina", *options))

    assert refused == (
        2,
        (
            "msingi: Cette base contient une démonstration : elle ne peut pas servir à des données réelles. "
            "Créez-en une nouvelle.\n"
        ),
    )


def test_check_tells_which_products_the_database_does_not_have(database_url: str) -> None:
    options = ["--profile", "tanzania", "--database", database_url]
    assert call("migrate", *options).exit_code == 0

    before = json.loads(call("check", "--json", *options).stdout)

    language, remark = before["remarks"]
    assert language.startswith("languages: no catalogue holds texts in “sw”")
    assert (before["ok"], before["problems"]) == (True, [])
    assert remark.startswith("insurance: the product")
    assert "`msingi insurance product apply`" in remark


def test_a_migrated_database_is_made_where_it_is_asked_for(database_url: str) -> None:
    assert call("migrate", "--profile", "cameroon", "--database", database_url).exit_code == 0

    engine = create_engine(database_url.replace("postgresql://", "postgresql+psycopg://"))
    names = inspect(engine).get_table_names()
    engine.dispose()
    assert "core_installation" in names


@pytest.mark.rule("attack 27")
def test_migrate_names_the_roles_that_it_changes(database_url: str, installed: Path) -> None:
    profile = installed / "country.toml"
    shipped = (ROOT / "settings" / "cameroon.toml").read_text(encoding="utf-8")
    profile.write_text(f'{shipped}\n[roles]\nvisitor = ["audit.read"]\n', encoding="utf-8")
    options = ["--profile", str(profile), "--database", database_url]
    first = json.loads(call("migrate --json", *options).stdout)
    profile.write_text(f'{shipped}\n[roles]\nvisitor = ["rbac.read"]\n', encoding="utf-8")
    change = {"role": "visitor", "gains": ["rbac.read"], "loses": ["audit.read"]}

    asked = call("migrate --dry-run", *options).stdout
    done, again = (json.loads(call("migrate --json", *options).stdout) for _ in range(2))

    assert first["migrations"]
    assert first["roles"] == []
    assert "Rôles qui changent :" in asked
    assert all(word in asked for word in ("visitor", "gagne", "rbac.read", "perd", "audit.read"))
    assert done == {"migrations": [], "roles": [change]}
    assert again == {"migrations": [], "roles": []}


def test_migrate_says_where_the_database_is(installed: Path) -> None:
    done = call("migrate", "--profile", "cameroon", "--database", "sqlite:///new.db")

    assert done.stdout.splitlines()[0] == f"Base de données : {installed / 'new.db'}"


@pytest.mark.parametrize(("host", "begins"), [("127.0.0.1", "http://127.0.0.1:"), ("::1", "http://[::1]:")])
def test_the_address_of_a_server_is_written_for_a_browser(host: str, begins: str) -> None:
    with bind(host, 0) as listener:
        assert address_of(listener) == f"{begins}{listener.getsockname()[1]}"


@pytest.mark.rule("attack 105")
def test_a_former_demonstration_is_wiped_and_real_data_never(database_url: str, installed: Path) -> None:
    shipped = (ROOT / "settings" / "cameroon.toml").read_text(encoding="utf-8")
    demonstration = installed / "show.toml"
    demonstration.write_text(f"demo = true\n{shipped}", encoding="utf-8")
    options = ["--database", database_url]
    assert call("migrate", "--profile", str(demonstration), *options).exit_code == 0

    with closing(platform_for(str(demonstration), database_url)) as platform:
        wipe(platform)
        assert is_demonstration(platform) is None
    assert call("migrate", "--profile", "cameroon", *options).exit_code == 0
    with (
        closing(platform_for(str(demonstration), database_url)) as platform,
        pytest.raises(ConfigurationError, match="holds real data"),
    ):
        wipe(platform)

    with closing(platform_for("cameroon", database_url)) as platform:
        assert is_demonstration(platform) is False


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("fr_FR.UTF-8", "msingi: folder: c'est un dossier. Nommez un fichier qu'il contient.\n"),
        ("en_GB.UTF-8", "msingi: folder: this is a folder. Name a file in it.\n"),
    ],
)
def test_a_folder_in_the_place_of_a_new_file_is_called_a_folder(
    language: str, said: str, installed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LC_ALL", language)
    (installed / "folder").mkdir()
    call("migrate --profile cameroon --database sqlite:///here.db")

    found = call("audit export folder --profile cameroon --database sqlite:///here.db")

    assert told(found) == (2, said)
