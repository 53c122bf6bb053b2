"""How a country's files are read: validated descriptions, so that no country name stands in code."""

import tomllib
from datetime import date
from enum import StrEnum
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Final

from pydantic import BaseModel, ConfigDict

OPERATIONAL: Final = "operational"
"""The tree that the facilities hang under."""


class Ownership(StrEnum):
    """Who owns a facility."""

    PUBLIC = "public"
    FAITH_BASED = "faith_based"
    NON_PROFIT = "non_profit"
    PRIVATE = "private"
    COMMUNITY = "community"


class _Description(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class PlaceFile(_Description):
    """One level of places read from one file.

    ``code`` names a column that holds the whole code; without it the code is the parent's code and ``key``.
    ``parent`` names the columns that identify the parent, ``aliases`` further columns by which children and
    facilities name this place, ``boundaries`` the column of its shapes, split by ``|``. A ``flattened`` file repeats the place on each line of its descendants. A file
    ``on_demand`` is large and read only when asked.
    """

    tree: str = OPERATIONAL
    level: int
    file: str
    code: str = ""
    key: str = ""
    parent: tuple[str, ...] = ()
    names: dict[str, str]
    aliases: tuple[str, ...] = ()
    boundaries: str = ""
    valid_from: date | None = None
    flattened: bool = False
    on_demand: bool = False


class FacilityFile(_Description):
    """Where the facilities are and what their published words mean.

    ``generic_names`` name no facility in particular; ``faith_words`` in a name speak for a faith-based owner.
    """

    file: str
    id: str
    type_language: str
    type_languages: dict[str, str]
    standard_types: dict[str, str] = {}
    ownership: dict[str, Ownership] = {}
    ownership_of_all: Ownership | None = None
    services: str = ""
    generic_names: tuple[str, ...] = ()
    faith_words: tuple[str, ...] = ()


class NameList(_Description):
    """A selection of the shared name lists; an empty sex takes the lists that know none."""

    locale: str
    kind: str
    sex: str = ""


class ComposedNames(_Description):
    """Syllables of made-up family names: start + middle + end."""

    starts: tuple[str, ...]
    middles: tuple[str, ...]
    ends: tuple[str, ...]


class PersonRecipe(_Description):
    """How synthetic persons of the country are named and reached; the shares are assumptions, not statistics.

    In ``shared_family_name_percent`` of the households the children bear the head's family name; spouses and
    relatives keep their own.
    The phone prefix with its digits is a range that the numbering plan does not assign, so that no real person is
    ever called.
    """

    given_locale: str
    two_given_names_percent: int
    shared_family_name_percent: int
    phone_prefix: str
    phone_digits: int
    family_lists: tuple[NameList, ...] = ()
    composed_family_names: ComposedNames | None = None


class PlaceLevel(_Description):
    """A level of places: the code that the country's profile uses, and its names by language (FR-5)."""

    code: str
    names: dict[str, str]


class CountryDescription(_Description):
    """Everything that differs between countries in reading their files.

    ``attributions`` are the lines that whoever shows the data must show with them.
    """

    iso3: str
    code: str
    names: dict[str, str]
    levels: tuple[PlaceLevel, ...]
    attributions: tuple[str, ...]
    places: tuple[PlaceFile, ...]
    facilities: FacilityFile
    persons: PersonRecipe


def list_countries() -> tuple[str, ...]:
    """The ISO 3166-1 alpha-3 codes of the countries with files, sorted."""
    folders = (folder for folder in data_folder().iterdir() if folder.joinpath("country.toml").is_file())
    return tuple(sorted(folder.name.upper() for folder in folders))


def describe_country(iso3: str) -> CountryDescription:
    """The description of a country's files; raises ``FileNotFoundError`` for a country without files."""
    text = data_folder().joinpath(iso3.lower(), "country.toml").read_text(encoding="utf-8")
    return CountryDescription.model_validate(tomllib.loads(text))


def data_folder() -> Traversable:
    """The folder of the shipped files."""
    return files("msingi_registry").joinpath("data")
