"""The shape of the house: who may import whom, how files look, what tables carry, what may be switched off."""

import ast
import importlib
import re
import sys
from collections.abc import Iterator
from functools import cache, lru_cache
from itertools import chain, combinations
from pathlib import Path
from typing import Any

import pytest
from babel import Locale

from msingi import Scoped
from msingi.contracts import full_platform
from msingi.contracts.exports import shipped_plugins
from msingi.module_order import CORE_PLUGINS
from msingi.platform import Platform, models_of, package_of
from msingi.plugin import Plugin
from msingi.profile_files import profile_names
from msingi.profiles import load_profile

ROOT = Path(__file__).parents[1]
CODE = ("core", "modules", "plugins", "tests")
LAYERS = {"rules": 0, "models": 1, "services": 2, "handlers": 3, "jobs": 3, "graphql": 4, "routes": 4}
FORBIDDEN_NAMES = {"utils", "util", "helpers", "helper", "common", "base", "manager"}
LONGEST_FILE = 400

WITHOUT_PLACE = {
    "claims_bill_line": "belongs to a bill, which has a place",
    "core_idempotency": "belongs to a caller; deleted after 30 days",
    "core_installation": "one row",
    "core_job": "belongs to who asked for it; deleted after 30 days",
    "rbac_closure": "is the tree of places itself",
    "rbac_jurisdiction": "is the tree of places itself; every signed-in user may see it",
    "rbac_past_parent": "is the tree of places itself",
    "rbac_policy": "roles are the same in the whole country",
    "rbac_policy_version": "one row",
    "rbac_role": "roles are the same in the whole country",
    "auth_api_token": "belongs to an account, which has a place",
    "auth_attempt": "counts attempts before anybody is known; deleted when forgotten",
    "auth_backup_code": "belongs to an account, which has a place",
    "auth_identity": "belongs to an account, which has a place",
    "auth_known_address": "belongs to an account, which has a place",
    "auth_session": "belongs to an account; deleted after its end",
    "auth_totp": "belongs to an account, which has a place",
    "audit_block": "seals entries of all places together",
    "audit_leaf": "is the position of an entry, which has a place",
    "catalogue_diagnosis": "the register of the whole country",
    "catalogue_item": "the register of the whole country",
    "catalogue_past_diagnosis": "the register of the whole country",
    "catalogue_past_item": "the register of the whole country",
    "catalogue_past_service": "the register of the whole country",
    "catalogue_price_list": "holds below places that it is assigned to; its own place limits who changes it",
    "catalogue_price_list_line": "belongs to a price list",
    "catalogue_register": "one row",
    "catalogue_service": "the register of the whole country",
    "catalogue_service_content": "the register of the whole country",
    "ledger_book": "one for each currency in the whole country",
    "ledger_check": "is about the ledger of the whole country",
    "ledger_link": "is the position of a transaction, which has a place",
    "insurance_product": "its place limits who changes it and where it is sold, not who reads it",
    "insurance_product_version": "belongs to a product",
    "registry_identifier_claim": "an identifier is unique in the whole country",
    "registry_import": "belongs to who uploaded it",
    "registry_import_message": "belongs to an import",
    "registry_import_part": "belongs to an import; deleted when read",
    "registry_name_word": "an index of words, rebuilt from the persons",
    "registry_search_count": "belongs to an account, which has a place",
    "registry_search_key": "an index, joined to the persons, who have a place",
    "registry_uhid": "a health number is unique in the whole country",
    "claims_line": "belongs to a claim, which has a place",
    "claims_decision": "belongs to a claim, which has a place",
    "claims_consumption": "belongs to a claim, which has a place",
}
NOT_AUDITED = {
    "claims_bill_line": "written once with its bill, whose making is audited",
    "core_idempotency": "answers kept for a repeat",
    "core_installation": "written once, when the installation is made",
    "core_job": "a queue",
    "rbac_closure": "derived from the places, whose changes are audited",
    "rbac_policy_version": "a counter",
    "auth_attempt": "a counter; refused sign-ins are audited as refusals",
    "auth_backup_code": "secret; their making is audited by an entry of its own",
    "auth_known_address": "derived from sign-ins, which are audited",
    "auth_session": "sign-in and sign-out are audited by entries of their own",
    "audit_block": "is the audit trail",
    "audit_entry": "is the audit trail",
    "audit_leaf": "is the audit trail",
    "catalogue_register": "a counter",
    "insurance_enrolment_finding": "derived; made again by each run",
    "insurance_receipt_sequence": "a counter",
    "insurance_reinstatement": "written with the change of its policy, which is audited",
    "insurance_suspension": "written with the suspension of its policy, which is audited",
    "ledger_entry": "is history itself; the database refuses to change it",
    "ledger_link": "seals the transactions",
    "ledger_transaction": "is history itself; the database refuses to change it",
    "registry_identifier_claim": "an index of identifiers, whose changes are audited",
    "registry_import_message": "a log",
    "registry_import_part": "a buffer",
    "registry_name_word": "an index",
    "registry_quality_finding": "derived; made again by each check",
    "registry_search_count": "a counter; searches are audited as reads",
    "registry_search_key": "an index",
    "claims_line": "told by the lines about its claim and by the decisions of the claim",
    "claims_decision": "is the history of a claim, only ever added to",
    "claims_consumption": "is a ledger, only ever added to",
}
NAMES_A_COUNTRY = {
    "core/msingi/bench/installation.py": "the profile file that benchmarks serve",
    "core/msingi/trial.py": "the small profile of tests and benchmarks",
    "core/msingi/cli/demo.py": "the profile file that is demonstrated when none is named",
    "core/msingi/cli/platforms.py": "the profile file that commands use when none is named",
}


