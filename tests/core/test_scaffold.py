"""Skeletons work as they are written: their tests pass, their types are strict, their style is clean."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from alembic.operations import ops
from sqlalchemy import Column, Integer
from tests.processes import alone_at

from msingi.errors import ConfigurationError
from msingi.scaffold import write_migration, write_skeleton
from msingi.scaffold_revision import revision_text, unfilled_columns
from msingi.testing import ENGINES, server_url

LONGEST = "twenty_letters_abcde"


def test_a_new_plugin_passes_its_tests_and_style(tmp_path: Path) -> None:
    write_skeleton("plugin", LONGEST, tmp_path)

    assert _call(tmp_path, "pytest", "-q", path=tmp_path) == 0
    assert _call(tmp_path, "ruff", "format", "--check", ".", path=tmp_path) == 0
    assert _call(tmp_path, "ruff", "check", ".", path=tmp_path) == 0


def test_a_new_module_passes_its_tests(tmp_path: Path) -> None:
    write_skeleton("module", "hello", tmp_path)
    modules = tmp_path / "modules"

    assert _call(tmp_path, "pytest", "-q", "--import-mode=importlib", "tests", path=modules) == 0


def test_a_new_plugin_and_a_new_module_are_strictly_typed(tmp_path: Path) -> None:
    write_skeleton("plugin", LONGEST, tmp_path / "plugin")
    write_skeleton("module", "hello", tmp_path)
    bases = f"{tmp_path / 'plugin'}{os.pathsep}{tmp_path / 'modules'}"
    cache = Path(__file__).parents[2] / ".mypy_cache" / "scaffold"
    options = ("--config-file", "plugin/pyproject.toml", "--cache-dir", str(cache))

    with alone_at(cache):
        status = _call(tmp_path, "mypy", *options, "plugin", "modules", path=tmp_path, MYPYPATH=bases)

    assert status == 0


def test_a_plugin_lies_in_a_distribution_and_a_module_in_the_repository(tmp_path: Path) -> None:
    plugin = write_skeleton("plugin", "sms_receipts", tmp_path / "a")
    module = write_skeleton("module", "sms_receipts", tmp_path / "b")

    assert tmp_path / "a" / "pyproject.toml" in plugin
    assert tmp_path / "a" / "msingi_sms_receipts" / "migrations" / "0001_initial.py" in plugin
    assert tmp_path / "a" / "tests" / "test_sms_receipts.py" in plugin
    assert tmp_path / "b" / "modules" / "msingi_sms_receipts" / "README.md" in module
    assert tmp_path / "b" / "tests" / "modules" / "msingi_sms_receipts" / "test_sms_receipts.py" in module
    manifest = (tmp_path / "a" / "pyproject.toml").read_text(encoding="utf-8")
    assert 'sms_receipts = "msingi_sms_receipts.plugin:plugin"' in manifest
    assert 'name = "msingi-sms-receipts"' in manifest
    assert not [path for path in (*plugin, *module) if "__" in path.name.replace("__init__", "")]


def test_nothing_is_overwritten(tmp_path: Path) -> None:
    readme = tmp_path / "README.md"
    readme.write_text("mine", encoding="utf-8")

    with pytest.raises(ConfigurationError, match="Already there, nothing was written"):
        write_skeleton("plugin", "hello", tmp_path)

    assert [path.name for path in tmp_path.iterdir()] == ["README.md"]
    assert readme.read_text(encoding="utf-8") == "mine"


@pytest.mark.parametrize(
    "name", ["Hello", "1st", "a b", "a__b", "_a", "../x", "class", "auth", LONGEST + "f", ""]
)
def test_a_name_that_cannot_work_is_refused(name: str, tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError):
        write_skeleton("plugin", name, tmp_path)

    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("name", "told"),
    [
        (
            "claims",
            "A plugin called “claims” is installed already. Choose another name, such as “my_claims”;",
        ),
        ("welcome_sms", "A package called “msingi_welcome_sms” is installed already."),
        ("class", "“class” is a word of Python. Choose another name, such as “my_class”."),
        ("graphql", "The core uses the name “graphql” itself."),
        ("serve", "The core uses the name “serve” itself."),
        ("core", "The core uses the name “core” itself."),
        ("Hello", "“Hello” cannot be the name of a plugin"),
    ],
)
@pytest.mark.parametrize("kind", ["plugin", "module"])
def test_a_name_that_is_taken_is_told_with_the_way_out(
    kind: str, name: str, told: str, tmp_path: Path
) -> None:
    with pytest.raises(ConfigurationError) as refused:
        write_skeleton(kind, name, tmp_path)

    assert str(refused.value).startswith(told)
    assert list(tmp_path.iterdir()) == []


def test_the_name_of_an_installed_package_is_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "msingi_laboratory").mkdir()
    (tmp_path / "msingi_laboratory" / "__init__.py").touch()
    monkeypatch.syspath_prepend(tmp_path)

    with pytest.raises(ConfigurationError, match="A package called “msingi_laboratory” is installed already"):
        write_skeleton("module", "laboratory", tmp_path)


def test_a_migration_is_written_only_when_models_changed() -> None:
    assert write_migration("audit", "nothing new") is None

    with pytest.raises(ConfigurationError, match="No plugin is called “nobody”"):
        write_migration("nobody", "nothing")


def test_the_migration_of_an_installed_plugin_is_written_from_its_models(tmp_path: Path) -> None:
    """Other plugins of this environment refer to tables that this plugin's platform does not have."""
    hello = _installed_hello(tmp_path)
    _add_column(hello, 'author: Mapped[str | None] = mapped_column(String(100), doc="Who wrote it.")')

    done = _msingi(tmp_path, "new", "migration", "hello", "add the author")
    again = _msingi(tmp_path, "new", "migration", "hello", "add the author")

    written = hello / "migrations" / "0002_add_the_author.py"
    assert (done.returncode, done.stdout, done.stderr) == (0, f"{written}\n", "")
    assert 'sa.Column("author", sa.String(length=100), nullable=True)' in _unbroken(written)
    assert (again.returncode, again.stdout) == (0, "The migrations say already what the models say.\n")


