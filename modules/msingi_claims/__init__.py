"""Claims: from the care given to the money paid, every amount explained; each name is loaded when first used."""

from typing import TYPE_CHECKING

from msingi.faces import lazy_face

if TYPE_CHECKING:
    from msingi_claims.events import ClaimQueried as ClaimQueried
    from msingi_claims.events import ClaimQueryAnswered as ClaimQueryAnswered
    from msingi_claims.events import ClaimRestored as ClaimRestored
    from msingi_claims.events import ClaimsChanged as ClaimsChanged
    from msingi_claims.events import ClaimsDeleted as ClaimsDeleted
    from msingi_claims.events import ClaimsEntered as ClaimsEntered
    from msingi_claims.events import ClaimsPaid as ClaimsPaid
    from msingi_claims.events import ClaimsProcessed as ClaimsProcessed
    from msingi_claims.events import ClaimsRejected as ClaimsRejected
    from msingi_claims.events import ClaimsReviewed as ClaimsReviewed
    from msingi_claims.events import ClaimsSelected as ClaimsSelected
    from msingi_claims.events import ClaimsSubmitted as ClaimsSubmitted
    from msingi_claims.events import ClaimsValuated as ClaimsValuated
    from msingi_claims.events import FeedbackDelivered as FeedbackDelivered
    from msingi_claims.events import FeedbackPrompted as FeedbackPrompted
    from msingi_claims.events import PaymentsReturned as PaymentsReturned
    from msingi_claims.events import RejectionsUndone as RejectionsUndone
    from msingi_claims.events import ReviewsOverdue as ReviewsOverdue
    from msingi_claims.findings import ClaimFacts as ClaimFacts
    from msingi_claims.findings import EarlierClaim as EarlierClaim
    from msingi_claims.findings import Finding as Finding
    from msingi_claims.hooks import ClaimsHooks as ClaimsHooks
    from msingi_claims.models.claim import Claim as Claim
    from msingi_claims.models.facility_side import Attachment as Attachment
    from msingi_claims.models.facility_side import ClaimAdministrator as ClaimAdministrator
    from msingi_claims.models.facility_side import Feedback as Feedback
    from msingi_claims.models.facility_side import PreAuthorisation as PreAuthorisation
    from msingi_claims.models.intake import PaperBatch as PaperBatch
    from msingi_claims.models.line import ClaimLine as ClaimLine
    from msingi_claims.models.payment import BatchRun as BatchRun
    from msingi_claims.models.payment import Bill as Bill
    from msingi_claims.models.payment import BillLine as BillLine
    from msingi_claims.models.payment import CapitationPool as CapitationPool
    from msingi_claims.models.payment import CapitationShare as CapitationShare
    from msingi_claims.models.payment import Catchment as Catchment
    from msingi_claims.models.payment import FacilityAccount as FacilityAccount
    from msingi_claims.models.payment import FacilityPayment as FacilityPayment
    from msingi_claims.models.payment import PaymentOrder as PaymentOrder
    from msingi_claims.models.payment import PlaceFigures as PlaceFigures
    from msingi_claims.models.payment import RelativeIndex as RelativeIndex
    from msingi_claims.models.review import ClaimQuery as ClaimQuery
    from msingi_claims.models.review import ReviewSelection as ReviewSelection
    from msingi_claims.models.review import ReviewTask as ReviewTask
    from msingi_claims.models.review import SampleReview as SampleReview
    from msingi_claims.models.states import AttachmentType as AttachmentType
    from msingi_claims.models.states import Channel as Channel
    from msingi_claims.models.states import PreAuthorisationState as PreAuthorisationState
    from msingi_claims.models.states import Purpose as Purpose
    from msingi_claims.models.states import ReviewVerdict as ReviewVerdict
    from msingi_claims.models.states import SampleState as SampleState
    from msingi_claims.models.states import SelectionRule as SelectionRule
    from msingi_claims.models.states import TaskState as TaskState
    from msingi_claims.plugin import APPROVE_ACCOUNTS as APPROVE_ACCOUNTS
    from msingi_claims.plugin import DELIVER_FEEDBACK as DELIVER_FEEDBACK
    from msingi_claims.plugin import EDIT_ADMINISTRATORS as EDIT_ADMINISTRATORS
    from msingi_claims.plugin import READ_CLAIMS as READ_CLAIMS
    from msingi_claims.plugin import READ_PAYMENTS as READ_PAYMENTS
    from msingi_claims.plugin import REVIEW_CLAIMS as REVIEW_CLAIMS
    from msingi_claims.plugin import SELECT_CLAIMS as SELECT_CLAIMS
    from msingi_claims.rules.bills import BillKind as BillKind
    from msingi_claims.rules.bills import BillState as BillState
    from msingi_claims.rules.bills import FacilityPaymentState as FacilityPaymentState
    from msingi_claims.rules.bills import PaymentOrderState as PaymentOrderState
    from msingi_claims.rules.codes import ClaimStatus as ClaimStatus
    from msingi_claims.rules.codes import FindingKind as FindingKind
    from msingi_claims.rules.codes import LineStatus as LineStatus
    from msingi_claims.rules.codes import Reason as Reason
    from msingi_claims.rules.codes import Selection as Selection
    from msingi_claims.services.claim_records import ClaimRecord as ClaimRecord
    from msingi_claims.services.claim_records import LineRecord as LineRecord
    from msingi_claims.services.claim_records import UploadCode as UploadCode
    from msingi_claims.services.claim_records import WrongRecord as WrongRecord
    from msingi_claims.services.drafts import ClaimDraft as ClaimDraft
    from msingi_claims.services.drafts import ContentDraft as ContentDraft
    from msingi_claims.services.drafts import LineDraft as LineDraft
    from msingi_claims.services.entry import Entered as Entered
    from msingi_claims.services.entry import Origin as Origin
    from msingi_claims.services.entry import enter_claims as enter_claims
    from msingi_claims.services.intake import Taken as Taken
    from msingi_claims.services.intake import take_records as take_records
    from msingi_claims.services.submission import Outcome as Outcome
    from msingi_claims.services.submission import process_claims as process_claims
    from msingi_claims.services.submission import submit_claims as submit_claims