@lru_cache(maxsize=1)
def _platform() -> Platform:
    return full_platform()


@lru_cache(maxsize=1)
def _packages() -> dict[str, Plugin[Any]]:
    """Every module of the platform and every plugin of this repository, by its package."""
    found = {package_of(plugin) or plugin.module: plugin for plugin in _platform().plugins}
    return {**found, **{package: plugin for plugin, package in _own_plugins()}}


def _own_plugins() -> Iterator[tuple[Plugin[Any], str]]:
    for manifest in sorted((ROOT / "plugins").glob("*/*/plugin.py")):
        package = manifest.parent.name
        if str(manifest.parents[1]) not in sys.path:
            sys.path.append(str(manifest.parents[1]))
        yield importlib.import_module(f"{package}.plugin").plugin, package


@lru_cache(maxsize=1)
def _sources() -> dict[Path, ast.Module]:
    paths = (path for folder in CODE for path in (ROOT / folder).rglob("*.py"))
    own = sorted(path for path in paths if "templates" not in path.parts and ".venv" not in path.parts)
    return {path: ast.parse(path.read_text(encoding="utf-8")) for path in own}


@cache
def _nodes(tree: ast.Module) -> tuple[ast.AST, ...]:
    return tuple(ast.walk(tree))


@cache
def _imports(tree: ast.Module) -> tuple[str, ...]:
    found: list[str] = []
    for node in _nodes(tree):
        if isinstance(node, ast.Import):
            found += (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            found += (f"{node.module}.{alias.name}" for alias in node.names)
    return tuple(found)


def _package_files(package: str) -> Iterator[tuple[Path, ast.Module]]:
    folder = Path(str(importlib.import_module(package).__file__)).parent
    return ((path, tree) for path, tree in _sources().items() if path.is_relative_to(folder))


def test_a_module_imports_only_the_platform_and_the_face_of_what_it_requires() -> None:
    wrong = []
    for package, plugin in _packages().items():
        if plugin.name in CORE_PLUGINS:
            continue
        required = {name for name, other in _packages().items() if other.name in plugin.requires}
        for path, tree in _package_files(package):
            wrong += [
                f"{path.relative_to(ROOT)} imports {name}"
                for name in _imports(tree)
                if not _is_allowed(name, package, required)
            ]

    assert wrong == []


def _is_allowed(name: str, package: str, required: set[str]) -> bool:
    """Libraries and the core are open; another module's package only through its own face, when it is required."""
    top, *rest = name.split(".")
    if top in {package, "msingi"} or not top.startswith("msingi_"):
        return not any(part.startswith("_") for part in rest) or top == package
    return top in required and len(rest) <= 1 and (not rest or rest[0] in _face(top))


def _face(package: str) -> set[str]:
    return set(getattr(importlib.import_module(package), "__all__", ()))


def test_layers_lead_from_graphql_down_to_the_rules() -> None:
    wrong = []
    for package, plugin in _packages().items():
        for path, tree in _package_files(package):
            home = Path(str(importlib.import_module(package).__file__)).parent
            layer = LAYERS.get(path.relative_to(home).parts[0].removesuffix(".py"))
            if plugin.name in CORE_PLUGINS or layer is None:
                continue
            for name in _imports(tree):
                parts = name.split(".")
                if parts[0] == package and len(parts) > 1 and LAYERS.get(parts[1], -1) > layer:
                    wrong.append(f"{path.relative_to(ROOT)} imports {name}")

    assert wrong == []


def test_rules_of_modules_know_no_database() -> None:
    wrong = []
    for package, plugin in _packages().items():
        for path, tree in _package_files(package):
            if plugin.name not in CORE_PLUGINS and ("rules" in path.parts or path.name == "rules.py"):
                forbidden = ("sqlalchemy", "msingi.db", "msingi.work")
                wrong += [
                    f"{path.name} imports {name}" for name in _imports(tree) if name.startswith(forbidden)
                ]

    assert wrong == []


def test_the_core_never_imports_a_module() -> None:
    wrong = [
        f"{path.relative_to(ROOT)} imports {name}"
        for path, tree in _sources().items()
        if path.is_relative_to(ROOT / "core")
        for name in _imports(tree)
        if name.partition(".")[0].startswith("msingi_")
    ]

    assert wrong == []


def test_no_file_is_longer_than_a_person_can_hold() -> None:
    written = [path for path in _sources() if path.parent.name != "migrations"]
    lengths = {path: len(path.read_text(encoding="utf-8").splitlines()) for path in written}

    assert {str(path.relative_to(ROOT)) for path, length in lengths.items() if length > LONGEST_FILE} == set()


def test_every_file_says_its_one_idea_first() -> None:
    silent = [
        str(path.relative_to(ROOT))
        for path, tree in _sources().items()
        if path.stat().st_size and ast.get_docstring(tree) is None
    ]

    assert silent == []


def test_no_file_or_class_has_a_name_that_says_nothing() -> None:
    files = [str(path.relative_to(ROOT)) for path in _sources() if path.stem in FORBIDDEN_NAMES]
    classes = [
        f"{path.relative_to(ROOT)}: {node.name}"
        for path, tree in _sources().items()
        for node in _nodes(tree)
        if isinstance(node, ast.ClassDef) and re.search(r"(Utils?|Helpers?|Manager)$", node.name)
    ]

    assert files + classes == []


@pytest.mark.rule("CH-90")
def test_no_country_is_named_in_code() -> None:
    countries = _country_names()
    texts = {
        path.relative_to(ROOT).as_posix(): set(_code_texts(tree))
        for path, tree in _sources().items()
        if path.parts[len(ROOT.parts)] in {"core", "modules"}
    }

    national = {text for text in set().union(*texts.values()) if countries.search(text)}
    named = {path for path, said in texts.items() if said & national}

    assert national
    assert named - NAMES_A_COUNTRY.keys() == set()


def _country_names() -> re.Pattern[str]:
    territories = [Locale(language).territories.items() for language in ("en", "fr")]
    names = {
        name for code, name in chain(*territories) if len(code) == 2 and code.isalpha() and len(name) > 3
    }
    return re.compile(rf"\b({'|'.join(map(re.escape, sorted(names)))})\b", re.IGNORECASE)


def _code_texts(tree: ast.Module) -> Iterator[str]:
    """Texts and names of the code itself, without docstrings, whose examples may name a profile."""
    scopes = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    bodies = [node.body for node in _nodes(tree) if isinstance(node, scopes)]
    described = {id(body[0].value) for body in bodies if body and isinstance(body[0], ast.Expr)}
    for node in _nodes(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in described:
            yield node.value
        elif isinstance(node, ast.ClassDef | ast.FunctionDef):
            yield node.name.replace("_", " ")
        elif isinstance(node, ast.Name):
            yield node.id.replace("_", " ")


@pytest.mark.rule("CH-90")
def test_texts_shown_to_people_name_no_product() -> None:
    shown = [
        path
        for folder in ("core", "modules")
        for pattern in ("*.po", "*.html", "*.typ", "*.svg")
        for path in (ROOT / folder).rglob(pattern)
    ]

    assert shown
    assert [str(path) for path in shown if "msingi" in path.read_text(encoding="utf-8").lower()] == []


def test_the_project_is_finished_where_it_says_something() -> None:
    marks = re.compile(r"\b(?:TO" r"DO|FIX" r"ME|HA" r"CK)\b")
    texts = [path for pattern in ("*.md", "*.toml", "*.txt") for path in _documents(pattern)]

    unfinished = [
        str(path.relative_to(ROOT))
        for path in (*_sources(), *texts)
        if marks.search(path.read_text(encoding="utf-8"))
    ]
    assert unfinished == []


def _documents(pattern: str) -> Iterator[Path]:
    folders = ("core", "modules", "plugins", "settings", "docs", "schema")
    yield from ROOT.glob(pattern)
    for folder in folders:
        yield from (path for path in (ROOT / folder).rglob(pattern) if path.name != "common_passwords.txt")


def test_tables_carry_the_name_of_their_plugin() -> None:
    tables = [
        (plugin.name, model.__tablename__) for plugin in _platform().plugins for model in models_of(plugin)
    ]

    assert tables
    assert [table for name, table in tables if not table.startswith(f"{name}_")] == []


@pytest.mark.rule("X-02")
def test_growing_tables_belong_to_a_place() -> None:
    models = [model for plugin in _platform().plugins for model in models_of(plugin)]
    without = {model.__tablename__ for model in models if not issubclass(model, Scoped)}

    assert without - WITHOUT_PLACE.keys() == set()
    assert WITHOUT_PLACE.keys() - without == set()


@pytest.mark.rule("X-09")
def test_only_logs_queues_and_indexes_are_left_out_of_the_audit_trail() -> None:
    models = [model for plugin in _platform().plugins for model in models_of(plugin)]
    unaudited = {model.__tablename__ for model in models if not model.__audited__}

    assert unaudited - NOT_AUDITED.keys() == set()
    assert NOT_AUDITED.keys() - unaudited == set()


def _valid_subsets() -> list[tuple[str, ...]]:
    """Every set of modules that holds what each of its members requires."""
    plugins = {plugin.name: plugin for plugin in (*shipped_plugins(), *(own for own, _ in _own_plugins()))}
    names = sorted(plugins)
    subsets = chain.from_iterable(combinations(names, size) for size in range(len(names) + 1))
    return [
        chosen
        for chosen in subsets
        if all(set(plugins[name].requires) <= {*chosen, *CORE_PLUGINS} for name in chosen)
    ]


@pytest.mark.rule("attack 27")
@pytest.mark.parametrize("modules", _valid_subsets(), ids=lambda chosen: "+".join(chosen) or "core alone")
def test_any_valid_set_of_modules_makes_a_working_platform(modules: tuple[str, ...]) -> None:
    plugins = [*shipped_plugins(), *(own for own, _ in _own_plugins())]
    profile = load_profile(next(iter(profile_names())), overrides={"modules": list(modules)}, environment={})
    platform = Platform(profile, plugins=plugins)

    schema = platform.graphql.schema.as_str()

    disabled = [plugin for plugin in plugins if plugin not in platform.plugins]
    gone = {permission.name for plugin in disabled for permission in plugin.contributions.permissions}
    assert gone & platform.permissions.keys() == set()
    assert [name for name in gone if f'"{name}"' in schema] == []
    assert {plugin.name for plugin in platform.plugins} >= {*CORE_PLUGINS, *modules}
