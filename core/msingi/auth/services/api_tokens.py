"""API tokens: their owner's rights cut down, never a way to a session or to more (attack 43)."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Select, select

from msingi.auth.errors import InvalidToken
from msingi.auth.models import ApiToken, User
from msingi.auth.plugin import MANAGE_USERS
from msingi.auth.rules.tokens import TokenKind, api_token_flaw, new_token, token_hash
from msingi.auth.services.sessions import signed_in
from msingi.auth.settings import AuthSettings
from msingi.errors import NotFound
from msingi.work import Work


def create_api_token(
    work: Work,
    name: str,
    *,
    permissions: Iterable[str],
    expires_at: datetime,
    addresses: Sequence[str] = (),
) -> tuple[ApiToken, str]:
    """Create a token for one's own account and return it with its text, which is shown this once.

    Raises:
        SessionNeeded: the caller did not sign in here; a token cannot create another one.
        InvalidToken: with the first rule broken as ``reason``.

    """
    user_id, _ = signed_in(work)
    wanted = frozenset(permissions)
    _refuse_flawed(work, wanted, addresses, expires_at)
    text = new_token(TokenKind.API)
    with work.everywhere():
        owner = work.get(User, user_id)
    record = ApiToken(
        token_hash=token_hash(text),
        user_id=user_id,
        generation=owner.generation,
        name=name,
        permissions=sorted(wanted),
        addresses=list(addresses),
        created_at=work.now(),
        expires_at=expires_at,
    )
    work.add(record)
    work.session.flush()
    return record, text


def _refuse_flawed(
    work: Work, permissions: frozenset[str], addresses: Sequence[str], expires_at: datetime
) -> None:
    longest = work.settings(AuthSettings).api_token_days
    flaw = api_token_flaw(
        permissions=permissions,
        held=work.actor.grants.names(),
        addresses=addresses,
        life=(work.now(), expires_at),
        longest=timedelta(days=longest),
    )
    if flaw is not None:
        raise InvalidToken(reason=flaw.value, days=longest)


def revoke_api_token(work: Work, token_id: UUID) -> ApiToken:
    """Revoke a token of one's own, or of an account that one manages; it is dead at once (attack 40).

    Raises:
        NotFound: there is none that the actor may revoke; a stranger's is as good as none (attack 15).
        SessionNeeded: an API token wants to revoke another one of its owner.

    """
    record = work.get(ApiToken, token_id)
    if record.user_id == work.actor.id:
        signed_in(work)
    elif not _manages(work, record.user_id):
        raise NotFound(type=ApiToken.__name__)
    record.revoked_at = record.revoked_at or work.now()
    work.session.flush()
    return record


def own_api_tokens(work: Work) -> Select[ApiToken]:
    """The tokens of the caller's own account."""
    return select(ApiToken).where(ApiToken.user_id == work.actor.id)


def _manages(work: Work, user_id: UUID) -> bool:
    if not work.may(MANAGE_USERS):
        return False
    with work.allowed(MANAGE_USERS):
        return work.find(User, user_id) is not None
