"""The checks of a submission that need no product: of the claim as a whole, and of each line (CLM-9)."""

from collections.abc import Collection, Iterator
from typing import Final, NamedTuple

from msingi_claims.rules.codes import CareTypeCheck, Reason, Sex
from msingi_claims.rules.decisions import Fingerprint, fingerprint_of
from msingi_claims.rules.situation import Situation
from msingi_claims.rules.values import ClaimInput, LineInput, RegisterEntry
from msingi_registry import CareType

MALE: Final = 1
FEMALE: Final = 2
ADULT: Final = 4
CHILD: Final = 8
_SEXES: Final = {Sex.MALE: MALE, Sex.FEMALE: FEMALE}
# Bound once: an attribute of an enumeration costs as much as the step that uses it.
_ACCEPTED: Final = Reason.ACCEPTED
_BOTH: Final = CareType.BOTH
_ORDER: Final = (
    *(Reason.TARGET_DATE, Reason.DIAGNOSIS_NOT_VALID, Reason.DUPLICATE, Reason.INSUREE_NOT_VALID),
    *(Reason.NO_COVERAGE, Reason.INVALID_CLAIM, Reason.REFUSED_BY_SCORING),
)


class Findings(NamedTuple):
    """What the checks found: every error of the claim as a whole, and the first one of each line."""

    claim: tuple[Reason, ...]
    lines: tuple[Reason, ...]
    fingerprint: Fingerprint
    has_duplicate: bool = False


def check_claim(situation: Situation, refusals: Collection[Reason] = ()) -> Findings:
    """Run the checks in their order; an error of the whole claim is the first error of each of its lines.

    ``refusals`` are errors of the whole claim that were found elsewhere; all of them are answered together (D-24).
    """
    fingerprint = fingerprint_of(situation.claim)
    has_duplicate = situation.history.has_fingerprint(fingerprint)
    errors = in_order({*_claim_errors(situation, has_duplicate=has_duplicate), *refusals})
    has_duplicate = has_duplicate or Reason.DUPLICATE in refusals
    if errors:
        return Findings(errors, (errors[0],) * len(situation.claim.lines), fingerprint, has_duplicate)
    lines = tuple([_line_error(situation, line) for line in situation.claim.lines])
    return Findings((), lines, fingerprint, has_duplicate)


def in_order(errors: Collection[Reason]) -> tuple[Reason, ...]:
    """Errors of a claim in the order of the checks: 9, 8, 6, 7, 21, then those that no check of the law finds."""
    return tuple([reason for reason in _ORDER if reason in errors])


def has_wrong_dates(claim: ClaimInput) -> bool:
    """Whether dates are missing or in the wrong order (check 9)."""
    first, last, claimed = claim.date_from, claim.date_to, claim.date_claimed
    if first is None or claimed is None:
        return True
    return claimed < first or (last is not None and last < first)


def fits_patient(mask: int, sex: Sex, *, adult: bool) -> bool:
    """Whether a patient is within a mask; bits that are not set for sex or age at all restrict nothing (check 4)."""
    sexes = mask & (MALE | FEMALE) or MALE | FEMALE
    ages = mask & (ADULT | CHILD) or ADULT | CHILD
    return bool(sexes & _SEXES.get(sex, sexes)) and bool(ages & (ADULT if adult else CHILD))


def _claim_errors(situation: Situation, *, has_duplicate: bool) -> Iterator[Reason]:
    claim = situation.claim
    if has_wrong_dates(claim):
        yield Reason.TARGET_DATE
    if not claim.diagnosis_is_valid:
        yield Reason.DIAGNOSIS_NOT_VALID
    if has_duplicate and situation.settings.refuses_duplicates and not claim.is_released:
        yield Reason.DUPLICATE
    if not (claim.patient.is_valid and claim.patient.may_live(situation.day)):
        yield Reason.INSUREE_NOT_VALID
    if not situation.standings:
        yield Reason.NO_COVERAGE


def _line_error(situation: Situation, line: LineInput) -> Reason:
    entry = line.entry
    if entry is None:
        return Reason.NOT_IN_REGISTER
    if line.listed is None:
        return Reason.NOT_ON_PRICE_LIST
    if _is_wrong_care(situation, entry.care_type):
        return Reason.CARE_TYPE
    if not fits_patient(entry.patient_mask, situation.claim.patient.sex, adult=situation.adult):
        return Reason.PATIENT_CATEGORY
    if _is_too_soon(situation, line, entry):
        return Reason.FREQUENCY
    return _ACCEPTED


def _is_wrong_care(situation: Situation, care: CareType) -> bool:
    if care is _BOTH:
        return False
    against = situation.settings.care_type_check
    nature = CareType.INPATIENT if situation.has_night else CareType.OUTPATIENT
    given = situation.claim.facility.care_type
    if against is not CareTypeCheck.FACILITY and care is not nature:
        return True
    return against is not CareTypeCheck.CLAIM and given is not _BOTH and care is not given


def _is_too_soon(situation: Situation, line: LineInput, entry: RegisterEntry) -> bool:
    """Other claims count, whatever their order; lines of the same claim are one act of care (check 5)."""
    days = entry.frequency_days
    return bool(days) and situation.past.is_too_soon(line.key, on=situation.day, days=days or 0)
