"""REST doors of photos: send one, fetch the current one."""

from datetime import date
from typing import Any
from uuid import UUID

from msingi.errors import NotFound
from msingi.http.rest import FileReply, RestRequest
from msingi.work import Work
from msingi_insurance.errors import PhotoDateInvalid
from msingi_insurance.plugin import EDIT_INSUREES, READ_PHOTOS, plugin
from msingi_insurance.services.photos import MOST_BYTES, add_photo, picture_of


@plugin.route("POST", "/photos/{insuree_id}", allow=EDIT_INSUREES, most_bytes=MOST_BYTES)
def send_photo(work: Work, request: RestRequest) -> dict[str, Any]:
    """Keep the photo of an insuree, the body of the request; ``takenOn`` says when it was taken, today when left out."""
    taken_on = _day(request.query.get("takenOn")) or work.today()
    photo = add_photo(work, _insuree_id(request), request.body, taken_on=taken_on)
    return {"id": photo.id, "mediaType": photo.media_type, "digest": photo.digest}


@plugin.route("GET", "/photos/{insuree_id}", allow=READ_PHOTOS)
def fetch_photo(work: Work, request: RestRequest) -> FileReply:
    """The current photo of an insuree; each look leaves a line in the audit trail."""
    insuree_id = _insuree_id(request)
    content, media_type = picture_of(work, insuree_id)
    work.audit(
        "read", entity="insurance_photo", entity_id=insuree_id, details={"permission": READ_PHOTOS.name}
    )
    return FileReply(content, media_type, f"photo.{media_type.partition('/')[2]}")


def _insuree_id(request: RestRequest) -> UUID:
    try:
        return UUID(str(request.path["insuree_id"]))
    except ValueError as error:
        raise NotFound(type="Insuree") from error


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise PhotoDateInvalid from error
