"""Which policies are offered for renewal, under which product, by which officer, with which warnings (POL-8, POL-9)."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import IntEnum, IntFlag
from typing import Final

from msingi_insurance.rules.people import is_adult
from msingi_insurance.rules.periods import CIVIL, ONE_DAY, Calendar, discount_until
from msingi_insurance.rules.refusals import ConversionCycle, SubstitutionCycle
from msingi_insurance.rules.states import PolicyStatus
from msingi_insurance.rules.terms import Terms

RENEWAL_DAYS: Final = 14
"""Policies that end within so many days are listed, unless the scheme says otherwise."""

RENEWABLE: Final = frozenset({PolicyStatus.ACTIVE, PolicyStatus.EXPIRED})


class RenewalWarning(IntFlag):
    """What is wrong with a prompt; the bits add up (POL-8)."""

    NONE = 0
    PRODUCT_NOT_VALID = 1
    NO_OFFICER = 2
    OFFICER_LEFT = 4


class RenewalResult(IntEnum):
    """The answer to one uploaded renewal (POL-9)."""

    DONE = 0
    DUPLICATE_RECEIPT = -1
    GRACE_OVER = -2
    REJECTED = -3
    ALREADY_RENEWED = -4
    FATAL = -5


@dataclass(frozen=True, slots=True)
class ProductWindow:
    """When a product is sold, inclusive, and which product replaces it afterwards (PRD-1)."""

    code: str
    date_from: date
    date_to: date | None = None
    conversion: str | None = None

    def sold_on(self, day: date) -> bool:
        """Whether the product is sold on a day."""
        return self.date_from <= day <= (self.date_to or date.max)

    def over_on(self, day: date) -> bool:
        """Whether the product is sold no more."""
        return self.date_to is not None and day > self.date_to


@dataclass(frozen=True, slots=True)
class OfficerPost:
    """An enrolment officer: the last day of work, and who stands in."""

    code: str
    works_to: date | None = None
    substitute: str | None = None

    def works_on(self, day: date) -> bool:
        """Whether the officer still works on a day."""
        return day <= (self.works_to or date.max)


@dataclass(frozen=True, slots=True)
class RenewalPrompt:
    """What the renewal list says of one policy."""

    renewal_date: date
    product: str
    officer: str | None
    warnings: RenewalWarning
    outdated_photos: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Portrait:
    """When the photo of a member was taken; None when there is none."""

    member: str
    born: date
    taken: date | None


@dataclass(frozen=True, slots=True)
class PhotoAges:
    """After how many months a photo is outdated (INS-4)."""

    adult: int = 60
    child: int = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class UploadedRenewal:
    """One renewal of an officer's file, and what the server knows of its policy."""

    status: PolicyStatus
    receipt_taken: bool
    accepted: bool
    has_later_policy: bool
    paid_on: date
    last_day: date
    """The last day on which the renewal still counts."""


def is_due(
    status: PolicyStatus,
    *,
    expiry: date,
    today: date,
    has_later_policy: bool,
    days: int = RENEWAL_DAYS,
) -> bool:
    """Whether a policy is on the renewal list of a day (POL-8)."""
    return status in RENEWABLE and expiry <= today + timedelta(days=days) and not has_later_policy


def are_for_others(named: Collection[str] | None, named_there: Collection[str] | None) -> bool:
    """Whether a later policy of a family leaves out a member of one before: then it does not follow that one (POL-8)."""
    return bool(named and named_there) and not set(named or ()).issubset(named_there or ())


def prompt_renewal(
    product: str,
    officer: str | None,
    *,
    expiry: date,
    products: Mapping[str, ProductWindow],
    officers: Mapping[str, OfficerPost],
    outdated_photos: Sequence[str] = (),
    today: date = date.min,
) -> RenewalPrompt:
    """The prompt of a policy: the product and the officer of the day after expiry, and what is wrong with them (D-16).

    When that day has passed, the renewal can begin ``today`` at the earliest, and today's are told.
    """
    follows = expiry + ONE_DAY
    day = max(follows, today)
    intended = intended_product(product, products, on=day)
    post = standing_officer(officer, officers, on=day)
    warnings = RenewalWarning.NONE
    if intended not in products or not products[intended].sold_on(day):
        warnings |= RenewalWarning.PRODUCT_NOT_VALID
    if post is None:
        warnings |= RenewalWarning.NO_OFFICER
    elif not post.works_on(day):
        warnings |= RenewalWarning.OFFICER_LEFT
    return RenewalPrompt(follows, intended, post.code if post else None, warnings, tuple(outdated_photos))


