"""The words and numbers of claims that trained staff and exchanged files know."""

from collections.abc import Mapping
from enum import IntEnum, StrEnum
from types import MappingProxyType
from typing import Final

from msingi_insurance import Category


class ClaimStatus(StrEnum):
    """Where a claim stands in its life (CLM-6)."""

    REJECTED = "rejected"
    ENTERED = "entered"
    CHECKED = "checked"
    PROCESSED = "processed"
    VALUATED = "valuated"
    VOID = "void"


STATUS_NUMBERS: Final[Mapping[ClaimStatus, int]] = MappingProxyType(
    {
        ClaimStatus.REJECTED: 1,
        ClaimStatus.ENTERED: 2,
        ClaimStatus.CHECKED: 4,
        ClaimStatus.PROCESSED: 8,
        ClaimStatus.VALUATED: 16,
    }
)
"""The numbers of the statuses; a void claim has none."""


class Selection(StrEnum):
    """Where the review or the feedback of a claim stands."""

    IDLE = "idle"
    NOT_SELECTED = "not_selected"
    SELECTED = "selected"
    DELIVERED = "delivered"
    BYPASSED = "bypassed"


SELECTION_NUMBERS: Final[Mapping[Selection, int]] = MappingProxyType(
    {
        Selection.IDLE: 1,
        Selection.NOT_SELECTED: 2,
        Selection.SELECTED: 4,
        Selection.DELIVERED: 8,
        Selection.BYPASSED: 16,
    }
)
"""The numbers of the states of review and feedback."""


class LineStatus(StrEnum):
    """Whether a line is paid for, in whole or in part."""

    PASSED = "passed"
    REFUSED = "refused"


class Reason(IntEnum):
    """Why a claim or a line is refused; 18 is reserved, 0 is accepted."""

    ACCEPTED = 0
    NOT_IN_REGISTER = 1
    ALL_LINES_REFUSED = 1
    """The same number on a claim: no line of it passes."""
    NOT_ON_PRICE_LIST = 2
    NO_COVERING_PRODUCT = 3
    PATIENT_CATEGORY = 4
    FREQUENCY = 5
    DUPLICATE = 6
    INSUREE_NOT_VALID = 7
    DIAGNOSIS_NOT_VALID = 8
    TARGET_DATE = 9
    CARE_TYPE = 10
    MAX_HOSPITALISATIONS = 11
    MAX_VISITS = 12
    MAX_CONSULTATIONS = 13
    MAX_SURGERIES = 14
    MAX_DELIVERIES = 15
    QUANTITY_LIMIT = 16
    WAITING_PERIOD = 17
    MAX_ANTENATAL = 19
    INVALID_CLAIM = 20
    NO_COVERAGE = 21
    REFUSED_BY_REVIEWER = -1
    REFUSED_BY_SCORING = -2


NUMBER_REASONS: Final[Mapping[Category, Reason]] = MappingProxyType(
    {
        Category.HOSPITALISATION: Reason.MAX_HOSPITALISATIONS,
        Category.VISIT: Reason.MAX_VISITS,
        Category.CONSULTATION: Reason.MAX_CONSULTATIONS,
        Category.SURGERY: Reason.MAX_SURGERIES,
        Category.DELIVERY: Reason.MAX_DELIVERIES,
        Category.ANTENATAL: Reason.MAX_ANTENATAL,
    }
)
"""The reason when a category has reached its number of claims (PRD-8)."""


class Stage(StrEnum):
    """What an adjudication is for: the first check, a reviewer's decisions, or the final amounts (CLM-6)."""

    SUBMIT = "submit"
    REVIEW = "review"
    PROCESS = "process"


class Verdict(StrEnum):
    """What the reviewer says of a line (CLM-5)."""

    PASS = "pass"  # noqa: S105 - a verdict
    REFUSE = "refuse"


class CareTypeCheck(StrEnum):
    """What the care type of a line is compared with (check 10)."""

    CLAIM = "claim"
    FACILITY = "facility"
    BOTH = "both"


class FindingKind(StrEnum):
    """What a check found odd about a claim, beside the checks of submission."""

    DOUBLE_CLAIM = "double_claim"
    """The same codes for the same diagnosis within a few days, at whatever facility."""
    SIMILAR_CLAIM = "similar_claim"
    """Half of the codes within a few days at another facility, or all of them on a day of another diagnosis."""
    SPLIT_CLAIM = "split_claim"
    AFTER_DEATH = "after_death"
    FREQUENCY = "frequency"
    GHOST = "ghost"
    OTHER = "other"


class Sex(StrEnum):
    """The sex of a patient, as far as masks of registers distinguish it."""

    MALE = "M"
    FEMALE = "F"
    OTHER = "O"
    UNKNOWN = "U"


class ConsumptionKind(StrEnum):
    """What an entry of the consumption ledger counts (ADJ-5)."""

    DEDUCTED = "deducted"
    REMUNERATED = "remunerated"
    """Paid, where it counts towards the ceiling."""
    CATEGORY = "category"
    """Paid within the category of the claim (PRD-8)."""
    QUANTITY = "quantity"


class StepKind(StrEnum):
    """One step of the explanation of a line (ADJ-9)."""

    REFUSED = "refused"
    PRODUCT = "product"
    FIRST_PRODUCT = "first_product"
    NOT_LISTED = "not_listed"
    OTHER_VISIT = "other_visit"
    OTHER_OWNERSHIP = "other_ownership"
    OTHER_TIER = "other_tier"
    OTHER_FACILITY = "other_facility"
    REVIEWER_QUANTITY = "reviewer_quantity"
    REVIEWER_PRICE = "reviewer_price"
    PASSED_BY_REVIEWER = "passed_by_reviewer"
    PASSED_DESPITE = "passed_despite"
    WAITING_PERIOD = "waiting_period"
    NUMBER_LIMIT = "number_limit"
    QUANTITY_LIMIT = "quantity_limit"
    CONSENT_QUANTITY = "consent_quantity"
    PRICE = "price"
    CARE_PACKAGE = "care_package"
    VALUE = "value"
    CONSENT_AMOUNT = "consent_amount"
    FIXED_LIMIT = "fixed_limit"
    DEDUCTIBLE = "deductible"
    COINSURANCE = "coinsurance"
    SAMPLE = "sample"
    ROUNDING = "rounding"
    CATEGORY_AMOUNT = "category_amount"
    CEILING_GROWTH = "ceiling_growth"
    CEILING = "ceiling"
    RELATIVE_INDEX = "relative_index"
