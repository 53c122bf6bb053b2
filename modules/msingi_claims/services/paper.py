"""Paper claims: bundles that one person keys in, or two that must agree (TZA-25)."""

from typing import Any, Final
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import func, select

from msingi.work import Work
from msingi_claims.errors import CodeTaken
from msingi_claims.facility_errors import BatchClosed, KeyingsDiffer, SecondKeyNeeded
from msingi_claims.models.claim import Claim
from msingi_claims.models.intake import PaperBatch, PaperKeying
from msingi_claims.models.states import Channel
from msingi_claims.services.adding import add_now
from msingi_claims.services.drafts import ClaimDraft
from msingi_claims.services.entry import enter_claim
from msingi_registry import Facility

_OMITTED: Final = ("explanation",)
"""Free words are not compared."""


class PaperBatchDraft(BaseModel):
    """A bundle of paper claims."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    number: str = Field(min_length=1, max_length=30, description="Number written on the bundle.")
    facility_id: UUID = Field(description="The facility.")
    double_key: bool = Field(default=False, description="Whether a second person keys every claim again.")
    expected: int = Field(ge=1, le=10_000, description="Claims in the bundle.")


def open_batch(work: Work, draft: PaperBatchDraft) -> PaperBatch:
    """Open a bundle that is about to be keyed in."""
    facility = work.get(Facility, draft.facility_id)
    return add_now(
        work,
        PaperBatch(
            jurisdiction_id=facility.jurisdiction_id,
            opened_at=work.now(),
            opened_by=work.actor.id,
            **draft.model_dump(),
        ),
    )


def key_claim(work: Work, batch_id: UUID, draft: ClaimDraft) -> UUID | None:
    """Key in a claim of a bundle; returns the claim once it is entered, None after the first of two keyings.

    Raises:
        BatchClosed: all claims of the bundle are keyed in.
        SecondKeyNeeded: the same person keys it a second time.
        KeyingsDiffer: the second keying says something else; the first one stays.

    """
    batch = work.get(PaperBatch, batch_id)
    if batch.closed_at is not None:
        raise BatchClosed
    first = work.session.scalar(
        select(PaperKeying).where(PaperKeying.paper_batch_id == batch.id, PaperKeying.code == draft.code)
    )
    if first is not None and first.claim_id is not None:
        raise CodeTaken(code=draft.code)
    written = draft.model_dump(mode="json") | {"facility_id": str(batch.facility_id)}
    if first is None:
        first = _keep(work, batch, written)
        if batch.double_key:
            return None
    elif first.keyed_by == work.actor.id:
        raise SecondKeyNeeded
    else:
        _refuse_differences(first.draft, written)
    first.claim_id = enter_claim(
        work, draft.model_copy(update={"facility_id": batch.facility_id}), channel=Channel.PAPER
    )
    if batch.double_key:
        work.get(Claim, first.claim_id).co_author_id = first.keyed_by
    _close_when_complete(work, batch)
    return first.claim_id


def _keep(work: Work, batch: PaperBatch, written: dict[str, Any]) -> PaperKeying:
    keying = work.add(
        PaperKeying(
            jurisdiction_id=batch.jurisdiction_id,
            paper_batch_id=batch.id,
            code=written["code"],
            draft=written,
            keyed_at=work.now(),
            keyed_by=work.actor.id,
        )
    )
    work.session.flush()
    return keying


def _refuse_differences(first: dict[str, Any], second: dict[str, Any]) -> None:
    different = sorted(
        name for name in second if name not in _OMITTED and first.get(name) != second.get(name)
    )
    if different:
        raise KeyingsDiffer(fields=", ".join(different))


def _close_when_complete(work: Work, batch: PaperBatch) -> None:
    work.session.flush()
    done = work.session.scalar(
        select(func.count())
        .select_from(PaperKeying)
        .join(Claim, Claim.id == PaperKeying.claim_id)
        .where(PaperKeying.paper_batch_id == batch.id)
    )
    if (done or 0) >= batch.expected:
        batch.closed_at = work.now()
