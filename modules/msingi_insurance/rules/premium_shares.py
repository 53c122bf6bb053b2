"""Which part of a contribution pays for the policy, and which is the family's credit (PAY-6)."""


def credit_change(amount: int, *, paid_before: int, credit_before: int, value: int) -> int:
    """How much of an amount goes to the credit of the family, in minor units.

    After every contribution the credit is what was paid above the value. A reversal has a negative amount: it takes
    the credit back first, because the policy needs what is left. Never more than the amount itself changes.
    """
    wanted = max(0, paid_before + amount - value) - credit_before
    return max(0, min(amount, wanted)) if amount > 0 else min(0, max(amount, wanted))
