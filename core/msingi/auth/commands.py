"""`msingi user`: create users, reset passwords, unlock accounts, grant roles; acts as the system."""

from typing import TYPE_CHECKING, Annotated
from uuid import UUID

import typer

from msingi.cli.edge import opened
from msingi.cli.options import DatabaseOption, JsonOption, ProfileOption
from msingi.cli.output import print_json, print_table
from msingi.cli.places import place_of
from msingi.cli.wishes import read_wish

if TYPE_CHECKING:
    from msingi.cli.speech import Speech
    from msingi.work import Work

_REASON = "command line"
app = typer.Typer(help="Create users, reset passwords, grant roles.", no_args_is_help=True)

UsernameArgument = Annotated[str, typer.Argument(help="User name: a-z, 0-9 and . _ @ + - inside.")]
PlaceOption = Annotated[str, typer.Option("--place", help="Code of the place, e.g. of the country.")]


@app.command()
def create(
    username: UsernameArgument,
    profile: ProfileOption = None,
    database: DatabaseOption = None,
    *,
    name: Annotated[str, typer.Option(help="Name of the person.")],
    place: PlaceOption,
    role: Annotated[
        list[str] | None,
        typer.Option(help="Role to grant there, of docs/reference/roles.md; may be repeated."),
    ] = None,
    language: Annotated[str | None, typer.Option(help="Language of the person, e.g. fr.")] = None,
    json: JsonOption = False,
) -> None:
    """Create an account and print its one-time password, which has to be changed at the first sign-in.

    Example: msingi user create amina --name "Amina D." --place CM --role system_administrator
    """
    from msingi.auth.services.accounts import NewUser, create_user
    from msingi.rbac.grants import grant_role

    with opened(profile, database) as here, here.work() as work:
        home = place_of(work, place)
        values = {"display_name": name, "jurisdiction_id": home, "language": language}
        user, password = create_user(work, read_wish(NewUser, {"username": username, **values}))
        for wanted in role or ():
            grant_role(work, user.id, role=wanted, jurisdiction_id=home, reason=_REASON)
    _tell({"username": user.username, "one_time_password": password}, here.say, json=json)


@app.command()
def reset(
    username: UsernameArgument,
    profile: ProfileOption = None,
    database: DatabaseOption = None,
    *,
    second_factor: Annotated[
        bool, typer.Option("--second-factor", help="Remove the second factor as well.")
    ] = False,
    json: JsonOption = False,
) -> None:
    """Print a new one-time password; every session and API token of the account ends.

    Example: msingi user reset amina
    """
    from msingi.auth.services.accounts import reset_password, reset_second_factor

    with opened(profile, database) as here, here.work() as work:
        user_id = _user(work, username)
        if second_factor:
            reset_second_factor(work, user_id)
        user, password = reset_password(work, user_id)
    _tell({"username": user.username, "one_time_password": password}, here.say, json=json)


@app.command()
def unlock(
    username: UsernameArgument, profile: ProfileOption = None, database: DatabaseOption = None
) -> None:
    """Open an account that wrong attempts have locked.

    Example: msingi user unlock amina
    """
    from msingi.auth.services.accounts import unlock_user

    with opened(profile, database) as here, here.work() as work:
        user = unlock_user(work, _user(work, username))
    typer.echo(here.say("{name} can sign in again.", name=user.username))


@app.command()
def grant(
    username: UsernameArgument,
    role: Annotated[str, typer.Argument(help="Name of the role.")],
    profile: ProfileOption = None,
    database: DatabaseOption = None,
    *,
    place: PlaceOption,
    reason: Annotated[str, typer.Option(help="Why it is granted.", show_default=False)] = _REASON,
) -> None:
    """Give an account a role for a place and everything below it.

    Example: msingi user grant amina district_officer --place CM-01-02
    """
    from msingi.rbac.grants import grant_role

    with opened(profile, database) as here, here.work() as work:
        home = place_of(work, place)
        grant_role(work, _user(work, username), role=role, jurisdiction_id=home, reason=reason)
    typer.echo(here.say("{name} holds {role} for {place}.", name=username, role=role, place=place))


def _user(work: "Work", username: str) -> UUID:
    from sqlalchemy import select

    from msingi.auth.errors import UnknownUser
    from msingi.auth.models import User
    from msingi.auth.rules.usernames import normal_username

    found = work.session.scalar(select(User.id).where(User.username == (normal_username(username) or "")))
    if found is None:
        raise UnknownUser(name=username)
    return found


def _tell(row: dict[str, str], say: "Speech", *, json: bool) -> None:
    if json:
        print_json(row)
    else:
        print_table([row], say)
