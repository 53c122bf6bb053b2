"""Who may get an item or a service: the patient mask (check 4)."""

from enum import IntFlag
from typing import Final

from msingi_registry import Sex


class PatientMask(IntFlag):
    """The bits of the mask; an axis without any bit is not restricted."""

    MALE = 1
    FEMALE = 2
    ADULT = 4
    CHILD = 8


EVERYBODY: Final = 15
_SEXES: Final = PatientMask.MALE | PatientMask.FEMALE
_AGES: Final = PatientMask.ADULT | PatientMask.CHILD
_BIT_OF_SEX: Final = {Sex.MALE: PatientMask.MALE, Sex.FEMALE: PatientMask.FEMALE}


def admits_patient(mask: int, *, sex: Sex | None, is_adult: bool) -> bool:
    """Whether the mask contains a patient; other and unknown sex pass the bits of sex."""
    age = PatientMask.ADULT if is_adult else PatientMask.CHILD
    return _passes(mask & _SEXES, _BIT_OF_SEX.get(sex) if sex else None) and _passes(mask & _AGES, age)


def _passes(allowed: int, own: PatientMask | None) -> bool:
    return not allowed or own is None or bool(allowed & own)
