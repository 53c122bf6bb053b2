"""Health IDs: drawn at random, leased in blocks, issued once, and resolved for ever (ID-1, ID-2, ID-3)."""

from collections.abc import Collection, Mapping, Sequence
from uuid import UUID

from sqlalchemy import func, select

from msingi.bulk import Recording, write_rows
from msingi.clean_text import clean_text
from msingi.work import Work
from msingi_registry.errors import UhidNotAvailable
from msingi_registry.models.identifier import MAX_DEVICE, Uhid, UhidBlock, UhidState
from msingi_registry.models.person import Person, PersonStatus
from msingi_registry.plugin import REGISTER_PERSONS
from msingi_registry.rules.blocks import draw_block, refill_size
from msingi_registry.services.intake import NewPerson
from msingi_registry.settings import RegistrySettings

_CHUNK = 5_000


def lease_block(work: Work, *, device: str, jurisdiction_id: UUID) -> tuple[UhidBlock | None, list[str]]:
    """Lease a block of health IDs to a device that has few left; no block when it still has enough (ID-2)."""
    work.require(REGISTER_PERSONS, jurisdiction_id)
    device = clean_text(device, most=MAX_DEVICE)
    settings = work.settings(RegistrySettings)
    size = refill_size(
        _unused(work, device), block_size=settings.uhid_block_size, refill_below=settings.uhid_refill_below
    )
    if size == 0:
        return None, []
    values = draw_free(work, size)
    block = UhidBlock(
        jurisdiction_id=jurisdiction_id,
        device=device,
        size=size,
        leased_at=work.now(),
        leased_by=work.actor.id,
    )
    work.add(block)
    work.session.flush()
    rows = [
        {"value": value, "state": UhidState.RESERVED, "person_id": None, "block_id": block.id}
        for value in values
    ]
    work.insert_rows(Uhid, rows)
    return block, list(values)


def issue_uhids(work: Work, persons: Sequence[NewPerson], *, drawn: Sequence[str] = ()) -> dict[UUID, str]:
    """Give each person who was just written a health ID: the one that a device took from its block, or a fresh one.

    ``drawn`` are fresh ones that nobody has or had, as far as the caller has asked for them.

    Raises:
        UhidNotAvailable: a health ID of a draft is not reserved.

    """
    given = {person.id: person.uhid for person in persons if person.uhid}
    _take_reserved(work, given)
    others = [person.id for person in persons if not person.uhid]
    missing = len(others) - len(drawn)
    values = (*drawn, *draw_free(work, missing)) if missing > 0 else drawn[: len(others)]
    fresh = dict(zip(others, values, strict=True))
    rows = [(value, UhidState.ISSUED, person_id) for person_id, value in fresh.items()]
    write_rows(work, Uhid, ("value", "state", "person_id"), rows, recording=Recording.PER_ROW)
    return given | fresh


def draw_free(work: Work, size: int) -> tuple[str, ...]:
    """Random health IDs that nobody has or had."""
    drawn = draw_block(size, frozenset())
    taken = _known(work, drawn)
    while taken:
        fresh = draw_block(len(taken), frozenset(drawn))
        drawn = (*(value for value in drawn if value not in taken), *fresh)
        taken = _known(work, fresh)
    return drawn


def free_uhids(work: Work, values: Collection[str]) -> set[str]:
    """Those of the health IDs that are reserved in a block and not yet issued."""
    if not values:
        return set()
    statement = select(Uhid.value).where(Uhid.value.in_(values), Uhid.state == UhidState.RESERVED)
    return set(work.session.scalars(statement))


def resolve_uhid(work: Work, value: str) -> UUID | None:
    """The person who carries on under this health ID, also when it was revoked or merged (ID-3).

    Runs in the present scope: a person outside it is not found.
    """
    person_id = work.session.scalar(select(Uhid.person_id).where(Uhid.value == value))
    return survivor_of(work, person_id) if person_id else None


def survivor_of(work: Work, person_id: UUID) -> UUID | None:
    """The record that carries on at the end of a chain of merges (ID-3)."""
    seen: set[UUID] = set()
    current: UUID | None = person_id
    while current is not None and current not in seen:
        seen.add(current)
        row = work.session.execute(
            select(Person.status, Person.replaced_by_id).where(Person.id == current)
        ).one_or_none()
        if row is None:
            return None
        if row.status is PersonStatus.ACTIVE:
            return current
        current = row.replaced_by_id
    return None


def uhids_of(work: Work, person_ids: Collection[UUID]) -> dict[UUID, str]:
    """The issued health IDs by person, in one statement."""
    statement = select(Uhid.person_id, Uhid.value).where(
        Uhid.person_id.in_(list(person_ids)), Uhid.state == UhidState.ISSUED
    )
    return {row.person_id: row.value for row in work.session.execute(statement)}


def _unused(work: Work, device: str) -> int:
    statement = (
        select(func.count())
        .select_from(Uhid)
        .join(UhidBlock, UhidBlock.id == Uhid.block_id)
        .where(UhidBlock.device == device, Uhid.state == UhidState.RESERVED)
    )
    return int(work.session.scalar(statement) or 0)


def _take_reserved(work: Work, given: Mapping[UUID, str]) -> None:
    if not given:
        return
    statement = select(Uhid).where(Uhid.value.in_(given.values()), Uhid.state == UhidState.RESERVED)
    reserved = {uhid.value: uhid for uhid in work.session.scalars(statement.with_for_update())}
    if len(reserved) < len(given):
        raise UhidNotAvailable
    for person_id, value in given.items():
        reserved[value].state, reserved[value].person_id = UhidState.ISSUED, person_id


def _known(work: Work, values: Sequence[str]) -> set[str]:
    known: set[str] = set()
    for at in range(0, len(values), _CHUNK):
        statement = select(Uhid.value).where(Uhid.value.in_(values[at : at + _CHUNK]))
        known.update(work.session.scalars(statement))
    return known
