"""The public faces hold what a plugin needs: to answer questions, to react to events, to extend and read records."""

import ast
import dataclasses
import importlib
import inspect
import re
from collections.abc import Iterator
from enum import Enum
from functools import lru_cache
from pathlib import Path
from typing import Any, get_args, get_type_hints

import pytest
from pydantic import BaseModel

from msingi.contracts import full_platform
from msingi.faces import lazy_face
from msingi.module_order import CORE_PLUGINS
from msingi.platform import Platform, package_of
from msingi.plugin import Plugin, PluginSettings

MODULES = ["registry", "ledger", "catalogue", "insurance", "claims"]


@lru_cache(maxsize=1)
def _platform() -> Platform:
    return full_platform()


def _plugin(name: str) -> Plugin[Any]:
    return next(plugin for plugin in _platform().plugins if plugin.name == name)


def _face(name: str) -> Any:
    return importlib.import_module(str(package_of(_plugin(name))))


def _own_types(name: str, hint: object) -> Iterator[type]:
    """The module's own types in an annotation."""
    if isinstance(hint, type) and hint.__module__.startswith(f"{package_of(_plugin(name))}."):
        yield hint
    for part in get_args(hint):
        for inner in part if isinstance(part, list) else [part]:
            yield from _own_types(name, inner)


def _named_by(name: str, thing: Any) -> Iterator[type]:
    """The module's own types that a function, a dataclass or a pydantic model names."""
    for hint in get_type_hints(thing).values():
        yield from _own_types(name, hint)


def _missing(name: str, wanted: Iterator[type]) -> list[str]:
    face = _face(name)
    public = {id(getattr(face, each)) for each in face.__all__}
    return sorted({each.__name__ for each in wanted if id(each) not in public})


def _questions(name: str) -> Iterator[type]:
    for specification in _plugin(name).contributions.hookspecs:
        yield specification
        for question in (each for each in vars(specification).values() if inspect.isfunction(each)):
            yield from _named_by(name, question)


def _records(name: str) -> Iterator[type]:
    for exposure in _plugin(name).contributions.exposures:
        yield exposure.model
        yield from (each for each in _named_by(name, exposure.model) if issubclass(each, Enum))


def _values(name: str) -> Iterator[type]:
    face = _face(name)
    for thing in (getattr(face, each) for each in face.__all__):
        is_value = dataclasses.is_dataclass(thing) or (
            inspect.isclass(thing) and issubclass(thing, BaseModel) and not issubclass(thing, PluginSettings)
        )
        if inspect.isfunction(thing) or is_value:
            yield from (each for each in _named_by(name, thing) if not each.__name__.startswith("_"))


def test_the_modules_of_this_page_are_those_of_the_platform() -> None:
    assert sorted(MODULES) == sorted({plugin.name for plugin in _platform().plugins} - set(CORE_PLUGINS))


@pytest.mark.parametrize("name", MODULES)
def test_a_face_has_its_questions_events_and_records(name: str) -> None:
    assert _missing(name, _questions(name)) == []
    assert _missing(name, iter(_plugin(name).contributions.events)) == []
    assert _missing(name, _records(name)) == []


@pytest.mark.parametrize("name", MODULES)
def test_a_face_has_the_types_that_its_functions_and_values_name(name: str) -> None:
    assert _missing(name, _values(name)) == []


@pytest.mark.parametrize("name", MODULES)
def test_a_face_has_the_errors_that_its_questions_allow(name: str) -> None:
    """What an answer may raise stands in the sentence of the question, in double backticks."""
    sentences = [
        inspect.getdoc(question) or ""
        for specification in _plugin(name).contributions.hookspecs
        for question in vars(specification).values()
        if inspect.isfunction(question)
    ]
    raised = {word for text in sentences for word in re.findall("``([A-Z][A-Za-z]+)``", text)} - {"OSError"}

    assert raised <= set(_face(name).__all__)


@pytest.mark.parametrize("name", [name for name in MODULES if name != "ledger"])
def test_type_checkers_see_the_face_that_is_loaded(name: str) -> None:
    face = _face(name)
    tree = ast.parse(Path(str(face.__file__)).read_text(encoding="utf-8"))
    seen = {
        (alias.name, alias.asname, str(node.module))
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and str(node.module).startswith(face.__name__)
        for alias in node.names
    }

    loaded = {
        (each, each, f"{face.__name__}.{home}")
        for home, names in face._HOMES.items()
        for each in names.split()
    }

    assert seen == loaded
    assert face.__all__ == sorted(each for each, _, _ in loaded)


def test_a_name_is_loaded_from_its_file_and_no_other_is_known() -> None:
    names, load = lazy_face("msingi", {"money": "Money currency_of", "ids": "new_id"})

    assert names == ["Money", "currency_of", "new_id"]
    assert load("new_id") is importlib.import_module("msingi.ids").new_id
    with pytest.raises(AttributeError, match="module 'msingi' has no attribute 'Monet'"):
        load("Monet")
