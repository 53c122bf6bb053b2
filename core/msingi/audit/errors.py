"""Refusals of the audit plugin."""

from msingi.errors import DomainError


class NotSealed(DomainError):
    """The entry is in no block yet, so it cannot be proved."""

    code = "audit.not_sealed"
    template = "This line of the audit trail is not sealed yet. Try again in {seconds} seconds."
