"""The GraphQL face of accounts, sessions and tokens."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, select

from msingi.auth.models import ApiToken, User, UserStatus
from msingi.auth.plugin import CREATE_TOKENS, MANAGE_USERS, READ_CONTACTS, READ_USERS, plugin
from msingi.auth.services import (
    accounts,
    api_tokens,
    identities,
    overview,
    passwords,
    second_factor,
    sessions,
)
from msingi.auth.services import login as signing_in
from msingi.auth.services.overview import Me
from msingi.auth.services.second_factor import Enrolment
from msingi.clean_text import Verbatim
from msingi.plugin import PUBLIC, SIGNED_IN
from msingi.work import Work

plugin.expose(
    User,
    *(
        "id",
        "username",
        "display_name",
        "email",
        "phone",
        "status",
        "language",
        "jurisdiction_id",
        "valid_to",
    ),
    *("must_change_password", "version"),
    allow=READ_USERS,
    guarded={"email": READ_CONTACTS, "phone": READ_CONTACTS},
)
plugin.expose(
    ApiToken,
    *("id", "name", "permissions", "addresses", "created_at", "expires_at", "revoked_at"),
    allow=SIGNED_IN,
)


@dataclass(frozen=True, slots=True)
class SignIn:
    """A session that was just opened; token and backup codes are shown this once."""

    token: str = field(
        repr=False, metadata={"doc": "Send it as a bearer token; browsers get it as a cookie instead."}
    )
    expires_at: datetime = field(metadata={"doc": "When the session ends at the latest."})
    user_id: UUID = field(metadata={"doc": "The account that signed in."})
    display_name: str = field(metadata={"doc": "Name of the person."})
    backup_codes: list[str] = field(
        repr=False, metadata={"doc": "Codes for the loss of the authenticator, when it was just set up."}
    )


@dataclass(frozen=True, slots=True)
class GivenPassword:
    """An account with the one-time password that its person receives from the administrator."""

    user: User = field(metadata={"doc": "The account."})
    one_time_password: str = field(
        repr=False, metadata={"doc": "Shown this once; has to be changed at the first sign-in."}
    )


@dataclass(frozen=True, slots=True)
class CreatedToken:
    """A new API token with its text."""

    api_token: ApiToken = field(metadata={"doc": "The token's record."})
    token: str = field(repr=False, metadata={"doc": "The text of the token, shown this once."})


@plugin.query(allow=SIGNED_IN)
def me(work: Work) -> Me:
    """The signed-in person, and what they may do where."""
    return overview.describe_me(work)


@plugin.connection(
    User,
    allow=READ_USERS,
    where=("username", "status", "jurisdiction_id"),
    order=("username", "display_name"),
)
def users(work: Work) -> Select[User]:  # noqa: ARG001 - every connection receives it
    """Accounts at home in the reader's places."""
    return select(User)


@plugin.connection(ApiToken, allow=SIGNED_IN, order=("created_at",))
def my_api_tokens(work: Work) -> Select[ApiToken]:
    """API tokens of one's own account."""
    return api_tokens.own_api_tokens(work)


@plugin.extend(User, allow=READ_USERS)
def last_login_at(parents: Sequence[User], work: Work) -> dict[UUID, datetime]:
    """When the account was last opened with its password."""
    return overview.last_logins(work, [user.id for user in parents])


@plugin.extend(User, allow=READ_USERS)
def locked_until(parents: Sequence[User], work: Work) -> dict[UUID, datetime]:
    """Until when wrong attempts keep the account closed to addresses it does not know."""
    return overview.locks(work, parents)


@plugin.extend(User, allow=READ_USERS)
def has_second_factor(parents: Sequence[User], work: Work) -> dict[UUID, bool]:
    """Whether the account has a second factor."""
    having = overview.users_with_second_factor(work, [user.id for user in parents])
    return {user.id: user.id in having for user in parents}


@plugin.mutation(allow=PUBLIC)
def login(
    work: Work,
    username: Verbatim,
    password: Verbatim,
    code: Verbatim | None = None,
    new_password: Verbatim | None = None,
) -> SignIn:
    """Sign in with user name, password and, where the account has one, a code of the second factor."""
    return _shown(signing_in.login(work, username, password, code=code, new_password=new_password))


@plugin.mutation(allow=SIGNED_IN)
def logout(work: Work, everywhere: bool = False) -> bool:  # noqa: FBT001, FBT002 - an argument of the schema
    """Sign out here, or everywhere."""
    sessions.logout(work, everywhere=everywhere)
    return True


