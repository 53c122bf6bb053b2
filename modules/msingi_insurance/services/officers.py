"""Enrolment officers: where they work, until when, and who stands in for them (TZA-14, POL-8)."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, Final
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import Uuid, bindparam, delete, or_, select

from msingi.clean_text import clean_text
from msingi.errors import DomainError, NotFound
from msingi.rbac.models import Jurisdiction, JurisdictionClosure
from msingi.work import Work
from msingi_insurance.models.field_staff import Officer, OfficerVillage
from msingi_insurance.payment_errors import CodeTaken, OfficerNotThere
from msingi_insurance.rules.renewal import OfficerPost, check_substitution

MOST_PLACES = 500
"""Places that one officer may serve."""
_SERVES: Final = (
    select(OfficerVillage.id)
    .join(JurisdictionClosure, JurisdictionClosure.ancestor_id == OfficerVillage.jurisdiction_id)
    .where(
        OfficerVillage.officer_id == Officer.id,
        JurisdictionClosure.descendant_id == bindparam("place", type_=Uuid()),
    )
    .exists()
)
_AT_DESK: Final = (
    select(
        *(Officer.id, Officer.code, Officer.user_id, Officer.works_to, Officer.jurisdiction_id),
        _SERVES.label("serves"),
    )
    .where(
        or_(
            Officer.id == bindparam("named", type_=Uuid()), Officer.user_id == bindparam("user", type_=Uuid())
        )
    )
    .order_by(Officer.id)
)


class OfficerDraft(BaseModel):
    """A new enrolment officer."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    code: str = Field(min_length=1, max_length=20, pattern=r"^[A-Za-z0-9_.-]+$", description="Code.")
    name: str = Field(min_length=1, max_length=100, description="Name, as printed on receipts.")
    jurisdiction_id: UUID = Field(description="The place that the officer reports to.")
    user_id: UUID | None = Field(default=None, description="The account of the officer.")
    phone: str | None = Field(default=None, max_length=30, description="Telephone number.")
    works_to: date | None = Field(default=None, description="Last day at work.")
    substitution_officer_id: UUID | None = Field(default=None, description="Who takes over renewals.")
    place_ids: list[UUID] = Field(
        default=[], max_length=MOST_PLACES, description="Places that the officer serves, with all below."
    )


class OfficerChanges(BaseModel):
    """Changes of an officer; what is left out stays."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str | None = Field(default=None, min_length=1, max_length=100, description="Name.")
    user_id: UUID | None = Field(default=None, description="The account of the officer.")
    phone: str | None = Field(default=None, max_length=30, description="Telephone number.")
    works_to: date | None = Field(default=None, description="Last day at work.")
    substitution_officer_id: UUID | None = Field(default=None, description="Who takes over renewals.")
    place_ids: list[UUID] | None = Field(
        default=None, max_length=MOST_PLACES, description="Places that the officer serves from now on."
    )


def create_officer(work: Work, given: OfficerDraft) -> Officer:
    """Add an officer with the places that he or she serves.

    Raises:
        CodeTaken: another officer bears the code.
        SubstitutionCycle: the substitutes would lead back to the officer.
        NotFound: a place lies outside the scope.

    """
    _refuse_taken(work, given.code)
    values = given.model_dump(exclude={"place_ids"})
    values["name"] = clean_text(given.name)
    officer = work.add(Officer(**values))
    _check_substitution(work, officer)
    work.session.flush()
    _replace_places(work, officer, given.place_ids)
    return officer


def update_officer(
    work: Work, officer_id: UUID, given: OfficerChanges, *, expected_version: int | None = None
) -> Officer:
    """Change an officer.

    Raises:
        NotFound, StaleVersion: the officer or a place is not visible, or was changed meanwhile.
        SubstitutionCycle: the substitutes would lead back to the officer.

    """
    officer = work.get(Officer, officer_id, expected_version=expected_version)
    for name, value in given.model_dump(exclude_unset=True, exclude={"place_ids"}).items():
        if name != "name" or value:
            setattr(officer, name, clean_text(value) if name == "name" else value)
    _check_substitution(work, officer)
    work.session.flush()
    if given.place_ids is not None:
        _replace_places(work, officer, given.place_ids)
    return officer


def own_officer(work: Work) -> UUID | None:
    """The officer who bears the actor's account, if any."""
    if work.actor.id is None:
        return None
    with work.everywhere():
        return work.session.scalar(select(Officer.id).where(Officer.user_id == work.actor.id))


