"""Every refusal of the door and the edge speaks French and English with the same parameters."""

import inspect
import re
from collections import Counter
from pathlib import Path
from string import Formatter

import pytest

import msingi.edge
from msingi import clean_text, money
from msingi.edge import refusals as edge_refusals
from msingi.errors import DomainError
from msingi.graphql import body, refusals, scalars
from msingi.i18n import Texts

LOCALE = Path(msingi.edge.__file__).parent / "locale"
REFUSALS = sorted(
    {
        kind
        for module in (refusals, body, scalars, edge_refusals, money, clean_text)
        for kind in vars(module).values()
        if inspect.isclass(kind) and issubclass(kind, DomainError) and kind.__module__ == module.__name__
        if "template" in vars(kind)
    },
    key=lambda kind: kind.code,
)


def names_in(template: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(template) if name}


@pytest.mark.parametrize("kind", REFUSALS, ids=lambda kind: kind.code)
def test_a_refusal_is_translated_with_the_same_parameters(kind: type[DomainError]) -> None:
    french = Texts([LOCALE], ["fr", "en"]).get(kind.template, "fr")

    assert french != kind.template
    assert names_in(french) == names_in(kind.template)
    assert kind.__doc__


def test_every_code_is_used_once() -> None:
    codes = [kind.code for kind in REFUSALS]

    assert len(codes) > 60
    assert len(codes) == len(set(codes))


def test_no_text_is_translated_in_two_catalogues() -> None:
    core = Path(msingi.__file__).parent
    catalogues = [path.read_text(encoding="utf-8") for path in core.glob("**/locale/fr/messages.po")]

    translated = [
        text for catalogue in catalogues for text in re.findall(r'^msgid (".+")', catalogue, re.MULTILINE)
    ]

    assert len(translated) > 100
    assert [text for text, times in Counter(translated).items() if times > 1] == []
