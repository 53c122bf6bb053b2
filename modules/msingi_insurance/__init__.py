"""Insurance: who is covered, by what, until when, and who paid; each name is loaded when first used."""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from msingi_insurance.events import (
        FamilyEnrolled,
        InsureesAdded,
        InsureesEnded,
        InsureesLeft,
        PoliciesActivated,
        PoliciesExpired,
        PoliciesSuspended,
        PolicyEnrolled,
    )
    from msingi_insurance.hooks import InsuranceHooks, calendar_of
    from msingi_insurance.models.family import Family, Insuree
    from msingi_insurance.models.field_staff import Officer, OfficerVillage
    from msingi_insurance.models.policy import InsureePolicy, Policy, Premium
    from msingi_insurance.models.product import Product, ProductVersion
    from msingi_insurance.posting_templates import BANK
    from msingi_insurance.rules.allocation import PaidCover, allocate
    from msingi_insurance.rules.allowances import AmountLeft, CategoryLeft, LineLeft
    from msingi_insurance.rules.amounts import share_out
    from msingi_insurance.rules.consumption import Consumed, Used
    from msingi_insurance.rules.cover import CoverReason
    from msingi_insurance.rules.people import age_on, is_adult
    from msingi_insurance.rules.periods import CIVIL, Calendar
    from msingi_insurance.rules.states import InsureeStatus, PayType, PolicyStatus, Relationship, Stage
    from msingi_insurance.rules.terms import (
        Basis,
        Capitation,
        CapitationWeights,
        Category,
        Ceiling,
        CeilingExclusion,
        Coverage,
        CoverageLine,
        Deductible,
        FacilityLimits,
        HospitalMeaning,
        Limitation,
        LimitationsByVisit,
        LimitationType,
        Limits,
        LineKind,
        Pool,
        PoolCare,
        PoolPeriod,
        PriceOrigin,
        Terms,
        VisitType,
    )
    from msingi_insurance.services.covers_book import CoverBook, PersonCover, covers_at, open_covers
    from msingi_insurance.services.eligibility import Eligibility, check_eligibility
    from msingi_insurance.services.families import EnrolledFamily, add_member, enrol_family
    from msingi_insurance.services.families_drafts import FamilyDraft, InsureeDraft
    from msingi_insurance.services.insurees_numbers import insuree_by_number
    from msingi_insurance.services.policies import EnrolledPolicy, enrol_policy, renew_policy
    from msingi_insurance.services.policies_drafts import PolicyDraft, RenewalDraft
    from msingi_insurance.services.policies_payment import activate_if_paid
    from msingi_insurance.services.products import create_product
    from msingi_insurance.services.products_drafts import ProductDraft
    from msingi_insurance.services.products_terms import terms_of
    from msingi_insurance.settings import InsuranceSettings

