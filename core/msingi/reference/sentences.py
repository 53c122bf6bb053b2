"""The sentence that describes a thing: the first paragraph of its own docstring, never an inherited one."""

import inspect


def first_sentence(thing: object) -> str:
    """The description of a class or function on one line; empty when it has none."""
    text = getattr(thing, "__doc__", None) or ""
    return " ".join(inspect.cleandoc(text).partition("\n\n")[0].split())
