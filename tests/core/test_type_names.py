"""A refusal names a kind of record in words of the reader's language, never by the name that the code gives it."""

import re
from pathlib import Path

import pytest

from msingi.contracts.exports import shipped_plugins
from msingi.errors import NotFound, words_of
from msingi.graphql.answers import describe_refusal
from msingi.i18n import Texts

ROOT = Path(__file__).parents[2]
CATALOGUES = sorted(ROOT.glob("core/msingi/**/locale")) + sorted(ROOT.glob("modules/*/locale"))
TEXTS = Texts(CATALOGUES, ["fr", "en"])
NAMED = re.compile(
    r'NotFound\(type="(\w+)"|NotFound\(type=(\w+)\.__name__|\b(?:work|own)\.get\((?!model)(\w+)'
)


def test_words_are_made_from_the_name_of_a_type() -> None:
    assert words_of("Jurisdiction") == "jurisdiction"
    assert words_of("PriceListLine") == "price list line"
    assert words_of("ApiToken") == "api token"


@pytest.mark.rule("X-01")
@pytest.mark.parametrize(
    ("language", "message"),
    [
        ("fr", "Aucun enregistrement « comptage de caisse » portant cet identifiant ne vous est visible."),
        ("en", "No cash count with this identifier is visible to you."),
    ],
)
def test_a_missing_record_is_named_in_words_and_its_code_stays(language: str, message: str) -> None:
    described = describe_refusal(NotFound(type="CashCount"), TEXTS, language)

    assert described["message"] == message
    assert described["extensions"]["params"] == {"type": "CashCount"}
    assert str(NotFound(type="CashCount")) == "No cash count with this identifier is visible to you."


@pytest.mark.rule("X-01")
def test_every_kind_of_record_that_may_be_missing_has_a_french_name() -> None:
    silent = [
        name
        for name in sorted(_kinds())
        if name[0].isupper() and TEXTS.get(words_of(name), "fr") == words_of(name)
    ]

    assert silent == []


def _kinds() -> set[str]:
    found = {
        exposure.model.__name__ for plugin in shipped_plugins() for exposure in plugin.contributions.exposures
    }
    for source in [*ROOT.glob("core/msingi/**/*.py"), *ROOT.glob("modules/**/*.py")]:
        text = source.read_text(encoding="utf-8")
        found |= {name for match in NAMED.finditer(text) for name in match.groups() if name}
    assert {"Person", "Jurisdiction", "Facility"} <= found
    return found
