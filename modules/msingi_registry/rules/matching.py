"""Are two records the same person? Deterministic keys, and a graded comparison with reasons (ID-9)."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from msingi_registry.rules.dates import BirthAgreement, BirthDate, DatePrecision, compare_births
from msingi_registry.rules.lookalikes import is_look_alike
from msingi_registry.rules.name_similarity import SIMILAR_FROM, name_similarity
from msingi_registry.rules.names import compact_name, fold_name

PROBABLE_FROM: Final = 8
"""Points from which two records without a common identifier are probably one person."""

POSSIBLE_FROM: Final = 5
"""Points from which they are possibly one person."""

_OTHER_NAME_BELOW: Final = 0.5


class IdentifierRole(StrEnum):
    """What an identifier proves."""

    UHID = "uhid"
    NATIONAL = "national"
    INSURANCE = "insurance"
    PROGRAMME = "programme"


class MatchGrade(StrEnum):
    """How sure it is that two records are one person; the words of FHIR's match-grade."""

    CERTAIN = "certain"
    PROBABLE = "probable"
    POSSIBLE = "possible"
    CERTAINLY_NOT = "certainly-not"


class Reason(StrEnum):
    """What speaks for, or against, one person."""

    SAME_IDENTIFIER = "same_identifier"
    SAME_PHONE_FAMILY_YEAR = "same_phone_family_year"
    SAME_NAME = "same_name"
    SIMILAR_NAME = "similar_name"
    LOOK_ALIKE_NAME = "look_alike_name"
    SAME_BIRTH_DATE = "same_birth_date"
    COMPATIBLE_BIRTH_DATE = "compatible_birth_date"
    NEAR_BIRTH_DATE = "near_birth_date"
    SAME_PHONE = "same_phone"
    SAME_PLACE = "same_place"
    SAME_MOTHER = "same_mother"
    OTHER_NAME = "other_name"
    OTHER_SEX = "other_sex"
    OTHER_BIRTH_DATE = "other_birth_date"
    OTHER_NATIONAL_IDENTIFIER = "other_national_identifier"
    MULTIPLE_BIRTH = "multiple_birth"


@dataclass(frozen=True, slots=True, order=True)
class PersonIdentifier:
    """An identifier in normal form: what it proves, its system, its value."""

    role: IdentifierRole
    system: str
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonFacts:
    """What is compared of a person; unknown facts are left empty and speak neither for nor against."""

    given: str = ""
    family: str = ""
    sex: str | None = None
    birth: BirthDate | None = None
    identifiers: frozenset[PersonIdentifier] = field(default_factory=frozenset)
    phones: frozenset[str] = field(default_factory=frozenset)
    place: str | None = None
    mother: str | None = None
    birth_order: int | None = None

    @property
    def name(self) -> str:
        """Given name and family name in one."""
        return f"{self.given} {self.family}".strip()


@dataclass(frozen=True, slots=True)
class Comparison:
    """The grade of a pair, its points, and the reasons in the order of the Reason list."""

    grade: MatchGrade
    points: int
    reasons: tuple[Reason, ...]

    @property
    def is_same_in_a_batch(self) -> bool:
        """Whether two drafts written together are one person: probably so, or of one name and nothing against it (ID-12)."""
        if self.grade in {MatchGrade.CERTAIN, MatchGrade.PROBABLE}:
            return True
        agrees = Reason.SAME_NAME in self.reasons and _CONFLICTS.isdisjoint(self.reasons)
        return self.grade is MatchGrade.POSSIBLE and agrees


_POINTS: Final = {
    Reason.SAME_NAME: 4,
    Reason.SIMILAR_NAME: 3,
    Reason.LOOK_ALIKE_NAME: 4,
    Reason.SAME_BIRTH_DATE: 3,
    Reason.COMPATIBLE_BIRTH_DATE: 2,
    Reason.NEAR_BIRTH_DATE: 1,
    Reason.SAME_PHONE: 2,
    Reason.SAME_MOTHER: 2,
    Reason.SAME_PLACE: 1,
    Reason.OTHER_SEX: -2,
    Reason.OTHER_BIRTH_DATE: -4,
    Reason.OTHER_NATIONAL_IDENTIFIER: -3,
}
_BIRTH_REASONS: Final = {
    BirthAgreement.SAME: Reason.SAME_BIRTH_DATE,
    BirthAgreement.COMPATIBLE: Reason.COMPATIBLE_BIRTH_DATE,
    BirthAgreement.NEAR: Reason.NEAR_BIRTH_DATE,
    BirthAgreement.FAR: Reason.OTHER_BIRTH_DATE,
}
_NAME_REASONS: Final = frozenset({Reason.SAME_NAME, Reason.SIMILAR_NAME, Reason.LOOK_ALIKE_NAME})
_CONFLICTS: Final = frozenset(
    {Reason.OTHER_NAME, Reason.OTHER_SEX, Reason.OTHER_BIRTH_DATE, Reason.OTHER_NATIONAL_IDENTIFIER}
)