_HOMES = {
    "BANK": "posting_templates",
    "CIVIL": "rules.periods",
    "AmountLeft": "rules.allowances",
    "Basis": "rules.terms",
    "Calendar": "rules.periods",
    "Capitation": "rules.terms",
    "CapitationWeights": "rules.terms",
    "Category": "rules.terms",
    "CategoryLeft": "rules.allowances",
    "Ceiling": "rules.terms",
    "CeilingExclusion": "rules.terms",
    "Consumed": "rules.consumption",
    "CoverBook": "services.covers_book",
    "CoverReason": "rules.cover",
    "Coverage": "rules.terms",
    "CoverageLine": "rules.terms",
    "Deductible": "rules.terms",
    "Eligibility": "services.eligibility",
    "EnrolledFamily": "services.families",
    "EnrolledPolicy": "services.policies",
    "FacilityLimits": "rules.terms",
    "Family": "models.family",
    "FamilyDraft": "services.families_drafts",
    "FamilyEnrolled": "events",
    "HospitalMeaning": "rules.terms",
    "InsuranceHooks": "hooks",
    "InsuranceSettings": "settings",
    "Insuree": "models.family",
    "InsureeDraft": "services.families_drafts",
    "InsureePolicy": "models.policy",
    "InsureeStatus": "rules.states",
    "InsureesAdded": "events",
    "InsureesEnded": "events",
    "InsureesLeft": "events",
    "Limitation": "rules.terms",
    "LimitationType": "rules.terms",
    "LimitationsByVisit": "rules.terms",
    "Limits": "rules.terms",
    "LineKind": "rules.terms",
    "LineLeft": "rules.allowances",
    "Officer": "models.field_staff",
    "OfficerVillage": "models.field_staff",
    "PaidCover": "rules.allocation",
    "PayType": "rules.states",
    "PersonCover": "services.covers_book",
    "PoliciesActivated": "events",
    "PoliciesExpired": "events",
    "PoliciesSuspended": "events",
    "Policy": "models.policy",
    "PolicyDraft": "services.policies_drafts",
    "PolicyEnrolled": "events",
    "PolicyStatus": "rules.states",
    "Pool": "rules.terms",
    "PoolCare": "rules.terms",
    "PoolPeriod": "rules.terms",
    "Premium": "models.policy",
    "PriceOrigin": "rules.terms",
    "Product": "models.product",
    "ProductDraft": "services.products_drafts",
    "ProductVersion": "models.product",
    "Relationship": "rules.states",
    "RenewalDraft": "services.policies_drafts",
    "Stage": "rules.states",
    "Terms": "rules.terms",
    "Used": "rules.consumption",
    "VisitType": "rules.terms",
    "activate_if_paid": "services.policies_payment",
    "add_member": "services.families",
    "age_on": "rules.people",
    "allocate": "rules.allocation",
    "calendar_of": "hooks",
    "check_eligibility": "services.eligibility",
    "covers_at": "services.covers_book",
    "create_product": "services.products",
    "enrol_family": "services.families",
    "enrol_policy": "services.policies",
    "insuree_by_number": "services.insurees_numbers",
    "is_adult": "rules.people",
    "open_covers": "services.covers_book",
    "renew_policy": "services.policies",
    "share_out": "rules.amounts",
    "terms_of": "services.products_terms",
}

__all__ = [
    "BANK",
    "CIVIL",
    "AmountLeft",
    "Basis",
    "Calendar",
    "Capitation",
    "CapitationWeights",
    "Category",
    "CategoryLeft",
    "Ceiling",
    "CeilingExclusion",
    "Consumed",
    "CoverBook",
    "CoverReason",
    "Coverage",
    "CoverageLine",
    "Deductible",
    "Eligibility",
    "EnrolledFamily",
    "EnrolledPolicy",
    "FacilityLimits",
    "Family",
    "FamilyDraft",
    "FamilyEnrolled",
    "HospitalMeaning",
    "InsuranceHooks",
    "InsuranceSettings",
    "Insuree",
    "InsureeDraft",
    "InsureePolicy",
    "InsureeStatus",
    "InsureesAdded",
    "InsureesEnded",
    "InsureesLeft",
    "Limitation",
    "LimitationType",
    "LimitationsByVisit",
    "Limits",
    "LineKind",
    "LineLeft",
    "Officer",
    "OfficerVillage",
    "PaidCover",
    "PayType",
    "PersonCover",
    "PoliciesActivated",
    "PoliciesExpired",
    "PoliciesSuspended",
    "Policy",
    "PolicyDraft",
    "PolicyEnrolled",
    "PolicyStatus",
    "Pool",
    "PoolCare",
    "PoolPeriod",
    "Premium",
    "PriceOrigin",
    "Product",
    "ProductDraft",
    "ProductVersion",
    "Relationship",
    "RenewalDraft",
    "Stage",
    "Terms",
    "Used",
    "VisitType",
    "activate_if_paid",
    "add_member",
    "age_on",
    "allocate",
    "calendar_of",
    "check_eligibility",
    "covers_at",
    "create_product",
    "enrol_family",
    "enrol_policy",
    "insuree_by_number",
    "is_adult",
    "open_covers",
    "renew_policy",
    "share_out",
    "terms_of",
]


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module 'msingi_insurance' has no attribute {name!r}")
    return getattr(import_module(f"msingi_insurance.{_HOMES[name]}"), name)
