"""Attaches documents to claims: sealed files of known types, or addresses on hosts that the installation allows."""

import hashlib
from base64 import b64decode, b64encode
from collections.abc import Sequence
from typing import Final
from urllib.parse import urlsplit
from uuid import UUID

from sqlalchemy import func, select

from msingi.work import Work
from msingi_claims.facility_errors import FileTooLarge, ForbiddenAddress, TooManyAttachments, WrongFileType
from msingi_claims.models.claim import Claim
from msingi_claims.models.facility_side import Attachment
from msingi_claims.models.states import AttachmentType
from msingi_claims.services.adding import add_now
from msingi_claims.services.life import Action
from msingi_claims.services.taking import take_claim
from msingi_claims.settings import ClaimsSettings

_BEGINNINGS: Final = (
    (b"%PDF-", "application/pdf"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
)
ENDINGS: Final = {"application/pdf": "pdf", "image/jpeg": "jpg", "image/png": "png"}


def attach_file(
    work: Work,
    claim_id: UUID,
    content: bytes,
    *,
    type: AttachmentType,  # noqa: A002 - the name callers see
    title: str,
) -> Attachment:
    """Keep a file with a claim that is not decided yet; its own first bytes say what it is.

    Raises:
        FileTooLarge, WrongFileType, TooManyAttachments, WrongStatus: nothing was kept.

    """
    settings = work.settings(ClaimsSettings)
    if len(content) > settings.attachment_bytes:
        raise FileTooLarge(most=settings.attachment_bytes)
    media_type = media_type_of(content)
    claim = _claim(work, claim_id)
    return add_now(
        work,
        Attachment(
            jurisdiction_id=claim.jurisdiction_id,
            claim_id=claim.id,
            type=type,
            title=title,
            media_type=media_type,
            size=len(content),
            digest=hashlib.sha256(content).hexdigest(),
            content=work.keyring.seal(b64encode(content).decode()),
            added_at=work.now(),
            added_by=work.actor.id,
        ),
    )


def attach_address(
    work: Work,
    claim_id: UUID,
    address: str,
    *,
    type: AttachmentType,  # noqa: A002 - the name callers see
    title: str,
) -> Attachment:
    """Note where a document of a claim is kept; only on hosts that the settings name (D-23).

    Raises:
        ForbiddenAddress, TooManyAttachments, WrongStatus: nothing was kept.

    """
    refuse_address(address, work.settings(ClaimsSettings).attachment_hosts)
    claim = _claim(work, claim_id)
    return add_now(
        work,
        Attachment(
            jurisdiction_id=claim.jurisdiction_id,
            claim_id=claim.id,
            type=type,
            title=title,
            address=address,
            added_at=work.now(),
            added_by=work.actor.id,
        ),
    )


def open_attachment(work: Work, attachment_id: UUID) -> tuple[Attachment, bytes]:
    """An attached file and its content, opened."""
    attachment = work.get(Attachment, attachment_id)
    sealed = attachment.content or b""
    return attachment, b64decode(work.keyring.open(sealed)) if sealed else b""


def media_type_of(content: bytes) -> str:
    """What a file is by its first bytes, whatever its name says (attack 65).

    Raises:
        WrongFileType: it is none of the accepted types.

    """
    for beginning, media_type in _BEGINNINGS:
        if content.startswith(beginning):
            return media_type
    raise WrongFileType


def refuse_address(address: str, hosts: Sequence[str]) -> None:
    """Refuse an address unless it is plain ASCII, https, without user or port, and its whole host is on the list.

    Raises:
        ForbiddenAddress: it is anything else.

    """
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError as error:
        raise ForbiddenAddress(hosts=", ".join(hosts)) from error
    allowed = {host.casefold() for host in hosts}
    written = address.isascii() and address.isprintable() and " " not in address
    plain = (
        written
        and parts.scheme == "https"
        and port is None
        and "@" not in parts.netloc
        and "\\" not in address
    )
    if not plain or (parts.hostname or "") not in allowed:
        raise ForbiddenAddress(hosts=", ".join(hosts))


def _claim(work: Work, claim_id: UUID) -> Claim:
    claim = take_claim(work, claim_id, Action.ATTACH)
    known = work.session.scalar(
        select(func.count()).select_from(Attachment).where(Attachment.claim_id == claim.id)
    )
    most = work.settings(ClaimsSettings).attachments_most
    if (known or 0) >= most:
        raise TooManyAttachments(most=most)
    return claim
