"""What is odd about lists and facilities: kept beside the records, counted, told in the reader's language (FR-4)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy import delete, func, select

from msingi.rbac.models import Jurisdiction
from msingi.work import Work
from msingi_registry.country.findings import TEXTS, FindingKind
from msingi_registry.models.facility import Facility, QualityFinding
from msingi_registry.services.facility_rows import chunks


@dataclass(frozen=True, slots=True, kw_only=True)
class Flagged:
    """One oddity to keep; without facility and place it belongs to the whole country."""

    kind: str
    line: int
    source_id: str
    params: Mapping[str, object] = field(default_factory=dict)
    facility_id: UUID | None = None
    place_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class FindingCount:
    """How many findings of one kind the reader may see."""

    kind: str = field(metadata={"doc": "The kind, such as missing_coordinates."})
    count: int = field(metadata={"doc": "Findings of this kind in the reader's places."})


def replace_findings(work: Work, source: str, findings: Sequence[Flagged], *, root: str) -> None:
    """Put the findings of a list in the place of those of its last reading; ``root`` is the country's code."""
    work.session.execute(
        delete(QualityFinding).where(QualityFinding.source == source),
        execution_options={"synchronize_session": False},
    )
    country = work.session.scalars(select(Jurisdiction.id).where(Jurisdiction.code == root)).one()
    add_findings(work, source, findings, country_id=country)


def add_findings(
    work: Work, source: str, findings: Sequence[Flagged], *, country_id: UUID | None = None
) -> None:
    """Keep findings beside those that are there; ``country_id`` is where those without a place belong."""
    leaves = _leaves(work, [found.facility_id for found in findings if found.facility_id is not None])
    for chunk in chunks(findings):
        work.insert_rows(
            QualityFinding,
            [
                {
                    "jurisdiction_id": leaves.get(found.facility_id) or found.place_id or country_id,
                    "source": source,
                    "kind": found.kind,
                    "line": found.line,
                    "source_id": found.source_id,
                    "facility_id": found.facility_id,
                    "params": dict(found.params),
                }
                for found in chunk
            ],
        )


def count_findings(work: Work, source: str | None = None) -> list[FindingCount]:
    """Findings per kind in the present scope, most frequent first."""
    statement = select(QualityFinding.kind, func.count(QualityFinding.id)).group_by(QualityFinding.kind)
    if source is not None:
        statement = statement.where(QualityFinding.source == source)
    rows = work.session.execute(statement).all()
    return [FindingCount(kind, count) for kind, count in sorted(rows, key=lambda row: (-row[1], row[0]))]


def finding_texts(work: Work, ids: Sequence[UUID]) -> dict[UUID, str]:
    """The sentence of each finding in the reader's language."""
    columns = (QualityFinding.id, QualityFinding.kind, QualityFinding.params)
    rows = work.session.execute(select(*columns).where(QualityFinding.id.in_(ids)))
    texts = work.platform.texts
    return {
        row.id: texts.get(TEXTS[FindingKind(row.kind)], work.language).format(**row.params) for row in rows
    }


def _leaves(work: Work, facilities: Sequence[UUID]) -> dict[UUID | None, UUID]:
    found: dict[UUID | None, UUID] = {}
    for chunk in chunks(sorted(set(facilities))):
        statement = select(Facility.id, Facility.jurisdiction_id).where(Facility.id.in_(chunk))
        found.update({row.id: row.jurisdiction_id for row in work.session.execute(statement)})
    return found
