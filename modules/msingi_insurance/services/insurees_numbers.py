"""Insurance numbers: given or made here, valid by the scheme's rule, and nobody else's for ever (INS-2, INS-7)."""

import secrets
from collections import Counter
from collections.abc import Collection, Sequence
from typing import Final, NamedTuple
from uuid import UUID

from sqlalchemy import BindParameter, Uuid, bindparam, literal, select, union_all

from msingi.clean_text import clean_text
from msingi.work import Work
from msingi_insurance.models.family import FormerNumber, Insuree
from msingi_insurance.models.field_staff import Officer
from msingi_insurance.rules.numbers import NumberCode, NumberScheme
from msingi_insurance.rules.refusals import FieldHidden, InsuranceNumberRefused
from msingi_insurance.settings import InsuranceSettings, NumberSource

_NUMBERS: Final[BindParameter[str]] = bindparam("numbers", expanding=True)
_TAKEN: Final = union_all(
    select(Insuree.number).where(Insuree.number.in_(_NUMBERS)),
    select(FormerNumber.number).where(FormerNumber.number.in_(_NUMBERS)),
)
_NUMBER, _OFFICER = "number", "officer"
_ASKED: Final = union_all(
    select(literal(_NUMBER).label("what"), Insuree.number.label("value")).where(Insuree.number.in_(_NUMBERS)),
    select(literal(_NUMBER), FormerNumber.number).where(FormerNumber.number.in_(_NUMBERS)),
    select(literal(_OFFICER), Officer.code).where(Officer.user_id == bindparam("user", type_=Uuid())),
)
AUTOMATIC_LENGTH: Final = 10
"""Characters of a number made here when the scheme does not say."""


class Settled(NamedTuple):
    """Numbers for insurees, and whether the caller's account is that of an enrolment officer."""

    numbers: list[str]
    by_officer: bool


def settle_numbers(work: Work, wanted: Sequence[str | None]) -> Settled:
    """A number for each insuree, in order: the given one when it is valid and free, else one made here.

    Who asks is looked up in the same statement.

    Raises:
        InsuranceNumberRefused: a given number is taken or breaks the scheme's rule, or is missing (INS-2).
        FieldHidden: a number is given where the scheme makes them.

    """
    settings = work.settings(InsuranceSettings)
    scheme = settings.number_scheme()
    given = [None if number is None else clean_text(number) for number in wanted]
    _refuse_wrong_source(given, settings.number_source)
    numbers = [_draw(scheme) if number is None else number for number in given]
    taken, by_officer = _ask(work, numbers)
    seen = Counter(numbers)
    for place, number in enumerate(given):
        if number is not None:
            _refuse(scheme.check(number, taken=number in taken or seen[number] > 1))
        else:
            numbers[place] = _free(work, scheme, numbers, place, taken)
    return Settled(numbers, by_officer)


def insuree_by_number(work: Work, number: str) -> UUID | None:
    """The insuree who bears the number in the present scope, or bore it: temporary numbers resolve for ever (INS-7)."""
    bears = select(Insuree.id).where(Insuree.number == number)
    bore = select(FormerNumber.insuree_id).where(FormerNumber.number == number)
    return work.session.scalars(union_all(bears, bore).limit(1)).first()


def taken_numbers(work: Work, numbers: Collection[str]) -> set[str]:
    """Those of the numbers that somebody in the country bears or bore, in one statement."""
    with work.everywhere():
        return set(work.session.scalars(_TAKEN, {"numbers": list(numbers)}))


def _ask(work: Work, numbers: Collection[str]) -> tuple[set[str], bool]:
    with work.everywhere():
        rows = work.session.rows(_ASKED, {"numbers": list(numbers), "user": work.actor.id})
    return {value for what, value in rows if what == _NUMBER}, any(what == _OFFICER for what, _ in rows)


def _refuse_wrong_source(given: Sequence[str | None], source: NumberSource) -> None:
    if source is NumberSource.GIVEN and None in given:
        _refuse(NumberCode.EMPTY)
    if source is NumberSource.AUTOMATIC and any(number is not None for number in given):
        raise FieldHidden(fields="number")


def _refuse(code: NumberCode) -> None:
    if code is not NumberCode.VALID:
        raise InsuranceNumberRefused(reason=code.value)


def _free(work: Work, scheme: NumberScheme, numbers: Sequence[str], place: int, taken: set[str]) -> str:
    """The number at this place, drawn again while somebody has it."""
    number = numbers[place]
    others = {*numbers[:place], *numbers[place + 1 :]}
    while number in taken or number in others:
        number = _draw(scheme)
        taken = taken_numbers(work, [number])
    return number


def _draw(scheme: NumberScheme) -> str:
    """A random valid number: nothing of the person or place is in it."""
    digits = (scheme.length or AUTOMATIC_LENGTH) - (scheme.check_digits if scheme.modulus else 0)
    first = 10 ** (digits - 1)
    while True:
        number = scheme.complete(str(first + secrets.randbelow(9 * first)))
        if scheme.check(number) is NumberCode.VALID:
            return number
