"""An imported list is matched by name, parent, type and distance, and repeated names never by name alone."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from msingi_registry.rules.geo import Point
from msingi_registry.rules.reconciliation import (
    ListDecision,
    ListedFacility,
    decide_pair,
    list_score,
    repeated_names,
)

HERE = Point(3.8667, 11.5167)
KNOWN = ListedFacility(
    name="Centre de santé de Nkolbisson", region="Centre", parent="Yaoundé 7", kind="CSI", point=HERE
)
BARE = ListedFacility(name="CSI Nkolbisson", region="Centre")
rows = st.builds(
    ListedFacility,
    name=st.sampled_from(["CSI Nkolbisson", "Hôpital de district", "CMA Obala", "C.S.I. de Nkolbisson"]),
    region=st.sampled_from(["Centre", "Littoral"]),
    parent=st.sampled_from([None, "a", "b"]),
    kind=st.sampled_from([None, "CSI", "CMA"]),
    point=st.none() | st.builds(Point, st.floats(2, 5), st.floats(9, 12)),
)


@pytest.mark.rule("FR-3")
def test_the_score_weighs_what_both_rows_state() -> None:
    assert list_score(KNOWN, KNOWN) == 1.0
    assert list_score(KNOWN, replace(KNOWN, kind="CMA")) == 0.9
    assert list_score(KNOWN, replace(KNOWN, parent="Mfou")) == 0.85
    assert list_score(KNOWN, replace(KNOWN, point=Point(5, 9))) == 0.85
    assert list_score(BARE, replace(KNOWN, name="Nkolbisson CSI")) == 1.0


@pytest.mark.rule("FR-3")
@pytest.mark.parametrize(
    ("change", "decision"),
    [
        ({}, ListDecision.AUTO),
        ({"name": "Centre de santé Nkolbison"}, ListDecision.AUTO),
        ({"kind": "CMA", "parent": "Mfou"}, ListDecision.MANUAL),
        ({"name": "Hôpital régional", "parent": "Mfou"}, ListDecision.NO_MATCH),
    ],
)
def test_the_thresholds_part_auto_manual_and_none(change: dict[str, str], decision: ListDecision) -> None:
    changed = replace(KNOWN, **change)  # type: ignore[arg-type]

    assert decide_pair(changed, KNOWN) is decision


@pytest.mark.rule("FR-3")
def test_a_name_repeated_in_a_region_is_never_matched_by_name_alone() -> None:
    first = replace(BARE, parent="Yaoundé 7")
    elsewhere = replace(BARE, region="Littoral")
    twice = repeated_names([first, replace(first, parent="Mfou")])

    assert twice == {("Centre", "csinkolbisson")}
    assert repeated_names([first, elsewhere]) == frozenset()
    assert decide_pair(BARE, first, repeated=twice) is ListDecision.FLAGGED
    assert decide_pair(replace(BARE, parent="Yaoundé 7"), first, repeated=twice) is ListDecision.AUTO
    assert (
        decide_pair(replace(BARE, point=HERE), replace(first, point=HERE), repeated=twice)
        is ListDecision.AUTO
    )
    assert decide_pair(elsewhere, elsewhere, repeated=twice) is ListDecision.AUTO


@pytest.mark.rule("FR-3")
@given(row=rows, known=rows)
def test_the_score_is_symmetric_and_bounded(row: ListedFacility, known: ListedFacility) -> None:
    score = list_score(row, known)

    assert 0.0 <= score <= 1.0
    assert score == list_score(known, row)


@pytest.mark.rule("FR-3")
@given(row=rows, known=rows)
def test_flagged_never_becomes_auto_without_a_place(row: ListedFacility, known: ListedFacility) -> None:
    decision = decide_pair(row, known, repeated=repeated_names([row, row]))

    if decision is ListDecision.AUTO:
        assert (row.point and known.point) or row.parent == known.parent is not None
