"""Accounts that act for a policy holder: for them the link to the holder is the scope."""

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from sqlalchemy import Select, select

from msingi.auth.models import User
from msingi.errors import NotFound
from msingi.sayings import Saying
from msingi.work import Work
from msingi_insurance.models.contracts import PolicyHolder, PolicyHolderUser
from msingi_insurance.payment_errors import DutiesConflict


def add_user(work: Work, holder_id: UUID, user_id: UUID) -> PolicyHolder:
    """Let an account act for a policy holder; twice is as good as once.

    Raises:
        NotFound: the holder or the account is not visible.

    """
    holder = work.get(PolicyHolder, holder_id)
    work.get(User, user_id)
    if work.session.scalar(_link(holder_id, user_id)) is None:
        place = holder.jurisdiction_id
        work.add(PolicyHolderUser(holder_id=holder_id, user_id=user_id, jurisdiction_id=place))
        work.session.flush()
    return holder


def remove_user(work: Work, holder_id: UUID, user_id: UUID) -> PolicyHolder:
    """Let an account no longer act for a policy holder.

    Raises:
        NotFound: the holder is not visible, or the account does not act for it.
        DutiesConflict: it is the actor's own account, which could then approve what it prepared (attack 24).

    """
    holder = work.get(PolicyHolder, holder_id)
    link = work.session.scalar(_link(holder_id, user_id).with_for_update())
    if link is None:
        raise NotFound(type="PolicyHolderUser")
    if user_id == work.actor.id:
        refuse_own_holder(work, holder_id)
    work.session.delete(link)
    work.session.flush()
    return holder


def acts_for(work: Work, holder_id: UUID) -> bool:
    """Whether the actor's own account acts for a policy holder."""
    if work.actor.id is None:
        return False
    with work.everywhere():
        return work.session.scalar(_link(holder_id, work.actor.id)) is not None


def refuse_own_holder(work: Work, holder_id: UUID) -> None:
    """Leave to others what the scheme decides about a policy holder for which the actor acts.

    Raises:
        DutiesConflict: the actor's account acts for it (attack 24).

    """
    if acts_for(work, holder_id):
        raise DutiesConflict(did=Saying("acts for the policy holder"))


def of_own_account(work: Work) -> Select[PolicyHolder]:
    """The policy holders for which the actor's account acts."""
    return (
        select(PolicyHolder)
        .join(PolicyHolderUser, PolicyHolderUser.holder_id == PolicyHolder.id)
        .where(PolicyHolderUser.user_id == work.actor.id)
    )


@contextmanager
def acting_for(work: Work, holder_id: UUID) -> Iterator[PolicyHolder]:
    """Run a block on the rows of a policy holder for which the actor's account acts.

    Raises:
        NotFound: there is none of this id for this account.

    """
    with work.everywhere():
        holder = work.session.scalar(of_own_account(work).where(PolicyHolder.id == holder_id))
        if holder is None:
            raise NotFound(type="PolicyHolder")
        yield holder


def _link(holder_id: UUID, user_id: UUID) -> Select[PolicyHolderUser]:
    return select(PolicyHolderUser).where(
        PolicyHolderUser.holder_id == holder_id, PolicyHolderUser.user_id == user_id
    )
