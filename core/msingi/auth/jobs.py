"""Periodic tidying of what nobody needs any more."""

from datetime import timedelta

from sqlalchemy import delete, or_

from msingi.auth.models import AttemptCount, KnownAddress, UserSession
from msingi.auth.plugin import plugin
from msingi.auth.settings import AuthSettings
from msingi.work import Work


@plugin.job(every=timedelta(hours=6))
def forget_old_sessions(work: Work, progress: object) -> None:  # noqa: ARG001 - every job receives it
    """Delete sessions that ended long ago, attempts that no longer count and addresses no longer known."""
    settings, now = work.settings(AuthSettings), work.now()
    ended = now - timedelta(days=settings.keep_sessions_days)
    work.session.execute(
        delete(UserSession).where(or_(UserSession.expires_at < ended, UserSession.revoked_at < ended))
    )
    kept = timedelta(hours=settings.forget_attempts_hours, minutes=settings.address_minutes)
    work.session.execute(delete(AttemptCount).where(AttemptCount.last_at < now - kept))
    known = now - timedelta(days=settings.known_address_days)
    work.session.execute(delete(KnownAddress).where(KnownAddress.last_at < known))
