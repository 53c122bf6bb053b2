"""The documents say what is true: generated pages are fresh, everything is described, every command works."""

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import nullcontext
from functools import lru_cache
from pathlib import Path
from uuid import UUID

import pytest
from graphql import parse, validate
from tests.processes import alone_at

from msingi.contracts import full_platform
from msingi.coverage import cited_rules, rule_coverage
from msingi.platform import Platform
from msingi.rbac.presets import PRESETS
from msingi.reference import known_errors, reference_pages
from msingi.reference.contract_pages import hooks_of
from msingi.reference.sentences import first_sentence
from msingi.reference.settings_page import settings_of
from tests import state_tables

ROOT = Path(__file__).parents[1]
GENERATED = [
    "modules.md",
    "settings.md",
    "settings.fr.md",
    "permissions.md",
    "permissions.fr.md",
    "roles.md",
    "roles.fr.md",
    "hooks.md",
    "events.md",
    "cli.md",
    "cli.fr.md",
    "errors.md",
    "faces.md",
    "security.md",
]
RUN_AS_WRITTEN: dict[str, tuple[str, ...]] = {
    "how-to/check-a-claim-by-hand.md": (),
    "tutorial/your-first-plugin.md": ("how-to/replace-a-calculation-rule.md", "how-to/load-a-list.md"),
}
"""Pages that are followed, each with those that go on from where it ends, every one of them in a copy of its own."""
SHORT_PAGES = ["README.md", "README.fr.md", "CONTRIBUTING.md", "CONTRIBUTING.fr.md"]
ATTACKS = {*range(1, 28), *range(33, 36), *range(37, 47), *range(49, 62), *range(94, 102), 105, 109} - {
    48,
    50,
}
FAULTS = {1, 3, 7, 9, 26, 30, 38, 40, 42}
_BLOCK = re.compile(
    r"^(?P<mark><!-- [^\n]+ -->\n)?```(?P<kind>[^\n]*)\n(?P<body>.*?)^```$", re.MULTILINE | re.DOTALL
)
_LINK = re.compile(r"\[[^\]]+\]\((?!https?://|mailto:|#)(?P<target>[^)#\s]+)")
_SENTENCE = re.compile(r"^[A-ZÀ-Ý].+|(?<=\| )[A-ZÀ-Ý][^|]{11,}(?= \|$)", re.MULTILINE)
"""A line of prose, or the last cell of a row when it is more than a word."""
_PART = re.compile(r"\[[^\]]+\]\((?!https?://|mailto:|#)(?P<target>[^)#\s]+)#(?P<part>[^)\s]+)\)")


@lru_cache(maxsize=1)
def _platform() -> Platform:
    return full_platform()


@pytest.mark.parametrize("name", GENERATED)
def test_the_reference_is_fresh(name: str) -> None:
    page = ROOT / "docs" / "reference" / name
    assert sorted(_pages()) == sorted(GENERATED)

    assert page.is_file(), "run `make docs`"
    assert page.read_text(encoding="utf-8") == _pages()[name], "run `make docs`"


@lru_cache(maxsize=1)
def _pages() -> dict[str, str]:
    return dict(reference_pages(ROOT))


def test_the_page_of_states_says_what_the_code_decides() -> None:
    assert state_tables.PAGE.read_text(encoding="utf-8") == state_tables.page()


@pytest.mark.parametrize("name", ["sell-insurance", "pay-claims", "exchange-field-files"])
def test_a_guide_names_only_operations_and_doors_that_exist(name: str) -> None:
    text = (ROOT / "docs" / "how-to" / f"{name}.md").read_text(encoding="utf-8")
    parts = [plugin.contributions for plugin in _platform().plugins]
    roots = {operation.name for part in parts for operation in part.operations}
    roots |= {connection.name for part in parts for connection in part.connections}
    doors = {
        f"{route.method} /api/{plugin.name}{route.path}"
        for plugin in _platform().plugins
        for route in plugin.contributions.routes
    }

    named = {_snake(word) for word in re.findall(r"`([a-z]+[A-Z][A-Za-z]+)`", text)}
    paths = set(re.findall(r"`((?:GET|POST) /api/[^`]+)`", text))

    assert named - roots == set()
    assert paths - doors == set()
    assert named | paths


