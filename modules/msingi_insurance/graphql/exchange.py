"""GraphQL operations on files of the field and on signs of fraud."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy import Select, select

from msingi.work import Work
from msingi_insurance.models.exchange import FieldUpload
from msingi_insurance.models.findings import EnrolmentFinding
from msingi_insurance.plugin import EXCHANGE_ENROLMENTS, READ_FINDINGS, plugin

plugin.expose(
    FieldUpload,
    *("id", "officer_code", "dry_run", "families", "not_kept", "sent_by", "sent_at", "read_at", "job_id"),
    allow=EXCHANGE_ENROLMENTS,
)
plugin.expose(
    EnrolmentFinding, "id", "sign", "officers", "records", "found_at", "jurisdiction_id", allow=READ_FINDINGS
)


@dataclass(frozen=True, slots=True)
class UploadedFamily:
    """What came of one family of a file."""

    family: str = field(metadata={"doc": "The key of the family in the file."})
    code: int = field(
        metadata={
            "doc": "0 done, -1 place or officer, -2 head, -3 insuree, -4 policy, -5 contribution, -400 unreadable."
        }
    )
    reason: str = field(metadata={"doc": "Code of the refusal, or the element that cannot be read."})
    family_id: UUID | None = field(metadata={"doc": "The family, when it was enrolled."})
    not_kept: list[str] = field(
        metadata={"doc": "Elements of the file that say something of it and have no place here."}
    )
    repeated: list[str] = field(
        metadata={
            "doc": "Persons of it who stand in another family of the file too: the key of the person, then = other family/key there."
        }
    )


@plugin.connection(
    FieldUpload,
    allow=EXCHANGE_ENROLMENTS,
    where=("officer_code", "dry_run", "sent_by", "sent_at"),
    order=("id", "sent_at"),
)
def enrolment_uploads(work: Work) -> Select[FieldUpload]:  # noqa: ARG001 - the contract of a list
    """Files of enrolments that devices sent."""
    return select(FieldUpload)


@plugin.extend(FieldUpload, allow=EXCHANGE_ENROLMENTS)
def outcomes(parents: Sequence[FieldUpload], work: Work) -> dict[UUID, list[UploadedFamily]]:
    """What came of each family that was read so far."""
    rows = work.by_ids(FieldUpload, [parent.id for parent in parents])
    return {
        key: [
            UploadedFamily(
                outcome["family"],
                outcome["code"],
                outcome["reason"],
                UUID(outcome["family_id"]) if outcome["family_id"] else None,
                list(outcome.get("not_kept", ())),
                list(outcome.get("repeated", ())),
            )
            for outcome in row.outcomes
        ]
        for key, row in rows.items()
    }


@plugin.connection(EnrolmentFinding, allow=READ_FINDINGS, where=("sign", "found_at"), order=("id", "sign"))
def enrolment_findings(work: Work) -> Select[EnrolmentFinding]:  # noqa: ARG001 - the contract of a list
    """Signs of fraud in enrolment: one receipt twice, moved dates, one photo or telephone for many."""
    return select(EnrolmentFinding)
