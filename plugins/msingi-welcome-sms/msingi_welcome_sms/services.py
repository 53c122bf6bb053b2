"""Writes welcome messages and hands them to the gateway."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from sqlalchemy import Select, select

from msingi import Work
from msingi_registry import Household, HouseholdRegistered, Person
from msingi_welcome_sms.hooks import SmsHooks
from msingi_welcome_sms.models import WelcomeSms
from msingi_welcome_sms.rules import welcome
from msingi_welcome_sms.settings import Settings

MOST_AT_ONCE = 200


def write_message(work: Work, event: HouseholdRegistered) -> WelcomeSms | None:
    """Write the message of a new household; nothing when its head gave no telephone number."""
    head = work.get(Person, event.head_id)
    if head.phone is None:
        return None
    found = welcome(
        work.settings(Settings).texts,
        work.get(Household, event.household_id).code,
        spoken=head.languages,
        offered=work.platform.profile.languages,
    )
    return work.add(
        WelcomeSms(
            jurisdiction_id=event.jurisdiction_id,
            household_id=event.household_id,
            phone=head.phone,
            language=found.language,
            text=found.text,
            written_at=work.now(),
        )
    )


def send_message(work: Work, household_id: UUID) -> int:
    """Send the message of one household unless it is sent; return how many went out."""
    return _send(work, _waiting().where(WelcomeSms.household_id == household_id))


def send_waiting(work: Work) -> int:
    """Send the oldest messages that still wait; return how many went out."""
    return _send(work, _waiting())


def messages_of(work: Work, households: Iterable[UUID]) -> Sequence[WelcomeSms]:
    """The messages of these households, in one query."""
    return work.session.scalars(select(WelcomeSms).where(WelcomeSms.household_id.in_(list(households)))).all()


def _waiting() -> Select[WelcomeSms]:
    oldest = select(WelcomeSms).where(WelcomeSms.sent_at.is_(None)).order_by(WelcomeSms.id)
    return oldest.limit(MOST_AT_ONCE).with_for_update(skip_locked=True)


def _send(work: Work, statement: Select[WelcomeSms]) -> int:
    """A gateway that fails ends the transaction: what it took may be sent again, what it did not is not lost."""
    send = work.ask(SmsHooks.send_sms)
    sent = [sms for sms in work.session.scalars(statement) if send(phone=sms.phone, text=sms.text)]
    for sms in sent:
        sms.sent_at = work.now()
    return len(sent)
