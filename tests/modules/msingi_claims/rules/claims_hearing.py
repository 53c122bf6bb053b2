"""Follows the sentences of an explanation, and says whether one is missing."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Final, TypeAlias

from tests.modules.msingi_claims.rules.claims_reading import Money, Told
from tests.modules.msingi_claims.rules.claims_truth import Line

from msingi_claims.rules.codes import Reason, Stage, StepKind
from msingi_claims.rules.sayings import LEFT, LEFT_ABOVE_FIXED, NOTHING_LEFT, REFUSED_PART, STEPS
from msingi_claims.rules.values import PolicyInput

ZERO: Final = Decimal(0)
CURRENCIES: Final = {Decimal(1): "XAF", Decimal("0.01"): "TZS"}
_PAYS: Final = tuple(STEPS[kind] for kind in (StepKind.PRODUCT, StepKind.PASSED_BY_REVIEWER))


@dataclass
class Hearing:
    """Follows the sentences of a line: the quantity and the amount that they have come to so far."""

    line: Line
    heard: list[str] = field(default_factory=list)
    named: PolicyInput | None = None
    """The policy of the product that the last sentence about products named."""
    quantity: Decimal = ZERO
    amount: Decimal | None = None
    grown: Decimal | None = None
    over: set[int] = field(default_factory=set)
    """Codes that the reviewer is said to have passed over."""
    uncovered: set[str] = field(default_factory=set)

    def listen(self, told: Sequence[Told], checks: "Mapping[str, Check]") -> None:
        """Check every sentence, then that none is missing."""
        self.quantity = self.line.given.quantity
        for one in told:
            checks[one.text](self, one.text, self._plain(one))
            self.heard.append(one.text)
        self._check_whole()

    def _plain(self, told: Told) -> Mapping[str, Any]:
        """The values without their currency, which is that of the scheme."""
        values = told.values.items()
        currency = CURRENCIES[self.line.case.settings.unit]
        assert all(value.currency == currency for _, value in values if isinstance(value, Money))
        return {name: value.amount if isinstance(value, Money) else value for name, value in values}

    def _check_whole(self) -> None:
        line, decided = self.line, self.line.decided
        outcome = line.given.outcome
        if decided.has_passed:
            assert self.quantity == decided.quantity
            assert self.amount == decided.remunerated
            assert sum(self.heard.count(text) for text in _PAYS) == 1
            assert (REFUSED_PART in self.heard) is (decided.refused > 0)
            assert self.heard[-1] in (LEFT, LEFT_ABOVE_FIXED, NOTHING_LEFT)
        else:
            assert not set(_PAYS).intersection(self.heard)
            assert self.heard[-1] == STEPS[StepKind.REFUSED]
        if line.is_passed_by_reviewer and outcome is not None and outcome.reason is not Reason.ACCEPTED:
            assert int(outcome.reason) in {*self.over, int(decided.reason)}
        if decided.reason is Reason.NO_COVERING_PRODUCT and line.case.stage is Stage.SUBMIT:
            assert self.uncovered == {policy.product.code for policy in line.case.policies}


Values: TypeAlias = Mapping[str, Any]
"""What stands in the places of a sentence, by their names."""
Check: TypeAlias = Callable[[Hearing, str, Values], None]
"""Compares a sentence with what is true of the line."""
