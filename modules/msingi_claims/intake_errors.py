"""Refusals of claims that files and systems send."""

from msingi.errors import DomainError


class UnreadableFile(DomainError):
    """A file of claims cannot be read."""

    code = "claims.unreadable_file"
    template = "The file cannot be read as claims: {why}."


class OtherContent(DomainError):
    """The same claim code came with other content."""

    code = "claims.other_content"
    template = "The claim {code} was sent before with other content."


class EndBeforeStart(DomainError):
    """The last day of the care is before the first."""

    code = "claims.end_before_start"
    template = "The care ends before it begins."


class TotalDiffers(DomainError):
    """The total that a sender states is not what the lines add up to (CLM-F1)."""

    code = "claims.total_differs"
    template = "The stated total is not the sum of the lines, which is {sum}."


class WrongValue(DomainError):
    """A value of a claim in a file has not the form that it needs; names line and elements, never the value."""

    code = "claims.wrong_value"
    template = "Line {line}, {path}: {reason}."


class MoreMistakes(DomainError):
    """A claim in a file has more mistakes than are told."""

    code = "claims.more_mistakes"
    template = "The claim has further mistakes."


class NothingAsked(DomainError):
    """A claim asks for no money at all."""

    code = "claims.nothing_asked"
    template = "The amount of the claim is 0."
