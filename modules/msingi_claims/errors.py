"""Refusals of claims."""

from collections.abc import Sequence, Sized
from typing import Any, Final, Self

from msingi.errors import DomainError
from msingi.sayings import Saying, Sayings

_MOST_TOLD: Final = 20


class _AboutClaims(DomainError):
    """A refusal of a step on claims; of several, those that it is about are named by their codes."""

    def saying(self) -> Saying:
        """The refusal, and the claims that it is about where the step was for several."""
        reason = super().saying()
        if "claims" not in self.params:
            return reason
        return Saying(
            "{reason} Claims concerned: {claims}.", {"reason": reason, "claims": self.params["claims"]}
        )

    @classmethod
    def of(cls, claims: Sized, wrong: Sequence[Any], **params: object) -> Self:
        """The refusal of a step on ``claims``, because of those that are ``wrong``."""
        return cls(**params) if len(claims) == 1 else cls.about(wrong, **params)

    @classmethod
    def about(cls, wrong: Sequence[Any], **params: object) -> Self:
        """The refusal because of these claims, which the caller may see; a flood of them is counted."""
        told: list[Saying | str] = [cls.named(claim) for claim in wrong[:_MOST_TOLD]]
        if len(wrong) > _MOST_TOLD:
            told.append(Saying("and {more} more", {"more": len(wrong) - _MOST_TOLD}))
        return cls(**params, claims=Sayings(tuple(told)))

    @classmethod
    def named(cls, claim: Any) -> Saying | str:
        """A claim as the refusal names it."""
        return str(claim.code)


class CodeTaken(DomainError):
    """Another claim bears the code."""

    code = "claims.code_taken"
    template = "A claim with the code {code} exists already."


class CodeTooLong(DomainError):
    """The code is longer than the setting allows."""

    code = "claims.code_too_long"
    template = "The code of a claim has at most {most} characters."


class UnknownPatient(DomainError):
    """No insuree bears the number or the id."""

    code = "claims.unknown_patient"
    template = "There is no insured person with this number."


class UnknownFacility(DomainError):
    """No facility bears the code."""

    code = "claims.unknown_facility"
    template = "There is no facility with the code {code}."


class UnknownDiagnosis(DomainError):
    """A diagnosis is not in the register."""

    code = "claims.unknown_diagnosis"
    template = "The diagnosis {code} is not in the register."


class UnknownEntry(DomainError):
    """An item or a service is not in the register at all."""

    code = "claims.unknown_entry"
    template = "Line {position}: {code} is not in the register."


class UnknownAdministrator(DomainError):
    """No claim administrator of the facility bears the code."""

    code = "claims.unknown_administrator"
    template = "The facility has no claim administrator {code}."


class QuantityTooLarge(DomainError):
    """The quantity of an item is above the maximum of the register."""

    code = "claims.quantity_too_large"
    template = "Line {position}: at most {most} of {code} may be claimed on one line."


class PriceTooHigh(DomainError):
    """The price asked for a service is above the most that one may cost by the register."""

    code = "claims.price_too_high"
    template = "Line {position}: one {code} may cost at most {most}."


class ExplanationNeeded(DomainError):
    """A service that was given more than once needs an explanation."""

    code = "claims.explanation_needed"
    template = "Line {position}: explain why {code} was given more than once."


class NothingClaimed(DomainError):
    """A claim has no line."""

    code = "claims.nothing_claimed"
    template = "A claim needs at least one item or service."


class SeveralMistakes(DomainError):
    """Several things are wrong with one claim: every one is told, with its code (D-24)."""

    code = "claims.several_mistakes"
    template = "Several things are wrong. {mistakes}"

    @classmethod
    def of(cls, problems: Sequence[DomainError]) -> Self:
        """The refusal that tells all of these; a flood is counted."""
        told = [problem.saying() for problem in problems[:_MOST_TOLD]]
        if len(problems) > _MOST_TOLD:
            told.append(Saying("And {more} more.", {"more": len(problems) - _MOST_TOLD}))
        codes = ", ".join(dict.fromkeys(problem.code for problem in problems))
        return cls(codes=codes, mistakes=Sayings(tuple(told), " "))


class TooManyLines(DomainError):
    """A claim has more lines than the setting allows."""

    code = "claims.too_many_lines"
    template = "A claim has at most {most} lines."


class FutureDate(DomainError):
    """A date of a claim lies in the future."""

    code = "claims.future_date"
    template = "The dates of a claim are not in the future."


class WrongStatus(_AboutClaims):
    """The status of a claim does not allow the action; nothing was changed (attack 91)."""

    code = "claims.wrong_status"
    template = "The claim is {status}. This step is possible for: {allowed}."
    state_params = frozenset({"status", "allowed"})

    @classmethod
    def named(cls, claim: Any) -> Saying | str:
        """The claim with its status: each may stand elsewhere."""
        return Saying("{code} ({status})", {"code": claim.code, "status": Saying(claim.status.value)})


class ReasonRequired(DomainError):
    """A step that takes a claim away from its facility needs a reason."""

    code = "claims.reason_required"
    template = "Say why: this step needs a reason."


