"""What is odd about claims of one patient does not depend on which of them comes in first."""

from datetime import date, timedelta
from uuid import UUID

import pytest

from msingi.ids import new_id
from msingi_claims.findings import ClaimFacts
from msingi_claims.rules.codes import FindingKind
from msingi_claims.services.watching import find_oddities
from msingi_claims.settings import ClaimsSettings
from msingi_insurance import LineKind

SETTINGS = ClaimsSettings(busy_visits=15, busy_days=30)


@pytest.mark.rule("attack 85")
@pytest.mark.parametrize(
    ("days", "odd"),
    [
        (range(20), 5),
        (range(19, -1, -1), 5),
        (range(0, 40, 2), 0),
        ([*range(8), *range(60, 68)], 0),
    ],
    ids=["in their order", "latest first", "every other day", "two short spells"],
)
def test_too_many_visits_are_marked_in_whatever_order_they_are_claimed(days: list[int], odd: int) -> None:
    patient = new_id()

    found = find_oddities(SETTINGS, [_visit(patient, day) for day in days], [])

    assert [one.kind for one in found] == [FindingKind.FREQUENCY] * odd


def _visit(patient: UUID, day: int) -> ClaimFacts:
    """A visit of that day at a facility of its own, for a reason of its own."""
    on = date(2026, 3, 1) + timedelta(days=day)
    return ClaimFacts(
        claim_id=new_id(),
        insuree_id=patient,
        person_id=patient,
        facility_id=new_id(),
        date_from=on,
        target_date=on,
        death_date=None,
        diagnosis=f"A{day}",
        claimed_minor=100,
        keys=frozenset({(LineKind.ITEM, f"I{day}")}),
        is_released=False,
    )
