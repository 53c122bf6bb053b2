"""What the hook of duplicates and fraud is given, and what it answers."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import TypeAlias
from uuid import UUID

from msingi_claims.rules.codes import FindingKind, LineStatus
from msingi_claims.rules.compiled import LineKey
from msingi_claims.rules.decisions import Fingerprint
from msingi_insurance import Category

PastLine: TypeAlias = tuple[LineKey, Decimal, LineStatus | None]
"""What was given, how much of it, and whether it is paid for."""


@dataclass(frozen=True, slots=True)
class EarlierClaim:
    """A claim of a patient that counts, at whatever facility; what was given is read when somebody looks at it."""

    claim_id: UUID
    insuree_id: UUID
    facility_id: UUID
    facility_code: str
    date_from: date | None
    target_date: date
    diagnosis: str
    category: Category
    read_lines: Callable[[UUID], Sequence[PastLine]]
    """Answers from memory, or reads those of all earlier claims at once."""

    @property
    def lines(self) -> Sequence[PastLine]:
        """What was given."""
        return self.read_lines(self.claim_id)

    @property
    def keys(self) -> frozenset[LineKey]:
        """Kind and code of everything that was given."""
        return frozenset(key for key, _, _ in self.lines)

    @property
    def first_day(self) -> date:
        """The day of the visit, or of admission."""
        return self.date_from or self.target_date

    def fingerprint(self) -> Fingerprint:
        """What would be the same in a duplicate (check 6)."""
        quantities: dict[LineKey, Decimal] = defaultdict(Decimal)
        for key, quantity, _ in self.lines:
            quantities[key] += quantity
        lines = frozenset(quantities.items())
        return Fingerprint(
            self.insuree_id, self.facility_code, self.date_from, self.target_date, self.diagnosis, lines
        )


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
    keys: frozenset[LineKey]
    """Kind and code of everything that it names."""
    is_released: bool
    """Whether a reviewer released it although it looked odd."""

    @property
    def first_day(self) -> date:
        """The day of the visit, or of admission."""
        return self.date_from or self.target_date


@dataclass(frozen=True, slots=True)
class Finding:
    """Something odd about a claim; the other claim is named when it is about two."""

    claim_id: UUID
    kind: FindingKind
    other_claim_id: UUID | None = None
    details: Mapping[str, str] = field(default_factory=dict)
    """Plain values that fill a sentence; never personal data."""
    refuses: bool = False
    """Whether a scoring plugin itself refuses the claim (code -2)."""


Earlier = Sequence[EarlierClaim]
