"""Refusals of the services of products, families, policies and cover; those of pure rules are in ``rules.refusals``."""

from msingi.errors import DomainError


class ProductCodeTaken(DomainError):
    """Another product that is not closed bears the code (PRD-1)."""

    code = "insurance.product_code_taken"
    template = "Another product has the code {code}. Close it first, or choose another code."


class ProductClosed(DomainError):
    """A closed product does not change any more (PRD-1)."""

    code = "insurance.product_closed"
    template = "The product {code} is closed."


class ProductNotSold(DomainError):
    """The product is not on sale on the day, or not in the place of the family (PRD-1)."""

    code = "insurance.product_not_sold"
    template = "The product {code} is not sold on {day} in this place."


class NotStartedHere(DomainError):
    """The wave that brings the product to the place of the family has not begun (TZA-07)."""

    code = "insurance.not_started_here"
    template = "{product} has not started in this place on {day}."


class UnknownCoverage(DomainError):
    """Coverage lines name codes that the catalogue does not have (PRD-10)."""

    code = "insurance.coverage_unknown"
    template = "The catalogue does not have these codes: {codes}. Load its lists first."


class VersionTooEarly(DomainError):
    """A next version holds from a later day than the one before; sold policies keep theirs."""

    code = "insurance.version_too_early"
    template = "A new version must hold from {earliest} or later."


class PoolsInTheMiddle(DomainError):
    """Pools of relative prices change where a period of each of them begins: no money is shared twice (BAT-2)."""

    code = "insurance.pools_in_the_middle"
    template = (
        "The pools of relative prices cannot change on {asked}: a period that was shared out, or waits for it, would "
        "be cut. They can from {earliest} on."
    )


class SameTerms(DomainError):
    """A next version says the same as the one before."""

    code = "insurance.same_terms"
    template = "These are the terms of version {number} already."


class InvalidProductFile(DomainError):
    """A product file is not JSON, or does not say what a product needs."""

    code = "insurance.product_file_invalid"
    template = "The file is not a product. {problems}"


class AlreadyInsured(DomainError):
    """The person is an insuree already, or the household an insured family."""

    code = "insurance.already_insured"
    template = "This person or household is enrolled already under the number {number}."


class NamedTwice(DomainError):
    """A registered person is named once in a family; ``member`` is the position of the second time."""

    code = "insurance.named_twice"
    template = "This person is named twice in the family."


class NotAMember(DomainError):
    """The insuree does not belong to the family."""

    code = "insurance.not_a_member"
    template = "This insuree does not belong to the family."


class LivesThere(DomainError):
    """A family moves to another village than its own (INS-8)."""

    code = "insurance.lives_there"
    template = "The family is registered in this village already."


class HeadStays(DomainError):
    """The head is neither moved nor removed while others remain (INS-1)."""

    code = "insurance.head_stays"
    template = "The head leaves last. Choose another head first."


class InsureeIncomplete(DomainError):
    """Sex and date of birth are required (INS-3)."""

    code = "insurance.insuree_incomplete"
    template = "Fill in: {fields}."


class NameRequired(DomainError):
    """Only schemes that say so hold persons without a name (INS-7)."""

    code = "insurance.name_required"
    template = "This scheme enrols persons with their names."


class FamilyHasPolicies(DomainError):
    """A family with unexpired policies is not deleted."""

    code = "insurance.family_has_policies"
    template = "The family has {policies} policies that have not ended. Suspend or let them end first."


class PhotoRefused(DomainError):
    """A photo is a JPEG or PNG picture of limited size (INS-4)."""

    code = "insurance.photo_refused"
    template = "Send a JPEG or PNG picture of at most {most} kilobytes."


class PhotoDateInvalid(DomainError):
    """A photo was not taken tomorrow."""

    code = "insurance.photo_date_invalid"
    template = "The day of the photo lies in the future, or is not a date."


class EnrolledLater(DomainError):
    """A policy is not enrolled for a day to come."""

    code = "insurance.enrolled_later"
    template = "The day of enrolment lies in the future."


class NobodyToCover(DomainError):
    """A policy covers at least one living, active member."""

    code = "insurance.nobody_to_cover"
    template = "The family has no active member whom the policy could cover."


class AlreadyRenewed(DomainError):
    """A later policy follows already (POL-8)."""

    code = "insurance.already_renewed"
    template = "A later policy follows this one already."


class RenewalTooEarly(DomainError):
    """A renewal is possible only shortly before the end of cover (POL-8)."""

    code = "insurance.renewal_too_early"
    template = "This policy can be renewed from {earliest} on."


class NotPaid(DomainError):
    """A policy is confirmed only when a contribution was received."""

    code = "insurance.not_paid"
    template = "No contribution was received for this policy."


class UnknownCountryPlace(DomainError):
    """A product of the country file names a place that is not in the tree."""

    code = "insurance.unknown_country_place"
    template = "The country file names the place {place}, which does not exist."


class PlanNotOffered(DomainError):
    """A contribution plan prices one product, while it is in use (PRM-7)."""

    code = "insurance.plan_not_offered"
    template = "The plan {plan} does not set the value of the product {product} on {day}."
