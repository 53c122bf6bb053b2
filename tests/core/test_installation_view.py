"""What a screen may know of an installation before anybody signs in."""

from datetime import UTC, datetime

import pytest

from msingi.actor import ANONYMOUS
from msingi.i18n import in_language
from msingi.testing import FrozenClock, MakePlatform

ASKED = """{ installation { application abbreviation organisation domain country countryCode languages currency
  decimals timezone today workingDays levels { depth code name } demo } }"""


@pytest.mark.rule("CH-90")
def test_nobody_needs_to_sign_in_to_read_the_names_of_the_country(
    make_platform: MakePlatform, frozen_clock: FrozenClock
) -> None:
    platform = make_platform(currency="TZS", timezone="Africa/Dar_es_Salaam", working_days=[4, 1])
    frozen_clock.instant = datetime(2026, 3, 2, 22, 30, tzinfo=UTC)
    profile = platform.profile

    french, english = (
        platform.graphql.run(ASKED, actor=ANONYMOUS, language=language)["data"]["installation"]
        for language in ("fr", "en")
    )

    assert (french["application"], english["application"]) == (
        profile.branding.application["fr"],
        profile.branding.application["en"],
    )
    assert (french["currency"], french["decimals"], french["today"]) == ("TZS", 2, "2026-03-03")
    assert (french["workingDays"], french["languages"]) == ([1, 4], list(profile.languages))
    assert french["levels"] == [
        {"depth": depth, "code": level.code, "name": level.names["fr"]}
        for depth, level in enumerate(profile.levels)
    ]
    assert (french["countryCode"], french["demo"]) == (profile.country.iso2, profile.demo)


def test_a_name_that_a_language_lacks_is_the_first_one_and_none_is_nothing() -> None:
    assert in_language({"fr": "Pays", "en": "Country"}, "sw") == "Pays"
    assert in_language({}, "fr") == ""
