"""Sets a consultation card as a PDF page of ID-1 size with its QR code (ID-6, CH-04)."""

import io
import json
from datetime import date
from functools import lru_cache
from importlib.resources import files
from typing import Final

from babel import UnknownLocaleError

from msingi.i18n import in_language
from msingi.work import Work
from msingi.written import written_day
from msingi_registry.models.identifier import Card
from msingi_registry.models.person import Person, Sex
from msingi_registry.rules.identifiers import print_uhid
from msingi_registry.rules.masking import initials_of

_LABELS: Final = {
    "uhid": "Health ID",
    "initials": "Initials",
    "birth_year": "Year of birth",
    "sex": "Sex",
    "issued": "Issued",
    "number": "Card number",
}
_TITLE: Final = "Consultation card"
_FOUND: Final = (
    "This card finds a record; it gives no right. If you find it, hand it in at any health facility."
)
_SEXES: Final = {Sex.FEMALE: "Female", Sex.MALE: "Male", Sex.OTHER: "Other"}
_UNKNOWN: Final = "-"
_FROM_THE_RIGHT: Final = "\u200f"
"""Dates stand in a box that is read from the left; a mark inside would turn their parts."""

FIXED_TEXTS: Final = (_TITLE, _FOUND, *_LABELS.values(), *_SEXES.values())
"""What is printed beside the facts, in English; the catalogues have it in other languages."""


def print_card(work: Work, card: Card, person: Person) -> bytes:
    """The PDF of a card in the language of the work: masked facts and the signed code."""
    import typst

    language = work.language
    say = work.platform.texts.get
    organisation = work.platform.profile.branding.organisation
    facts = {
        "language": language,
        "organisation": in_language(organisation, language),
        "title": say(_TITLE, language),
        "labels": {name: say(text, language) for name, text in _LABELS.items()},
        "uhid": print_uhid(card.uhid),
        "initials": ". ".join(initials_of(person.given_name or person.other_names, person.family_name)) + ".",
        "birth_year": str(person.birth_date.year) if person.birth_date else _UNKNOWN,
        "sex": say(_SEXES[person.sex], language) if person.sex else _UNKNOWN,
        "issued": day_in(language, card.issued_on),
        "number": f"{card.serial} · {card.key_id}",
        "code": qr_code(card.code),
        "found": say(_FOUND, language),
    }
    page: bytes = typst.compile(
        _template(), sys_inputs={"card": json.dumps(facts, ensure_ascii=False)}, ignore_system_fonts=True
    )
    return page


def day_in(language: str, day: date) -> str:
    """The day as readers of the language write it; in figures of ISO 8601 where no locale is known."""
    try:
        return written_day(day, language, "medium").replace(_FROM_THE_RIGHT, "")
    except UnknownLocaleError:
        return day.isoformat()


def qr_code(text: str) -> str:
    """The text as a QR code, an SVG picture; error correction M survives a scratched card."""
    import segno

    picture = io.BytesIO()
    segno.make_qr(text, error="m", boost_error=False).save(
        picture, kind="svg", scale=1, border=2, xmldecl=False, svgns=True
    )
    return picture.getvalue().decode()


@lru_cache(maxsize=1)
def _template() -> bytes:
    return files("msingi_registry").joinpath("card_template", "card.typ").read_bytes()
