"""The report of user activity: what each account changed and how often it signed in, without any value of a record."""

from uuid import UUID

from sqlalchemy import ColumnElement, case, func, select, true
from sqlalchemy.orm import InstrumentedAttribute, aliased

from msingi.audit.models import AuditEntry
from msingi.audit.plugin import READ, plugin
from msingi.auth.models import User
from msingi.auth.plugin import READ_USERS
from msingi.reports import Rows, counted
from msingi.scoping import scope_criterion
from msingi.work import Work

_CHANGES = ("insert", "update", "delete", "insert_many", "update_many", "delete_many")
_SIGN_IN = "auth.login"
_NOT_ACTIVITY = ("read", "refused")


@plugin.report(
    "user_activity",
    title="User activity",
    allow=READ,
    by={
        "account": "Account",
        "username": "User name",
        "actor_kind": "Kind of actor",
        "action": "Operation",
        "table": "Table",
        "door": "Door",
    },
    sums=[counted("sign_ins", "Sign-ins"), counted("changes", "Changes"), counted("others", "Other actions")],
)
def user_activity(work: Work) -> Rows:
    """One row per line of the trail that tells of an action, by its instant; reads and refusals are left to the search.

    The account is who acted, or for whom a job acted; at a sign-in, whom it was for. A user name is told only of those
    accounts that the reader may see.
    """
    signed_in = case((AuditEntry.action == _SIGN_IN, AuditEntry.entity_id))
    account = func.coalesce(AuditEntry.actor_id, AuditEntry.on_behalf_of, signed_in)
    seen = aliased(User)
    return (
        select(
            AuditEntry.jurisdiction_id.label("place_id"),
            AuditEntry.at.label("at"),
            account.label("account"),
            seen.username.label("username"),
            AuditEntry.actor_kind.label("actor_kind"),
            AuditEntry.action.label("action"),
            AuditEntry.entity.label("table"),
            AuditEntry.door.label("door"),
            _one_if(AuditEntry.action == _SIGN_IN).label("sign_ins"),
            _one_if(AuditEntry.action.in_(_CHANGES)).label("changes"),
            _one_if(AuditEntry.action.not_in((*_CHANGES, _SIGN_IN))).label("others"),
        )
        .outerjoin(seen, (seen.id == account) & _may_be_named(work, seen.jurisdiction_id))
        .where(AuditEntry.action.not_in(_NOT_ACTIVITY))
    )


def _one_if(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return case((condition, 1), else_=0)


def _may_be_named(work: Work, place: InstrumentedAttribute[UUID]) -> ColumnElement[bool]:
    limit = scope_criterion(place, work.actor.scope(READ_USERS.name))
    return true() if limit is None else limit