def deterministic_keys(person: PersonFacts) -> frozenset[str]:
    """Return the keys of which one shared value makes two records a candidate pair (ID-9).

    National id, insurance number and UHID alone; programme number with sex; phone with family name and
    year of birth, unless the year is estimated or the person is of a multiple birth (ID-8). Name and
    birth date alone are never a key.
    """
    return frozenset(_identifier_keys(person) | _phone_keys(person))


def compare_persons(first: PersonFacts, second: PersonFacts) -> Comparison:
    """Grade a pair and say why; the order of the two does not matter (ID-8, ID-9, ID-10).

    CERTAIN needs a shared identifier and no conflict: a phone is shared by a household, so the phone
    key proves no more than POSSIBLE by itself; children of a multiple birth are never certain
    unless both have the same order in it.
    """
    reasons = _reasons(first, second)
    points = sum(_POINTS.get(reason, 0) for reason in reasons)
    ordered = tuple(reason for reason in Reason if reason in reasons)
    return Comparison(
        _grade(reasons, points, distinct_siblings=_are_siblings(first, second)), points, ordered
    )


def _reasons(first: PersonFacts, second: PersonFacts) -> frozenset[Reason]:
    checks = {
        Reason.SAME_IDENTIFIER: bool(_identifier_keys(first) & _identifier_keys(second)),
        Reason.SAME_PHONE_FAMILY_YEAR: bool(_phone_keys(first) & _phone_keys(second)),
        Reason.SAME_PHONE: bool(first.phones & second.phones),
        Reason.SAME_PLACE: first.place is not None and first.place == second.place,
        Reason.SAME_MOTHER: first.mother is not None and first.mother == second.mother,
        Reason.OTHER_SEX: None not in {first.sex, second.sex} and first.sex != second.sex,
        Reason.OTHER_NATIONAL_IDENTIFIER: _have_other_national_identifier(first, second),
        Reason.MULTIPLE_BIRTH: _may_be_siblings(first, second),
    }
    birth = _BIRTH_REASONS.get(compare_births(first.birth, second.birth))
    found = {reason for reason, holds in checks.items() if holds} | _name_reasons(first.name, second.name)
    return frozenset(found | ({birth} if birth else set()))


def _grade(reasons: frozenset[Reason], points: int, *, distinct_siblings: bool) -> MatchGrade:
    conflict = bool(reasons & _CONFLICTS) or distinct_siblings
    if Reason.SAME_IDENTIFIER in reasons:
        if distinct_siblings or len(reasons & _CONFLICTS) > 1:
            return MatchGrade.POSSIBLE
        uncertain = conflict or Reason.MULTIPLE_BIRTH in reasons
        return MatchGrade.PROBABLE if uncertain else MatchGrade.CERTAIN
    named_alike = bool(reasons & _NAME_REASONS) and points >= POSSIBLE_FROM
    keyed_alike = Reason.SAME_PHONE_FAMILY_YEAR in reasons and not conflict
    if distinct_siblings or not (named_alike or keyed_alike):
        return MatchGrade.CERTAINLY_NOT
    return MatchGrade.PROBABLE if points >= PROBABLE_FROM and not conflict else MatchGrade.POSSIBLE


def _name_reasons(first: str, second: str) -> set[Reason]:
    if not fold_name(first) or not fold_name(second):
        return set()
    if is_look_alike(first, second):
        return {Reason.LOOK_ALIKE_NAME}
    score = name_similarity(first, second)
    if score >= 1:
        return {Reason.SAME_NAME}
    if score >= SIMILAR_FROM:
        return {Reason.SIMILAR_NAME}
    return {Reason.OTHER_NAME} if score < _OTHER_NAME_BELOW else set()


def _identifier_keys(person: PersonFacts) -> set[str]:
    keys = set()
    for identifier in person.identifiers:
        key = f"{identifier.role}|{identifier.system}|{identifier.value}"
        if identifier.role is not IdentifierRole.PROGRAMME:
            keys.add(key)
        elif person.sex is not None:
            keys.add(f"{key}|{person.sex}")
    return keys


def _phone_keys(person: PersonFacts) -> set[str]:
    family, birth = compact_name(person.family), person.birth
    if (
        not family
        or birth is None
        or birth.precision is DatePrecision.ESTIMATED
        or person.birth_order is not None
    ):
        return set()
    return {f"phone|{phone}|{family}|{birth.year}" for phone in person.phones}


def _have_other_national_identifier(first: PersonFacts, second: PersonFacts) -> bool:
    one, other = _national(first), _national(second)
    return any(one[system].isdisjoint(other[system]) for system in one.keys() & other.keys())


def _national(person: PersonFacts) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for identifier in person.identifiers:
        if identifier.role is IdentifierRole.NATIONAL:
            found.setdefault(identifier.system, set()).add(identifier.value)
    return found


def _may_be_siblings(first: PersonFacts, second: PersonFacts) -> bool:
    orders = {first.birth_order, second.birth_order}
    return orders != {None} and len(orders) > 1


def _are_siblings(first: PersonFacts, second: PersonFacts) -> bool:
    return _may_be_siblings(first, second) and None not in {first.birth_order, second.birth_order}
