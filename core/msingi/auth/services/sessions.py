"""Opening and ending sessions; every sign-in and change of privilege makes a new one (attacks 39, 40)."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import update

from msingi.actor import ActorKind
from msingi.auth.errors import SessionNeeded
from msingi.auth.models import User, UserSession
from msingi.auth.rules.tokens import TokenKind, new_token, token_hash
from msingi.errors import NotAuthenticated
from msingi.work import Work

_ISSUED = "auth.issued"


@dataclass(frozen=True, slots=True)
class LoginResult:
    """A session that was just opened; its token and the backup codes are shown this once."""

    token: str = field(repr=False)
    expires_at: datetime
    user: User
    backup_codes: Sequence[str] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True)
class CookieOrder:
    """What the HTTP edge does with the session cookie after the operation: set it, or remove it (no token)."""

    token: str | None = field(repr=False)
    expires_at: datetime | None


def open_session(
    work: Work, user: User, *, second_factor: bool, backup_codes: Sequence[str] = ()
) -> LoginResult:
    """Open a session with a fresh token and end the one that the caller came with."""
    now = work.now()
    expires_at = now + timedelta(hours=work.platform.profile.security.session_hours)
    if work.actor.session_id is not None:
        end_sessions(work, user.id, only=work.actor.session_id)
    token = new_token(TokenKind.SESSION)
    work.add(
        UserSession(
            token_hash=token_hash(token),
            user_id=user.id,
            generation=user.generation,
            second_factor=second_factor,
            created_at=now,
            used_at=now,
            expires_at=expires_at,
        )
    )
    work.session.flush()
    work.session.info[_ISSUED] = CookieOrder(token, expires_at)
    return LoginResult(token, expires_at, user, backup_codes)


def logout(work: Work, *, everywhere: bool = False) -> None:
    """End the caller's session, or all sessions of the account: their tokens are dead at once (attack 40).

    Raises:
        SessionNeeded: the caller has no session.

    """
    user_id, session_id = signed_in(work)
    end_sessions(work, user_id, only=None if everywhere else session_id)
    work.session.info[_ISSUED] = CookieOrder(None, None)
    work.audit("auth.logout", entity="auth_user", entity_id=user_id, details={"everywhere": everywhere})


def end_sessions(work: Work, user_id: UUID, *, only: UUID | None = None) -> None:
    """End the sessions of an account, or the one named."""
    statement = update(UserSession).where(UserSession.user_id == user_id, UserSession.revoked_at.is_(None))
    if only is not None:
        statement = statement.where(UserSession.id == only)
    work.session.execute(
        statement.values(revoked_at=work.now()), execution_options={"synchronize_session": False}
    )


def live_session(work: Work, session_id: UUID) -> UserSession:
    """The session of the caller, as it stands now.

    Raises:
        NotAuthenticated: it was ended while the caller proved something.

    """
    session = work.get(UserSession, session_id)
    if session.revoked_at is not None:
        raise NotAuthenticated
    return session


def cookie_order(work: Work) -> CookieOrder | None:
    """What the operation wants done with the session cookie; None leaves it alone."""
    order: CookieOrder | None = work.session.info.get(_ISSUED)
    return order


def signed_in(work: Work) -> tuple[UUID, UUID]:
    """User and session of a person who signed in here.

    Raises:
        SessionNeeded: the caller is an API token, a job or somebody signed in elsewhere (attack 43).

    """
    actor = work.actor
    if actor.kind is not ActorKind.USER or actor.id is None or actor.session_id is None:
        raise SessionNeeded
    return actor.id, actor.session_id
