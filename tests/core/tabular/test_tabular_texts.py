"""Every refusal of a tabular file speaks French too, with the same parameters."""

import inspect
import re
from pathlib import Path

import pytest

from msingi.i18n import Texts
from msingi.tabular import REASONS, TabularError, errors

FOLDER = Path(errors.__file__).parent / "locale"
TEMPLATES = sorted(
    {
        each.template
        for _, each in inspect.getmembers(errors, inspect.isclass)
        if issubclass(each, TabularError)
    }
    | set(REASONS.values())
)


def test_there_are_texts_to_check() -> None:
    assert len(TEMPLATES) == 39


@pytest.mark.parametrize("template", TEMPLATES)
def test_each_text_has_a_french_twin(template: str) -> None:
    french = Texts([FOLDER], ["fr", "en"]).get(template, "fr")

    assert french != template
    assert set(re.findall(r"{\w+}", french)) == set(re.findall(r"{\w+}", template))


def test_codes_are_unique() -> None:
    codes = [
        each.code for _, each in inspect.getmembers(errors, inspect.isclass) if issubclass(each, TabularError)
    ]

    assert len(codes) == len({*codes, *REASONS}) - len(REASONS)
