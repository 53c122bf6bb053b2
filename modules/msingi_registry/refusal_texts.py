"""What the refusals of the pure rules say to the user, in one table."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from types import MappingProxyType
from typing import Final

from msingi.errors import DomainError
from msingi_registry.rules.refusals import Refusal

TEXTS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "registry.age_invalid": "The age must be a whole number of years from 0 to {max}.",
        "registry.birth_date_invalid": "This is no date of birth. Write a day of the calendar as YYYY-MM-DD; YYYY-MM or YYYY when no more is known.",
        "registry.birth_in_future": "The date of birth lies in the future.",
        "registry.birth_too_long_ago": "Nobody lives more than {max} years. Check the date of birth.",
        "registry.block_size_invalid": "A block of {size} health IDs cannot be leased.",
        "registry.boundary_out_of_range": "The boundary leaves the earth: longitude is -180 to 180, latitude -90 to 90.",
        "registry.boundary_self_crossing": "The boundary crosses itself. Draw it again.",
        "registry.boundary_too_large": "The boundary is too detailed: at most {max} corners are read.",
        "registry.boundary_unreadable": "The boundary cannot be read. Send a GeoJSON Polygon or MultiPolygon.",
        "registry.card_key_revoked": "The key that signed this card was withdrawn. Issue a new card.",
        "registry.card_key_unknown": "This card was signed with a key that is not known here.",
        "registry.card_oversized": "This code is longer than a card's: at most {max} bytes are read.",
        "registry.card_payload_invalid": "The content of this card is not valid.",
        "registry.card_revoked": "This card was revoked: it was lost or replaced. Check who presents it.",
        "registry.card_signature_invalid": "The signature of this card is wrong: it is forged or damaged.",
        "registry.card_unreadable": "This is not a consultation card, or its code is damaged.",
        "registry.closed_before_opened": "The day of closing lies before the day of opening.",
        "registry.code_length_invalid": "Codes of the kind {scheme} cannot have {digits} digits.",
        "registry.code_ordinal_invalid": "There is no such position among the codes of the kind {scheme}.",
        "registry.code_prefix_invalid": "The prefix of codes of the kind {scheme} must be up to three letters A-Z.",
        "registry.coordinates_invalid": "These coordinates do not exist: latitude is -90 to 90, longitude -180 to 180.",
        "registry.death_before_birth": "The date of death lies before the date of birth.",
        "registry.death_in_future": "The date of death lies in the future.",
        "registry.facility_step_refused": "A facility that is {state} cannot take the step “{step}”.",
        "registry.household_with_two_heads": "A household has one head only.",
        "registry.household_without_head": "Say who heads the household.",
        "registry.identifier_format_unsupported": (
            "The format of the identifier type {type} is not supported. A format holds for the whole value: write "
            "neither ^ nor $. It knows letters, digits, / and -, \\d, classes such as [A-Z], repeats such as {{8}} or "
            "{{6,9}}, ? and |; neither groups nor * nor +; at most 3 repeats with a range, 4 ? and 120 signs."
        ),
        "registry.identifier_invalid": "This is not a valid {type}. Check each character.",
        "registry.identifier_location_refused": "An identifier of the type {type} names no facility.",
        "registry.identifier_location_required": "Name the facility that gave the identifier of the type {type}.",
        "registry.identifier_space_exhausted": "Almost all codes of the kind {scheme} are taken. Tell your administrator.",
        "registry.identifier_type_needs_location": "The identifier type {type} is unique per facility and must name it.",
        "registry.instant_without_zone": "A time needs its time zone.",
        "registry.licence_period_invalid": "The licence ends before it begins.",
        "registry.licence_state_not_recorded": "The state {state} follows from the dates and is not recorded.",
        "registry.licence_step_refused": "A licence that is {state} cannot take the step “{step}”.",
        "registry.membership_overlaps": "The person would belong to two households at once.",
        "registry.membership_period_invalid": "The membership ends before it begins.",
        "registry.name_invalid": "A name is written with letters; signs, digits alone and hidden characters are refused.",
        "registry.name_too_long": "A name has at most {max} characters.",
        "registry.opening_hours_invalid": "These opening hours are not valid: name the weekdays and both times.",
        "registry.phone_invalid": "This telephone number does not exist in the numbering plan ({region}). Check each digit.",
        "registry.radius_invalid": "The radius must be more than 0 and at most {max} km.",
        "registry.replacement_cycle": "The facilities would replace each other in a circle.",
    }
)
"""English texts by code; they are the keys of the catalogue."""

SAID: Final[Mapping[str, type[DomainError]]] = MappingProxyType(
    {
        code: type(
            "".join(part.capitalize() for part in code.partition(".")[2].split("_")),
            (DomainError,),
            {
                "code": code,
                "template": text,
                "state_params": frozenset({"state", "step"}),
                "__doc__": text,
                "__module__": __name__,
            },
        )
        for code, text in TEXTS.items()
    }
)
"""A refusal class for each code."""


def said(refusal: Refusal) -> DomainError:
    """The refusal of a rule as the caller sees it."""
    return SAID[refusal.code](**refusal.params)


@contextmanager
def rules_said() -> Iterator[None]:
    """Run a block of rules; what they refuse is raised as a refusal with a text."""
    try:
        yield
    except Refusal as refusal:
        raise said(refusal) from refusal
