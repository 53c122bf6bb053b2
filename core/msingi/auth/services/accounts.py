"""What administrators do to accounts, inside their places and never above their own rights (attacks 22, 25)."""

from datetime import date, timedelta
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import select

from msingi.actor import ActorKind
from msingi.auth.errors import (
    InvalidUsername,
    NotOnYourself,
    StatusChangeRefused,
    UnknownLanguage,
    UsernameTaken,
    WiderRights,
)
from msingi.auth.events import UserCreated, UserStatusChanged
from msingi.auth.models import User, UserStatus
from msingi.auth.plugin import MANAGE_USERS
from msingi.auth.rules.hashing import hash_password
from msingi.auth.rules.statuses import may_become
from msingi.auth.rules.tokens import one_time_password
from msingi.auth.rules.usernames import normal_username
from msingi.auth.services.attempts import forget_attempts
from msingi.auth.services.proofs import hash_cost
from msingi.auth.services.second_factor import remove_second_factor
from msingi.auth.services.sessions import end_sessions
from msingi.auth.settings import AuthSettings
from msingi.clean_text import CleanLine
from msingi.rbac.access import compile_grants
from msingi.work import Work


class NewUser(BaseModel):
    """A new account; its person gets a one-time password and chooses an own one at the first sign-in."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    username: str = Field(max_length=100, description="Unique name for signing in: a-z, 0-9 and . _ @ + -")
    display_name: CleanLine = Field(min_length=1, max_length=200, description="Name of the person")
    jurisdiction_id: UUID = Field(description="Home of the account")
    email: CleanLine | None = Field(default=None, max_length=254, description="E-mail address")
    phone: CleanLine | None = Field(default=None, max_length=20, description="Telephone number")
    language: CleanLine | None = Field(default=None, max_length=35, description="Language of the screens")
    valid_to: date | None = Field(default=None, description="Last day of the account, if it is limited")


def create_user(work: Work, wish: NewUser) -> tuple[User, str]:
    """Create an invited account and return it with its one-time password, which is shown this once.

    Raises:
        InvalidUsername, UsernameTaken: the name has a wrong form or belongs to somebody else.
        UnknownLanguage: the installation does not speak it.
        Forbidden: the home lies outside the actor's places.

    """
    work.require(MANAGE_USERS, wish.jurisdiction_id)
    username = normal_username(wish.username)
    if username is None:
        raise InvalidUsername
    _refuse_unknown_language(work, wish.language)
    with work.everywhere():
        if work.session.scalar(select(User.id).where(User.username == username)) is not None:
            raise UsernameTaken
    user = User(
        **wish.model_dump(exclude={"username"}),
        username=username,
        email_index=contact_index(work, "email", wish.email),
        phone_index=contact_index(work, "phone", wish.phone),
        status=UserStatus.INVITED,
        generation=0,
    )
    password = _give_one_time_password(work, user)
    work.add(user)
    work.session.flush()
    work.emit(UserCreated(user_id=user.id, jurisdiction_id=user.jurisdiction_id))
    return user, password


class UserChanges(BaseModel):
    """New values for an account; what is left out stays as it is, an empty contact is removed."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    display_name: CleanLine | None = Field(
        default=None, min_length=1, max_length=200, description="Name of the person"
    )
    email: CleanLine | None = Field(
        default=None, max_length=254, description="E-mail address; empty removes it"
    )
    phone: CleanLine | None = Field(
        default=None, max_length=20, description="Telephone number; empty removes it"
    )
    language: CleanLine | None = Field(default=None, max_length=35, description="Language of the screens")
    valid_to: date | None = Field(default=None, description="Last day of the account")


def update_user(
    work: Work, user_id: UUID, changes: UserChanges, *, expected_version: int | None = None
) -> User:
    """Change the data of an account; user name, home and status have verbs of their own.

    Raises:
        NotFound, StaleVersion, NotOnYourself, WiderRights: see ``subordinate``.
        UnknownLanguage: the installation does not speak it.

    """
    user = subordinate(work, user_id, expected_version=expected_version)
    _refuse_unknown_language(work, changes.language)
    given = {name: value for name, value in changes.model_dump().items() if value is not None}
    for name, value in given.items():
        setattr(user, name, value or None)
    for kind in ("email", "phone"):
        if kind in given:
            setattr(user, f"{kind}_index", contact_index(work, kind, given[kind]))
    work.session.flush()
    return user


