"""Photos of insurees: taken, rejected, outdated; sealed at rest, and known by their digest (INS-4, attack 89)."""

import base64
import hashlib
from collections.abc import Collection
from datetime import date
from typing import Final
from uuid import UUID

from sqlalchemy import func, select

from msingi.clean_text import clean_text
from msingi.errors import NotFound
from msingi.work import Work
from msingi_insurance.errors import PhotoDateInvalid, PhotoRefused
from msingi_insurance.models.family import Insuree, InsureePhoto
from msingi_insurance.rules.refusals import ReasonRequired
from msingi_insurance.rules.renewal import Portrait, is_photo_outdated
from msingi_insurance.services.covers import cover_photographed, may_be_covered
from msingi_insurance.settings import InsuranceSettings
from msingi_registry import Person

MOST_BYTES: Final = 500_000
"""Largest picture: a portrait for a card."""
_BEGINNINGS: Final = {b"\xff\xd8\xff": "image/jpeg", b"\x89PNG\r\n\x1a\n": "image/png"}


def add_photo(
    work: Work, insuree_id: UUID, content: bytes, *, taken_on: date, officer_id: UUID | None = None
) -> InsureePhoto:
    """Keep a photo of an insuree; the latest one that is not rejected is the current one.

    Where a scheme covers nobody without a photo, the first one lets the policies of the family cover the member from
    today on (INS-4); a later one never touches cover (POL-12).

    Raises:
        NotFound: the insuree is not visible.
        PhotoRefused: it is no JPEG or PNG picture, or too large.
        PhotoDateInvalid: it was taken in the future.

    """
    insuree = work.get(Insuree, insuree_id)
    media_type = _media_type(content)
    if taken_on > work.today():
        raise PhotoDateInvalid
    photo = InsureePhoto(
        jurisdiction_id=insuree.jurisdiction_id,
        insuree_id=insuree.id,
        officer_id=officer_id,
        taken_on=taken_on,
        media_type=media_type,
        digest=hashlib.sha256(content).hexdigest(),
        content=base64.b64encode(content).decode(),
    )
    work.add(photo)
    was_waiting = not may_be_covered(work, insuree.photo_on)
    insuree.photo_on = max(taken_on, insuree.photo_on or taken_on)
    work.session.flush()
    if was_waiting:
        cover_photographed(work, insuree, on=work.today())
    return photo


def reject_photo(work: Work, photo_id: UUID, *, reason: str) -> InsureePhoto:
    """Reject a photo; the one before it is the current one again (INS-4).

    Raises:
        NotFound: it is not visible.
        ReasonRequired: the reason is missing.

    """
    photo = work.get(InsureePhoto, photo_id)
    if not reason.strip():
        raise ReasonRequired(step="reject_photo")
    photo.rejected = clean_text(reason, most=200)
    work.session.flush()
    insuree = work.get(Insuree, photo.insuree_id)
    latest = select(func.max(InsureePhoto.taken_on)).where(
        InsureePhoto.insuree_id == insuree.id, InsureePhoto.rejected == ""
    )
    insuree.photo_on = work.session.scalar(latest)
    work.session.flush()
    return photo


def picture_of(work: Work, insuree_id: UUID) -> tuple[bytes, str]:
    """The current photo of an insuree and its media type.

    Raises:
        NotFound: there is none, or the insuree is not visible.

    """
    statement = (
        select(InsureePhoto.content, InsureePhoto.media_type)
        .where(InsureePhoto.insuree_id == insuree_id, InsureePhoto.rejected == "")
        .order_by(InsureePhoto.taken_on.desc(), InsureePhoto.id.desc())
        .limit(1)
    )
    row = work.session.execute(statement).one_or_none()
    if row is None:
        raise NotFound(type="InsureePhoto")
    return base64.b64decode(row.content), row.media_type


def outdated_of(work: Work, insuree_ids: Collection[UUID]) -> dict[UUID, bool]:
    """Whether the photo of each insuree whom the reader sees is missing or too old today, in one statement (INS-4)."""
    settings = work.settings(InsuranceSettings)
    statement = (
        select(Insuree.id, Insuree.photo_on, Person.birth_date)
        .join(Person, Person.id == Insuree.person_id)
        .where(Insuree.id.in_(insuree_ids))
    )
    with work.everywhere():
        rows = work.session.execute(statement).all()
    return {
        row.id: is_photo_outdated(
            Portrait(str(row.id), row.birth_date or date.min, row.photo_on),
            on=work.today(),
            ages=settings.photo_ages,
            age_of_majority=settings.age_of_majority,
        )
        for row in rows
    }


def shared_with(work: Work, photos: Collection[InsureePhoto]) -> dict[UUID, int]:
    """How many other insurees of the country have the same picture, by photo, in one statement (attack 89)."""
    digests = {photo.digest for photo in photos}
    statement = (
        select(InsureePhoto.digest, func.count(InsureePhoto.insuree_id.distinct()).label("insurees"))
        .where(InsureePhoto.digest.in_(digests))
        .group_by(InsureePhoto.digest)
    )
    with work.everywhere():
        counts = {row.digest: int(row.insurees) for row in work.session.execute(statement)}
    return {photo.id: counts.get(photo.digest, 1) - 1 for photo in photos}


def _media_type(content: bytes) -> str:
    """The type by the first bytes: what a caller says about a file is never believed (attack 73)."""
    if len(content) <= MOST_BYTES:
        for beginning, media_type in _BEGINNINGS.items():
            if content.startswith(beginning):
                return media_type
    raise PhotoRefused(most=MOST_BYTES // 1000)
