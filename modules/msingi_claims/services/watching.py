"""Looks for what is odd about claims that are being submitted: doubles, splits, the dead, the too frequent, ghosts."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from msingi_claims.findings import ClaimFacts, EarlierClaim, Finding
from msingi_claims.rules.codes import FindingKind
from msingi_claims.rules.compiled import LineKey
from msingi_claims.settings import ClaimsSettings


@dataclass(frozen=True, slots=True)
class _Visit:
    """An earlier claim, or one that stands before in the same submission."""

    claim_id: UUID
    facility_id: UUID
    first: date
    last: date
    diagnosis: str
    keys: frozenset[LineKey]


def find_oddities(
    settings: ClaimsSettings, claims: Sequence[ClaimFacts], earlier: Iterable[EarlierClaim]
) -> Iterator[Finding]:
    """Compare each claim with the earlier ones of its patient, those before it in the same submission included."""
    visits: dict[UUID, list[_Visit]] = defaultdict(list)
    for past in earlier:
        visits[past.insuree_id].append(_past_visit(past))
    for claim in claims:
        known = visits[claim.insuree_id]
        yield from _about(settings, claim, _visit(claim), known)
        known.append(_visit(claim))


def _about(
    settings: ClaimsSettings, claim: ClaimFacts, visit: _Visit, known: Sequence[_Visit]
) -> Iterator[Finding]:
    if claim.death_date is not None and claim.death_date < visit.first:
        yield Finding(claim.claim_id, FindingKind.AFTER_DEATH)
    for other in known:
        kind = _compare(settings, visit, other)
        if kind is not None:
            yield Finding(claim.claim_id, kind, other.claim_id)
    busy = 1 + _most_around(visit, known, settings.busy_days)
    if busy > settings.busy_visits:
        details = {"visits": str(busy), "days": str(settings.busy_days)}
        yield Finding(claim.claim_id, FindingKind.FREQUENCY, details=details)


def _compare(settings: ClaimsSettings, one: _Visit, other: _Visit) -> FindingKind | None:
    """What two claims of one patient are to each other: only the same care for the same diagnosis is a double.

    One facility gives the same care day after day, as for a wound: there only shared days make a double.
    """
    gap = max((one.first - other.last).days, (other.first - one.last).days, 0)
    near, same_care = gap <= settings.double_days, one.keys == other.keys
    elsewhere = one.facility_id != other.facility_id
    if same_care and one.diagnosis == other.diagnosis and (near if elsewhere else gap == 0):
        return FindingKind.DOUBLE_CLAIM
    if elsewhere:
        if near and _share(one.keys, other.keys):
            return FindingKind.SIMILAR_CLAIM
        stays = one.last > one.first or other.last > other.first
        return FindingKind.GHOST if stays and _inside(one, other) else None
    if gap == 0 and same_care:
        return FindingKind.SIMILAR_CLAIM
    alike = one.diagnosis == other.diagnosis or same_care
    return FindingKind.SPLIT_CLAIM if gap <= settings.split_days and alike else None


def _share(one: frozenset[LineKey], other: frozenset[LineKey]) -> bool:
    """Whether at least half of the smaller claim stands on the other one too."""
    smaller = min(len(one), len(other))
    return bool(smaller) and 2 * len(one & other) >= smaller


def _inside(one: _Visit, other: _Visit) -> bool:
    """Whether the patient was at two places at once; the days of arrival and leaving may be shared."""
    return one.first < other.last and other.first < one.last


def _visit(claim: ClaimFacts) -> _Visit:
    first = claim.date_from or claim.target_date
    return _Visit(claim.claim_id, claim.facility_id, first, claim.target_date, claim.diagnosis, claim.keys)


def _past_visit(past: EarlierClaim) -> _Visit:
    first = past.date_from or past.target_date
    keys = frozenset(key for key, _, _ in past.lines)
    return _Visit(past.claim_id, past.facility_id, first, past.target_date, past.diagnosis, keys)


def _most_around(visit: _Visit, known: Sequence[_Visit], days: int) -> int:
    """The most other visits in any window of so many days that holds this one, whatever came in first."""
    gaps = sorted((other.last - visit.last).days for other in known)
    near = [gap for gap in gaps if -days < gap < days]
    starts = {0, *(gap for gap in near if gap <= 0)}
    return max(sum(start <= gap < start + days for gap in near) for start in starts)