def intended_product(code: str, products: Mapping[str, ProductWindow], *, on: date) -> str:
    """The same product while it is sold, else the end of its chain of conversions; a circle ends where it closes."""
    seen = [code]
    while (found := products.get(code)) is not None and found.over_on(on):
        if found.conversion is None or found.conversion in seen:
            break
        code = found.conversion
        seen.append(code)
    return code


def window_opens(expiry: date, terms: Terms, *, days: int, calendar: Calendar = CIVIL) -> date:
    """The first day on which a policy is renewed: so many days before its end (POL-8).

    When the product rewards early renewals, it opens as many days before the last one that earns the discount (PRM-6).
    """
    last = (
        discount_until(terms, previous_expiry=expiry, calendar=calendar) if terms.renewal_discount else expiry
    )
    return min(expiry, last) - timedelta(days=days)


def is_renewed_on(
    day: date,
    status: PolicyStatus,
    expiry: date,
    terms: Terms,
    *,
    days: int,
    calendar: Calendar = CIVIL,
) -> bool:
    """Whether a policy that begins on a day renews one of this status and end, and does not begin anew (PRM-5, PRD-2).

    It does from the first day of the window of renewal until the recurrence of the product has passed.
    """
    if status not in RENEWABLE or day < window_opens(expiry, terms, days=days, calendar=calendar):
        return False
    return terms.recurrence is None or day <= calendar.add_months(expiry, terms.recurrence)


def leads_to(code: str, target: str, conversions: Mapping[str, str | None]) -> bool:
    """Whether a product is the target, or is replaced by it through any number of conversions (POL-8)."""
    return code == target or _leads_back(target, conversions.get(code), conversions)


def standing_officer(
    code: str | None, officers: Mapping[str, OfficerPost], *, on: date
) -> OfficerPost | None:
    """The officer while at work, else the end of the chain of substitutes; a circle ends where it closes."""
    seen: set[str] = set()
    found = officers.get(code) if code else None
    while found is not None and not found.works_on(on) and found.substitute not in {None, *seen, found.code}:
        seen.add(found.code)
        following = officers.get(found.substitute or "")
        if following is None:
            break
        found = following
    return found


def check_conversion(code: str, conversion: str | None, products: Mapping[str, str | None]) -> None:
    """Refuse a conversion that leads back to the product; ``products`` maps codes to conversions (PRD-1)."""
    if _leads_back(code, conversion, products):
        raise ConversionCycle(code=code)


def check_substitution(code: str, substitute: str | None, officers: Mapping[str, str | None]) -> None:
    """Refuse a substitute who leads back to the officer (POL-8)."""
    if _leads_back(code, substitute, officers):
        raise SubstitutionCycle(code=code)


def outdated_photos(
    portraits: Iterable[Portrait],
    *,
    on: date,
    ages: PhotoAges,
    age_of_majority: int,
    calendar: Calendar = CIVIL,
) -> tuple[str, ...]:
    """Members whose photo is missing or older than their age class allows (POL-8, INS-4)."""
    return tuple(
        portrait.member
        for portrait in portraits
        if is_photo_outdated(portrait, on=on, ages=ages, age_of_majority=age_of_majority, calendar=calendar)
    )


def is_photo_outdated(
    portrait: Portrait, *, on: date, ages: PhotoAges, age_of_majority: int, calendar: Calendar = CIVIL
) -> bool:
    """Whether a photo must be taken again; one that is exactly as old as allowed still serves."""
    if portrait.taken is None:
        return True
    adult = is_adult(portrait.born, on, age_of_majority=age_of_majority)
    return calendar.add_months(portrait.taken, ages.adult if adult else ages.child) < on


def judge_upload(upload: UploadedRenewal) -> RenewalResult:
    """The first result that applies to an uploaded renewal (POL-9)."""
    if upload.receipt_taken:
        return RenewalResult.DUPLICATE_RECEIPT
    if not upload.accepted or upload.status not in RENEWABLE:
        return RenewalResult.REJECTED
    if upload.has_later_policy:
        return RenewalResult.ALREADY_RENEWED
    if upload.paid_on > upload.last_day:
        return RenewalResult.GRACE_OVER
    return RenewalResult.DONE


def _leads_back(code: str, following: str | None, chain: Mapping[str, str | None]) -> bool:
    seen: set[str] = set()
    while following is not None and following not in seen:
        if following == code:
            return True
        seen.add(following)
        following = chain.get(following)
    return False