@plugin.mutation(allow=SIGNED_IN)
def change_password(work: Work, password: Verbatim, new_password: Verbatim) -> SignIn:
    """Change one's own password; every other session and API token of the account ends."""
    return _shown(passwords.change_password(work, password, new_password))


@plugin.mutation(allow=SIGNED_IN)
def enrol_second_factor(work: Work, password: Verbatim) -> Enrolment:
    """Begin to set up one's own second factor."""
    return second_factor.enrol_totp(work, password)


@plugin.mutation(allow=PUBLIC)
def enrol_second_factor_at_login(work: Work, username: Verbatim, password: Verbatim) -> Enrolment:
    """Begin to set up a second factor that a role demands, before the first sign-in with it."""
    return second_factor.enrol_totp(work, password, username=username)


@plugin.mutation(allow=SIGNED_IN)
def confirm_second_factor(work: Work, code: Verbatim) -> SignIn:
    """Complete the second factor with a first code; every other session of the account ends."""
    return _shown(second_factor.confirm_totp(work, code))


@plugin.mutation(allow=SIGNED_IN)
def remove_second_factor(work: Work, password: Verbatim) -> SignIn:
    """Remove one's own second factor, a few minutes after signing in with it at the latest."""
    return _shown(second_factor.disable_totp(work, password))


@plugin.mutation(allow=MANAGE_USERS)
def create_user(work: Work, user: accounts.NewUser) -> GivenPassword:
    """Create an account; its person chooses an own password at the first sign-in."""
    return GivenPassword(*accounts.create_user(work, user))


@plugin.mutation(allow=MANAGE_USERS)
def update_user(
    work: Work, user_id: UUID, changes: accounts.UserChanges, expected_version: int | None = None
) -> User:
    """Change name, contacts, language or last day of an account."""
    return accounts.update_user(work, user_id, changes, expected_version=expected_version)


@plugin.mutation(allow=MANAGE_USERS)
def set_user_status(
    work: Work, user_id: UUID, status: UserStatus, reason: str = "", expected_version: int | None = None
) -> User:
    """Suspend, expire, transfer or activate an account; its sessions and tokens end at once."""
    return accounts.set_user_status(work, user_id, status, reason=reason, expected_version=expected_version)


@plugin.mutation(allow=MANAGE_USERS)
def reset_password(work: Work, user_id: UUID, expected_version: int | None = None) -> GivenPassword:
    """Give an account a one-time password; its sessions and tokens end at once."""
    return GivenPassword(*accounts.reset_password(work, user_id, expected_version=expected_version))


@plugin.mutation(allow=MANAGE_USERS)
def reset_second_factor(work: Work, user_id: UUID, expected_version: int | None = None) -> User:
    """Remove the second factor of a person who lost it."""
    return accounts.reset_second_factor(work, user_id, expected_version=expected_version)


@plugin.mutation(allow=MANAGE_USERS)
def unlock_user(work: Work, user_id: UUID) -> User:
    """Open an account that wrong attempts have locked."""
    return accounts.unlock_user(work, user_id)


@plugin.mutation(allow=MANAGE_USERS)
def bind_identity(work: Work, user_id: UUID, subject: Verbatim) -> User:
    """Let a subject of the configured OpenID Connect issuer act as this account."""
    return identities.bind_identity(work, user_id, subject)


@plugin.mutation(allow=MANAGE_USERS)
def unbind_identities(work: Work, user_id: UUID) -> User:
    """Take every external identity away from this account."""
    return identities.unbind_identities(work, user_id)


@plugin.mutation(allow=CREATE_TOKENS)
def create_api_token(
    work: Work, name: str, permissions: list[str], expires_at: datetime, addresses: list[str] | None = None
) -> CreatedToken:
    """Create an API token that carries some of one's own permissions."""
    record, text = api_tokens.create_api_token(
        work, name, permissions=permissions, expires_at=expires_at, addresses=addresses or ()
    )
    return CreatedToken(record, text)


@plugin.mutation(allow=SIGNED_IN)
def revoke_api_token(work: Work, token_id: UUID) -> ApiToken:
    """Revoke an API token of one's own, or of an account that one manages."""
    return api_tokens.revoke_api_token(work, token_id)


def _shown(result: sessions.LoginResult) -> SignIn:
    user = result.user
    return SignIn(result.token, result.expires_at, user.id, user.display_name, list(result.backup_codes))
