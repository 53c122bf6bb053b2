"""Binding accounts to an OpenID Connect issuer: by issuer and subject, by an administrator (attack 47)."""

from uuid import UUID

from sqlalchemy import delete, select

from msingi.auth.errors import IdentityTaken
from msingi.auth.models import Identity, User
from msingi.auth.services.accounts import subordinate
from msingi.work import Work


def bind_identity(work: Work, user_id: UUID, subject: str) -> User:
    """Let a subject of the configured issuer act as this account.

    Raises:
        NotFound, NotOnYourself, WiderRights: the actor may not decide over the account.
        IdentityTaken: the subject is bound already, or no issuer is configured.

    """
    user = subordinate(work, user_id)
    issuer = work.platform.profile.oidc.issuer
    bound = select(Identity.id).where(Identity.issuer == issuer, Identity.subject == subject)
    if not issuer or work.session.scalar(bound) is not None:
        raise IdentityTaken
    work.add(Identity(issuer=issuer, subject=subject, user_id=user.id, created_at=work.now()))
    work.session.flush()
    return user


def unbind_identities(work: Work, user_id: UUID) -> User:
    """Take every external identity away from this account.

    Raises:
        NotFound, NotOnYourself, WiderRights: the actor may not decide over the account.

    """
    user = subordinate(work, user_id)
    work.session.execute(delete(Identity).where(Identity.user_id == user.id))
    work.audit(
        "auth.identities_unbound", entity="auth_user", entity_id=user.id, jurisdiction_id=user.jurisdiction_id
    )
    return user
