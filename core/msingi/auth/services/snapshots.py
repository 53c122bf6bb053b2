"""What a proof is judged by, read once and passed on as a value."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import BindParameter, ColumnElement, Exists, exists, false, or_, select

from msingi.auth.models import BackupCode, TotpSecret, User, UserStatus
from msingi.auth.rules.usernames import normal_username
from msingi.rbac.models import Grant, Role
from msingi.work import Work


@dataclass(frozen=True, slots=True)
class Account:
    """An account as it stood when the attempt began; secrets stay out of its printed form."""

    id: UUID
    jurisdiction_id: UUID
    username: str
    status: UserStatus
    valid_to: date | None
    generation: int
    must_change_password: bool
    password_until: datetime | None
    password_hash: str | None = field(repr=False)
    needs_second_factor: bool
    totp_secret: str | None = field(repr=False)
    totp_last_step: int = field(repr=False)
    totp_confirmed: bool
    backup_hashes: frozenset[str] = field(repr=False)


def account_by_name(work: Work, typed: str) -> Account | None:
    """The account with this user name, as typed; None when there is none."""
    name = normal_username(typed)
    return _account(work, User.username == name if name else false())


def account_by_id(work: Work, user_id: UUID) -> Account | None:
    """The account with this id."""
    return _account(work, User.id == user_id)


def needs_second_factor(roles: Sequence[str], today: date | BindParameter[date]) -> Exists:
    """A criterion on ``User``: it holds, today, a role that demands a second factor (CH-74)."""
    return exists().where(
        Grant.subject_id == User.id,
        Grant.role_id == Role.id,
        or_(false(), *(Role.name == role for role in roles)),
        Grant.revoked_at.is_(None),
        Grant.valid_from <= today,
        or_(Grant.valid_to.is_(None), Grant.valid_to >= today),
    )


def _account(work: Work, criterion: ColumnElement[bool]) -> Account | None:
    demand = needs_second_factor(work.platform.profile.security.second_factor_roles, work.today())
    statement = (
        select(User, TotpSecret, demand).outerjoin(TotpSecret, TotpSecret.user_id == User.id).where(criterion)
    )
    row = work.session.execute(statement).one_or_none()
    if row is None:
        return None
    user, totp, demanded = row
    return Account(
        id=user.id,
        jurisdiction_id=user.jurisdiction_id,
        username=user.username,
        status=user.status,
        valid_to=user.valid_to,
        generation=user.generation,
        must_change_password=user.must_change_password,
        password_until=user.password_until,
        password_hash=user.password_hash,
        needs_second_factor=demanded,
        totp_secret=totp.secret if totp else None,
        totp_last_step=totp.last_step if totp else 0,
        totp_confirmed=totp is not None and totp.confirmed_at is not None,
        backup_hashes=_backup_hashes(work, user.id) if totp else frozenset(),
    )


def _backup_hashes(work: Work, user_id: UUID) -> frozenset[str]:
    unused = select(BackupCode.code_hash).where(BackupCode.user_id == user_id, BackupCode.used_at.is_(None))
    return frozenset(work.session.scalars(unused))
