"""Lines of a price list changed by hand: all of them or none."""

from collections.abc import Sequence
from datetime import date
from typing import Final
from uuid import UUID

from msingi.errors import DomainError
from msingi.work import Work
from msingi_catalogue.errors import NotOnList, TooManyLines
from msingi_catalogue.models import PriceList
from msingi_catalogue.services.entries import minor_of
from msingi_catalogue.services.inputs import PriceLineInput
from msingi_catalogue.services.price_lists import PriceChange, own_price_list, priced_on, set_prices
from msingi_catalogue.services.stamps import lock_register

MOST_LINES: Final = 5_000


def change_lines(
    work: Work,
    list_id: UUID,
    lines: Sequence[PriceLineInput],
    *,
    since: date | None = None,
    ends: bool = False,
    expected_version: int | None = None,
) -> PriceList:
    """Set lines of a list from a day on, or take them off from today on.

    Raises:
        NotFound: the list does not exist, or its place lies outside the scope.
        StaleVersion: somebody else changed it meanwhile.
        TooManyLines: there are more than 5,000.
        UnknownCode: there is nothing with this code in the register.
        ListKindDiffers: the list does not price entries of this kind.
        LaterTermsKnown: a price that begins later is recorded already.
        NotOnList: a line to take off is not there.

    """
    if len(lines) > MOST_LINES:
        raise TooManyLines(most=MOST_LINES)
    lock_register(work)
    price_list = own_price_list(work, list_id, expected_version=expected_version)
    if ends:
        keys = list(dict.fromkeys((line.kind, line.code) for line in lines))
        absent = [code for kind, code in keys if (kind, code) not in priced_on(work, price_list)]
        if absent:
            raise NotOnList(unknown=absent[0])
        answers = set_prices(work, price_list, {}, removed=keys)
    else:
        answers = set_prices(
            work, price_list, {(line.kind, line.code): _change(work, line, since) for line in lines}
        )
    for answer in answers.values():
        if isinstance(answer, DomainError):
            raise answer
    return price_list


def _change(work: Work, line: PriceLineInput, since: date | None) -> PriceChange:
    override = line.price_override
    return PriceChange(None if override is None else minor_of(work, override), since)
