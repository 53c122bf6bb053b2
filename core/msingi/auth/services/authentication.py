"""From a token to an actor: one statement, then pure checks (attacks 23, 37-40, 43, 47)."""

from contextlib import AbstractContextManager
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import Date, Row, Select, bindparam, select, update
from sqlalchemy.exc import SQLAlchemyError

from msingi.actor import SYSTEM, Actor, ActorKind
from msingi.auth.models import ApiToken, Identity, User, UserSession
from msingi.auth.rules.bearer import Bearer, Expected, UntrustedToken, key_id_of, looks_like_jwt, read_bearer
from msingi.auth.rules.statuses import is_open
from msingi.auth.rules.tokens import TokenKind, is_allowed_from, kind_of, token_hash
from msingi.auth.services.issuer import issuer_keys
from msingi.auth.services.snapshots import needs_second_factor
from msingi.errors import NotAuthenticated
from msingi.failures import as_refusal
from msingi.ids import new_id
from msingi.platform import Platform
from msingi.rbac.access import grants_of
from msingi.rbac.models import PolicyVersion
from msingi.turns import AT_ONCE
from msingi.work import Origin, Work

_Row = Row[*tuple[Any, ...]]
_TOUCH_AFTER = timedelta(minutes=1)
_ACCOUNT = (
    User.id.label("user_id"),
    User.username,
    User.language,
    User.status,
    User.valid_to,
    User.generation.label("user_generation"),
    User.must_change_password,
    select(PolicyVersion.stamp).scalar_subquery().label("stamp"),
)


def authenticate(platform: Platform, token: str, address: str = "", *, is_use: bool = True) -> Actor:
    """The actor behind a session token, an API token or a token of the configured issuer.

    Without ``is_use`` a session grows idle all the same: nobody asked for anything, an open stream looks again.

    Raises:
        NotAuthenticated: for every reason alike.

    """
    kind = kind_of(token)
    if kind is TokenKind.SESSION:
        return _by_session(platform, token, is_use=is_use)
    if kind is TokenKind.API:
        return _by_api_token(platform, token, address)
    if not platform.profile.oidc.issuer or not looks_like_jwt(token):
        raise NotAuthenticated
    return _by_bearer(platform, token, address)


def _by_session(platform: Platform, token: str, *, is_use: bool) -> Actor:
    security, now, today = platform.profile.security, platform.clock(), platform.today()
    statement = _session_statement(tuple(security.second_factor_roles))
    row = _row(platform, statement, hash=token_hash(token), today=today)
    idle = timedelta(minutes=security.session_idle_minutes)
    if row is None or not _is_live(row, now, today) or row.must_change_password or now - row.used_at >= idle:
        raise NotAuthenticated
    if row.demands and not row.second_factor:
        raise NotAuthenticated
    actor = _actor(platform, row, ActorKind.USER, session_id=row.id)
    if is_use and now - row.used_at >= _TOUCH_AFTER:
        _touch(platform, row.id)
    return actor


@lru_cache(maxsize=8)
def _session_statement(roles: tuple[str, ...]) -> Select[*tuple[Any, ...]]:
    """Built once per process: building it costs more than running it."""
    return (
        select(
            UserSession.id,
            UserSession.generation,
            UserSession.second_factor,
            UserSession.used_at,
            UserSession.expires_at,
            UserSession.revoked_at,
            needs_second_factor(roles, bindparam("today", type_=Date)).label("demands"),
            *_ACCOUNT,
        )
        .join(User, User.id == UserSession.user_id)
        .where(UserSession.token_hash == bindparam("hash"))
    )


def _by_api_token(platform: Platform, token: str, address: str) -> Actor:
    row = _row(platform, _api_token_statement(), hash=token_hash(token))
    if row is None or not _is_live(row, platform.clock(), platform.today()) or row.must_change_password:
        raise NotAuthenticated
    if not is_allowed_from(row.addresses, address):
        with _at_the_edge(platform, address) as work:
            _refused(work, "auth.token_refused", row.user_id, reason="address")
        raise NotAuthenticated
    return _actor(platform, row, ActorKind.TOKEN, permissions=frozenset(row.permissions))


