"""What the rules of insurance refuse, each with a stable code."""

from msingi.errors import DomainError


class PolicyStepRefused(DomainError):
    """The policy cannot take this step from the status it has (POL-4)."""

    code = "insurance.policy_step_refused"
    template = "A policy that is {status} cannot take the step “{step}”."
    state_params = frozenset({"status", "step"})


class ReasonRequired(DomainError):
    """A step that somebody decides needs a reason (POL-4, POL-11)."""

    code = "insurance.reason_required"
    template = "Give a reason for the step “{step}”."
    state_params = frozenset({"step"})


class PolicyHasPremiums(DomainError):
    """A policy with contributions is never deleted (POL-11, D-18)."""

    code = "insurance.policy_has_premiums"
    template = "This policy has contributions ({premiums}) and cannot be deleted. Suspend it instead."


class ProductHasPolicies(DomainError):
    """A product with policies is closed, not deleted (PRD-1)."""

    code = "insurance.product_has_policies"
    template = "Policies were sold under this product. Close it instead of deleting it."


class ProductDatesInvalid(DomainError):
    """The last day of sale lies before the first (PRD-1)."""

    code = "insurance.product_dates_invalid"
    template = "The last day of sale lies before the first one."


class ConversionCycle(DomainError):
    """A product would replace itself, directly or through others (PRD-1)."""

    code = "insurance.conversion_cycle"
    template = "The product {code} would in the end replace itself."


class SubstitutionCycle(DomainError):
    """An officer would stand in for themselves, directly or through others (POL-8)."""

    code = "insurance.substitution_cycle"
    template = "The officer {code} would in the end stand in for themselves."


class FamilyWithoutHead(DomainError):
    """A family has exactly one head, who is a member (INS-1)."""

    code = "insurance.family_without_head"
    template = "A family has one head, who is a member. Choose another head first."


class FamilyPlaceInvalid(DomainError):
    """A family lives in a village, the last level of places (INS-1)."""

    code = "insurance.family_place_invalid"
    template = "Choose the village of the family, not a larger place."


class StatusReasonInvalid(DomainError):
    """Inactive and dead persons need a reason of the same kind (INS-3)."""

    code = "insurance.status_reason_invalid"
    template = "Choose a reason that belongs to the status {status}."


class StatusDateInvalid(DomainError):
    """A status that closes cover needs its day, not in the future and not before birth (INS-3)."""

    code = "insurance.status_date_invalid"
    template = "Give the day on which the status became {status}; it lies between birth and today."


class FieldRequired(DomainError):
    """A field that the scheme made mandatory is empty (INS-3, INS-4, INS-6)."""

    code = "insurance.field_required"
    template = "Fill in: {fields}."


class FieldHidden(DomainError):
    """A field that the scheme does not collect is filled in (INS-7)."""

    code = "insurance.field_hidden"
    template = "The scheme does not collect: {fields}."


class NotInTheList(DomainError):
    """A code does not stand in the list that the country keeps for its field (INS-3)."""

    code = "insurance.not_in_the_list"
    template = "“{code}” is not in the country's list for {field}. Known: {known}."


class InsuranceNumberRefused(DomainError):
    """An insurance number breaks the scheme's rule; ``reason`` is a code of INS-2."""

    code = "insurance.number_refused"
    template = "This insurance number cannot be used (code {reason})."


class TooManyInstalments(DomainError):
    """The product allows no further contribution to the policy (PAY-2)."""

    code = "insurance.too_many_instalments"
    template = "This product is paid in at most {most} instalments."


class AmountInvalid(DomainError):
    """A contribution is more than nothing (PAY-1)."""

    code = "insurance.amount_invalid"
    template = "The amount must be more than zero."


class PayerNotAllowedHere(DomainError):
    """The payer belongs to a place that does not contain the product's place (PAY-1)."""

    code = "insurance.payer_not_allowed_here"
    template = "This payer belongs to another place than the product."


class PaymentStepRefused(DomainError):
    """The payment cannot take this step from the state it has (PAY-7)."""

    code = "insurance.payment_step_refused"
    template = "A payment that is {state} cannot take the step “{step}”."
    state_params = frozenset({"state", "step"})


class NothingToPay(DomainError):
    """All policies of a payment are paid already: there is nothing to share it by (PAY-5)."""

    code = "insurance.nothing_to_pay"
    template = "These policies are paid already."


class RefundRefused(DomainError):
    """A refund is more than nothing and never exceeds what is left of the payment (PAY-6)."""

    code = "insurance.refund_refused"
    template = "A refund is more than zero and at most {most}."


class ContractStepRefused(DomainError):
    """The contract cannot take this step from the state it has."""

    code = "insurance.contract_step_refused"
    template = "A contract that is in the state “{state}” cannot take the step “{step}”."
    state_params = frozenset({"state", "step"})


class UnknownCalculationRule(DomainError):
    """No enabled plugin brings this calculation rule."""

    code = "insurance.unknown_calculation_rule"
    template = "There is no calculation rule {rule} here."


class RuleSetsNoContribution(DomainError):
    """A calculation rule that is made for something else would never set the value of a policy (PRM-7)."""

    code = "insurance.rule_sets_no_contribution"
    template = "The calculation rule {rule} sets no contribution."


class CalculationParametersInvalid(DomainError):
    """The parameters of a calculation rule break its schema."""

    code = "insurance.calculation_parameters_invalid"
    template = "The parameters of the calculation rule {rule} are not valid: {fields}."
