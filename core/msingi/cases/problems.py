"""What is wrong with a case file, told by JSON path in the reader's language."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from pydantic import BaseModel, ValidationError

from msingi.cases.nearest import nearest_field
from msingi.clean_text import InvalidCharacter, TextTooLong, TooManyMarks
from msingi.errors import DomainError
from msingi.i18n import Texts
from msingi.sayings import Saying

LANGUAGES: Final = ("fr", "en")
MOST_TOLD: Final = 50
"""Problems that are told; the others are counted."""
_LONGEST_NAME: Final = 64

NOT_A_DAY: Final = "write a day of the calendar as YYYY-MM-DD"
NOT_A_NUMBER: Final = "write a number"
NOT_A_WHOLE_NUMBER: Final = "write a whole number"
NOT_A_TEXT: Final = "write a text"
NOT_A_LIST: Final = "write a list, in brackets"
NOT_AN_OBJECT: Final = "write an object, in braces"
YES_OR_NO: Final = "write true or false"
ONE_OF: Final = "write one of: {expected}"
TOO_MANY_DIGITS: Final = "write a number with fewer digits"
NEEDED: Final = "this field is needed"
NO_SUCH_FIELD: Final = "there is no such field; check the spelling"
OTHER_VALUE: Final = "expected {expected}, got {found}"
"""What is told of a value that is not the one that a case expects."""
MISSPELT: Final = "there is no such field; did you mean “{nearest}”?"

_SAYINGS: Final[Mapping[str, str]] = {
    "bool_parsing": YES_OR_NO,
    "bool_type": YES_OR_NO,
    "date_from_datetime_inexact": NOT_A_DAY,
    "date_from_datetime_parsing": NOT_A_DAY,
    "date_parsing": NOT_A_DAY,
    "date_type": NOT_A_DAY,
    "decimal_max_digits": TOO_MANY_DIGITS,
    "decimal_max_places": "write at most {decimal_places} decimals",
    "decimal_parsing": NOT_A_NUMBER,
    "decimal_type": NOT_A_NUMBER,
    "decimal_whole_digits": TOO_MANY_DIGITS,
    "dict_type": NOT_AN_OBJECT,
    "enum": ONE_OF,
    "extra_forbidden": NO_SUCH_FIELD,
    "finite_number": "write an ordinary number, neither endless nor too large",
    "float_parsing": NOT_A_NUMBER,
    "float_type": NOT_A_NUMBER,
    "greater_than": "write a number above {gt}",
    "greater_than_equal": "write a number of at least {ge}",
    "int_from_float": NOT_A_WHOLE_NUMBER,
    "int_parsing": NOT_A_WHOLE_NUMBER,
    "int_parsing_size": TOO_MANY_DIGITS,
    "int_type": NOT_A_WHOLE_NUMBER,
    "less_than": "write a number below {lt}",
    "less_than_equal": "write a number of at most {le}",
    "list_type": NOT_A_LIST,
    "literal_error": ONE_OF,
    "missing": NEEDED,
    "model_attributes_type": NOT_AN_OBJECT,
    "model_type": NOT_AN_OBJECT,
    "string_pattern_mismatch": "this does not match {pattern}",
    "string_too_long": "write at most {max_length} characters",
    "string_too_short": "write at least {min_length} characters",
    "string_type": NOT_A_TEXT,
    "string_unicode": NOT_A_TEXT,
    "too_long": "write at most {max_length} entries",
    "too_short": "write at least {min_length} entries",
    "tuple_type": NOT_A_LIST,
}
_CANNOT_BE_USED: Final = "this value cannot be used"
_UNCLEAN: Final[Mapping[str, str]] = {
    InvalidCharacter.code: "a character in this text is not allowed",
    TextTooLong.code: "write at most {most} characters",
    TooManyMarks.code: "write at most {most} marks on one letter",
}
"""What a refused text lacks, as part of a sentence."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One mistake: its JSON path, an English sentence that is the key of its translation, and what stands in it."""

    path: str
    saying: str
    values: Mapping[str, object] = field(default_factory=dict)

    def told(self, say: Callable[[str], str]) -> str:
        """The mistake in one language."""
        saying = say(self.saying)
        return f"{self.path}: {saying.format(**self.values) if self.values else saying}"

    def as_saying(self) -> Saying:
        """The mistake as a sentence that is in no language yet."""
        return Saying("{path}: {reason}", {"path": self.path, "reason": Saying(self.saying, self.values)})


class WrongCase(ValueError):
    """A case file cannot be used; it holds every mistake with its place."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("; ".join(problem.told(str) for problem in problems))
        self.problems = tuple(problems)

    def lines(self, say: Callable[[str], str]) -> Iterator[str]:
        """The first mistakes, one line each, and how many more there are."""
        for problem in self.problems[:MOST_TOLD]:
            yield problem.told(say)
        if (more := len(self.problems) - MOST_TOLD) > 0:
            yield say("and {more} more").format(more=more)


def sayings_in(language: str, *folders: Path) -> Callable[[str], str]:
    """Gives the sentences about case files, and those of further catalogues, in French or English."""
    texts = Texts([Path(__file__).parent / "locale", *folders], LANGUAGES)
    return lambda text: texts.get(text, language)


def problems_of(
    error: ValidationError, document: object, model: type[BaseModel], *, root: str = "$"
) -> list[Problem]:
    """What the validation found, at most one problem for each place; ``root`` is the path of the document itself."""
    found: dict[str, Problem] = {}
    for each in error.errors(include_url=False):
        kind, places = each["type"], each["loc"]
        path = path_in(document, places, is_missing=kind == "missing", root=root)
        is_unknown = kind == "extra_forbidden" and len(found) < MOST_TOLD
        meant = nearest_field(model, document, places) if is_unknown else None
        problem = problem_of(path, kind, each.get("ctx", {}))
        found.setdefault(path, Problem(path, MISSPELT, {"nearest": meant}) if meant else problem)
    return list(found.values())


def path_in(
    document: object, places: Iterable[str | int], *, is_missing: bool = False, root: str = "$"
) -> str:
    """A place as a JSON path, such as ``$.claim.items[0].price_asked``; what is not in the document is left out."""
    path, here, last = root, document, None
    for place in places:
        last = place
        if isinstance(here, list) and isinstance(place, int) and place < len(here):
            path, here, last = f"{path}[{place}]", here[place], None
        elif isinstance(here, dict) and place in here:
            path, here, last = path + member(str(place)), here[place], None
    return path + member(last) if is_missing and isinstance(last, str) else path


def member(name: str) -> str:
    """A member of an object as part of a path; unusual names stand in quotes, endless ones are cut."""
    if len(name) > _LONGEST_NAME:
        name = name[:_LONGEST_NAME] + "…"
    return f".{name}" if name.isascii() and name.isidentifier() else f"[{json.dumps(name)}]"


def problem_of(path: str, kind: str, context: Mapping[str, Any]) -> Problem:
    """One mistake that a validation found, by its kind."""
    if kind == "value_error":
        refusal = context["error"].__cause__
        if isinstance(refusal, DomainError):
            return Problem(path, _UNCLEAN.get(refusal.code, _CANNOT_BE_USED), refusal.params)
        return Problem(path, str(context["error"]))
    values = {name: str(value) for name, value in context.items()}
    if "expected" in values:
        values["expected"] = values["expected"].replace(" or ", ", ")
    return Problem(path, _SAYINGS.get(kind, _CANNOT_BE_USED), values)
