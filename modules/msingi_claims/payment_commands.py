"""`msingi claims batch` and `msingi claims payments`: the month's batch, files for the bank, and its answers."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from uuid import UUID

import typer

from msingi.cli.choices import require_one_of
from msingi.cli.edge import opened
from msingi.cli.options import DatabaseOption, JsonOption, ProfileOption
from msingi.cli.places import place_of
from msingi.cli.speech import speech_for

if TYPE_CHECKING:
    from msingi.cli.speech import Speech
    from msingi.work import Work

batch = typer.Typer(help="Run the batch of a month.", no_args_is_help=True)
payments = typer.Typer(
    help="List payments, write their files, take the bank's answers.", no_args_is_help=True
)
CodeArgument = Annotated[str, typer.Argument(help="Code of the payment.")]


@batch.callback()
def of_batch() -> None:
    """Run the batch of a month."""


@batch.command()
def run(
    place: Annotated[str, typer.Option("--place", help="Code of the place whose products are billed.")],
    year: Annotated[int, typer.Option("--year", min=2000, max=2200, help="Year of the claims.")],
    month: Annotated[int, typer.Option("--month", min=1, max=12, help="Month of the claims, 1 to 12.")],
    profile: ProfileOption = None,
    database: DatabaseOption = None,
    *,
    confirm_zero: Annotated[
        bool, typer.Option("--confirm-zero", help="Accept relative prices that are worth nothing.")
    ] = False,
    json: JsonOption = False,
) -> None:
    """Compute indexes and capitation and issue the bills of a month, once; exit 1 when it is refused.

    Example: msingi claims batch run --place TZ --year 2026 --month 2 --profile tanzania
    """
    from msingi_claims.services.batches import run_batch

    with opened(profile, database) as here, here.work() as work:
        made = run_batch(work, place_of(work, place), year, month, confirm_zero=confirm_zero)
        report = {"claims": made.claims, "bills": made.bills, "amount": str(made.amount)}
    _show([report], here.say, json=json)


@payments.command("list")
def list_payments(
    profile: ProfileOption = None, database: DatabaseOption = None, *, json: JsonOption = False
) -> None:
    """List the last hundred payments with their states, the newest first.

    Example: msingi claims payments list --json
    """
    from sqlalchemy import select

    from msingi_claims.models.payment import FacilityPayment

    with opened(profile, database) as here, here.work(writes=False) as work:
        statement = select(FacilityPayment).order_by(FacilityPayment.id.desc()).limit(100)
        rows: list[dict[str, object]] = [
            {
                "code": one.code,
                "state": one.state.value,
                "orders": one.orders,
                "amount": str(one.amount),
                "due": one.due_on.isoformat(),
            }
            for one in work.session.scalars(statement)
        ]
    _show(rows, here.say, json=json)


@payments.command()
def file(
    code: CodeArgument,
    to: Annotated[Path, typer.Option("--to", dir_okay=False, help="File to write: .xml (pain.001) or .csv.")],
    profile: ProfileOption = None,
    database: DatabaseOption = None,
) -> None:
    """Write the orders of an approved payment for the bank; readable by the owner of the file only.

    Example: msingi claims payments file P20260302-0A1B2C3D --to payment.xml
    """
    from msingi_claims.services.payment_files import FORMS, payment_file

    form = to.suffix.removeprefix(".")
    require_one_of(form, FORMS, "--to", speech_for(profile))
    with opened(profile, database) as here, here.work() as work:
        content = payment_file(work, _payment(work, code), form)
    to.touch(mode=0o600)
    to.write_bytes(content)
    typer.echo(here.say("Written: {file} ({size} bytes)", file=to, size=len(content)))


@payments.command()
def answers(
    code: CodeArgument,
    table: Annotated[
        Path,
        typer.Argument(
            exists=True, dir_okay=False, help="CSV or XLSX: reference, outcome, day, amount, reason."
        ),
    ],
    profile: ProfileOption = None,
    database: DatabaseOption = None,
) -> None:
    """Take over the bank's answers, all or nothing; every wrong line is named and exit is 1.

    That money came back is said by a person in the application, never here: it needs a second one.

    Example: msingi claims payments answers P20260302-0A1B2C3D answers.csv
    """
    from msingi_claims.services.bank_answers import read_answers
    from msingi_claims.services.settling import take_answers

    with opened(profile, database) as here, here.work() as work:
        payment = take_answers(work, _payment(work, code), read_answers(work, table.read_bytes()))
        code, state = payment.code, payment.state.value
    typer.echo(f"{code}: {state}")


def _payment(work: "Work", code: str) -> UUID:
    from sqlalchemy import select

    from msingi.errors import NotFound
    from msingi_claims.models.payment import FacilityPayment

    payment_id = work.session.scalar(select(FacilityPayment.id).where(FacilityPayment.code == code))
    if payment_id is None:
        raise NotFound(type="FacilityPayment")
    return payment_id


def _show(rows: list[dict[str, object]], say: "Speech", *, json: bool) -> None:
    from msingi.cli.output import print_json, print_table

    print_json(rows) if json else print_table(rows, say)
