"""What a front end must know before anybody signs in: names, languages, money, calendar and levels of the country."""

from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from msingi.i18n import in_language
from msingi.money import exponent_of

if TYPE_CHECKING:
    from msingi.work import Work


@dataclass(frozen=True, slots=True)
class PlaceLevel:
    """A level of the tree of places."""

    depth: int = field(metadata={"doc": "0 for the country; the level of a place."})
    code: str = field(metadata={"doc": "Stable code of the level."})
    name: str = field(metadata={"doc": "Name of the level in your language."})


@dataclass(frozen=True, slots=True)
class Installation:
    """What the country decided about its installation, as far as everybody may know it."""

    application: str = field(metadata={"doc": "Name of the application in your language."})
    abbreviation: str = field(metadata={"doc": "Short name of the application."})
    organisation: str = field(metadata={"doc": "Name of the ministry or programme in your language."})
    domain: str = field(metadata={"doc": "Public domain name, without scheme; may be empty."})
    country: str = field(metadata={"doc": "Name of the country in your language."})
    country_code: str = field(metadata={"doc": "ISO 3166-1 alpha-2 code of the country."})
    languages: list[str] = field(metadata={"doc": "Languages offered, the first one is the default."})
    currency: str = field(metadata={"doc": "ISO 4217 code of the money."})
    decimals: int = field(metadata={"doc": "Decimals of an amount in that money."})
    timezone: str = field(metadata={"doc": "IANA time zone."})
    today: date = field(metadata={"doc": "Today's date there."})
    working_days: list[int] = field(metadata={"doc": "ISO weekdays worked, 1 is Monday."})
    levels: list[PlaceLevel] = field(metadata={"doc": "Levels of places, from the country down."})
    demo: bool = field(metadata={"doc": "Whether this is a demonstration with made-up people."})


def describe_installation(work: "Work") -> Installation:
    """The installation in the reader's language (CH-90)."""
    profile, language = work.platform.profile, work.language
    return Installation(
        application=in_language(profile.branding.application, language),
        abbreviation=profile.branding.abbreviation,
        organisation=in_language(profile.branding.organisation, language),
        domain=profile.branding.domain,
        country=in_language(profile.country.names, language),
        country_code=profile.country.iso2,
        languages=list(profile.languages),
        currency=profile.currency,
        decimals=exponent_of(profile.currency),
        timezone=profile.timezone,
        today=work.today(),
        working_days=sorted(profile.working_days),
        levels=[
            PlaceLevel(depth, level.code, in_language(level.names, language))
            for depth, level in enumerate(profile.levels)
        ],
        demo=profile.demo,
    )
