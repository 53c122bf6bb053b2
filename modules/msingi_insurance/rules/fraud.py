"""What enrolment fraud looks like in the books: each finding is a question for a human, never a verdict (attack 89)."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import TypeVar

_Record = TypeVar("_Record")


class FraudSign(StrEnum):
    """What was found."""

    RECEIPT_REPEATED = "receipt_repeated"
    """One receipt number on several contributions, whatever its spelling."""
    BACK_DATED = "back_dated"
    """A payment date long before the day of recording."""
    PHOTO_SHARED = "photo_shared"
    """One photo on several insurees."""
    PHONE_SHARED = "phone_shared"
    """One telephone number on many insurees of different families."""


@dataclass(frozen=True, slots=True)
class ContributionFacts:
    """A contribution as it was recorded."""

    id: str
    officer: str
    product: str
    receipt: str
    pay_date: date
    recorded: date


@dataclass(frozen=True, slots=True)
class EnrolmentFacts:
    """An enrolled person; ``photo`` and ``phone`` are digests, never the thing itself."""

    id: str
    family: str
    officer: str
    photo: str | None = None
    phone: str | None = None


@dataclass(frozen=True, slots=True)
class FraudLimits:
    """From where on something is a finding."""

    back_dating: timedelta = timedelta(days=14)
    families_per_phone: int = 3


@dataclass(frozen=True, slots=True)
class Finding:
    """One sign, the officers concerned, and the records that show it."""

    sign: FraudSign
    officers: tuple[str, ...]
    records: tuple[str, ...]


def look_at_contributions(contributions: Iterable[ContributionFacts], limits: FraudLimits) -> list[Finding]:
    """Receipts used twice and dates moved back, in the order of the records."""
    known = list(contributions)
    repeated = _groups(known, lambda each: (each.product, _plain(each.receipt)))
    findings = [_finding(FraudSign.RECEIPT_REPEATED, group) for group in repeated if len(group) > 1]
    late = [each for each in known if each.recorded - each.pay_date > limits.back_dating]
    return findings + [_finding(FraudSign.BACK_DATED, [each]) for each in late]


def look_at_enrolments(enrolments: Iterable[EnrolmentFacts], limits: FraudLimits) -> list[Finding]:
    """Photos of several people and telephones of many families, in the order of the records."""
    known = list(enrolments)
    photos = _groups([each for each in known if each.photo], lambda each: each.photo)
    phones = _groups([each for each in known if each.phone], lambda each: each.phone)
    return [
        *(_finding(FraudSign.PHOTO_SHARED, group) for group in photos if len(group) > 1),
        *(
            _finding(FraudSign.PHONE_SHARED, group)
            for group in phones
            if len({each.family for each in group}) > limits.families_per_phone
        ),
    ]


def _groups(known: Iterable[_Record], key: Callable[[_Record], object]) -> list[list[_Record]]:
    found: dict[object, list[_Record]] = defaultdict(list)
    for each in known:
        found[key(each)].append(each)
    return list(found.values())


def _finding(sign: FraudSign, group: Sequence[ContributionFacts | EnrolmentFacts]) -> Finding:
    return Finding(
        sign,
        tuple(sorted({each.officer for each in group})),
        tuple(dict.fromkeys(each.id for each in group)),
    )


def _plain(receipt: str) -> str:
    """A receipt number without what makes two spellings of one: case, spaces, signs, zeros before the number."""
    return "".join(sign for sign in receipt.casefold() if sign.isalnum()).lstrip("0")
