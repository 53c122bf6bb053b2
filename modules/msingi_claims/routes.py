"""REST doors of claims: files of claims, claims of other systems, and attachments."""

import hashlib
from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

from msingi.clean_text import clean_line
from msingi.errors import InvalidIdempotencyKey, NotFound, TooBusy
from msingi.http.rest import FileReply, RestRequest
from msingi.kernel.idempotency import AnsweredMeanwhile, recall, remember
from msingi.work import Work
from msingi_claims import indicator_doors, payment_doors  # noqa: F401 - add their doors to the plugin
from msingi_claims.models.states import AttachmentType, Channel
from msingi_claims.plugin import (
    DELIVER_FEEDBACK,
    ENTER_CLAIMS,
    EXTRACT_CARDS,
    LOAD_CLAIMS,
    READ_CLAIMS,
    SUBMIT_CLAIMS,
    plugin,
)
from msingi_claims.services.attaching import ENDINGS, attach_file, open_attachment
from msingi_claims.services.claim_files import read_claim_xml, read_json
from msingi_claims.services.claim_records import ClaimRecord, WrongRecord
from msingi_claims.services.extracts import ExtractOrder, make_extract
from msingi_claims.services.feedback_files import take_feedback
from msingi_claims.services.intake import Taken, take_records
from msingi_insurance import READ_PHOTOS, read_feedback

_MOST_INTAKE: Final = 5_000_000
_MOST_ATTACHMENT: Final = 20_000_000
_MOST_KEY: Final = 200


@plugin.route("POST", "/intake", allow=LOAD_CLAIMS, most_bytes=_MOST_INTAKE)
def take_json(work: Work, request: RestRequest) -> dict[str, Any]:
    """Enter and submit claims of another system, a JSON object or a list; safe to repeat (TZA-30)."""
    return _take_once(work, request, read_json(request.body), Channel.API)


@plugin.route("POST", "/files", allow=LOAD_CLAIMS, most_bytes=_MOST_INTAKE)
def take_xml(work: Work, request: RestRequest) -> dict[str, Any]:
    """Enter and submit claims of a file of the field application (CLM-F1)."""
    return _take_once(work, request, read_claim_xml(request.body), Channel.FILE)


@plugin.route("POST", "/feedback", allow=DELIVER_FEEDBACK, most_bytes=_MOST_INTAKE)
def take_feedback_file(work: Work, request: RestRequest) -> dict[str, Any]:
    """Take in a feedback file of a device; each record is answered, and one that came before is done (CLM-F4)."""
    outcomes = take_feedback(work, read_feedback(request.body))
    return {
        "results": [
            {
                "claimId": str(one.claim_id),
                "result": "success" if one.refusal is None else "rejected",
                "reason": None if one.refusal is None else one.refusal.code,
                "message": None if one.refusal is None else work.say(one.refusal),
            }
            for one in outcomes
        ]
    }


@plugin.route("GET", "/extracts/{place_id}", allow=EXTRACT_CARDS)
def download_extract(work: Work, request: RestRequest) -> FileReply:
    """Cards of a place for checks without a network, sealed for ``key``; ``after`` and ``photos=1`` as wanted (CLM-F7)."""
    after = request.query.get("after")
    order = ExtractOrder(
        place_id=_id(str(request.path["place_id"]), "Jurisdiction"),
        key=request.query.get("key", ""),
        after=None if after is None else _id(after, "Insuree"),
        with_photos=request.query.get("photos") == "1",
    )
    if order.with_photos:
        work.require(READ_PHOTOS, order.place_id)
    made = make_extract(work, order)
    return FileReply(made.content, "application/octet-stream", f"cards-{order.place_id}.bin")


@plugin.route("POST", "/attachments/{claim_id}", allow=ENTER_CLAIMS, most_bytes=_MOST_ATTACHMENT)
def attach(work: Work, request: RestRequest) -> dict[str, Any]:
    """Attach a PDF, a JPEG or a PNG, the body of the request; ``type`` and ``title`` stand in the query."""
    kind = request.query.get("type", AttachmentType.OTHER.value)
    if kind not in set(AttachmentType):
        raise NotFound(type="AttachmentType")
    made = attach_file(
        work,
        _id(request.path["claim_id"], "Claim"),
        request.body,
        type=AttachmentType(kind),
        title=clean_line(request.query.get("title", "")),
    )
    return {"id": made.id, "mediaType": made.media_type, "size": made.size, "digest": made.digest}


@plugin.route("GET", "/attachments/{attachment_id}", allow=READ_CLAIMS)
def download(work: Work, request: RestRequest) -> FileReply:
    """An attached file, to download."""
    attachment, content = open_attachment(work, _id(request.path["attachment_id"], "Attachment"))
    if not content:
        raise NotFound(type="Attachment")
    name = f"attachment-{attachment.id}.{ENDINGS[attachment.media_type]}"
    return FileReply(content, attachment.media_type, name)


def _take_once(
    work: Work, request: RestRequest, records: Sequence[ClaimRecord | WrongRecord], channel: Channel
) -> dict[str, Any]:
    """Take the records, or give the answer of the first time when the Idempotency-Key is known."""
    key = request.headers.get("idempotency-key")
    if key is not None and not 1 <= len(key) <= _MOST_KEY:
        raise InvalidIdempotencyKey(most=_MOST_KEY)
    digest = hashlib.sha256(channel.value.encode() + request.body).hexdigest()
    if key is not None and work.actor.id is not None:
        before = recall(work.platform, work.actor.id, key, digest)
        if before is not None:
            return before
    with work.allowed(LOAD_CLAIMS, SUBMIT_CLAIMS):
        answer = {"claims": [_told(work, one) for one in take_records(work, records, channel=channel)]}
    if key is not None:
        try:
            remember(work, key, digest, answer)
        except AnsweredMeanwhile as error:
            raise TooBusy(seconds=1) from error
    return answer


def _told(work: Work, taken: Taken) -> dict[str, Any]:
    outcome = taken.outcome
    return {
        "code": taken.code,
        "result": taken.result,
        "resultCode": int(taken.upload_code),
        "claimId": None if taken.claim_id is None else str(taken.claim_id),
        "errors": [{"code": problem.code, "message": work.say(problem)} for problem in taken.problems],
        "reasons": [] if outcome is None else [int(reason) for reason in outcome.reasons],
        "lines": []
        if outcome is None
        else [
            {"position": line.position, "status": line.status.value, "reason": int(line.reason)}
            for line in outcome.lines
        ],
    }


def _id(text: str, kind: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise NotFound(type=kind) from error
