"""The three registers: which of their columns are corrected in place, and which begin a new period."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from msingi.db import Model
from msingi_catalogue.models import (
    Diagnosis,
    MedicalItem,
    MedicalService,
    PastDiagnosis,
    PastItem,
    PastService,
)
from msingi_catalogue.rules.kinds import PackageType
from msingi_catalogue.rules.patients import EVERYBODY
from msingi_registry import CareType

_NAMES: Final = ("name_fr", "name_en", "search_text", "source")
_TERMS: Final = frozenset({"currency", "price_minor", "care_type", "frequency_days", "patient_mask"})
_CARE: Final[Mapping[str, Any]] = {
    "source": "",
    "care_type": CareType.BOTH,
    "frequency_days": None,
    "patient_mask": EVERYBODY,
}


@dataclass(frozen=True, slots=True)
class RegisterKind:
    """One register: its live rows, its past ones, and what a new entry needs."""

    live: type[Model]
    past: type[Model]
    past_key: str
    fixed: tuple[str, ...]
    terms: frozenset[str]
    required: tuple[str, ...]
    defaults: Mapping[str, Any] = field(default_factory=dict)

    @property
    def columns(self) -> tuple[str, ...]:
        """Everything that an entry states, in a fixed order."""
        return (*self.fixed, *sorted(self.terms))


ITEMS: Final = RegisterKind(
    live=MedicalItem,
    past=PastItem,
    past_key="item_id",
    fixed=(*_NAMES, "type", "package"),
    terms=_TERMS | {"max_quantity"},
    required=("type", "price_minor"),
    defaults={**_CARE, "package": "", "max_quantity": None},
)
SERVICES: Final = RegisterKind(
    live=MedicalService,
    past=PastService,
    past_key="service_id",
    fixed=(*_NAMES, "type"),
    terms=_TERMS | {"package_type", "manual_price", "level", "category", "max_amount_minor"},
    required=("type", "level", "category", "price_minor"),
    defaults={**_CARE, "package_type": PackageType.SIMPLE, "manual_price": False, "max_amount_minor": None},
)
DIAGNOSES: Final = RegisterKind(
    live=Diagnosis,
    past=PastDiagnosis,
    past_key="diagnosis_id",
    fixed=(*_NAMES, "classification", "classification_version"),
    terms=frozenset(),
    required=("classification", "classification_version"),
    defaults={"source": ""},
)