_HOMES = {
    "events": (
        "ClaimQueried ClaimQueryAnswered ClaimRestored ClaimsChanged ClaimsDeleted ClaimsEntered "
        "ClaimsPaid ClaimsProcessed ClaimsRejected ClaimsReviewed ClaimsSelected ClaimsSubmitted "
        "ClaimsValuated FeedbackDelivered FeedbackPrompted PaymentsReturned RejectionsUndone "
        "ReviewsOverdue"
    ),
    "findings": "ClaimFacts EarlierClaim Finding",
    "hooks": "ClaimsHooks",
    "models.claim": "Claim",
    "models.facility_side": "Attachment ClaimAdministrator Feedback PreAuthorisation",
    "models.intake": "PaperBatch",
    "models.line": "ClaimLine",
    "models.payment": (
        "BatchRun Bill BillLine CapitationPool CapitationShare Catchment FacilityAccount "
        "FacilityPayment PaymentOrder PlaceFigures RelativeIndex"
    ),
    "models.review": "ClaimQuery ReviewSelection ReviewTask SampleReview",
    "models.states": (
        "AttachmentType Channel PreAuthorisationState Purpose ReviewVerdict "
        "SampleState SelectionRule TaskState"
    ),
    "plugin": (
        "APPROVE_ACCOUNTS DELIVER_FEEDBACK EDIT_ADMINISTRATORS READ_CLAIMS READ_PAYMENTS "
        "REVIEW_CLAIMS SELECT_CLAIMS"
    ),
    "rules.bills": "BillKind BillState FacilityPaymentState PaymentOrderState",
    "rules.codes": "ClaimStatus FindingKind LineStatus Reason Selection",
    "services.claim_records": "ClaimRecord LineRecord UploadCode WrongRecord",
    "services.drafts": "ClaimDraft ContentDraft LineDraft",
    "services.entry": "Entered Origin enter_claims",
    "services.intake": "Taken take_records",
    "services.submission": "Outcome process_claims submit_claims",
}

if not TYPE_CHECKING:
    __all__, __getattr__ = lazy_face(__name__, _HOMES)
