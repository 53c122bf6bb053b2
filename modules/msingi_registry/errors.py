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


class NameMissing(DomainError):
    """Only a newborn linked to the mother may be without a name (ID-8)."""

    code = "registry.name_missing"
    template = (
        "Write a given name or a family name. Only a newborn who is linked to the mother may have none."
    )


class UnknownIdentifierType(DomainError):
    """The type of an identifier is not in the settings (ID-4)."""

    code = "registry.identifier_type_unknown"
    template = "There is no identifier type {type}. Known types: {known}."


class IdentifierTaken(DomainError):
    """The value belongs to another person, although the records differ (ID-4)."""

    code = "registry.identifier_taken"
    template = "This {type} belongs to another person: {candidate}. Compare the two documents."


class IdentifierEnded(DomainError):
    """An identifier ends once (ID-4)."""

    code = "registry.identifier_ended"
    template = "This {type} is ended already."


class HouseholdKeptElsewhere(DomainError):
    """Another module keeps a household, such as an insured family (INS-1)."""

    code = "registry.household_kept_elsewhere"
    template = "This household is an insured family, or another module keeps it: change it there."


class RepeatedInBatch(DomainError):
    """Two drafts of one batch are the same person (ID-12); ``position`` is that of the earlier one, from 0."""

    code = "registry.repeated_in_batch"
    template = (
        "Number {other} of this list is the same person. If they are twins, give each the order of birth."
    )

    def __init__(self, position: int) -> None:
        super().__init__(other=position + 1)
        self.position = position


class UhidNotAvailable(DomainError):
    """The health ID was not leased to any device, or is already somebody's (ID-2, ID-3)."""

    code = "registry.uhid_not_available"
    template = "This health ID is not free: it was not leased to a device, or is already in use."


class PersonMerged(DomainError):
    """The record was merged; the one that carries on is changed instead (ID-3)."""

    code = "registry.person_merged"
    template = "This record was merged into another one. Open the record {person_id}."


class UnknownMother(DomainError):
    """The mother named in a draft is not registered anywhere, or is a man (ID-8)."""

    code = "registry.mother_unknown"
    template = "The mother is not registered, or not a woman. Choose her again."


class MotherTooYoung(DomainError):
    """The mother named in a draft was born after the child, or on the same day (ID-8)."""

    code = "registry.mother_too_young"
    template = "The mother was born after this child. Choose her again, or correct a date of birth."


class MotherComesLater(DomainError):
    """A member names a mother who does not come earlier in the list."""

    code = "registry.mother_comes_later"
    template = "The mother must come before the child in the list of members."


class SearchTooBroad(DomainError):
    """A search names nothing that identifies a person (ID-23)."""

    code = "registry.search_too_broad"
    template = "Write at least three letters of a name, a telephone number, or a code."


class SearchTooOften(DomainError):
    """The user searched more often than a person types (ID-23)."""

    code = "registry.search_too_often"
    template = "Too many searches in a short time. Go on in {seconds} seconds."


class CardKeyMissing(DomainError):
    """No key signs cards, and this is no demonstration (ID-6)."""

    code = "registry.card_key_missing"
    template = (
        "This installation has no key to sign cards. Your administrator sets plugins.registry.card_key."
    )


class NoUhid(DomainError):
    """A card needs a health ID (ID-6)."""

    code = "registry.uhid_missing"
    template = "This person has no health ID yet."


class CardAlreadyRevoked(DomainError):
    """A card is revoked once."""

    code = "registry.card_already_revoked"
    template = "This card was revoked before."
