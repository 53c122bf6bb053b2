"""`msingi check` mentions the products of a country file that the database has not, or with other terms."""

from typing import Any

import pytest

from msingi.checks import remarks_on
from msingi.platform import Platform
from msingi.profiles import load_profile
from msingi.rbac.rules import NewPlace
from msingi.rbac.tree import add_places
from msingi.testing import MakePlatform
from msingi_catalogue.plugin import plugin as catalogue
from msingi_insurance.plugin import plugin as insurance
from msingi_insurance.services.country_products import apply_country_products
from msingi_ledger.plugin import plugin as ledger
from msingi_registry.plugin import plugin as registry

TERMS = {"insurance_period": 12, "lump_sum": 12000, "max_members": 7, "other_items": {}, "other_services": {}}


def _products(lump_sum: int) -> dict[str, Any]:
    product = {"name": "Mutuelle", "place": "CM", "date_from": "2026-01-01", "reason": "law"}
    return {
        "products": [{**product, "code": code, "terms": {**TERMS, "lump_sum": lump_sum}} for code in "AB"]
    }


def _platform(make_platform: MakePlatform, lump_sum: int) -> Platform:
    settings = load_profile("cameroon", overrides={"demo": True}).plugins["insurance"]
    plugins = {"insurance": {**settings, **_products(lump_sum)}}
    return make_platform(registry, catalogue, ledger, insurance, plugins=plugins)


@pytest.mark.rule("TZA-12")
def test_products_that_are_missing_or_other_in_the_database_are_named(make_platform: MakePlatform) -> None:
    platform = _platform(make_platform, 12000)
    missing = remarks_on(platform)
    with platform.work() as work:
        add_places(work, [NewPlace("CM", "Cameroun")])
        apply_country_products(work)

    changed = remarks_on(_platform(make_platform, 15000))

    told = [[platform.texts.tell(remark, "fr") for remark in remarks] for remarks in (missing, changed)]
    assert remarks_on(platform) == []
    assert told == [
        [
            (
                "assurance : les produits A, B du fichier du pays ne sont pas dans la base. "
                "Apportez-les avec `msingi insurance product apply`."
            )
        ],
        [
            (
                "assurance : les conditions des produits A, B dans le fichier du pays ne sont pas celles de la base. "
                "Apportez-les avec `msingi insurance product apply`."
            )
        ],
    ]


@pytest.mark.rule("TZA-12")
def test_a_place_of_the_country_file_that_the_tree_has_not_is_named(make_platform: MakePlatform) -> None:
    platform = _platform(make_platform, 12000)
    with platform.work() as work:
        add_places(work, [NewPlace("TX", "Elsewhere")])

    told = [platform.texts.tell(remark, "fr") for remark in remarks_on(platform)]

    assert told[0] == (
        "assurance : un produit du fichier du pays nomme le lieu CM, qui n'est pas dans la base."
    )
    assert len(told) == 2
