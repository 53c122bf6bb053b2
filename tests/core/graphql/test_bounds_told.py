"""A broken bound is told with the bound, whatever kind of value it is."""

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any

import pytest
from pydantic import Field

import msingi
from msingi.errors import InvalidInput
from msingi.graphql.inputs import read_arguments, reader_for
from msingi.i18n import Texts

TEXTS = Texts([Path(msingi.__file__).parent / "locale"], ["fr", "en"])


@pytest.mark.rule("X-01")
@pytest.mark.parametrize(
    ("hint", "given", "french", "english"),
    [
        (Annotated[Decimal, Field(gt=0)], "0", "doit être supérieur à 0", "must be more than 0"),
        (
            Annotated[Decimal, Field(ge=Decimal("0.50"))],
            "0",
            "doit être au moins 0.50",
            "must be 0.50 or more",
        ),
        (
            Annotated[Decimal, Field(lt=Decimal("1E+3"))],
            "1000",
            "doit être inférieur à 1000",
            "must be less than 1000",
        ),
        (Annotated[Decimal, Field(le=Decimal(100))], "101", "doit être au plus 100", "must be 100 or less"),
        (
            Annotated[date, Field(ge=date(2026, 1, 1))],
            date(2025, 12, 31),
            "doit être au moins 2026-01-01",
            "must be 2026-01-01 or more",
        ),
    ],
)
def test_a_bound_is_named_in_the_refusal(hint: Any, given: object, french: str, english: str) -> None:
    refused = _refused(hint, given)

    assert TEXTS.refusal(refused, "fr") == f"Certains champs ne sont pas valides : quantity : {french}."
    assert TEXTS.refusal(refused, "en") == f"Some fields are not valid: quantity: {english}."


def _refused(hint: Any, given: object) -> InvalidInput:
    reader = reader_for(hint)
    assert reader is not None
    with pytest.raises(InvalidInput) as caught:
        read_arguments({"quantity": reader}, {"quantity": given})
    return caught.value
