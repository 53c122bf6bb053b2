"""Insurance: who is covered, by what, until when, and who paid; each name is loaded when first used."""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from msingi_insurance.hooks import calendar_of
    from msingi_insurance.models.family import Family, Insuree
    from msingi_insurance.models.field_staff import Officer, OfficerVillage
    from msingi_insurance.models.policy import InsureePolicy, Policy, Premium
    from msingi_insurance.models.product import Product, ProductVersion
    from msingi_insurance.posting_templates import BANK
    from msingi_insurance.rules.allocation import PaidCover, allocate
    from msingi_insurance.rules.amounts import share_out
    from msingi_insurance.rules.people import age_on, is_adult
    from msingi_insurance.rules.periods import CIVIL, Calendar
    from msingi_insurance.rules.states import InsureeStatus, PayType, PolicyStatus, Stage
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
    from msingi_insurance.services.products import create_product
    from msingi_insurance.services.products_drafts import ProductDraft
    from msingi_insurance.settings import InsuranceSettings

_HOMES = {
    "PaidCover": "rules.allocation",
    "allocate": "rules.allocation",
    "BANK": "posting_templates",
    "Basis": "rules.terms",
    "CIVIL": "rules.periods",
    "Calendar": "rules.periods",
    "Capitation": "rules.terms",
    "CapitationWeights": "rules.terms",
    "Category": "rules.terms",
    "Ceiling": "rules.terms",
    "CeilingExclusion": "rules.terms",
    "Coverage": "rules.terms",
    "CoverageLine": "rules.terms",
    "Deductible": "rules.terms",
    "FacilityLimits": "rules.terms",
    "Family": "models.family",
    "HospitalMeaning": "rules.terms",
    "InsuranceSettings": "settings",
    "Insuree": "models.family",
    "InsureePolicy": "models.policy",
    "InsureeStatus": "rules.states",
    "Limitation": "rules.terms",
    "LimitationType": "rules.terms",
    "LimitationsByVisit": "rules.terms",
    "Limits": "rules.terms",
    "LineKind": "rules.terms",
    "Officer": "models.field_staff",
    "OfficerVillage": "models.field_staff",
    "PayType": "rules.states",
    "Policy": "models.policy",
    "PolicyStatus": "rules.states",
    "Pool": "rules.terms",
    "PoolCare": "rules.terms",
    "PoolPeriod": "rules.terms",
    "Premium": "models.policy",
    "PriceOrigin": "rules.terms",
    "Product": "models.product",
    "ProductDraft": "services.products_drafts",
    "ProductVersion": "models.product",
    "Stage": "rules.states",
    "Terms": "rules.terms",
    "VisitType": "rules.terms",
    "age_on": "rules.people",
    "calendar_of": "hooks",
    "create_product": "services.products",
    "is_adult": "rules.people",
    "share_out": "rules.amounts",
}

__all__ = [
    "BANK",
    "CIVIL",
    "Basis",
    "Calendar",
    "Capitation",
    "CapitationWeights",
    "Category",
    "Ceiling",
    "CeilingExclusion",
    "Coverage",
    "CoverageLine",
    "Deductible",
    "FacilityLimits",
    "Family",
    "HospitalMeaning",
    "InsuranceSettings",
    "Insuree",
    "InsureePolicy",
    "InsureeStatus",
    "Limitation",
    "LimitationType",
    "LimitationsByVisit",
    "Limits",
    "LineKind",
    "Officer",
    "OfficerVillage",
    "PaidCover",
    "PayType",
    "Policy",
    "PolicyStatus",
    "Pool",
    "PoolCare",
    "PoolPeriod",
    "Premium",
    "PriceOrigin",
    "Product",
    "ProductDraft",
    "ProductVersion",
    "Stage",
    "Terms",
    "VisitType",
    "age_on",
    "allocate",
    "calendar_of",
    "create_product",
    "is_adult",
    "share_out",
]


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module 'msingi_insurance' has no attribute {name!r}")
    return getattr(import_module(f"msingi_insurance.{_HOMES[name]}"), name)
