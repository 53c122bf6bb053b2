"""Insurance: who is covered, by what, until when, and who paid; each name is loaded when first used."""

from typing import TYPE_CHECKING

from msingi.faces import lazy_face

if TYPE_CHECKING:
    from msingi_insurance.events import FamilyEnrolled as FamilyEnrolled
    from msingi_insurance.events import FamilyMoved as FamilyMoved
    from msingi_insurance.events import InsureesAdded as InsureesAdded
    from msingi_insurance.events import InsureesEnded as InsureesEnded
    from msingi_insurance.events import InsureesLeft as InsureesLeft
    from msingi_insurance.events import PoliciesActivated as PoliciesActivated
    from msingi_insurance.events import PoliciesExpired as PoliciesExpired
    from msingi_insurance.events import PoliciesSuspended as PoliciesSuspended
    from msingi_insurance.events import PolicyEnrolled as PolicyEnrolled
    from msingi_insurance.exchange.renewal_files import FiledFeedback as FiledFeedback
    from msingi_insurance.exchange.renewal_files import read_feedback as read_feedback
    from msingi_insurance.hooks import InsuranceHooks as InsuranceHooks
    from msingi_insurance.hooks import calendar_of as calendar_of
    from msingi_insurance.models.cash import CashCount as CashCount
    from msingi_insurance.models.cash import CashState as CashState
    from msingi_insurance.models.contracts import Contract as Contract
    from msingi_insurance.models.contracts import ContractInvoice as ContractInvoice
    from msingi_insurance.models.contracts import ContractLine as ContractLine
    from msingi_insurance.models.contracts import Plan as Plan
    from msingi_insurance.models.contracts import PlanBundle as PlanBundle
    from msingi_insurance.models.contracts import PlanKind as PlanKind
    from msingi_insurance.models.contracts import PolicyHolder as PolicyHolder
    from msingi_insurance.models.contracts import PolicyHolderMember as PolicyHolderMember
    from msingi_insurance.models.contracts import PolicyHolderUser as PolicyHolderUser
    from msingi_insurance.models.exchange import FieldUpload as FieldUpload
    from msingi_insurance.models.family import Family as Family
    from msingi_insurance.models.family import FamilyMove as FamilyMove
    from msingi_insurance.models.family import Insuree as Insuree
    from msingi_insurance.models.family import InsureePhoto as InsureePhoto
    from msingi_insurance.models.field_staff import Officer as Officer
    from msingi_insurance.models.field_staff import OfficerVillage as OfficerVillage
    from msingi_insurance.models.findings import EnrolmentFinding as EnrolmentFinding
    from msingi_insurance.models.payers import Funding as Funding
    from msingi_insurance.models.payers import FundingStatus as FundingStatus
    from msingi_insurance.models.payers import Payer as Payer
    from msingi_insurance.models.payments import Payment as Payment
    from msingi_insurance.models.payments import PaymentDetail as PaymentDetail
    from msingi_insurance.models.payments import PaymentReference as PaymentReference
    from msingi_insurance.models.payments import Statement as Statement
    from msingi_insurance.models.policy import InsureePolicy as InsureePolicy
    from msingi_insurance.models.policy import Policy as Policy
    from msingi_insurance.models.policy import Premium as Premium
    from msingi_insurance.models.product import Product as Product
    from msingi_insurance.models.product import ProductVersion as ProductVersion
    from msingi_insurance.models.receipts import PremiumReturn as PremiumReturn
    from msingi_insurance.models.receipts import ReturnKind as ReturnKind
    from msingi_insurance.models.receipts import ReturnState as ReturnState
    from msingi_insurance.models.renewals import PolicyRenewal as PolicyRenewal
    from msingi_insurance.models.rollout import Rollout as Rollout
    from msingi_insurance.models.suspensions import PolicyReinstatement as PolicyReinstatement
    from msingi_insurance.models.suspensions import PolicySuspension as PolicySuspension
    from msingi_insurance.payment_errors import NoticeNotGenuine as NoticeNotGenuine
    from msingi_insurance.payment_events import CashConfirmed as CashConfirmed
    from msingi_insurance.payment_events import ContractApproved as ContractApproved
    from msingi_insurance.payment_events import ContractPaid as ContractPaid
    from msingi_insurance.payment_events import ContributionReturned as ContributionReturned
    from msingi_insurance.payment_events import ContributionsReceived as ContributionsReceived
    from msingi_insurance.payment_events import PaymentMatched as PaymentMatched
    from msingi_insurance.payment_events import PaymentReceived as PaymentReceived
    from msingi_insurance.payment_events import PaymentUnmatched as PaymentUnmatched
    from msingi_insurance.payment_events import ReferenceIssued as ReferenceIssued
    from msingi_insurance.payment_events import RenewalDue as RenewalDue
    from msingi_insurance.payment_hooks import GatewaySilent as GatewaySilent
    from msingi_insurance.payment_hooks import PaymentHooks as PaymentHooks
    from msingi_insurance.plugin import EDIT_CONTRACTS as EDIT_CONTRACTS
    from msingi_insurance.plugin import EDIT_OFFICERS as EDIT_OFFICERS
    from msingi_insurance.plugin import EDIT_PAYERS as EDIT_PAYERS
    from msingi_insurance.plugin import EXCHANGE_ENROLMENTS as EXCHANGE_ENROLMENTS
    from msingi_insurance.plugin import READ_CONTRACTS as READ_CONTRACTS
    from msingi_insurance.plugin import READ_CONTRIBUTIONS as READ_CONTRIBUTIONS
    from msingi_insurance.plugin import READ_FINDINGS as READ_FINDINGS
    from msingi_insurance.plugin import READ_INSUREES as READ_INSUREES
    from msingi_insurance.plugin import READ_OFFICERS as READ_OFFICERS
    from msingi_insurance.plugin import READ_PAYERS as READ_PAYERS
    from msingi_insurance.plugin import READ_PAYMENTS as READ_PAYMENTS
    from msingi_insurance.plugin import READ_PHOTOS as READ_PHOTOS
    from msingi_insurance.plugin import READ_PLANS as READ_PLANS
    from msingi_insurance.plugin import READ_POLICIES as READ_POLICIES
    from msingi_insurance.plugin import READ_PRODUCTS as READ_PRODUCTS
    from msingi_insurance.plugin import READ_RENEWALS as READ_RENEWALS
    from msingi_insurance.posting_templates import BANK as BANK
    from msingi_insurance.registers import Register as Register
    from msingi_insurance.rules.allocation import PaidCover as PaidCover
    from msingi_insurance.rules.allocation import allocated_amount as allocated_amount
    from msingi_insurance.rules.allowances import AmountLeft as AmountLeft
    from msingi_insurance.rules.allowances import CategoryLeft as CategoryLeft
    from msingi_insurance.rules.allowances import LineLeft as LineLeft
    from msingi_insurance.rules.amounts import share_out as share_out
    from msingi_insurance.rules.calculation.book import NOT_APPLICABLE as NOT_APPLICABLE
    from msingi_insurance.rules.calculation.book import CalculationRule as CalculationRule
    from msingi_insurance.rules.calculation.book import Parameters as Parameters
    from msingi_insurance.rules.calculation.book import RuleBook as RuleBook
    from msingi_insurance.rules.calculation.shipped import SHIPPED as SHIPPED
    from msingi_insurance.rules.calculation.subjects import CapitationSubject as CapitationSubject
    from msingi_insurance.rules.calculation.subjects import CommissionSubject as CommissionSubject
    from msingi_insurance.rules.calculation.subjects import ContributionSubject as ContributionSubject
    from msingi_insurance.rules.calculation.subjects import FeeSubject as FeeSubject
    from msingi_insurance.rules.calculation.subjects import RemunerationSubject as RemunerationSubject
    from msingi_insurance.rules.calculation.subjects import TransferSubject as TransferSubject
    from msingi_insurance.rules.consumption import Consumed as Consumed
    from msingi_insurance.rules.consumption import Used as Used
    from msingi_insurance.rules.contract import ContractState as ContractState
    from msingi_insurance.rules.cover import Cover as Cover
    from msingi_insurance.rules.cover import CoverReason as CoverReason
    from msingi_insurance.rules.coverage import AmountMaxima as AmountMaxima
    from msingi_insurance.rules.coverage import ByAge as ByAge
    from msingi_insurance.rules.coverage import ExclusionByAge as ExclusionByAge
    from msingi_insurance.rules.coverage import MonthsByAge as MonthsByAge
    from msingi_insurance.rules.coverage import NumberMaxima as NumberMaxima
    from msingi_insurance.rules.fraud import FraudSign as FraudSign
    from msingi_insurance.rules.indicators import DEFINITIONS as DEFINITIONS
    from msingi_insurance.rules.indicators import Count as Count
    from msingi_insurance.rules.indicators import PeriodFacts as PeriodFacts
    from msingi_insurance.rules.indicators import Ratio as Ratio
    from msingi_insurance.rules.indicators import ratios as ratios
    from msingi_insurance.rules.life import Paid as Paid
    from msingi_insurance.rules.life import PolicyDecision as PolicyDecision
    from msingi_insurance.rules.life import in_force as in_force
    from msingi_insurance.rules.moves import MoveDirection as MoveDirection
    from msingi_insurance.rules.moves import MoveWarning as MoveWarning
    from msingi_insurance.rules.payments import PaymentState as PaymentState
    from msingi_insurance.rules.people import age_on as age_on
    from msingi_insurance.rules.people import is_adult as is_adult
    from msingi_insurance.rules.periods import CIVIL as CIVIL
    from msingi_insurance.rules.periods import Calendar as Calendar
    from msingi_insurance.rules.premium import QuoteWarning as QuoteWarning
    from msingi_insurance.rules.references import Answer as Answer
    from msingi_insurance.rules.references import Bill as Bill
    from msingi_insurance.rules.references import GatewayAnswer as GatewayAnswer
    from msingi_insurance.rules.references import MoneyNotice as MoneyNotice
    from msingi_insurance.rules.references import ReferenceState as ReferenceState
    from msingi_insurance.rules.states import InsureeStatus as InsureeStatus
    from msingi_insurance.rules.states import PayerType as PayerType
    from msingi_insurance.rules.states import PayType as PayType
    from msingi_insurance.rules.states import PolicyStatus as PolicyStatus
    from msingi_insurance.rules.states import Relationship as Relationship
    from msingi_insurance.rules.states import Stage as Stage
    from msingi_insurance.rules.terms import Basis as Basis
    from msingi_insurance.rules.terms import Capitation as Capitation
    from msingi_insurance.rules.terms import CapitationLevel as CapitationLevel
    from msingi_insurance.rules.terms import CapitationWeights as CapitationWeights
    from msingi_insurance.rules.terms import Category as Category
    from msingi_insurance.rules.terms import Ceiling as Ceiling
    from msingi_insurance.rules.terms import CeilingExclusion as CeilingExclusion
    from msingi_insurance.rules.terms import Coverage as Coverage
    from msingi_insurance.rules.terms import CoverageLine as CoverageLine
    from msingi_insurance.rules.terms import CycleDay as CycleDay
    from msingi_insurance.rules.terms import Deductible as Deductible
    from msingi_insurance.rules.terms import FacilityLimits as FacilityLimits
    from msingi_insurance.rules.terms import HospitalMeaning as HospitalMeaning
    from msingi_insurance.rules.terms import Limitation as Limitation
    from msingi_insurance.rules.terms import LimitationsByVisit as LimitationsByVisit
    from msingi_insurance.rules.terms import LimitationType as LimitationType
    from msingi_insurance.rules.terms import Limits as Limits
    from msingi_insurance.rules.terms import LineKind as LineKind
    from msingi_insurance.rules.terms import Pool as Pool
    from msingi_insurance.rules.terms import PoolCare as PoolCare
    from msingi_insurance.rules.terms import PoolPeriod as PoolPeriod
    from msingi_insurance.rules.terms import PriceOrigin as PriceOrigin
    from msingi_insurance.rules.terms import Terms as Terms
    from msingi_insurance.rules.terms import Variation as Variation
    from msingi_insurance.rules.terms import VisitType as VisitType
    from msingi_insurance.rules.trace import Step as Step
    from msingi_insurance.rules.trace import Trace as Trace
    from msingi_insurance.rules.trace import step as step
    from msingi_insurance.services.cards import Card as Card
    from msingi_insurance.services.cards import CardCover as CardCover
    from msingi_insurance.services.cards import CardPage as CardPage
    from msingi_insurance.services.cards import cards_below as cards_below
    from msingi_insurance.services.covers import CoverWarning as CoverWarning
    from msingi_insurance.services.covers_book import CoverBook as CoverBook
    from msingi_insurance.services.covers_book import PersonCover as PersonCover
    from msingi_insurance.services.covers_book import covers_at as covers_at
    from msingi_insurance.services.covers_book import open_covers as open_covers
    from msingi_insurance.services.eligibility import CheckedCover as CheckedCover
    from msingi_insurance.services.eligibility import CheckedInsuree as CheckedInsuree
    from msingi_insurance.services.eligibility import Eligibility as Eligibility
    from msingi_insurance.services.eligibility import check_eligibility as check_eligibility
    from msingi_insurance.services.families import AddedMember as AddedMember
    from msingi_insurance.services.families import EnrolledFamily as EnrolledFamily
    from msingi_insurance.services.families import add_member as add_member
    from msingi_insurance.services.families import enrol_family as enrol_family
    from msingi_insurance.services.families_drafts import FamilyDraft as FamilyDraft
    from msingi_insurance.services.families_drafts import InsureeDraft as InsureeDraft
    from msingi_insurance.services.family_move_warnings import MoveRemark as MoveRemark
    from msingi_insurance.services.family_moves import MovedFamily as MovedFamily
    from msingi_insurance.services.family_moves import move_family as move_family
    from msingi_insurance.services.insurees_numbers import insuree_by_number as insuree_by_number
    from msingi_insurance.services.policies import EnrolledPolicy as EnrolledPolicy
    from msingi_insurance.services.policies import enrol_policy as enrol_policy
    from msingi_insurance.services.policies import renew_policy as renew_policy
    from msingi_insurance.services.policies_drafts import PolicyDraft as PolicyDraft
    from msingi_insurance.services.policies_drafts import RenewalDraft as RenewalDraft
    from msingi_insurance.services.policies_payment import activate_if_paid as activate_if_paid
    from msingi_insurance.services.products import create_product as create_product
    from msingi_insurance.services.products_drafts import ProductDraft as ProductDraft
    from msingi_insurance.services.products_terms import terms_of as terms_of
    from msingi_insurance.settings import InsuranceSettings as InsuranceSettings

