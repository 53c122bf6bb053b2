"""Insurance: who is covered, by what, until when, and who paid."""

from msingi_insurance.models.family import Family, Insuree
from msingi_insurance.models.policy import InsureePolicy, Policy, Premium
from msingi_insurance.models.product import Product, ProductVersion
from msingi_insurance.rules.amounts import share_out
from msingi_insurance.rules.people import age_on, is_adult
from msingi_insurance.rules.periods import CIVIL, Calendar
from msingi_insurance.rules.states import InsureeStatus, PolicyStatus
from msingi_insurance.rules.terms import (
    Basis,
    Category,
    Ceiling,
    CeilingExclusion,
    Coverage,
    CoverageLine,
    Deductible,
    FacilityLimits,
    HospitalMeaning,
    LimitationType,
    Limits,
    LineKind,
    PoolCare,
    PoolPeriod,
    PriceOrigin,
    Terms,
    VisitType,
)

__all__ = [
    "CIVIL",
    "Basis",
    "Calendar",
    "Category",
    "Ceiling",
    "CeilingExclusion",
    "Coverage",
    "CoverageLine",
    "Deductible",
    "FacilityLimits",
    "Family",
    "HospitalMeaning",
    "Insuree",
    "InsureePolicy",
    "InsureeStatus",
    "LimitationType",
    "Limits",
    "LineKind",
    "Policy",
    "PolicyStatus",
    "PoolCare",
    "PoolPeriod",
    "Premium",
    "PriceOrigin",
    "Product",
    "ProductVersion",
    "Terms",
    "VisitType",
    "age_on",
    "is_adult",
    "share_out",
]