@pytest.mark.parametrize("name", ["deploy", "sell-insurance", "build-a-front-end"])
def test_the_queries_of_a_guide_fit_the_schema(name: str) -> None:
    blocks = _BLOCK.finditer((ROOT / "docs" / "how-to" / f"{name}.md").read_text(encoding="utf-8"))
    queries = [
        block["body"].replace('"ID"', f'"{UUID(int=0)}"') for block in blocks if block["kind"] == "graphql"
    ]
    schema = _platform().graphql.core

    assert [str(problem) for query in queries for problem in validate(schema, parse(query))] == []
    assert queries


def _snake(name: str) -> str:
    return re.sub("([A-Z])", lambda letter: f"_{letter[1].lower()}", name)


def test_every_setting_is_described() -> None:
    silent = [path for path, field in settings_of(_platform()) if not field.get("description")]

    assert silent == []


def test_every_permission_hook_event_and_job_is_described() -> None:
    parts = [plugin.contributions for plugin in _platform().plugins]
    hooks = [hook for part in parts for specification in part.hookspecs for hook in hooks_of(specification)]
    events = [event for part in parts for event in part.events]

    assert [
        permission.name for part in parts for permission in part.permissions if not permission.description
    ] == []
    assert [thing.__name__ for thing in (*hooks, *events) if not first_sentence(thing)] == []
    assert [job.name for part in parts for job in part.jobs if not job.description] == []


def test_every_refusal_is_described_and_has_a_code_of_its_own() -> None:
    errors = known_errors(_platform())
    codes = [error.code for error in errors]

    assert [error.__name__ for error in errors if not first_sentence(error)] == []
    assert [code for code in codes if not re.fullmatch(r"[a-z_]+\.[a-z0-9_]+", code)] == []
    assert sorted({code for code in codes if codes.count(code) > 1}) == []


@pytest.mark.rule("X-01")
def test_every_refusal_speaks_french() -> None:
    texts = _platform().texts
    silent = [
        error.code for error in known_errors(_platform()) if texts.get(error.template, "fr") == error.template
    ]

    assert silent == []


@pytest.mark.rule("X-01")
def test_every_permission_and_setting_speaks_french() -> None:
    texts = _platform().texts
    permissions = {name: each.description for name, each in _platform().permissions.items()}
    settings = {path: field.get("description", "") for path, field in settings_of(_platform())}

    assert [name for name, text in permissions.items() if texts.get(text, "fr") == text] == []
    assert [path for path, text in settings.items() if texts.get(text, "fr") == text] == []


@pytest.mark.rule("X-01")
@pytest.mark.parametrize("name", [name for name in GENERATED if name.endswith(".fr.md")])
def test_a_page_of_the_reference_is_the_same_in_both_languages(name: str) -> None:
    """The same parts, rows and names in their order, and no sentence of one in the other."""
    english, french = (_pages()[page] for page in (name.replace(".fr.md", ".md"), name))
    shapes = [
        re.findall(r"^(?:## .+|\| `[a-z-][^`]*` \||\|)", text, re.MULTILINE) for text in (english, french)
    ]
    sentences = [set(_SENTENCE.findall(text)) for text in (english, french)]

    assert shapes[0] == shapes[1]
    assert sentences[0] & sentences[1] <= {preset.english for preset in PRESETS}
    assert sentences[1]


def test_every_attack_and_fault_of_the_list_has_a_test() -> None:
    proofs = cited_rules(ROOT)
    wanted = [f"attack {number}" for number in sorted(ATTACKS)] + [f"F{number}" for number in sorted(FAULTS)]

    assert [rule for rule in wanted if rule not in proofs] == []


def test_every_rule_is_written_once_and_proven_or_planned() -> None:
    lines = rule_coverage(ROOT)
    ids = [line.id for line in lines]

    assert sorted({rule for rule in ids if ids.count(rule) > 1}) == []
    assert [line.id for line in lines if line.is_missing] == []


def test_tests_cite_only_rules_that_are_written() -> None:
    assert sorted(cited_rules(ROOT).keys() - {line.id for line in rule_coverage(ROOT)}) == []


