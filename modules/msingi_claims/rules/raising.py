"""What an index above 1 adds to a line stays within the category amount and the ceiling of its policy (ADJ-10, BAT-4)."""

from collections.abc import Iterable, Sequence
from decimal import ROUND_FLOOR, Decimal
from typing import Final

from msingi_claims.rules.codes import ConsumptionKind, StepKind
from msingi_claims.rules.decisions import Consumption, LineDecision, Step
from msingi_claims.rules.situation import Situation

ZERO: Final = Decimal(0)
_MONEY: Final = (ConsumptionKind.CATEGORY, ConsumptionKind.REMUNERATED)


class Room:
    """What the limits of a claim's policies leave beside what the claim has booked, line after line.

    The history of the situation does not hold the claim; ``booked`` is what its nominal values have taken.
    """

    def __init__(self, situation: Situation, booked: Iterable[Consumption]) -> None:
        self._unit = situation.settings.unit
        self._standings = situation.kept_standings
        for entry in booked:
            self._standings[entry.policy].take([entry])

    def limited(self, line: LineDecision, booked: Sequence[Consumption]) -> LineDecision:
        """A line that its index has raised, cut to what is left; ``booked`` is what its nominal value has taken."""
        standing = self._standings[line.policy]
        raised, nominal = line.remunerated, line.nominal or ZERO
        kinds = {entry.kind for entry in booked}
        paid, steps = raised, list(line.steps)
        if ConsumptionKind.CATEGORY in kinds:
            used = standing.category_used - nominal
            paid = self._cut(steps, StepKind.CATEGORY_AMOUNT, paid, standing.category_limit, used)
        within_category = paid
        if ConsumptionKind.REMUNERATED in kinds:
            used = standing.ceiling_used - nominal
            paid = self._cut(steps, StepKind.CEILING, paid, standing.ceiling_limit, used)
        standing.take([entry._replace(amount=paid - nominal) for entry in booked if entry.kind in _MONEY])
        return line._replace(
            remunerated=paid,
            excess_category=line.excess_category + raised - within_category,
            excess_ceiling=line.excess_ceiling + within_category - paid,
            steps=tuple(steps),
        )

    def _cut(
        self, steps: list[Step], kind: StepKind, amount: Decimal, most: Decimal | None, used: Decimal
    ) -> Decimal:
        if most is None:
            return amount
        left = max(ZERO, (most - used).quantize(self._unit, ROUND_FLOOR))
        if amount > left:
            steps.append(Step(kind, amount, left, most, used))
        return min(amount, left)
