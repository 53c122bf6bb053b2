"""What `msingi check` mentions of insurance: products of the country file that the database has not, or otherwise."""

from collections.abc import Sequence

from msingi.sayings import Saying
from msingi.work import Work
from msingi_insurance.plugin import plugin
from msingi_insurance.services.country_products import differing_products, missing_places

_COMMAND = "msingi insurance product apply"
_MISSING = (
    "insurance: the product {codes} of the country file is not in the database. Bring it in with `{command}`."
)
_MISSING_ONES = (
    "insurance: the products {codes} of the country file are not in the database. Bring them in with "
    "`{command}`."
)
_OTHER = (
    "insurance: the terms of the product {codes} in the country file are not those in the database. Bring them in with "
    "`{command}`."
)
_OTHERS = (
    "insurance: the terms of the products {codes} in the country file are not those in the database. Bring them in "
    "with `{command}`."
)
_NOWHERE = "insurance: a product of the country file names the place {codes}, which is not in the database."
_NOWHERES = "insurance: products of the country file name the places {codes}, which are not in the database."


@plugin.answer
def remarks(work: Work) -> Sequence[Saying]:
    """Name the places that the country file invents, and the products that the country file and the database do not agree on."""
    found = differing_products(work)
    told = (
        (_NOWHERE, _NOWHERES, missing_places(work)),
        (_MISSING, _MISSING_ONES, found.added),
        (_OTHER, _OTHERS, found.followed),
    )
    return [
        Saying(one, {"codes": ", ".join(codes), "command": _COMMAND}, many=many, number=len(codes))
        for one, many, codes in told
        if codes
    ]
