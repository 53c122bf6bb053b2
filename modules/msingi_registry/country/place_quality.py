"""Oddities of the place files: repeated or renamed units, regions without units, a second tree (FR-2)."""

from collections.abc import Iterator

from msingi_registry.country.description import OPERATIONAL, CountryDescription
from msingi_registry.country.findings import Finding, FindingKind
from msingi_registry.country.places import PlaceTree, read_place_tree


def find_place_oddities(country: CountryDescription) -> Iterator[Finding]:
    """Findings about all trees of a country; line 0 where the finding is about no single line."""
    trees = {file.tree: None for file in country.places}
    tree = read_place_tree(country.iso3, trees=tuple(trees), with_on_demand=True)
    for note in tree.notes:
        yield Finding(FindingKind(note.kind.value), note.line, note.code, {"file": note.file})
    yield from _find_childless(tree)
    for other in trees:
        if other != OPERATIONAL:
            count = sum(place.tree == other for place in tree.places)
            yield Finding(FindingKind.SECOND_TREE, 0, other, {"places": count})


def _find_childless(tree: PlaceTree) -> Iterator[Finding]:
    operational = [place for place in tree.places if place.tree == OPERATIONAL]
    lowest = max(place.level for place in operational)
    parents = {place.parent_code for place in operational}
    for place in operational:
        if place.level < lowest and place.code not in parents:
            yield Finding(FindingKind.PLACE_WITHOUT_UNITS, 0, place.code, {"name": place.name})
