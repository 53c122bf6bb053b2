"""The refusals that the pure rules raise; services translate them at the edge."""

from typing import TypeAlias

Param: TypeAlias = str | int


class Refusal(Exception):
    """A rule refuses a value: a stable code and parameters that never hold patient data."""

    __slots__ = ("code", "params")

    code: str
    params: dict[str, Param]

    def __init__(self, code: str, **params: Param) -> None:
        super().__init__(code)
        object.__setattr__(self, "code", code)
        object.__setattr__(self, "params", dict(params))

    def __setattr__(self, name: str, value: object) -> None:
        """Refuse a change of code or parameters; the traceback fields of the interpreter stay free."""
        if name in Refusal.__slots__:
            message = f"a refusal is frozen: {name}"
            raise AttributeError(message)
        super().__setattr__(name, value)


class CardInvalid(Refusal):
    """A scanned card is not a genuine, valid card (ID-6)."""


class TransitionRefused(Refusal):
    """A state machine has no such step from this state (FR-1, PD-1)."""
