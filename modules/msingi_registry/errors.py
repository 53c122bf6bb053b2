"""Refusals of the registry's services; those of its pure rules are said by ``refusal_texts``."""

from msingi.errors import DomainError


class DuplicatePerson(DomainError):
    """An identifier of the draft belongs to a person who is already registered (ID-9, ID-12)."""

    code = "registry.duplicate_person"
    template = (
        "This person is already registered: {candidate}. Open that record instead of registering a new one."
    )


class PossibleDuplicate(DomainError):
    """Registered persons resemble the draft; the caller confirms each one that is somebody else (ID-12, ID-17)."""

    code = "registry.possible_duplicate"
    template = (
        "Registered persons resemble this one: {candidates}. Open the right record, or repeat the registration "
        "and name them as acknowledged if this is somebody else."
    )
