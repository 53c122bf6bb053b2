"""States of what happens to a claim beside its adjudication; those of the claim itself stand in its rules."""

from enum import StrEnum
from typing import Final

from msingi_claims.rules.codes import ClaimStatus

COUNTED: Final = (ClaimStatus.CHECKED, ClaimStatus.PROCESSED, ClaimStatus.VALUATED)
"""States above entered: claims that consume and count (CLM-2)."""


class Channel(StrEnum):
    """How a claim came in (TZA-25)."""

    WEB = "web"
    PHONE = "phone"
    FILE = "file"
    API = "api"
    PAPER = "paper"


class Occasion(StrEnum):
    """On which occasion a decision on a claim was written."""

    SUBMIT = "submit"
    REVIEW = "review"
    PROCESS = "process"
    BATCH = "batch"
    REJECT = "reject"
    UNDO = "undo"


class ReviewVerdict(StrEnum):
    """What a reviewer says of a line (CLM-5)."""

    PASS = "pass"  # noqa: S105 - a verdict
    REFUSE = "refuse"


class SelectionRule(StrEnum):
    """How claims are chosen for review or feedback (CLM-4)."""

    RANDOM = "random"
    VARIANCE = "variance"
    VALUE = "value"
    RISK = "risk"
    MANUAL = "manual"


class Purpose(StrEnum):
    """What claims are selected for."""

    REVIEW = "review"
    FEEDBACK = "feedback"


class TaskState(StrEnum):
    """Where a task of a reviewer stands."""

    OPEN = "open"
    WAITING = "waiting"
    DONE = "done"


class SampleState(StrEnum):
    """Where the review of a sample stands (CLM-8)."""

    OPEN = "open"
    ACCEPTED = "accepted"
    EXTRAPOLATED = "extrapolated"


class PreAuthorisationState(StrEnum):
    """Where a request for consent before care stands."""

    REQUESTED = "requested"
    GRANTED = "granted"
    REFUSED = "refused"


class AttachmentType(StrEnum):
    """What an attachment of a claim is."""

    PRESCRIPTION = "prescription"
    INVOICE = "invoice"
    REFERRAL = "referral"
    RESULT = "result"
    REPORT = "report"
    PICTURE = "picture"
    OTHER = "other"
