"""GraphQL operations on claims: enter, change, submit, read, explain."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import Select, select

from msingi.graphql.scalars import Text
from msingi.work import Work
from msingi_claims.models.claim import Claim
from msingi_claims.models.states import Channel
from msingi_claims.plugin import DELETE_CLAIMS, ENTER_CLAIMS, READ_CLAIMS, RESTORE_CLAIMS, plugin
from msingi_claims.services import entry, restoring
from msingi_claims.services.drafts import ClaimDraft
from msingi_claims.services.explaining import ClaimExplanation
from msingi_claims.services.explaining import explain_claim as explanation_of
from msingi_claims.services.names import ClaimPatient, patients_named

plugin.expose(
    Claim,
    *("id", "code", "jurisdiction_id", "insuree_id", "facility_id", "facility", "diagnosis_id"),
    *("diagnosis_code", "further_diagnoses", "date_from", "date_to", "target_date", "date_claimed"),
    *("visit_type", "care_type", "status", "category", "review_status", "feedback_status", "channel"),
    *("rejection_code", "findings", "risk", "duplicate_released", "claimed", "approved", "valuated"),
    *("remunerated", "patient_share", "guarantee_number", "administrator_id", "pre_authorisation_id"),
    *("explanation", "adjustment", "patient_condition", "refer_from_id", "refer_to_id", "referral_code"),
    *("restored_from_id", "restored_times", "sample_id", "batch_id", "decisions", "rule_version"),
    *("entered_at", "entered_by", "submitted_at", "submitted_by", "reviewed_at", "reviewer_id"),
    *("processed_at", "processed_by", "valuated_at", "paid_at", "closed_at", "closed_reason", "version"),
    allow=READ_CLAIMS,
)


@plugin.connection(
    Claim,
    allow=READ_CLAIMS,
    where=(
        *("id", "code", "status", "review_status", "feedback_status", "insuree_id", "facility_id"),
        *("diagnosis_code", "date_claimed", "target_date", "visit_type", "category", "channel", "batch_id"),
        *("entered_by", "reviewer_id"),
    ),
    order=("date_claimed", "id", "code", "target_date", "entered_at"),
)
def claims(work: Work) -> Select[tuple[Claim]]:  # noqa: ARG001 - every connection receives it
    """Claims of the facilities in the reader's places."""
    return select(Claim)


@plugin.query(allow=READ_CLAIMS)
def claim(work: Work, id: UUID) -> Claim | None:  # noqa: A002 - the name callers see
    """One claim."""
    return work.find(Claim, id)


@plugin.query(allow=READ_CLAIMS)
def explain_claim(
    work: Work,
    id: UUID,  # noqa: A002 - the name callers see
    language: str | None = None,
    sequence: int | None = None,
) -> ClaimExplanation:
    """Why every line of a claim is paid as it is, step by step; the last decision, or an earlier one."""
    return explanation_of(work, id, language=language or work.language, sequence=sequence)


@plugin.mutation(allow=ENTER_CLAIMS)
def create_claim(work: Work, input: ClaimDraft) -> Claim:  # noqa: A002 - the name callers see
    """Enter a claim; the answer holds it with its id and lines."""
    return work.get(Claim, entry.enter_claim(work, input, channel=Channel.WEB))


@plugin.mutation(allow=ENTER_CLAIMS)
def update_claim(work: Work, id: UUID, input: ClaimDraft, expected_version: int) -> Claim:  # noqa: A002
    """Replace what a claim says that is not submitted yet, its lines included."""
    return entry.edit_claim(work, id, input, expected_version=expected_version)


@plugin.mutation(allow=DELETE_CLAIMS)
def delete_claim(work: Work, id: UUID, reason: Text, expected_version: int) -> Claim:  # noqa: A002
    """Make a claim void that is not submitted yet."""
    return entry.delete_claim(work, id, reason=reason, expected_version=expected_version)


@plugin.mutation(allow=RESTORE_CLAIMS)
def restore_claim(work: Work, id: UUID, code: Text) -> Claim:  # noqa: A002 - the name callers see
    """Enter the care of a rejected claim again, under a new code."""
    return work.get(Claim, restoring.restore_claim(work, id, code=code))


@plugin.extend(Claim, allow=READ_CLAIMS, reads=("insuree_id", "jurisdiction_id"))
def patient(parents: Sequence[Claim], work: Work) -> dict[UUID, ClaimPatient]:
    """Who was cared for, wherever the patient lives."""
    return patients_named(work, parents)
