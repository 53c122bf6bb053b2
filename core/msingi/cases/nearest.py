"""The field that somebody meant who wrote one that a model does not have."""

from collections.abc import Iterator, Sequence
from difflib import get_close_matches
from typing import Any, get_args

from pydantic import BaseModel

_LONGEST = 64
"""Characters of a name that is compared: comparing takes time with the square of its length."""

_ALIKE = 0.65
"""How alike two names have to be, from 0 to 1: `lump` is meant for `lump_sum`, `quantity` for no `quantity_approved`."""


def nearest_field(model: type[BaseModel], document: object, places: Sequence[str | int]) -> str | None:
    """The name closest to the last place, of the fields that belong there and are not written yet."""
    *way, name = places
    models, here = [model], document
    for place in way:
        models = _below(models, place)
        here = _member(here, place)
    written = here if isinstance(here, dict) else {}
    known = {field for one in models for field in one.model_fields if field not in written}
    close = get_close_matches(str(name)[:_LONGEST], sorted(known), n=1, cutoff=_ALIKE)
    return close[0] if close else None


def _below(models: Sequence[type[BaseModel]], place: str | int) -> list[type[BaseModel]]:
    """The models that a field holds; an index or a key of a mapping leads to no others."""
    fields = [
        one.model_fields[place] for one in models if isinstance(place, str) and place in one.model_fields
    ]
    return [model for field in fields for model in _models_in(field.annotation)] if fields else list(models)


def _models_in(hint: Any) -> Iterator[type[BaseModel]]:
    if isinstance(hint, type) and issubclass(hint, BaseModel):
        yield hint
    for inner in get_args(hint):
        yield from _models_in(inner)


def _member(here: object, place: str | int) -> object:
    if isinstance(here, dict):
        return here.get(place)
    return here[place] if isinstance(here, list) and isinstance(place, int) else None
