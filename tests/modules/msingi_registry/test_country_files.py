"""The shipped files: small, reproducible, and each with its source and licence beside it."""

import gzip
import re
from pathlib import Path

import pytest

from msingi_registry.country import describe_country, list_countries

DATA = Path(__file__).parents[3] / "modules" / "msingi_registry" / "data"
FILES = sorted(path for path in DATA.rglob("*") if path.is_file() and path.suffix != ".md")


@pytest.mark.parametrize("path", FILES, ids=[str(path.relative_to(DATA)) for path in FILES])
def test_the_readme_beside_each_file_states_its_licence(path: Path) -> None:
    readme = (path.parent / "README.md").read_text(encoding="utf-8")

    [line] = [line for line in readme.splitlines() if line.startswith(f"| {path.name} |")]
    assert any(word in line for word in ("class A", "share-alike", "as the software"))


def test_each_readme_states_the_true_number_of_rows() -> None:
    for path in FILES:
        if ".csv" not in path.suffixes:
            continue
        content = path.read_bytes()
        lines = (gzip.decompress(content) if path.suffix == ".gz" else content).decode().splitlines()
        readme = (path.parent / "README.md").read_text(encoding="utf-8")
        assert f"| {path.name} | {len(lines) - 1} |" in readme, path


def test_share_alike_data_stand_apart_with_their_licence() -> None:
    apart = DATA / "dza" / "openstreetmap"
    text = (apart / "LICENSE-ODbL.md").read_text(encoding="utf-8")

    assert "Open Database License 1.0" in text
    assert "© OpenStreetMap contributors, via healthsites.io" in text
    for readme in DATA.rglob("README.md"):
        for line in readme.read_text(encoding="utf-8").splitlines():
            if line.startswith("| ") and "share-alike" in line and readme.parent != apart:
                assert line.startswith("| openstreetmap/")


@pytest.mark.parametrize("path", [path for path in FILES if path.suffix == ".gz"], ids=str)
def test_packed_files_carry_no_time_stamp(path: Path) -> None:
    header = path.read_bytes()[:10]

    assert header[:4] == b"\x1f\x8b\x08\x00"
    assert header[4:8] == b"\0\0\0\0"


def test_all_files_together_stay_small() -> None:
    assert sum(path.stat().st_size for path in FILES) < 1_500_000


@pytest.mark.parametrize("iso3", list_countries())
def test_every_attribution_of_the_readmes_can_be_shown(iso3: str) -> None:
    folder = DATA / iso3.lower()
    readmes = [*folder.rglob("README.md"), DATA / "names" / "README.md"]
    owed = [
        found.rstrip(".").removesuffix(", MIT licence").removesuffix(", CC BY 4.0")
        for readme in readmes
        for found in re.findall("Attribution: (.*)", readme.read_text(encoding="utf-8"))
    ]

    shown = describe_country(iso3).attributions

    assert len(owed) == len(shown)
    assert all(any(line.startswith(each) for line in shown) for each in owed)
