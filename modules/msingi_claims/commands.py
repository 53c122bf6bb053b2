"""`msingi claims`: decide claims from files, without a database."""

from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, BinaryIO

import typer

from msingi.cli.choices import require_one_of
from msingi.cli.options import JsonOption
from msingi.cli.speech import Speech, speech_for
from msingi_claims.payment_commands import batch, payments

if TYPE_CHECKING:
    from msingi_claims.case.answering import Answer
    from msingi_claims.case.model import AdjudicationCase
    from msingi_claims.rules.decisions import ClaimDecision, LineDecision
    from msingi_claims.rules.values import ClaimInput

app = typer.Typer(help="Decide claims from files.", no_args_is_help=True)

app.add_typer(batch, name="batch")
app.add_typer(payments, name="payments")

_TEXTS = (Path(__file__).parent / "locale",)
FileArgument = Annotated[
    typer.FileBinaryRead, typer.Argument(metavar="CASE.json", help="The case; - reads standard input.")
]
LanguageOption = Annotated[
    str | None, typer.Option("--lang", help="Language of the answer: fr or en; default: the terminal's.")
]
ExplainOption = Annotated[bool, typer.Option("--explain", help="Say of each line why it is paid as it is.")]


@app.callback()
def root() -> None:
    """Decide claims from files."""


@app.command()
def adjudicate(
    file: FileArgument,
    lang: LanguageOption = None,
    *,
    explain: ExplainOption = False,
    json: JsonOption = False,
) -> None:
    """Decide the claim of a case file; exit 1 when the decision is not what the case expects, 2 when it is unusable.

    Amounts are exact, and nothing but the file decides: no database, no clock, no settings. The file is described by
    schema/adjudication-case.schema.json.

    Examples:
      msingi claims adjudicate case.json --explain --lang fr
      msingi claims adjudicate case.json --json

    """
    from msingi_claims.case.answering import LANGUAGES, answer_of

    if lang is not None:
        require_one_of(lang, LANGUAGES, "--lang", speech_for())
    say = speech_for(language=lang, folders=_TEXTS)
    case, claim, decision = _decide(file, say.language)
    answer = answer_of(claim, decision, currency=case.currency)
    if json:
        _print_json(answer)
    else:
        _print_decision(answer, decision, say, explain=explain)
    _compare(case, answer, say)


def _decide(file: BinaryIO, language: str) -> "tuple[AdjudicationCase, ClaimInput, ClaimDecision]":
    from msingi.cases import WrongCase
    from msingi.cli.output import print_lines
    from msingi_claims.case.deciding import decide_case
    from msingi_claims.case.reading import read_case, sayings

    try:
        case = read_case(file)
        return case, *decide_case(case)
    except WrongCase as error:
        print_lines(error.lines(sayings(language)), to_errors=True)
        raise typer.Exit(2) from None


def _print_json(answer: "Answer") -> None:
    from msingi.cli.output import print_json

    print_json(answer)


def _print_decision(answer: "Answer", decision: "ClaimDecision", say: Speech, *, explain: bool) -> None:
    from msingi.cli.output import print_lines, print_table
    from msingi.written import written_amount
    from msingi_claims.case.answering import reason_in, sentences

    currency = str(answer["currency"])
    words = {name: say(str(answer[name])) for name in ("status", "category")}
    sums = {
        name: written_amount(Decimal(str(answer[name])), say.language, currency)
        for name in ("claimed", "approved", "remunerated")
    }
    print_table([{**words, **sums}], say)
    for reason in decision.reasons:
        typer.echo(f"{int(reason)}: {reason_in(reason, say.language)}")
    print_table([_row(line, say.language, currency) for line in decision.lines], say)
    for line in decision.lines if explain else ():
        told = sentences(line, say.language, currency)
        print_lines(["", line.code, *(f"  {sentence}" for sentence in told)])


def _row(line: "LineDecision", language: str, currency: str) -> dict[str, object]:
    from msingi.money import exponent_of
    from msingi.written import written_number

    sums = {
        "price": line.price,
        "value": line.valued,
        "paid": line.remunerated,
        "patient": line.patient_share + line.deductible,
        "not covered": line.refused + line.excess_ceiling + line.excess_category,
    }
    decimals = exponent_of(currency)
    return {
        "line": line.code,
        "reason": int(line.reason),
        "given": written_number(line.quantity_provided, language),
        "accepted": written_number(line.quantity, language),
        **{
            name: None if value is None else written_number(value, language, decimals)
            for name, value in sums.items()
        },
    }


def _compare(case: "AdjudicationCase", answer: "Answer", say: Speech) -> None:
    from msingi.cli.output import print_lines
    from msingi_claims.case.comparing import differences

    found = list(differences(case.expect, answer, say=say)) if case.expect is not None else []
    print_lines(found, to_errors=True)
    if found:
        raise typer.Exit(1)