class SomeNotFound(DomainError):
    """Some claims of a list do not exist or are not visible; nothing was changed."""

    code = "claims.some_not_found"
    template = "Some of the claims are not visible to you: {count}. Nothing was changed."


class TooManyClaims(DomainError):
    """A request names more claims than it may handle at once."""

    code = "claims.too_many_claims"
    template = "At most {most} claims can be handled at once."


class OwnClaim(_AboutClaims):
    """Who entered or submitted a claim must not decide on it (attack 24)."""

    code = "claims.own_claim"
    template = "You entered or submitted this claim: somebody else has to decide on it."


class OwnFacility(_AboutClaims):
    """A reviewer whose right comes from the facility itself must not decide on its claims (attack 24)."""

    code = "claims.own_facility"
    template = "Your right comes from this facility: somebody from outside has to decide on its claims."


class NotSelected(_AboutClaims):
    """The claim was not selected for this step."""

    code = "claims.not_selected"
    template = "The claim was not selected for {purpose}."


class NotAssigned(_AboutClaims):
    """The review is assigned to another reviewer."""

    code = "claims.not_assigned"
    template = "This review is assigned to another reviewer."


class NotAReviewer(_AboutClaims):
    """A task is given to somebody who has no right from outside to review claims of the facility (attack 24)."""

    code = "claims.not_a_reviewer"
    template = "This person has no right to review these claims."


class ReviewOpen(_AboutClaims):
    """A review that was begun is not delivered yet."""

    code = "claims.review_open"
    template = "Somebody is reviewing this claim. Deliver the review first, or bypass it."


class UnknownLine(DomainError):
    """A decision names a line that the claim does not have."""

    code = "claims.unknown_line"
    template = "The claim has no such line."


class QueryAnswered(DomainError):
    """A question was answered already."""

    code = "claims.query_answered"
    template = "This question was answered already."


class RestoredTooOften(DomainError):
    """Rejected care was claimed again as often as the setting allows."""

    code = "claims.restored_too_often"
    template = "This care was claimed again as often as possible ({times})."


class RestoredAlready(DomainError):
    """The rejected claim was taken up again already."""

    code = "claims.restored_already"
    template = "This claim was taken up again already."


class RejectedByChecks(_AboutClaims):
    """The claim was rejected by the checks, not by a person: there is no error to take back."""

    code = "claims.rejected_by_checks"
    template = "The checks rejected this claim. Restore it as a new claim instead."


class NoOfficer(_AboutClaims):
    """No enrolment officer with a telephone serves the patient's place (CLM-3)."""

    code = "claims.no_officer"
    template = "No enrolment officer with a telephone number serves the place of this patient."


class UnknownOfficer(DomainError):
    """No enrolment officer bears the code."""

    code = "claims.unknown_officer"
    template = "There is no officer with the code {code}."


class UnreadableAnswers(DomainError):
    """The answers of a feedback file are not four times 0 or 1 and a mark from 0 to 5 (CLM-F4)."""

    code = "claims.unreadable_answers"
    template = "The answers are four times 0 or 1, and a mark from 0 to 5."


class UnusableKey(DomainError):
    """The public key of a device is not one of X25519, so that nothing can be sealed for it (CLM-F7)."""

    code = "claims.unusable_key"
    template = "Give the public key of the device: X25519, 32 bytes in base64url."


class TooMuchAsked(DomainError):
    """A claim asks for more than any care costs (attack 55)."""

    code = "claims.too_much_asked"
    template = "A claim cannot ask for so much money. Look at its quantities and prices."


class MoreThanProvided(DomainError):
    """A reviewer approves more than was provided; a review takes off and never adds (CLM-5)."""

    code = "claims.more_than_provided"
    template = "Line {position}: at most what was provided and asked for can be approved."


class TakenUpAgain(_AboutClaims):
    """The care of a rejected claim stands on another claim that was not rejected or deleted."""

    code = "claims.taken_up_again"
    template = "The care of this claim was claimed again. Reject or delete that claim first."


class HasFindings(_AboutClaims):
    """Claims with findings are not accepted in bulk (CLM-7)."""

    code = "claims.has_findings"
    template = "Some of the claims have findings ({count}): look at them one by one."


class NotReleasable(_AboutClaims):
    """The claim was not rejected as a duplicate or for a finding: there is nothing to release."""

    code = "claims.not_releasable"
    template = "This claim was not rejected as a duplicate or for a finding."


class SampleClosed(DomainError):
    """A sample review was decided already."""

    code = "claims.sample_closed"
    template = "This sample was decided already."


class SampleOpen(_AboutClaims):
    """Not every claim of the sample is reviewed yet."""

    code = "claims.sample_open"
    template = "Claims of the sample are not reviewed yet: {count}."


class NothingToSample(DomainError):
    """There is no claim to draw a sample from."""

    code = "claims.nothing_to_sample"
    template = "There is no checked claim to draw a sample from."


class NotDecided(DomainError):
    """Nothing is decided on a claim yet: it was entered and not submitted."""

    code = "claims.not_decided"
    template = "Nothing is decided on this claim yet. Submit it first, with submitClaims; then ask again."