_HOMES = {
    "events": (
        "FamilyEnrolled FamilyMoved InsureesAdded InsureesEnded InsureesLeft PoliciesActivated "
        "PoliciesExpired PoliciesSuspended PolicyEnrolled"
    ),
    "exchange.renewal_files": "FiledFeedback read_feedback",
    "hooks": "InsuranceHooks calendar_of",
    "models.cash": "CashCount CashState",
    "models.contracts": (
        "Contract ContractInvoice ContractLine Plan PlanBundle PlanKind PolicyHolder "
        "PolicyHolderMember PolicyHolderUser"
    ),
    "models.exchange": "FieldUpload",
    "models.family": "Family FamilyMove Insuree InsureePhoto",
    "models.field_staff": "Officer OfficerVillage",
    "models.findings": "EnrolmentFinding",
    "models.payers": "Funding FundingStatus Payer",
    "models.payments": "Payment PaymentDetail PaymentReference Statement",
    "models.policy": "InsureePolicy Policy Premium",
    "models.product": "Product ProductVersion",
    "models.receipts": "PremiumReturn ReturnKind ReturnState",
    "models.renewals": "PolicyRenewal",
    "models.rollout": "Rollout",
    "models.suspensions": "PolicyReinstatement PolicySuspension",
    "payment_errors": "NoticeNotGenuine",
    "payment_events": (
        "CashConfirmed ContractApproved ContractPaid ContributionReturned ContributionsReceived "
        "PaymentMatched PaymentReceived PaymentUnmatched ReferenceIssued RenewalDue"
    ),
    "payment_hooks": "GatewaySilent PaymentHooks",
    "plugin": (
        "EDIT_CONTRACTS EDIT_OFFICERS EDIT_PAYERS EXCHANGE_ENROLMENTS READ_CONTRACTS "
        "READ_CONTRIBUTIONS READ_FINDINGS READ_INSUREES READ_OFFICERS READ_PAYERS READ_PAYMENTS "
        "READ_PHOTOS READ_PLANS READ_POLICIES READ_PRODUCTS READ_RENEWALS"
    ),
    "posting_templates": "BANK",
    "registers": "Register",
    "rules.allocation": "PaidCover allocated_amount",
    "rules.allowances": "AmountLeft CategoryLeft LineLeft",
    "rules.amounts": "share_out",
    "rules.calculation.book": "CalculationRule NOT_APPLICABLE Parameters RuleBook",
    "rules.calculation.shipped": "SHIPPED",
    "rules.calculation.subjects": (
        "CapitationSubject CommissionSubject ContributionSubject FeeSubject RemunerationSubject "
        "TransferSubject"
    ),
    "rules.consumption": "Consumed Used",
    "rules.contract": "ContractState",
    "rules.cover": "Cover CoverReason",
    "rules.coverage": "AmountMaxima ByAge ExclusionByAge MonthsByAge NumberMaxima",
    "rules.fraud": "FraudSign",
    "rules.indicators": "Count DEFINITIONS PeriodFacts Ratio ratios",
    "rules.life": "Paid PolicyDecision in_force",
    "rules.moves": "MoveDirection MoveWarning",
    "rules.payments": "PaymentState",
    "rules.people": "age_on is_adult",
    "rules.periods": "CIVIL Calendar",
    "rules.premium": "QuoteWarning",
    "rules.references": "Answer Bill GatewayAnswer MoneyNotice ReferenceState",
    "rules.states": "InsureeStatus PayType PayerType PolicyStatus Relationship Stage",
    "rules.terms": (
        "Basis Capitation CapitationLevel CapitationWeights Category Ceiling CeilingExclusion "
        "Coverage CoverageLine CycleDay Deductible FacilityLimits HospitalMeaning Limitation "
        "LimitationType LimitationsByVisit Limits LineKind Pool PoolCare PoolPeriod PriceOrigin "
        "Terms Variation VisitType"
    ),
    "rules.trace": "Step Trace step",
    "services.cards": "Card CardCover CardPage cards_below",
    "services.covers": "CoverWarning",
    "services.covers_book": "CoverBook PersonCover covers_at open_covers",
    "services.eligibility": "CheckedCover CheckedInsuree Eligibility check_eligibility",
    "services.families": "AddedMember EnrolledFamily add_member enrol_family",
    "services.families_drafts": "FamilyDraft InsureeDraft",
    "services.family_move_warnings": "MoveRemark",
    "services.family_moves": "MovedFamily move_family",
    "services.insurees_numbers": "insuree_by_number",
    "services.policies": "EnrolledPolicy enrol_policy renew_policy",
    "services.policies_drafts": "PolicyDraft RenewalDraft",
    "services.policies_payment": "activate_if_paid",
    "services.products": "create_product",
    "services.products_drafts": "ProductDraft",
    "services.products_terms": "terms_of",
    "settings": "InsuranceSettings",
}

if not TYPE_CHECKING:
    __all__, __getattr__ = lazy_face(__name__, _HOMES)
