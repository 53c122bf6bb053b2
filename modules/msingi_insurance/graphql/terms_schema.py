"""The JSON Schema of terms, described in the words of the reader."""

from collections.abc import Callable
from typing import Any

from msingi_insurance.rules.terms import Terms


def terms_schema(say: Callable[[str], str]) -> dict[str, Any]:
    """The JSON Schema of the terms of a product; ``say`` puts each description into the reader's words."""
    return {name: _told(name, part, say) for name, part in Terms.model_json_schema().items()}


def _told(name: str, part: object, say: Callable[[str], str]) -> object:
    if name == "description" and isinstance(part, str):
        return say(part)
    if isinstance(part, dict):
        return {inner: _told(inner, value, say) for inner, value in part.items()}
    return [_told("", each, say) for each in part] if isinstance(part, list) else part
