"""What the scheme agreed to before the care limits how much of it is paid, over all claims that name it (CLM-11)."""

from decimal import Decimal
from typing import NamedTuple

from msingi_claims.rules.compiled import LineKey
from msingi_claims.rules.decisions import ClaimDecision, LineDecision
from msingi_claims.rules.values import Consent

ZERO = Decimal(0)


class ConsentUse(NamedTuple):
    """How much of a consent is used up: the quantity that passed, and what it was worth before anything is shared."""

    quantity: Decimal = ZERO
    amount: Decimal = ZERO

    def and_also(self, other: "ConsentUse") -> "ConsentUse":
        """Both together."""
        return ConsentUse(self.quantity + other.quantity, self.amount + other.amount)


class ConsentLeft:
    """What a claim may still use of its consent, line after line."""

    __slots__ = ("agreed", "used")

    def __init__(self, agreed: Consent, used: ConsentUse) -> None:
        self.agreed = agreed
        self.used = used

    def concerns(self, key: LineKey) -> bool:
        """Whether the consent is about this item or service; other lines of the claim are not limited by it."""
        return self.agreed.key == key

    def take(self, line: LineDecision) -> None:
        """Note what a line that passed uses up."""
        self.used = self.used.and_also(_use_of(line))


def use_by(decision: ClaimDecision, consent: Consent) -> ConsentUse:
    """How much of its consent a decided claim uses up."""
    used = ConsentUse()
    for line in decision.lines:
        if line.has_passed and line.key == consent.key:
            used = used.and_also(_use_of(line))
    return used


def _use_of(line: LineDecision) -> ConsentUse:
    return ConsentUse(line.quantity, line.valued - line.refused)
