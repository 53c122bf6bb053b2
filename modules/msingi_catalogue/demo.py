"""The catalogue's part of the demonstration: small registers and one national price list."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from msingi.demo.wishes import Wishes
from msingi.work import Work
from msingi_catalogue.imports.demonstration import load_demonstration
from msingi_catalogue.models import Diagnosis, MedicalItem, MedicalService
from msingi_catalogue.plugin import plugin

if TYPE_CHECKING:
    from msingi.platform import Platform


@plugin.demo_load
def load_catalogue(platform: "Platform", _wishes: Wishes, report: Callable[[str, int, int], None]) -> None:
    """Load diagnoses, items, services and their prices, marked as demonstration."""
    with platform.work() as work:
        loaded = load_demonstration(work)
    total = loaded.items + loaded.services + loaded.diagnoses
    report("catalogue", total, total)


@plugin.total
def count_catalogue(work: Work) -> Mapping[str, str]:
    """Say how many entries the registers hold."""
    counts = {"diagnoses": Diagnosis, "items": MedicalItem, "services": MedicalService}
    return {
        name: str(work.session.scalar(select(func.count()).select_from(model)))
        for name, model in counts.items()
    }
