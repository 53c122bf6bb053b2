"""What is exposed exists: a misspelt name stops the start instead of vanishing from the schema."""

import pytest
from garden import READ, Owner
from garden import plugin as garden

from msingi import Plugin
from msingi.errors import ConfigurationError
from msingi.graphql.shapes import Shapes
from msingi.plugin import Exposure, Permission


@pytest.mark.parametrize(
    ("fields", "guarded"), [(("id", "nmae"), {}), (("id",), {"nmae": READ})], ids=["field", "guard"]
)
def test_a_misspelt_name_is_told_with_the_known_ones(
    fields: tuple[str, ...], guarded: dict[str, Permission]
) -> None:
    plugin = Plugin("yard", requires=["garden"])
    plugin.expose(Owner, *fields, allow=READ, guarded=guarded)
    (exposure,) = plugin.contributions.exposures

    with pytest.raises(ConfigurationError) as refusal:
        Shapes([exposure]).object_type(Owner)

    assert str(refusal.value) == "Owner has no field nmae, which is exposed; it has: id, name."


def test_columns_and_relations_are_known() -> None:
    exposures: list[Exposure] = garden.contributions.exposures

    assert [Shapes(exposures).object_type(one.model).__name__ for one in exposures] == ["Owner", "Tree"]
