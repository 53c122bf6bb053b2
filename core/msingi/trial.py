"""A complete installation of a small country, for tests and benchmarks."""

from typing import Any

from msingi.keyring import generate_key
from msingi.profiles import Profile

KEYS = {"keys": [generate_key()], "index_key": generate_key()}


def small_profile(**overrides: Any) -> Profile:
    """A complete profile of a small country for tests: French first, francs without minor unit."""
    values: dict[str, Any] = {
        "name": "test",
        "demo": True,
        "country": {"iso2": "CM", "iso3": "CMR", "names": {"fr": "Cameroun", "en": "Cameroon"}},
        "branding": {
            "application": {"fr": "Essai", "en": "Trial"},
            "abbreviation": "T",
            "organisation": {"fr": "Ministère", "en": "Ministry"},
        },
        "languages": ["fr", "en"],
        "currency": "XAF",
        "timezone": "Africa/Douala",
        "levels": [
            {"code": "country", "names": {"fr": "Pays", "en": "Country"}},
            {"code": "region", "names": {"fr": "Région", "en": "Region"}},
            {"code": "district", "names": {"fr": "District", "en": "District"}},
        ],
        "security": KEYS,
    }
    return Profile(**(values | overrides))
