"""What a claim finds of the past: care that was given before, and a patient who was not born yet."""

from dataclasses import replace
from datetime import date

import pytest
from tests.modules.msingi_claims.rules.claims_builders import DAY, WHOLE, claim, line, policy

from msingi_claims.rules.adjudicate import adjudicate, adjudicate_all
from msingi_claims.rules.codes import Reason, Sex
from msingi_claims.rules.history import History
from msingi_claims.rules.values import LineInput, Patient


def _every(days: int) -> LineInput:
    plain = line()
    assert plain.entry is not None
    return plain._replace(entry=replace(plain.entry, frequency_days=days))


@pytest.mark.rule("CLM-9", "D-20")
@pytest.mark.parametrize(("days", "reason"), [(9, Reason.FREQUENCY), (8, Reason.ACCEPTED)])
def test_care_of_a_day_that_asked_for_no_frequency_counts_later(days: int, reason: Reason) -> None:
    before = claim(line(), name="C1", day=date(2026, 3, 2))
    after = claim(_every(days), name="C2")

    decisions = adjudicate_all([(before, [policy()]), (after, [policy()])], History(), WHOLE)

    assert [decision.lines[0].reason for decision in decisions] == [Reason.ACCEPTED, reason]


@pytest.mark.rule("CLM-9")
@pytest.mark.parametrize(
    ("born", "born_from", "reasons"),
    [
        (DAY, None, ()),
        (date(2026, 3, 11), None, (Reason.INSUREE_NOT_VALID,)),
        (date(2026, 3, 11), DAY, ()),
        (date(2026, 3, 12), date(2026, 3, 11), (Reason.INSUREE_NOT_VALID,)),
    ],
    ids=["that_day", "later", "perhaps_that_day", "later_in_any_case"],
)
def test_care_before_birth_is_refused(
    born: date, born_from: date | None, reasons: tuple[Reason, ...]
) -> None:
    patient = Patient("1", born, Sex.FEMALE, born_from=born_from)

    decision = adjudicate(replace(claim(line()), patient=patient), [policy()], History(), WHOLE)

    assert decision.reasons == reasons
