"""GraphQL operations on photos; the pictures themselves travel by REST."""

from collections.abc import Sequence
from uuid import UUID

from msingi.work import Work
from msingi_insurance.models.family import Insuree, InsureePhoto
from msingi_insurance.plugin import EDIT_INSUREES, READ_INSUREES, plugin
from msingi_insurance.services import photos as pictures

plugin.expose(
    InsureePhoto,
    *("id", "insuree_id", "officer_id", "jurisdiction_id", "taken_on", "media_type", "digest", "rejected"),
    allow=READ_INSUREES,
)


@plugin.mutation(allow=EDIT_INSUREES)
def reject_insuree_photo(work: Work, photo_id: UUID, reason: str) -> InsureePhoto:
    """Reject a photo; the one before it is the current one again."""
    return pictures.reject_photo(work, photo_id, reason=reason)


@plugin.extend(Insuree, allow=READ_INSUREES)
def photos(parents: Sequence[Insuree], work: Work) -> dict[UUID, list[InsureePhoto]]:
    """The photos of the insuree, the latest first; fetch the picture by REST."""
    return work.children(InsureePhoto.insuree_id, parents, order_by=InsureePhoto.taken_on.desc())


@plugin.extend(Insuree, allow=READ_INSUREES)
def photo_outdated(parents: Sequence[Insuree], work: Work) -> dict[UUID, bool]:
    """Whether the photo is missing or too old for the insuree's age."""
    return pictures.outdated_of(work, [parent.id for parent in parents])


@plugin.extend(InsureePhoto, allow=READ_INSUREES)
def others_with_this_picture(parents: Sequence[InsureePhoto], work: Work) -> dict[UUID, int]:
    """How many other insurees have the very same picture: a sign of people who do not exist."""
    return pictures.shared_with(work, parents)
