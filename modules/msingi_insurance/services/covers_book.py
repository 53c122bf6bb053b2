"""Who is covered by which policy on which day: read once for many insurees, asked for any day (POL-5, D-28)."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Date, bindparam, select

from msingi.work import Work
from msingi_insurance.models.family import Insuree
from msingi_insurance.models.policy import InsureePolicy, Policy
from msingi_insurance.rules.cover import Cover, CoverFacts, CoverReason, cover_at
from msingi_insurance.rules.states import PolicyStatus, Stage

CHUNK: Final = 5_000
"""Insurees in one statement."""
_ONE_DAY: Final = timedelta(days=1)
_COVER: Final = (
    InsureePolicy.insuree_id,
    InsureePolicy.start_date,
    InsureePolicy.effective_date,
    InsureePolicy.expiry_date,
    InsureePolicy.valid_to,
    Insuree.status.label("person_status"),
    Insuree.status_on,
)
_IN_PERIOD: Final = (
    InsureePolicy.insuree_id.in_(bindparam("insurees", expanding=True)),
    InsureePolicy.start_date <= bindparam("last", type_=Date()),
    InsureePolicy.expiry_date >= bindparam("first", type_=Date()),
)
_OF_INSUREES: Final = (
    select(
        *_COVER,
        Policy.id.label("policy_id"),
        Policy.family_id,
        Policy.product_id,
        Policy.product_version_id,
        Policy.jurisdiction_id,
        Policy.stage,
        Policy.status,
        Policy.status_before,
        Policy.effective_date.label("policy_effective"),
    )
    .join(Policy, Policy.id == InsureePolicy.policy_id)
    .join(Insuree, Insuree.id == InsureePolicy.insuree_id)
    .where(*_IN_PERIOD)
    .order_by(Policy.id)
)
_OF_POLICIES: Final = (
    select(*_COVER, InsureePolicy.policy_id)
    .join(Insuree, Insuree.id == InsureePolicy.insuree_id)
    .where(InsureePolicy.policy_id.in_(bindparam("policies", expanding=True)))
)
_LOCK: Final = (
    select(Policy.id)
    .where(Policy.id.in_(select(InsureePolicy.policy_id).where(*_IN_PERIOD)))
    .order_by(Policy.id)
    .with_for_update()
)


@dataclass(frozen=True, slots=True)
class PersonCover:
    """The cover of one insuree under one policy, seen from a day."""

    insuree_id: UUID
    policy_id: UUID
    family_id: UUID
    product_id: UUID
    product_version_id: UUID
    jurisdiction_id: UUID
    stage: Stage
    status: PolicyStatus
    start_date: date
    effective_date: date | None
    """The day on which the policy took effect; None while it has not."""
    expiry_date: date
    cover_from: date | None
    """The day on which the insuree's cover took effect: waiting periods run from it."""
    cover_to: date
    """The last day of the insuree's cover."""
    members: int
    """Persons whom the policy covers on the day (PRD-7)."""
    cover: Cover

    @property
    def covered(self) -> bool:
        """Whether the insuree is covered on the day."""
        return self.cover.covered

    @property
    def reason(self) -> CoverReason:
        """Why, or why not."""
        return self.cover.reason


@dataclass(frozen=True, slots=True)
class CoverBook:
    """The rows of cover of some insurees; any day can be asked of it."""

    _rows: Mapping[UUID, Sequence[Any]]
    _members: Mapping[UUID, Sequence[Any]]

    def at(self, insuree_id: UUID, day: date) -> tuple[PersonCover, ...]:
        """Every policy whose period holds the day, those that cover first, the latest first; the others say why not."""
        found = [self._seen(row, day) for row in self._rows.get(insuree_id, ())]
        found.sort(key=lambda one: (one.covered, one.start_date, str(one.policy_id)), reverse=True)
        return tuple(found)

    def policy_ids(self, insuree_ids: Collection[UUID]) -> set[UUID]:
        """The policies of these insurees."""
        return {row.policy_id for insuree_id in insuree_ids for row in self._rows.get(insuree_id, ())}

    def _seen(self, row: Any, day: date) -> PersonCover:
        left = None if row.valid_to is None else row.valid_to - _ONE_DAY
        return PersonCover(
            insuree_id=row.insuree_id,
            policy_id=row.policy_id,
            family_id=row.family_id,
            product_id=row.product_id,
            product_version_id=row.product_version_id,
            jurisdiction_id=row.jurisdiction_id,
            stage=row.stage,
            status=row.status,
            start_date=row.start_date,
            effective_date=row.policy_effective,
            expiry_date=row.expiry_date,
            cover_from=row.effective_date,
            cover_to=row.expiry_date if left is None else min(left, row.expiry_date),
            members=sum(cover_at(_facts(one, row), day).covered for one in self._members[row.policy_id]),
            cover=cover_at(_facts(row, row), day),
        )


def open_covers(
    work: Work, insuree_ids: Collection[UUID], *, first: date, last: date, lock: bool = False
) -> CoverBook:
    """Read the cover of insurees for every day from ``first`` to ``last``: at most three statements per 5,000 insurees.

    With ``lock`` the policies are locked in the order of their ids until the end of the work, so that two
    adjudications never share one remaining amount (ADJ-11); on SQLite the writer's lock does that. The caller's
    scope limits what is found.
    """
    wanted = sorted(set(insuree_ids))
    rows: dict[UUID, list[Any]] = defaultdict(list)
    members: dict[UUID, list[Any]] = defaultdict(list)
    for chunk in (wanted[at : at + CHUNK] for at in range(0, len(wanted), CHUNK)):
        asked = {"insurees": chunk, "first": first, "last": last}
        if lock:
            work.session.rows(_LOCK, asked)
        found = work.session.rows(_OF_INSUREES, asked)
        for row in found:
            rows[row.insuree_id].append(row)
        for member in _of_policies(work, {row.policy_id for row in found} - members.keys()):
            members[member.policy_id].append(member)
    return CoverBook(rows, members)


def covers_at(
    work: Work, insuree_ids: Collection[UUID], on: date, *, lock: bool = False
) -> dict[UUID, tuple[PersonCover, ...]]:
    """The cover of each insuree on a day: every policy whose period holds it, those that cover first.

    At most three statements per 5,000 insurees; an insuree without any such policy has an empty answer.
    """
    book = open_covers(work, insuree_ids, first=on, last=on, lock=lock)
    return {insuree_id: book.at(insuree_id, on) for insuree_id in insuree_ids}


def _of_policies(work: Work, policy_ids: Collection[UUID]) -> Sequence[Any]:
    """The rows of cover of whole policies: their members are counted wherever they live now."""
    if not policy_ids:
        return ()
    with work.everywhere():
        return work.session.rows(_OF_POLICIES, {"policies": list(policy_ids)})


def _facts(row: Any, policy: Any) -> CoverFacts:
    return CoverFacts(
        status=policy.status,
        before=policy.status_before,
        start=row.start_date,
        effective=row.effective_date,
        expiry=row.expiry_date,
        valid_to=row.valid_to,
        person=row.person_status,
        status_date=row.status_on,
    )
