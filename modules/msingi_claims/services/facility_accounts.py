"""Where the money of facilities goes: an account counts when a second person approved it."""

from uuid import UUID

from msingi.ids import new_id
from msingi.rbac.grants import require_other_person
from msingi.work import Work
from msingi_claims.models.payment import FacilityAccount
from msingi_claims.payment_errors import AccountNotUsable, AccountUnreadable
from msingi_claims.rules.bank_files import bank_text
from msingi_registry import Facility


def propose_account(work: Work, facility_id: UUID, *, holder: str, bank: str, number: str) -> FacilityAccount:
    """Propose the account of a facility; the one approved before stays in use until this one is approved.

    Raises:
        NotFound: the facility does not exist or lies outside the scope.
        AccountUnreadable: the holder or the number has no character that banks read.

    """
    facility = work.get(Facility, facility_id)
    if not (bank_text(holder, len(holder)) and bank_text(number, len(number))):
        raise AccountUnreadable
    return work.add(
        FacilityAccount(
            id=new_id(),
            jurisdiction_id=facility.jurisdiction_id,
            facility_id=facility.id,
            holder=holder.strip(),
            bank=bank.strip(),
            number=number.replace(" ", ""),
            proposed_at=work.now(),
            proposed_by=work.actor.id,
        )
    )


def approve_account(work: Work, account_id: UUID, *, expected_version: int) -> FacilityAccount:
    """Approve an account that somebody else proposed; payments prepared from now on go to it.

    Raises:
        SamePerson: who proposed it approves it.
        AccountNotUsable: it was approved before.

    """
    account = work.get(FacilityAccount, account_id, expected_version=expected_version)
    if account.approved_at is not None:
        raise AccountNotUsable
    require_other_person(account.proposed_by, work)
    account.approved_at, account.approved_by = work.now(), work.actor.id
    return account
