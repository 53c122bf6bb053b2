"""Refusals of what facilities bring beside claims: attachments, requests for consent, bundles of paper."""

from msingi.errors import DomainError


class ForbiddenAddress(DomainError):
    """The host of an attachment is not on the list of allowed hosts (D-23)."""

    code = "claims.forbidden_address"
    template = "Attachments may only be kept on: {hosts}."


class WrongFileType(DomainError):
    """An attached file is not what it says, or not one of the accepted types."""

    code = "claims.wrong_file_type"
    template = "Attach a PDF, a JPEG or a PNG file."


class FileTooLarge(DomainError):
    """An attached file is too large."""

    code = "claims.file_too_large"
    template = "An attachment has at most {most} bytes."


class TooManyAttachments(DomainError):
    """A claim has as many attachments as the setting allows."""

    code = "claims.too_many_attachments"
    template = "A claim has at most {most} attachments."


class ConsentDecided(DomainError):
    """A request for consent was decided already."""

    code = "claims.consent_decided"
    template = "This request was decided already."


class ConsentNotGiven(DomainError):
    """The pre-authorisation that a claim names is not granted, or for somebody or something else."""

    code = "claims.consent_not_given"
    template = "The pre-authorisation {number} does not hold for this claim."


class BatchClosed(DomainError):
    """A bundle of paper claims is complete."""

    code = "claims.paper_batch_closed"
    template = "This bundle is complete."


class SecondKeyNeeded(DomainError):
    """The second keying of a paper claim is by another person (TZA-25)."""

    code = "claims.second_person_needed"
    template = "Another person has to key this claim a second time."


class KeyingsDiffer(DomainError):
    """The two keyings of a paper claim differ (TZA-25)."""

    code = "claims.keyings_differ"
    template = "The second keying differs from the first in: {fields}."
