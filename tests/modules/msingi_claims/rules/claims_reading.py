"""Reads the sentences of an explanation back: which one it is, and every number, name and day in it."""

import re
from datetime import date
from decimal import Decimal
from functools import cache
from typing import NamedTuple

from babel.dates import get_month_names

from msingi_claims.case.answering import translator
from msingi_claims.rules import sayings

_GROUPED = {"en": ",", "fr": "\N{NARROW NO-BREAK SPACE}\N{NO-BREAK SPACE}"}
_POINT = {"en": ".", "fr": ","}
_WORDS = {"word": r"\S+?", "day": r".+?", "reason": r".+", "code": r"-?\d+"}
_PLACE = re.compile(r"\{(\w+)\}")
_RULE = re.compile(r"(.*) \(([A-Z]+-\w+)\)", re.DOTALL)


class Told(NamedTuple):
    """A sentence in no language: its English text, what stands in its places, and the rule that it names."""

    text: str
    values: dict[str, object]
    """Amounts of money with their currency, counts and shares without, days, names."""
    rule: str


class Money(NamedTuple):
    """An amount that was told with a currency."""

    amount: Decimal
    currency: str


def read(sentence: str, language: str) -> Told:
    """What a sentence says; it must be one of those that the module knows, and of one only."""
    matched = _RULE.fullmatch(sentence)
    assert matched, sentence
    said, rule = matched.groups()
    found = [(text, match) for text, pattern in _patterns(language) if (match := pattern.fullmatch(said))]
    assert len(found) == 1, (sentence, found)
    [(text, match)] = found
    values = {name: _value(name, value, language) for name, value in match.groupdict().items()}
    return Told(text, values, rule)


def places(text: str) -> list[str]:
    """The names of what stands in a sentence, in their order."""
    return _PLACE.findall(text)


@cache
def _patterns(language: str) -> list[tuple[str, re.Pattern[str]]]:
    translate = translator(language)
    return [(text, _pattern(translate(text), language)) for text in sorted(every_text())]


def every_text() -> set[str]:
    """The English texts of all sentences of an explanation."""
    return {
        *sayings.STEPS.values(),
        *sayings.PRICES.values(),
        *sayings.SAME_PRICES.values(),
        *sayings.ROUNDED_LIMITS.values(),
        *(sayings.APPROVED_AS_ASKED, sayings.LESS_BEFORE, sayings.MAXIMUM_ONLY, sayings.CAPPED_GROWTH),
        *(sayings.LEFT, sayings.LEFT_ABOVE_FIXED, sayings.NOTHING_LEFT, sayings.REFUSED_PART),
    }


def _pattern(template: str, language: str) -> re.Pattern[str]:
    number = rf"-?[\d{_GROUPED[language]}{_POINT[language]}]+(?:[ \N{{NO-BREAK SPACE}}][A-Z]{{3}})?"
    parts = _PLACE.split(template)
    texts = (
        f"(?P<{part}>{_WORDS.get(part, number)})" if place % 2 else re.escape(part)
        for place, part in enumerate(parts)
    )
    return re.compile("".join(texts))


def _value(name: str, written: str, language: str) -> object:
    match name:
        case "word":
            return written
        case "day":
            return _day(written, language)
        case "reason":
            meanings = {translator(language)(text): text for text in sayings.REASONS.values()}
            return meanings[written]
        case "code":
            return int(written)
    number, currency = (written[:-4], written[-3:]) if written[-1].isalpha() else (written, "")
    for mark in _GROUPED[language]:
        number = number.replace(mark, "")
    amount = Decimal(number.replace(_POINT[language], "."))
    return Money(amount, currency) if currency else amount


def _day(written: str, language: str) -> date:
    months = {name: number for number, name in get_month_names("wide", locale=language).items()}
    parts = written.replace(",", "").replace("1er", "1").split()
    month, day = parts[:2] if language == "en" else (parts[1], parts[0])
    return date(int(parts[2]), months[month], int(day))