@lru_cache(maxsize=1)
def _api_token_statement() -> Select[*tuple[Any, ...]]:
    return (
        select(
            ApiToken.id,
            ApiToken.generation,
            ApiToken.permissions,
            ApiToken.addresses,
            ApiToken.expires_at,
            ApiToken.revoked_at,
            *_ACCOUNT,
        )
        .join(User, User.id == ApiToken.user_id)
        .where(ApiToken.token_hash == bindparam("hash"))
    )


def _row(platform: Platform, statement: Select[*tuple[Any, ...]], **asked: object) -> _Row | None:
    """The one row of a lone select: no session, no transaction around it."""
    with platform.database.lone.connect() as connection:
        return connection.execute(statement, asked).one_or_none()


def _at_the_edge(platform: Platform, address: str) -> AbstractContextManager[Work]:
    return platform.work(SYSTEM, writes=False, origin=Origin(new_id(), address=address, door="edge"))


def _by_bearer(platform: Platform, token: str, address: str) -> Actor:
    """Believe the token first: the issuer may have to be asked, which no transaction waits for."""
    try:
        bearer = _believed(platform, token)
    except UntrustedToken as error:
        with _at_the_edge(platform, address) as work:
            _refused(work, "auth.bearer_refused", None, reason=error.reason)
        raise NotAuthenticated from None
    with _at_the_edge(platform, address) as work:
        return _of_account(work, bearer)


def _believed(platform: Platform, token: str) -> Bearer:
    oidc, now = platform.profile.oidc, platform.clock()
    expected = Expected(oidc.issuer, oidc.audience, oidc.algorithm)
    key_id = key_id_of(token, expected)
    key = issuer_keys(oidc.jwks_url, oidc.algorithm).find(key_id, now)
    return read_bearer(token, key, expected, now=now)


def _of_account(work: Work, bearer: Bearer) -> Actor:
    demand = needs_second_factor(work.platform.profile.security.second_factor_roles, work.today())
    statement = (
        select(demand.label("demands"), *_ACCOUNT)
        .join(Identity, Identity.user_id == User.id)
        .where(Identity.issuer == bearer.issuer, Identity.subject == bearer.subject)
    )
    row = work.session.execute(statement).one_or_none()
    if row is None or not is_open(row.status, row.valid_to, work.today()):
        _refused(work, "auth.bearer_refused", row.user_id if row else None, reason="account")
        raise NotAuthenticated
    if row.demands and not bearer.second_factor:
        _refused(work, "auth.bearer_refused", row.user_id, reason="second_factor")
        raise NotAuthenticated
    return _actor(work.platform, row, ActorKind.USER)


def _is_live(row: _Row, now: datetime, today: date) -> bool:
    return (
        row.revoked_at is None
        and now < row.expires_at
        and row.generation == row.user_generation
        and is_open(row.status, row.valid_to, today)
    )


def _actor(
    platform: Platform,
    row: _Row,
    kind: ActorKind,
    *,
    session_id: UUID | None = None,
    permissions: frozenset[str] | None = None,
) -> Actor:
    grants = grants_of(platform, row.user_id, stamp=row.stamp)
    return Actor(
        kind,
        id=row.user_id,
        name=row.username,
        grants=grants if permissions is None else grants.restricted_to(permissions),
        language=row.language,
        session_id=session_id,
    )


def _touch(platform: Platform, session_id: UUID) -> None:
    """Note the use; who only reads never waits for a writer, and goes on where nothing can be written (F7)."""
    at_once = platform.database.write.execution_options(**{AT_ONCE: True})
    free = select(UserSession.id).where(UserSession.id == session_id).with_for_update(skip_locked=True)
    noted = update(UserSession).where(UserSession.id.in_(free)).values(used_at=platform.clock())
    try:
        with at_once.begin() as connection:
            connection.execute(noted)
    except SQLAlchemyError as error:
        if as_refusal(error) is None:
            raise


def _refused(work: Work, action: str, user_id: UUID | None, *, reason: str) -> None:
    work.audit(action, entity="auth_user", entity_id=user_id, details={"reason": reason})
