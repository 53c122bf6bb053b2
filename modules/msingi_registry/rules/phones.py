"""Phone numbers in one international form; an unclear number is refused, never guessed."""

from typing import Final

import phonenumbers

from msingi_registry.rules.characters import western_digits
from msingi_registry.rules.refusals import Refusal

MAX_PHONE: Final = 32
"""Longest typed phone number, in characters."""

_TYPED: Final = frozenset("0123456789+()-./ \u00a0\u202f\u2011\u2010")


def normalise_phone(typed: str, region: str) -> str:
    """Return the number in E.164, such as +237677123456, read as dialled in the region (ISO 3166, two letters).

    Raises `registry.phone_invalid` for letters, extensions, two numbers in one field, and numbers that
    the numbering plan does not hold, such as those of an older plan.
    """
    digits = western_digits(typed)
    if len(typed) > MAX_PHONE or not set(digits) <= _TYPED:
        raise Refusal("registry.phone_invalid", region=region)
    try:
        number = phonenumbers.parse(digits, region)
    except phonenumbers.NumberParseException as error:
        raise Refusal("registry.phone_invalid", region=region) from error
    if not phonenumbers.is_valid_number(number):
        raise Refusal("registry.phone_invalid", region=region)
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def can_receive_sms(phone: str) -> bool:
    """Say whether a number in E.164 is, or may be, a mobile number."""
    kind = phonenumbers.number_type(phonenumbers.parse(phone))
    return kind in {phonenumbers.PhoneNumberType.MOBILE, phonenumbers.PhoneNumberType.FIXED_LINE_OR_MOBILE}
