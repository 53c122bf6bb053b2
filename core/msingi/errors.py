"""Refusals: every expected "no" of the platform, each with a stable code and parameters."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, ClassVar, Final, Self

from msingi.sayings import LISTED, Saying, Sayings

_PLACED: Final = "{path}: {reason}"
_NEXT_WORD = re.compile("(?<=[a-z])(?=[A-Z])")


class DomainError(Exception):
    """A refusal that a caller can understand and act on.

    ``code`` is stable and has the form ``plugin.snake_case``; ``template`` is the English text and the key of
    the translation catalogue; parameters fill it, and one that is a sentence itself is a ``Saying``. Parameters
    never hold personal data.
    """

    code: ClassVar[str] = "core.refused"
    template: ClassVar[str] = "The request was refused."
    type_params: ClassVar[frozenset[str]] = frozenset()
    """Parameters that name a type, such as CashCount; texts tell them in words of the reader's language."""
    state_params: ClassVar[frozenset[str]] = frozenset()
    """Parameters that name a state, or several with commas between them; texts tell them in the reader's language."""

    def __init__(self, **params: object) -> None:
        super().__init__(self.code)
        self.params = params
        self.at = ""

    def placed(self, at: str) -> Self:
        """The same refusal, of a value that stands at ``at`` in what the caller sent; names only, never the value."""
        self.at = at
        return self

    def __str__(self) -> str:
        return str(self.saying())

    def saying(self) -> Saying:
        """The refusal as people read it, in no language yet: CashCount as cash count, in_review as in review."""
        values = {name: self._value_to_tell(name, value) for name, value in self.params.items()}
        saying = Saying(self.template, values)
        return Saying(_PLACED, {"path": self.at, "reason": saying}) if self.at else saying

    def plain(self) -> dict[str, object]:
        """The parameters for machines: a sentence among them in English, and the place of a value as ``at``."""
        params = {
            name: str(value) if isinstance(value, Saying | Sayings) else value
            for name, value in self.params.items()
        }
        return params | {"at": self.at} if self.at else params

    def _value_to_tell(self, name: str, value: object) -> object:
        if name in self.type_params:
            return Saying(words_of(str(value)))
        if name in self.state_params:
            return Sayings(tuple(Saying(state) for state in str(value).replace("_", " ").split(LISTED)))
        return value


def words_of(type_name: str) -> str:
    """The words of a type's name in small letters; they are its key in the catalogues."""
    return _NEXT_WORD.sub(" ", type_name).lower()


def reason_of(problem: Mapping[str, Any]) -> Saying:
    """Why one field is not valid: a problem of ``InvalidInput``."""
    return Saying(str(problem["template"]), problem["params"])


def _field_told(problem: Mapping[str, Any]) -> Saying:
    return Saying(_PLACED, {"path": problem["path"], "reason": reason_of(problem)})


class Forbidden(DomainError):
    """The actor does not hold the permission that the operation needs."""

    code = "core.forbidden"
    template = "You do not have the right “{permission}”. Ask your administrator for it."


class NotAuthenticated(DomainError):
    """The operation needs a signed-in user."""

    code = "core.not_authenticated"
    template = "Sign in first: your session is missing, expired or revoked."


class NotFound(DomainError):
    """The record does not exist, or lies outside the actor's jurisdictions: the answer is the same."""

    code = "core.not_found"
    template = "No {type} with this identifier is visible to you."
    type_params = frozenset({"type"})


class StaleVersion(DomainError):
    """The record was changed by somebody else since the caller read it."""

    code = "core.stale_version"
    template = "This record was changed meanwhile (current version {current}, yours {expected}). Read it again, then repeat."


class InvalidInput(DomainError):
    """One or more input fields break their rule; ``fields`` lists path and reason of each."""

    code = "core.invalid_input"
    template = "Some fields are not valid: {fields}."

    def _value_to_tell(self, name: str, value: object) -> object:
        if name != "fields" or not isinstance(value, list):
            return super()._value_to_tell(name, value)
        return Sayings(tuple(_field_told(problem) for problem in value), "; ")


class BrokenReference(DomainError):
    """The record refers to one that does not exist, or another still refers to it."""

    code = "core.broken_reference"
    template = (
        "A record that this one refers to does not exist, or another one still needs it. Nothing was saved."
    )


class TooManyRows(DomainError):
    """The records of a page have more rows below them than one answer carries."""

    code = "core.too_many_rows"
    template = (
        "These records have more than {most} rows below them. Ask for fewer records at once, or use a list."
    )


class IdempotencyConflict(DomainError):
    """The same Idempotency-Key came with another payload."""

    code = "core.idempotency_conflict"
    template = "This Idempotency-Key was already used for another request. Use a new key."


class InvalidIdempotencyKey(DomainError):
    """The Idempotency-Key is empty or too long."""

    code = "core.invalid_idempotency_key"
    template = "An Idempotency-Key has 1 to {most} characters."


class TooBusy(DomainError):
    """All connections are in use; nothing was written, the caller may repeat (F38)."""

    code = "core.too_busy"
    template = "The server is busy. Nothing was saved; try again in {seconds} seconds."


class DatabaseAway(DomainError):
    """The database does not answer, perhaps since the middle of a change: only an Idempotency-Key tells (F3, F19)."""

    code = "core.database_away"
    template = "The database does not answer. Try again in {seconds} seconds with the same Idempotency-Key."


class StorageFull(DomainError):
    """The database cannot grow: writes are refused, reads go on (F7, F9)."""

    code = "core.storage_full"
    template = "The server's disk is full. Nothing was saved; reading still works. Tell your administrator."


class ConfigurationError(Exception):
    """The installation is wrong and must not start; the message names the place and the way out.

    The text is English and the key of its translation; values fill it. Further sentences follow on lines of their own.
    """

    def __init__(self, text: str, *more: Saying, **values: object) -> None:
        self.sayings = (Saying(text, values), *more)
        self.folders: tuple[Path, ...] = ()  # catalogues of a plugin that holds words of these sentences
        super().__init__("\n".join(map(str, self.sayings)))

    @classmethod
    def of(cls, saying: Saying) -> "ConfigurationError":
        """The error that a sentence tells."""
        return cls(saying.text, **saying.values)