def _pages_of(pattern: str = "*.md") -> Iterator[Path]:
    yield from sorted(ROOT.glob(pattern))
    for folder in ("docs", "core", "modules", "plugins"):
        yield from sorted((ROOT / folder).rglob(pattern))


@pytest.mark.parametrize("page", list(_pages_of()), ids=lambda page: page.relative_to(ROOT).as_posix())
def test_links_lead_somewhere(page: Path) -> None:
    targets = [match["target"] for match in _LINK.finditer(page.read_text(encoding="utf-8"))]

    assert [target for target in targets if not (page.parent / target).exists()] == []


@pytest.mark.parametrize("page", list(_pages_of()), ids=lambda page: page.relative_to(ROOT).as_posix())
def test_links_into_a_page_meet_a_heading(page: Path) -> None:
    links = [match.groupdict() for match in _PART.finditer(page.read_text(encoding="utf-8"))]

    assert [link for link in links if link["part"] not in _headings(page.parent / link["target"])] == []


def _headings(page: Path) -> set[str]:
    """The names by which links find the headings of a page: small letters and dashes, without signs."""
    titles = re.findall(r"^#+ (.+)$", _BLOCK.sub("", page.read_text(encoding="utf-8")), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


@pytest.mark.parametrize("name", SHORT_PAGES)
def test_the_first_pages_are_short_and_exist_in_both_languages(name: str) -> None:
    assert len((ROOT / name).read_text(encoding="utf-8").splitlines()) <= 200


def test_the_french_pages_have_the_parts_of_the_english_ones() -> None:
    for english, french in zip(SHORT_PAGES[::2], SHORT_PAGES[1::2], strict=True):
        one, other = ((ROOT / name).read_text(encoding="utf-8") for name in (english, french))
        commands = [re.findall(r"^\$ .*$", text, re.MULTILINE) for text in (one, other)]

        assert commands[0] == commands[1]
        assert one.count("\n## ") == other.count("\n## ")


def _guides() -> Iterator[Path]:
    for folder in ("how-to", "tutorial", "explanation"):
        yield from (page for page in _pages_of() if page.parent.name == folder and page != state_tables.PAGE)


def _other_language(page: Path) -> Path:
    french = page.name.endswith(".fr.md")
    return page.with_name(
        page.name.removesuffix(".fr.md" if french else ".md") + (".md" if french else ".fr.md")
    )


@pytest.mark.rule("X-01")
def test_every_guide_is_in_both_languages() -> None:
    assert {page for page in _guides() if not _other_language(page).is_file()} == set()
    assert len(list(_guides())) >= 20


@pytest.mark.parametrize(
    "page", [page for page in _guides() if not page.name.endswith(".fr.md")], ids=lambda page: page.stem
)
def test_a_guide_is_the_same_in_both_languages(page: Path) -> None:
    """Blocks that are run or copied, headings, lists and tables in their order, and every name in code."""
    english, french = (each.read_text(encoding="utf-8") for each in (page, _other_language(page)))
    blocks = [[block.groups() for block in _BLOCK.finditer(text)] for text in (english, french)]
    prose = [_BLOCK.sub("", text) for text in (english, french)]
    shapes = [re.findall(r"^(?:#+|\||-|\d+\.)(?= )", text, re.MULTILINE) for text in prose]
    names = [set(re.findall(r"`[^`]+`", text)) for text in prose]

    assert blocks[0] == blocks[1]
    assert shapes[0] == shapes[1]
    assert names[0] == names[1]


@pytest.mark.parametrize(
    "page",
    [page for page in _pages_of() if _other_language(page).is_file()],
    ids=lambda page: page.relative_to(ROOT).as_posix(),
)
def test_a_page_leads_to_pages_of_its_language_and_to_itself_in_the_other(page: Path) -> None:
    french = page.name.endswith(".fr.md")
    links = {
        (page.parent / match["target"]).resolve()
        for match in _LINK.finditer(page.read_text(encoding="utf-8"))
    }

    strangers = {
        link for link in links if link.name.endswith(".fr.md") != french and _other_language(link).is_file()
    }

    assert strangers == {_other_language(page)}


@pytest.mark.parametrize("name", ["README.md", "README.fr.md"])
def test_the_queries_of_the_tour_fit_the_schema(name: str) -> None:
    bodies = re.findall(r"^\$ ask '(\{.*\})'$", (ROOT / name).read_text(encoding="utf-8"), re.MULTILINE)
    schema = _platform().graphql.core

    queries = [json.loads(body)["query"].replace('"ID"', f'"{UUID(int=0)}"') for body in bodies]
    problems = [str(problem) for query in queries for problem in validate(schema, parse(query))]

    assert problems == []
    assert len(bodies) >= 8


def _commands(page: Path) -> Iterator[str]:
    """Lines that begin with ``$`` in ``console`` blocks, unless ``<!-- not run: reason -->`` stands above the block."""
    for block in _BLOCK.finditer(page.read_text(encoding="utf-8")):
        if block["kind"] == "console" and not (block["mark"] or "").startswith("<!-- not run:"):
            yield from (
                line.removeprefix("$ ") for line in block["body"].splitlines() if line.startswith("$ ")
            )


@pytest.mark.parametrize("command", list(dict.fromkeys(_commands(ROOT / "README.md"))))
def test_the_commands_of_the_readme_work(command: str, tmp_path: Path) -> None:
    done = _shell(command, ROOT, tmp_path)

    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.long
@pytest.mark.parametrize("page", RUN_AS_WRITTEN)
def test_a_page_works_as_written_and_what_goes_on_from_it(page: str, tmp_path: Path) -> None:
    end = tmp_path / "end"
    end.mkdir()

    _follow(ROOT / "docs" / page, end)
    for number, further in enumerate(RUN_AS_WRITTEN[page]):
        _follow(ROOT / "docs" / further, shutil.copytree(end, tmp_path / str(number)))


def _follow(page: Path, folder: Path) -> None:
    """Write the files of a page and run its commands."""
    for block in _BLOCK.finditer(page.read_text(encoding="utf-8")):
        mark, kind = block["mark"] or "", block["kind"]
        if mark.startswith("<!-- not run:"):
            continue
        if mark.startswith("<!-- file: "):
            _write(folder, mark.removeprefix("<!-- file: ").removesuffix(" -->\n"), block["body"])
        elif kind == "console":
            for line in block["body"].splitlines():
                if line.startswith("$ "):
                    done = _shell(line.removeprefix("$ "), folder, folder)
                    assert done.returncode == 0, f"{line}\n{done.stdout}{done.stderr}"


def _write(folder: Path, target: str, body: str) -> None:
    """Write a block of a page to the file that its mark names; ``(append)`` adds it to the end."""
    name, _, how = target.partition(" (")
    path = folder / name
    before = path.read_text(encoding="utf-8") if how == "append)" else ""
    path.write_text(before + body, encoding="utf-8")


def _shell(command: str, folder: Path, scratch: Path) -> subprocess.CompletedProcess[str]:
    """Run one line of a page with the tools of this environment; a plugin beneath ``folder`` can be imported."""
    plugins = [str(path.parent) for path in scratch.glob("*/pyproject.toml")]
    cache = ROOT / ".mypy_cache" / "scaffold"
    environment = {
        **os.environ,
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "PYTHONPATH": os.pathsep.join(plugins),
        "MSINGI_TEST_ENGINES": "sqlite",
        "MSINGI_HOME": str(scratch),
        "MYPY_CACHE_DIR": str(cache),
    }
    with alone_at(cache) if "mypy" in shlex.split(command) else nullcontext():
        return subprocess.run(
            ["/bin/sh", "-c", command],
            cwd=folder,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=300,
        )


def test_french_has_one_name_for_the_audit_trail() -> None:
    pages = [*ROOT.glob("*.fr.md"), *(ROOT / "docs").rglob("*.fr.md")]
    catalogues = [path for part in ("core", "modules") for path in (ROOT / part).rglob("fr/messages.po")]

    other = [path for path in (*pages, *catalogues) if "journal d'audit" in path.read_text(encoding="utf-8")]

    assert other == []


@pytest.mark.parametrize("language", ["", ".fr"])
def test_the_front_page_leads_to_what_stands_in_its_language(language: str) -> None:
    shown = (ROOT / f"README{language}.md").read_text(encoding="utf-8")

    for page in ("settings", "roles", "permissions", "cli"):
        assert f"(docs/reference/{page}{language}.md)" in shown
