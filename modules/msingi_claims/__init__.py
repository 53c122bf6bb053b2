"""Claims: from the care given to the money paid, every amount explained; each name is loaded when first used."""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from msingi_claims.events import (
        ClaimsEntered,
        ClaimsPaid,
        ClaimsProcessed,
        ClaimsRejected,
        ClaimsSubmitted,
        ClaimsValuated,
    )
    from msingi_claims.findings import ClaimFacts, EarlierClaim, Finding
    from msingi_claims.hooks import ClaimsHooks
    from msingi_claims.models.claim import Claim
    from msingi_claims.models.line import ClaimLine
    from msingi_claims.models.states import Channel, FindingKind
    from msingi_claims.rules.codes import ClaimStatus, LineStatus, Reason
    from msingi_claims.services.claim_records import ClaimRecord, LineRecord, UploadCode
    from msingi_claims.services.drafts import ClaimDraft, ContentDraft, LineDraft
    from msingi_claims.services.entry import enter_claims
    from msingi_claims.services.intake import Taken, take_records
    from msingi_claims.services.submission import Outcome, process_claims, submit_claims

_HOMES = {
    "Channel": "models.states",
    "Claim": "models.claim",
    "ClaimDraft": "services.drafts",
    "ClaimFacts": "findings",
    "ClaimLine": "models.line",
    "ClaimRecord": "services.claim_records",
    "ClaimStatus": "rules.codes",
    "ClaimsEntered": "events",
    "ClaimsHooks": "hooks",
    "ClaimsPaid": "events",
    "ClaimsProcessed": "events",
    "ClaimsRejected": "events",
    "ClaimsSubmitted": "events",
    "ClaimsValuated": "events",
    "ContentDraft": "services.drafts",
    "EarlierClaim": "findings",
    "Finding": "findings",
    "FindingKind": "models.states",
    "LineDraft": "services.drafts",
    "LineRecord": "services.claim_records",
    "LineStatus": "rules.codes",
    "Outcome": "services.submission",
    "Reason": "rules.codes",
    "Taken": "services.intake",
    "UploadCode": "services.claim_records",
    "enter_claims": "services.entry",
    "process_claims": "services.submission",
    "submit_claims": "services.submission",
    "take_records": "services.intake",
}

__all__ = [
    "Channel",
    "Claim",
    "ClaimDraft",
    "ClaimFacts",
    "ClaimLine",
    "ClaimRecord",
    "ClaimStatus",
    "ClaimsEntered",
    "ClaimsHooks",
    "ClaimsPaid",
    "ClaimsProcessed",
    "ClaimsRejected",
    "ClaimsSubmitted",
    "ClaimsValuated",
    "ContentDraft",
    "EarlierClaim",
    "Finding",
    "FindingKind",
    "LineDraft",
    "LineRecord",
    "LineStatus",
    "Outcome",
    "Reason",
    "Taken",
    "UploadCode",
    "enter_claims",
    "process_claims",
    "submit_claims",
    "take_records",
]


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module 'msingi_claims' has no attribute {name!r}")
    return getattr(import_module(f"msingi_claims.{_HOMES[name]}"), name)
