"""GraphQL operations on enrolment officers and their cash."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import Select, select

from msingi.rbac.models import Jurisdiction
from msingi.work import Work
from msingi_insurance.models.cash import CashCount
from msingi_insurance.models.field_staff import Officer
from msingi_insurance.plugin import CONFIRM_CASH, COUNT_CASH, EDIT_OFFICERS, READ_OFFICERS, plugin
from msingi_insurance.services import cash as money
from msingi_insurance.services import commissions
from msingi_insurance.services import officers as staff
from msingi_insurance.services.cash import CountedCash
from msingi_insurance.services.commissions import Commission
from msingi_insurance.services.officers import OfficerChanges, OfficerDraft

plugin.expose(
    Officer,
    *("id", "code", "name", "user_id", "phone", "works_to", "substitution_officer_id", "jurisdiction_id"),
    *("version",),
    allow=READ_OFFICERS,
    guarded={"phone": EDIT_OFFICERS},
)
plugin.expose(
    CashCount,
    *("id", "officer_id", "until", "state", "expected", "counted", "difference", "handed_to", "slip", "note"),
    *("opened_at", "counted_by", "counted_at", "confirmed_by", "confirmed_at", "transaction_id", "version"),
    allow=READ_OFFICERS,
)


@plugin.connection(
    Officer,
    allow=READ_OFFICERS,
    where=("code", "name", "user_id", "works_to", "jurisdiction_id"),
    order=("code", "name", "id"),
)
def officers(work: Work) -> Select[Officer]:  # noqa: ARG001 - the contract of a list
    """Enrolment officers."""
    return select(Officer)


@plugin.connection(
    CashCount, allow=READ_OFFICERS, where=("officer_id", "state", "until"), order=("id", "until")
)
def cash_counts(work: Work) -> Select[CashCount]:  # noqa: ARG001 - the contract of a list
    """Counts of the cash of officers."""
    return select(CashCount)


@plugin.extend(Officer, allow=READ_OFFICERS)
def served_places(parents: Sequence[Officer], work: Work) -> dict[UUID, list[Jurisdiction]]:
    """Places that the officer serves, each with everything below it."""
    return staff.places_served(work, [parent.id for parent in parents])


@plugin.mutation(allow=EDIT_OFFICERS)
def create_officer(work: Work, input: OfficerDraft) -> Officer:  # noqa: A002 - the name that callers see
    """Add an enrolment officer with the places that he or she serves."""
    return staff.create_officer(work, input)


@plugin.mutation(allow=EDIT_OFFICERS)
def update_officer(
    work: Work,
    id: UUID,  # noqa: A002 - the name that callers see
    input: OfficerChanges,  # noqa: A002
    expected_version: int | None = None,
) -> Officer:
    """Change an enrolment officer."""
    return staff.update_officer(work, id, input, expected_version=expected_version)


@plugin.mutation(allow=COUNT_CASH)
def open_cash_count(work: Work, officer_id: UUID, until: date | None = None) -> CashCount:
    """Open a count of the cash that an officer collected up to a day."""
    return money.open_cash(work, officer_id, until=until)


@plugin.mutation(allow=COUNT_CASH)
def count_cash(
    work: Work,
    id: UUID,  # noqa: A002 - the name that callers see
    input: CountedCash,  # noqa: A002
    expected_version: int | None = None,
) -> CashCount:
    """Write down what was counted and where it went."""
    return money.count_cash(work, id, input, expected_version=expected_version)


@plugin.mutation(allow=CONFIRM_CASH)
def confirm_cash(work: Work, id: UUID) -> CashCount:  # noqa: A002 - the name that callers see
    """Confirm and post a count that somebody else made."""
    return money.confirm_cash(work, id)


@plugin.query(allow=READ_OFFICERS)
def officer_commissions(work: Work, since: date, until: date) -> list[Commission]:
    """What officers earned on contributions of a period, by the payment plans of products."""
    return commissions.officer_commissions(work, since=since, until=until)
