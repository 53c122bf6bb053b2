"""The category of a claim: the gravest of what was done (CLM-1)."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from msingi_catalogue import ServiceCategory
from msingi_claims.rules.values import ClaimInput
from msingi_insurance import Category

_BEFORE_STAY: Final[Mapping[ServiceCategory, Category]] = MappingProxyType(
    {
        ServiceCategory.SURGERY: Category.SURGERY,
        ServiceCategory.DELIVERY: Category.DELIVERY,
        ServiceCategory.ANTENATAL: Category.ANTENATAL,
    }
)


def category_of(claim: ClaimInput) -> Category:
    """The first match of surgery, delivery, antenatal, hospitalisation (a line, or a night), consultation, else visit.

    It looks at everything that the claim names, whatever becomes of the lines, so that a review cannot change it.
    Lines of category other or none make a visit, and the maxima of visits hold for them (D-13).
    """
    found = {line.entry.category for line in claim.lines if line.entry is not None}
    for service, category in _BEFORE_STAY.items():
        if service in found:
            return category
    if claim.has_night or ServiceCategory.HOSPITALISATION in found:
        return Category.HOSPITALISATION
    return Category.CONSULTATION if ServiceCategory.CONSULTATION in found else Category.VISIT
