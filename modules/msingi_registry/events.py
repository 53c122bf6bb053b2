"""What the registry tells other plugins."""

from datetime import date
from uuid import UUID

from msingi.plugin import Event
from msingi_registry.plugin import plugin


@plugin.event
class PersonsRegistered(Event):
    """Persons were registered in one place, one or many at once."""

    person_ids: tuple[UUID, ...]
    jurisdiction_id: UUID


@plugin.event
class HouseholdRegistered(Event):
    """A household was registered with its members, the head among them."""

    household_id: UUID
    head_id: UUID
    member_ids: tuple[UUID, ...]
    jurisdiction_id: UUID


@plugin.event
class HouseholdMoved(Event):
    """A household moved to another place; its persons stay registered where they were."""

    household_id: UUID
    from_id: UUID
    to_id: UUID


@plugin.event
class PersonUpdated(Event):
    """The record of a person was corrected."""

    person_id: UUID
    fields: tuple[str, ...]


@plugin.event
class PersonDied(Event):
    """The death of a person was recorded."""

    person_id: UUID
    death_date: date


@plugin.event
class CardIssued(Event):
    """A consultation card was issued."""

    person_id: UUID
    serial: int


@plugin.event
class CardRevoked(Event):
    """A consultation card is no longer valid."""

    person_id: UUID
    serial: int
