"""What the hook of duplicates and fraud is given, and what it answers."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from msingi_claims.models.states import FindingKind
from msingi_insurance import LineKind


@dataclass(frozen=True, slots=True)
class ClaimFacts:
    """A claim that is being submitted, as checks see it."""

    claim_id: UUID
    insuree_id: UUID
    person_id: UUID
    facility_id: UUID
    date_from: date | None
    target_date: date
    death_date: date | None
    diagnosis: str
    claimed_minor: int
    services: tuple[tuple[LineKind, str], ...]
    released: bool


@dataclass(frozen=True, slots=True)
class Finding:
    """Something odd about a claim; the other claim is named when it is about two."""

    claim_id: UUID
    kind: FindingKind
    other_claim_id: UUID | None = None
    details: Mapping[str, str] = field(default_factory=dict)
    """Plain values that fill a sentence; never personal data."""

    refuses: bool = False
    """Whether a plugin itself refuses the claim (code -2); the settings may refuse kinds as well."""
