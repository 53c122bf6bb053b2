"""Reads JSON as it is written: exact numbers, days of the calendar, nothing twice, nothing endless."""

import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Annotated, Any, BinaryIO, Final, TypeVar

from pydantic import AfterValidator, BaseModel, BeforeValidator, TypeAdapter, ValidationError

from msingi.cases.problems import NOT_A_DAY, NOT_A_NUMBER, Problem, WrongCase, member, problems_of

MOST_BYTES: Final = 8 * 1024 * 1024
"""Largest case file; it is held in memory as a whole."""
MOST_DIGITS: Final = 100
FIRST_DAY: Final = date(1850, 1, 1)
LAST_DAY: Final = date(2300, 12, 31)
_DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_DECIMAL: Final = re.compile(r"[+-]?\d+(\.\d+)?([eE][+-]?\d{1,9})?", re.ASCII)
_Case = TypeVar("_Case", bound=BaseModel)


def _nothing_more(_document: object) -> Iterable[Problem]:
    return ()


def _written_day(value: object) -> object:
    """Refuse what pydantic would read as a moment or as seconds since 1970."""
    if isinstance(value, date) or (isinstance(value, str) and _DAY.fullmatch(value)):
        return value
    raise ValueError(NOT_A_DAY)


def _within_history(day: date) -> date:
    if not FIRST_DAY <= day <= LAST_DAY:
        raise ValueError("write a day from 1850 to 2300")
    return day


def _written_decimal(value: object) -> object:
    """Refuse spaces, underscores and digits of other scripts in a number that is written as text."""
    if isinstance(value, str) and not _DECIMAL.fullmatch(value):
        raise ValueError(NOT_A_NUMBER)
    return value


WrittenDay = Annotated[date, BeforeValidator(_written_day)]
"""A day as YYYY-MM-DD."""
Day = Annotated[WrittenDay, AfterValidator(_within_history)]
"""A day from 1850 to 2300, so that adding months and years never leaves the calendar."""
PLAIN_DIGITS: Final = BeforeValidator(_written_decimal)
"""For decimals that may be written as numbers or as texts: the last annotation, after their limits."""


def read_case_file(
    source: BinaryIO, model: type[_Case], *, further: Callable[[object], Iterable[Problem]] = _nothing_more
) -> _Case:
    """The case in a file of UTF-8; raises `WrongCase` with everything that is wrong in it.

    ``further`` looks at the document as it was read, whatever its form, for mistakes that no single field shows.
    """
    content, name = source.read(MOST_BYTES + 1), _name_of(source)
    if len(content) > MOST_BYTES:
        raise _wrong(name, "the file is larger than {megabytes} MB", megabytes=MOST_BYTES // 1024**2)
    try:
        return _validated(content.decode("utf-8-sig"), model, further)
    except UnicodeDecodeError:
        raise _wrong(name, "the file is not written in UTF-8") from None
    except json.JSONDecodeError as error:
        raise _wrong(
            name,
            "this is no JSON from line {line}, column {column} on",
            line=error.lineno,
            column=error.colno,
        ) from None
    except RecursionError:
        raise _wrong(name, "the file is nested too deeply") from None


def part_of(document: object, name: str, kind: Any) -> Any:
    """A member of a document as the type that it should have; None when it is missing or not of that form."""
    if not isinstance(document, dict) or name not in document:
        return None
    try:
        return TypeAdapter(kind).validate_python(document[name])
    except ValidationError:
        return None


def _validated(text: str, model: type[_Case], further: Callable[[object], Iterable[Problem]]) -> _Case:
    document = json.loads(
        text,
        parse_int=_whole,
        parse_float=_exact,
        parse_constant=lambda _: Decimal("NaN"),
        object_pairs_hook=_members,
    )
    if repeated := list(_repeated(document, "$")):
        raise WrongCase(repeated)
    try:
        case = model.model_validate(document)
    except ValidationError as error:
        raise WrongCase([*problems_of(error, document, model), *further(document)]) from None
    if problems := list(further(document)):
        raise WrongCase(problems)
    return case


def _name_of(source: BinaryIO) -> str:
    """The file as it was named; the root of the document when it has no name, as standard input has none."""
    name = getattr(source, "name", None)
    return name if isinstance(name, str) and not name.startswith("<") else "$"


def _wrong(file: str, saying: str, **values: object) -> WrongCase:
    return WrongCase([Problem(file, saying, values)])


def _whole(digits: str) -> int | Decimal:
    """A whole number; one of absurd length is infinite, so that its place refuses it."""
    return int(digits) if len(digits) <= MOST_DIGITS else Decimal("Infinity")


def _exact(digits: str) -> Decimal:
    """An exact number; one with an absurd exponent is infinite: made whole, it would fill the memory."""
    try:
        number = Decimal(digits)
    except InvalidOperation:
        return Decimal("Infinity")
    return number if abs(number.adjusted()) <= MOST_DIGITS else Decimal("Infinity")


class _WithRepeats(dict[str, object]):
    """An object in which names stand twice."""

    names: tuple[str, ...] = ()


def _members(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) == len(pairs):
        return found
    marked = _WithRepeats(found)
    marked.names = tuple(name for name, count in Counter(name for name, _ in pairs).items() if count > 1)
    return marked


def _repeated(document: object, path: str) -> Iterator[Problem]:
    if isinstance(document, _WithRepeats):
        for name in document.names:
            yield Problem(path + member(name), "this name stands twice in its object")
    if isinstance(document, dict):
        for name, value in document.items():
            yield from _repeated(value, path + member(name))
    elif isinstance(document, list):
        for position, value in enumerate(document):
            yield from _repeated(value, f"{path}[{position}]")
