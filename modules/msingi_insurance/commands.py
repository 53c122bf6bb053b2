"""`msingi insurance`: quotes from files without a database, and files of the field."""

from typing import Annotated

import typer

from msingi.cli.choices import require_one_of
from msingi.cli.options import JsonOption
from msingi.cli.speech import speech_for
from msingi_insurance.exchange_commands import exports, imports
from msingi_insurance.product_commands import app as products

app = typer.Typer(help="Quote policies, exchange files with the field.", no_args_is_help=True)
app.add_typer(imports, name="import")
app.add_typer(exports, name="export")
app.add_typer(products, name="product")


@app.callback()
def insurance() -> None:
    """Insurance on the command line."""


@app.command()
def quote(
    file: Annotated[typer.FileBinaryRead, typer.Argument(help="Case file; - reads standard input.")],
    lang: Annotated[
        str | None, typer.Option("--lang", help="Language of the answer: fr or en; default: the terminal's.")
    ] = None,
    *,
    explain: Annotated[bool, typer.Option("--explain", help="Say why, step by step.")] = False,
    json: JsonOption = False,
) -> None:
    """Quote a case: value, parts, members, dates. Exit 1 when the case expects something else, 2 when it is unreadable.

    Examples:
      msingi insurance quote family.json --explain --lang fr
      msingi insurance quote family.json --json

    """
    from msingi.cases import WrongCase
    from msingi.cli.output import print_lines
    from msingi_insurance.case.judging import compare, quote_case
    from msingi_insurance.case.living import life_of
    from msingi_insurance.case.printing import (
        LANGUAGES,
        as_difference,
        as_lines,
        as_sentences,
        as_value,
        life_lines,
    )
    from msingi_insurance.case.reading import read_case, sayings

    if lang is not None:
        require_one_of(lang, LANGUAGES, "--lang", speech_for())
    language = speech_for(language=lang).language
    try:
        case = read_case(file)
        quoted = quote_case(case)
        life = life_of(case, quoted)
    except WrongCase as error:
        print_lines(error.lines(sayings(language)), to_errors=True)
        raise typer.Exit(2) from None
    currency = case.scheme.currency
    if json:
        _print_json(as_value(quoted, life, currency, language))
    else:
        print_lines(as_lines(quoted, currency, language))
        if case.tells_of_life:
            print_lines(["", *life_lines(life, currency, language)])
        if explain:
            print_lines(["", *as_sentences((*quoted.steps, *life.steps), currency, language)])
    differences = compare(case.expect, quoted, life) if case.expect else []
    print_lines((as_difference(difference, language) for difference in differences), to_errors=True)
    raise typer.Exit(1 if differences else 0)


def _print_json(value: object) -> None:
    from msingi.cli.output import print_json

    print_json(value)