def test_a_required_column_without_a_value_for_old_rows_is_told_when_its_migration_is_written(
    tmp_path: Path,
) -> None:
    hello = _installed_hello(tmp_path)
    _add_column(hello, 'author: Mapped[str] = mapped_column(String(100), doc="Who wrote it.")')

    english = _msingi(tmp_path, "new", "migration", "hello", "add the author")
    (hello / "migrations" / "0002_add_the_author.py").unlink()
    french = _msingi(tmp_path, "new", "migration", "hello", "add the author", LC_ALL="fr_FR.UTF-8")

    assert (english.returncode, french.returncode) == (0, 0)
    assert english.stderr.startswith("Attention: hello_note.author must not be empty, and rows")
    assert french.stderr.startswith("Attention : hello_note.author ne doit pas rester vide, et les lignes")


@pytest.mark.parametrize(
    ("step", "told"),
    [
        (ops.AddColumnOp("tree", Column("height", Integer, nullable=False)), ("tree.height",)),
        (ops.AddColumnOp("tree", Column("height", Integer, nullable=True)), ()),
        (ops.AddColumnOp("tree", Column("height", Integer, nullable=False, server_default="0")), ()),
        (ops.AlterColumnOp("tree", "height", modify_nullable=False), ("tree.height",)),
        (ops.AlterColumnOp("tree", "height", modify_nullable=True), ()),
        (ops.DropColumnOp("tree", "height"), ()),
    ],
)
def test_only_what_becomes_required_without_a_value_is_told(
    step: ops.MigrateOperation, told: tuple[str, ...]
) -> None:
    new_table = ops.CreateTableOp("bed", [Column("length", Integer, nullable=False)])

    assert unfilled_columns(ops.UpgradeOps([new_table, ops.ModifyTableOps("tree", [step])])) == told


@pytest.mark.parametrize(
    ("column", "imports"),
    [
        ("sa.String(length=100)", ["import sqlalchemy as sa", "from alembic import op"]),
        (
            "msingi.types.Money()",
            ["import sqlalchemy as sa", "from alembic import op", "import msingi.types"],
        ),
        (
            "postgresql.JSONB(astext_type=Text())",
            [
                "import sqlalchemy as sa",
                "from alembic import op",
                "from sqlalchemy import Text",
                "from sqlalchemy.dialects import postgresql",
            ],
        ),
    ],
)
def test_a_migration_imports_what_it_uses_and_is_clean(
    column: str, imports: list[str], tmp_path: Path
) -> None:
    write_skeleton("plugin", "hello", tmp_path)
    path = tmp_path / "msingi_hello" / "migrations" / "0002_add_the_author.py"

    path.write_text(
        revision_text(
            message="add the author",
            number="0002",
            previous="0001",
            upgrades=f'op.add_column("hello_note", sa.Column("author", {column}))',
            downgrades='op.drop_column("hello_note", "author")',
        ),
        encoding="utf-8",
    )

    written = path.read_text(encoding="utf-8").splitlines()
    assert [line for line in written if "import " in line] == imports
    assert _call(tmp_path, "ruff", "check", ".", path=tmp_path) == 0


def _installed_hello(folder: Path) -> Path:
    """The package of a new plugin that a distribution announces to the programs of ``_msingi``."""
    write_skeleton("plugin", "hello", folder)
    announced = folder / "msingi_hello-0.1.0.dist-info"
    announced.mkdir()
    (announced / "METADATA").write_text("Metadata-Version: 2.1\nName: msingi-hello\nVersion: 0.1.0\n")
    (announced / "entry_points.txt").write_text("[msingi.plugins]\nhello = msingi_hello.plugin:plugin\n")
    return folder / "msingi_hello"


def _add_column(package: Path, line: str) -> None:
    with (package / "models.py").open("a", encoding="utf-8") as models:
        models.write(f"    {line}\n")


def _unbroken(file: Path) -> str:
    """Code without its line breaks, in the quotes of the house."""
    return " ".join(file.read_text(encoding="utf-8").split()).replace("'", '"')


def _msingi(folder: Path, *words: str, **more: str) -> subprocess.CompletedProcess[str]:
    """A command that finds the plugin beneath ``folder``."""
    return subprocess.run(
        [str(Path(sys.executable).with_name("msingi")), *words],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(folder), "LC_ALL": "en_US.UTF-8", **more},
        capture_output=True,
        text=True,
        check=False,
    )


def _call(folder: Path, *command: str, path: Path, **more: str) -> int:
    """The exit code of a tool of this environment, run in ``folder`` with ``path`` importable."""
    environment = {**os.environ, "PYTHONPATH": str(path), "MSINGI_TEST_ENGINES": ",".join(ENGINES), **more}
    if "postgresql" in ENGINES:
        environment["MSINGI_TEST_DATABASE_URL"] = (
            server_url().set(drivername="postgresql").render_as_string(hide_password=False)
        )
    done = subprocess.run(
        [sys.executable, "-m", *command],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        print(done.stdout, done.stderr)  # noqa: T201 - what pytest shows when the caller's assertion fails
    return done.returncode