def set_user_status(
    work: Work, user_id: UUID, status: UserStatus, *, reason: str = "", expected_version: int | None = None
) -> User:
    """Move an account to another status; its tokens are dead at once (attack 40).

    Raises:
        NotFound, StaleVersion, NotOnYourself, WiderRights: see ``subordinate``.
        StatusChangeRefused: there is no such step.

    """
    user = subordinate(work, user_id, expected_version=expected_version)
    before = user.status
    if not may_become(before, status):
        raise StatusChangeRefused(before=before.value, after=status.value)
    if status is UserStatus.ACTIVE and user.password_hash is not None and user.must_change_password:
        status = UserStatus.INVITED
    user.status = status
    _kill_tokens(work, user)
    _note(work, f"auth.status_{status}", user, reason=reason)
    work.emit(UserStatusChanged(user_id=user.id, before=before, after=status))
    return user


def reset_password(work: Work, user_id: UUID, *, expected_version: int | None = None) -> tuple[User, str]:
    """Give an account a one-time password, which is shown this once; its sessions and tokens are dead at once.

    Raises:
        NotFound, StaleVersion, NotOnYourself, WiderRights: see ``subordinate``.

    """
    user = subordinate(work, user_id, expected_version=expected_version)
    password = _give_one_time_password(work, user)
    end_sessions(work, user.id)
    forget_attempts(work, user.username, user.id)
    work.session.flush()
    _note(work, "auth.password_reset", user)
    return user, password


def reset_second_factor(work: Work, user_id: UUID, *, expected_version: int | None = None) -> User:
    """Remove the second factor of a person who lost it; the next sign-in sets it up again where a role demands it.

    Raises:
        NotFound, StaleVersion, NotOnYourself, WiderRights: see ``subordinate``.

    """
    user = subordinate(work, user_id, expected_version=expected_version)
    remove_second_factor(work, user.id)
    _kill_tokens(work, user)
    _note(work, "auth.second_factor_reset", user)
    return user


def unlock_user(work: Work, user_id: UUID) -> User:
    """Open an account that wrong attempts have locked, at once (attack 44).

    Raises:
        NotFound: it does not exist or is out of scope.

    """
    user = work.get(User, user_id)
    forget_attempts(work, user.username, user.id)
    _note(work, "auth.unlocked", user)
    return user


def contact_index(work: Work, kind: str, value: str | None) -> str | None:
    """The blind index of an e-mail address or telephone number, for equality search."""
    if not value:
        return None
    plain = "".join(value.split()).casefold()
    return work.keyring.blind_index(f"auth.{kind}", plain)


def subordinate(work: Work, user_id: UUID, *, expected_version: int | None = None) -> User:
    """The account, if the actor may decide over it.

    Raises:
        NotFound, StaleVersion: as ``work.get``.
        NotOnYourself: it is the actor's own.
        WiderRights: it holds a right that the actor does not hold there.

    """
    user = work.get(User, user_id, expected_version=expected_version)
    if user.id == work.actor.id:
        raise NotOnYourself
    if work.actor.kind is ActorKind.SYSTEM:
        return user
    places: dict[str, set[UUID]] = {}
    for root, names in compile_grants(work, user.id, status_active=True).by_root.items():
        for name in names:
            places.setdefault(name, set()).add(root)
    if any(not _covers(work, name, roots) for name, roots in places.items()):
        raise WiderRights
    return user


def _refuse_unknown_language(work: Work, language: str | None) -> None:
    offered = work.platform.profile.languages
    if language is not None and language not in offered:
        raise UnknownLanguage(language=language, languages=", ".join(offered))


def _covers(work: Work, permission: str, roots: set[UUID]) -> bool:
    scope = work.actor.scope(permission)
    rest = roots - scope.roots
    return scope.everywhere or not rest or work.visible_places(rest, scope) == rest


def _give_one_time_password(work: Work, user: User) -> str:
    password = one_time_password()
    user.password_hash = hash_password(password, hash_cost(work.platform))
    user.password_until = work.now() + timedelta(days=work.settings(AuthSettings).one_time_password_days)
    user.must_change_password = True
    user.generation += 1
    return password


def _kill_tokens(work: Work, user: User) -> None:
    user.generation += 1
    end_sessions(work, user.id)
    work.session.flush()


def _note(work: Work, action: str, user: User, **details: str) -> None:
    work.audit(
        action,
        entity="auth_user",
        entity_id=user.id,
        jurisdiction_id=user.jurisdiction_id,
        details=details,
    )
