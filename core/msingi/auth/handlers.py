"""Answers to what other plugins ask about accounts."""

from uuid import UUID

from sqlalchemy import select

from msingi.auth.models import User
from msingi.auth.plugin import plugin
from msingi.auth.rules.statuses import is_open
from msingi.work import Work


@plugin.answer
def is_subject_active(work: Work, subject_id: UUID) -> bool | None:
    """Whether an account is active today; None for what is no account (attack 23)."""
    with work.everywhere():
        row = work.session.execute(
            select(User.status, User.valid_to).where(User.id == subject_id)
        ).one_or_none()
    return None if row is None else is_open(row.status, row.valid_to, work.today())
