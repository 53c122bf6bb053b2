"""Texts are found by how they begin, whatever the case, on engines that know the small letters of ASCII only too."""

import garden
import pytest

from msingi.platform import Platform
from msingi.rbac.rules import NewPlace
from msingi.rbac.tree import add_places
from msingi.testing import AsUser, MakePlatform

LABELS = ("Édéa", "édenté", "ÉDÉA", "Edéa", "Nkol Éton", "Ñandú", "100%_sûr")
LIST = "query($where: TreesFilter) { trees(where: $where) { nodes { label } } }"


@pytest.fixture
def platform(make_platform: MakePlatform) -> Platform:
    platform = make_platform(garden.plugin)
    with platform.work() as work:
        place = add_places(work, [NewPlace(code="country", name="Country")])["country"]
        for label in LABELS:
            work.add(garden.Tree(label=label, kind=garden.Kind.PALM, jurisdiction_id=place))
    return platform


@pytest.mark.parametrize(
    ("beginning", "found"),
    [
        ("Éd", {"Édéa", "édenté", "ÉDÉA"}),
        ("éd", {"Édéa", "édenté", "ÉDÉA"}),
        ("ÉDÉ", {"Édéa", "ÉDÉA"}),
        ("edé", {"Edéa"}),
        ("nkol é", {"Nkol Éton"}),
        ("ñ", {"Ñandú"}),
        ("100%_S", {"100%_sûr"}),
        ("%", set()),
        ("é%", set()),
    ],
)
def test_a_text_is_found_by_its_beginning(
    platform: Platform, as_user: AsUser, beginning: str, found: set[str]
) -> None:
    reader = as_user(*platform.permissions, national=True)

    answer = platform.graphql.run(LIST, {"where": {"label": {"startsWith": beginning}}}, actor=reader)

    assert {node["label"] for node in answer["data"]["trees"]["nodes"]} == found
