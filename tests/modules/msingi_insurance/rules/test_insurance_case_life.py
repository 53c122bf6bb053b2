"""What becomes of the policy of a quote case: payments, confirmation and time (POL-4, POL-6, PAY-2, PAY-6)."""

import json
from io import BytesIO
from pathlib import Path

import pytest
from typer.testing import CliRunner

from msingi.cases import WrongCase
from msingi_insurance.case import reading
from msingi_insurance.case.judging import quote_case
from msingi_insurance.case.living import PolicyLife, life_of
from msingi_insurance.commands import app

CORPUS = Path(__file__).parents[1] / "corpus"
RUNNER = CliRunner()
SMALL = {"product": {}, "policy": {"enrolled": "2020-11-10"}, "family": [{"id": "a", "born": "1980-01-01"}]}


def _paid(day: str) -> dict[str, object]:
    return {"amount": 5, "day": day}


def _judged(document: dict[str, object]) -> PolicyLife:
    case = reading.read_case(BytesIO(json.dumps(document).encode()))
    return life_of(case, quote_case(case))


@pytest.mark.rule("POL-4", "PAY-6")
def test_what_became_of_a_policy_is_told_beside_the_quote() -> None:
    told = RUNNER.invoke(
        app, ["quote", str(CORPUS / "pay_6_paid_more.json"), "--lang", "fr", "--explain"]
    ).stdout.splitlines()
    unpaid = RUNNER.invoke(app, ["quote", str(CORPUS / "worked_1_two_adults.json"), "--lang", "fr"]).stdout

    at = told.index("")
    assert [" ".join(line.split()) for line in told[at + 1 : at + 6]] == [
        "État actif",
        "Effet à partir du 2020-11-20",
        "Payé 700 TZS",
        "Reste à payer 0 TZS",
        "Crédit de la famille 100 TZS",
    ]
    assert (
        told[-1]
        == "La couverture prend effet le 20 nov. 2020, la plus tardive des dates de paiement et de début. [POL-4]"
    )
    assert "État" not in unpaid


@pytest.mark.rule("PAY-2")
@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        (
            {"product": {"max_installments": 1}, "payments": [_paid("2020-11-20"), _paid("2020-11-21")]},
            "$.payments[1]: Ce produit se paie en 1 versements au plus.",
        ),
        (
            {"payments": [_paid("2020-11-21"), _paid("2020-11-20")]},
            "$.payments[1].day: ce paiement est antérieur à celui qui le précède",
        ),
        (
            {"payments": [_paid("2020-11-21")], "as_of": "2020-11-20"},
            "$.as_of: ce jour est antérieur à un paiement ou à la confirmation",
        ),
        ({"payments": [{**_paid("2020-11-21"), "amount": 0}]}, "$.payments[0].amount: "),
    ],
)
def test_payments_that_cannot_be_are_told_where_they_stand(changes: dict[str, object], problem: str) -> None:
    with pytest.raises(WrongCase) as wrong:
        _judged(SMALL | changes)

    (told,) = wrong.value.lines(reading.sayings("fr"))
    assert told.startswith(problem)