def officer_at_desk(work: Work, place_id: UUID, day: date, *, named: UUID | None = None) -> UUID | None:
    """Who enrols in a place on a day: the officer who is named, else the caller's own; None for other clerks (TZA-14).

    Both the one who is named and a caller who is an officer must work there, in one statement.

    Raises:
        NotFound: there is no such officer.
        OfficerNotThere: names the officer's code.

    """
    if named is None and work.actor.id is None:
        return None
    with work.everywhere():
        values = {"place": place_id, "named": named, "user": work.actor.id}
        rows = work.session.execute(_AT_DESK, values).all()
    if named is not None and not any(row.id == named for row in rows):
        raise NotFound(type="Officer")
    own = [row for row in rows if row.user_id is not None and row.user_id == work.actor.id]
    for group in ([row for row in rows if row.id == named], own):
        if group and not any(row.serves and (row.works_to is None or day <= row.works_to) for row in group):
            raise _not_there(work, group[0])
    return named or (own[0].id if own else None)


def _not_there(work: Work, officer: Any) -> DomainError:
    """Officers of other places do not exist for those who may not see them (attack 15); the caller's own does."""
    own = officer.user_id is not None and officer.user_id == work.actor.id
    if own or work.covers(work.scope, officer.jurisdiction_id):
        return OfficerNotThere(officer=officer.code)
    return NotFound(type="Officer")


def require_at_work(work: Work, officer_id: UUID, place_id: UUID, day: date) -> None:
    """Refuse an officer who does not serve a place, or works no longer on a day (TZA-14).

    Raises:
        NotFound: there is no such officer, or none whom the caller may see.
        OfficerNotThere: names the officer's code.

    """
    with work.everywhere():
        officer = work.find(Officer, officer_id)
        if officer is None:
            raise NotFound(type="Officer")
        left = officer.works_to is not None and day > officer.works_to
        there = not left and place_id in served_places(work, officer_id, [place_id])
    if not there:
        raise _not_there(work, officer)


def served_places(work: Work, officer_id: UUID, places: Iterable[UUID]) -> set[UUID]:
    """Those of the places that the officer serves: each village that was named, with everything below it."""
    statement = (
        select(JurisdictionClosure.descendant_id)
        .join(OfficerVillage, OfficerVillage.jurisdiction_id == JurisdictionClosure.ancestor_id)
        .where(OfficerVillage.officer_id == officer_id, JurisdictionClosure.descendant_id.in_(list(places)))
    )
    with work.everywhere():
        return set(work.session.scalars(statement))


def officer_posts(work: Work) -> tuple[dict[str, OfficerPost], dict[str, UUID]]:
    """Every officer as the rules of renewal see them, by id as text, and the ids back."""
    with work.everywhere():
        rows = work.session.execute(
            select(Officer.id, Officer.works_to, Officer.substitution_officer_id)
        ).all()
    posts = {
        str(row.id): OfficerPost(
            str(row.id),
            row.works_to,
            str(row.substitution_officer_id) if row.substitution_officer_id else None,
        )
        for row in rows
    }
    return posts, {str(row.id): row.id for row in rows}


def officer_by_code(work: Work, code: str) -> Officer | None:
    """The officer with a code, wherever; None when there is none."""
    with work.everywhere():
        return work.session.scalar(select(Officer).where(Officer.code == code))


def officer_places(work: Work, officer_ids: Iterable[UUID]) -> Mapping[UUID, list[UUID]]:
    """The places that officers serve, as they were named."""
    wanted = list(officer_ids)
    found: dict[UUID, list[UUID]] = {officer_id: [] for officer_id in wanted}
    statement = select(OfficerVillage.officer_id, OfficerVillage.jurisdiction_id).where(
        OfficerVillage.officer_id.in_(wanted)
    )
    with work.everywhere():
        for officer_id, place_id in work.session.execute(statement):
            found[officer_id].append(place_id)
    return found


def places_served(work: Work, officer_ids: Iterable[UUID]) -> dict[UUID, list[Jurisdiction]]:
    """The places that officers serve, as records."""
    served = officer_places(work, officer_ids)
    places = work.by_ids(Jurisdiction, {place for named in served.values() for place in named})
    return {officer_id: [places[place] for place in named] for officer_id, named in served.items()}


def _replace_places(work: Work, officer: Officer, places: Iterable[UUID]) -> None:
    wanted = set(places)
    before = set(officer_places(work, [officer.id])[officer.id])
    gone = before - wanted
    if gone:
        statement = delete(OfficerVillage).where(
            OfficerVillage.officer_id == officer.id, OfficerVillage.jurisdiction_id.in_(gone)
        )
        work.session.execute(statement)
    rows = [{"officer_id": officer.id, "jurisdiction_id": place} for place in sorted(wanted - before)]
    work.insert_rows(OfficerVillage, rows)


def _check_substitution(work: Work, officer: Officer) -> None:
    if officer.substitution_officer_id is None:
        return
    posts, _ = officer_posts(work)
    if str(officer.substitution_officer_id) not in posts:
        raise NotFound(type="Officer")
    chain = {code: post.substitute for code, post in posts.items()}
    check_substitution(str(officer.id), str(officer.substitution_officer_id), chain)


def _refuse_taken(work: Work, code: str) -> None:
    if officer_by_code(work, code) is not None:
        raise CodeTaken(code=code)
