"""Looks for what is odd about claims that are being submitted: doubles, splits, the dead, the too frequent, ghosts."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import TypeAlias
from uuid import UUID

from msingi_claims.findings import ClaimFacts, EarlierClaim, Finding
from msingi_claims.rules.codes import FindingKind
from msingi_claims.rules.compiled import LineKey
from msingi_claims.settings import ClaimsSettings

_Visit: TypeAlias = ClaimFacts | EarlierClaim
"""A claim that is being submitted, or an earlier one."""


def find_oddities(
    settings: ClaimsSettings, claims: Sequence[ClaimFacts], earlier: Iterable[EarlierClaim]
) -> Iterator[Finding]:
    """Compare each claim with the earlier ones of its patient, those before it in the same submission included."""
    visits: dict[UUID, list[_Visit]] = defaultdict(list)
    for past in earlier:
        visits[past.insuree_id].append(past)
    for claim in claims:
        known = visits[claim.insuree_id]
        yield from _about(settings, claim, known)
        known.append(claim)


def near_claims(
    settings: ClaimsSettings, claims: Iterable[ClaimFacts], earlier: Iterable[EarlierClaim]
) -> Iterator[EarlierClaim]:
    """The earlier claims whose lines are compared with those of a claim of the same patient."""
    submitted: dict[UUID, list[ClaimFacts]] = defaultdict(list)
    for claim in claims:
        submitted[claim.insuree_id].append(claim)
    for past in earlier:
        if any(_is_near(settings, claim, past) for claim in submitted[past.insuree_id]):
            yield past


def _is_near(settings: ClaimsSettings, one: _Visit, other: _Visit) -> bool:
    return _days_between(one, other) <= max(settings.double_days, settings.split_days)


def _days_between(one: _Visit, other: _Visit) -> int:
    """The days from the end of one stay to the beginning of the other; 0 when they share a day."""
    return max((one.first_day - other.target_date).days, (other.first_day - one.target_date).days, 0)


def _about(settings: ClaimsSettings, claim: ClaimFacts, known: Sequence[_Visit]) -> Iterator[Finding]:
    if claim.death_date is not None and claim.death_date < claim.first_day:
        yield Finding(claim.claim_id, FindingKind.AFTER_DEATH)
    for other in known:
        kind = _compare(settings, claim, other)
        if kind is not None:
            yield Finding(claim.claim_id, kind, other.claim_id)
    busy = 1 + _most_around(claim, known, settings.busy_days)
    if busy > settings.busy_visits:
        details = {"visits": str(busy), "days": str(settings.busy_days)}
        yield Finding(claim.claim_id, FindingKind.FREQUENCY, details=details)


def _compare(settings: ClaimsSettings, one: _Visit, other: _Visit) -> FindingKind | None:
    """What two claims of one patient are to each other: only the same care for the same diagnosis is a double.

    One facility gives the same care day after day, as for a wound: there only shared days make a double.
    """
    if not _is_near(settings, one, other):
        return None
    gap = _days_between(one, other)
    near, same_care = gap <= settings.double_days, one.keys == other.keys
    elsewhere = one.facility_id != other.facility_id
    if same_care and one.diagnosis == other.diagnosis and (near if elsewhere else gap == 0):
        return FindingKind.DOUBLE_CLAIM
    if elsewhere:
        if near and _share(one.keys, other.keys):
            return FindingKind.SIMILAR_CLAIM
        stays = one.target_date > one.first_day or other.target_date > other.first_day
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
    return one.first_day < other.target_date and other.first_day < one.target_date


def _most_around(visit: _Visit, known: Sequence[_Visit], days: int) -> int:
    """The most other visits in any window of so many days that holds this one, whatever came in first."""
    gaps = sorted((other.target_date - visit.target_date).days for other in known)
    near = [gap for gap in gaps if -days < gap < days]
    starts = {0, *(gap for gap in near if gap <= 0)}
    return max(sum(start <= gap < start + days for gap in near) for start in starts)
