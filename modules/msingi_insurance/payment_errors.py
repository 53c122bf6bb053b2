"""Refusals about money: contributions, payers, officers, cash, payments, renewals, contracts and their files."""

from msingi.errors import DomainError


class ReceiptTaken(DomainError):
    """A receipt number is used once in a product (POL-7, attack 89)."""

    code = "insurance.receipt_taken"
    template = "The receipt {receipt} was used before for this product."


class ReceiptReserved(DomainError):
    """Numbers of the automatic form are given by the server only, so that they have no gap (POL-7)."""

    code = "insurance.receipt_reserved"
    template = "Numbers like {receipt} are given automatically. Leave the receipt out."


class PaidInFuture(DomainError):
    """A payment is not dated in the future."""

    code = "insurance.paid_in_future"
    template = "The day of payment lies in the future."


class OfficerRequired(DomainError):
    """Cash always lies with a known officer (TZA-14)."""

    code = "insurance.officer_required"
    template = "Name the enrolment officer who took the cash."


class OfficerNotThere(DomainError):
    """An officer works in certain villages, and until a day (TZA-14)."""

    code = "insurance.officer_not_there"
    template = "The officer {officer} does not work in this place, or no longer."


class DutiesConflict(DomainError):
    """Two duties that one person must not hold together, or two steps that two persons must take (attack 24)."""

    code = "insurance.duties_conflict"
    template = "Somebody else has to do this: it may not be the person who {did}."


class ReturnImpossible(DomainError):
    """A contribution is reversed once and as a whole; a refund is at most the credit (PAY-6, attack 88)."""

    code = "insurance.return_impossible"
    template = "This contribution cannot be taken back: {why}."


class AlreadyDecided(DomainError):
    """A request, a funding, a count or a statement is decided once."""

    code = "insurance.already_decided"
    template = "This was decided before, or its time has not come yet."


class CodeTaken(DomainError):
    """Another record of this kind bears the code."""

    code = "insurance.code_taken"
    template = "The code {code} is taken. Choose another one."


class CashAlreadyOpen(DomainError):
    """An officer has one open count of cash at a time (TZA-14)."""

    code = "insurance.cash_already_open"
    template = "A count of this officer's cash is open. Finish it first."


class NoCash(DomainError):
    """There is nothing to count."""

    code = "insurance.no_cash"
    template = "The officer has no cash that was not counted before."


class DifferenceUnexplained(DomainError):
    """A difference between counted and expected cash needs a note (TZA-14)."""

    code = "insurance.difference_unexplained"
    template = "The cash differs from what is expected by {difference}. Write down why."


class UnknownGateway(DomainError):
    """The settings know no gateway of this name; ``known`` says which they know."""

    code = "insurance.gateway_unknown"
    template = "There is no payment gateway {gateway} here: {known}."


class NoNumberPool(DomainError):
    """The settings know no pool of control numbers for a product (PAY-9)."""

    code = "insurance.no_number_pool"
    template = "The product {product} has no pool of control numbers."


class NoticeNotGenuine(DomainError):
    """The signature of a notice does not fit its content (PG-1, D-31)."""

    code = "insurance.notice_not_genuine"
    template = "The signature of this notice is not valid. Nothing was received."


class NoticeUnreadable(DomainError):
    """A genuine notice does not say what a payment needs; ``result`` is a code of PAY-7."""

    code = "insurance.notice_unreadable"
    template = "The notice cannot be read (code {result})."


class NoticeContradicts(DomainError):
    """A transaction id came again with another content (IN-3, PAY-8)."""

    code = "insurance.notice_contradicts"
    template = "This transaction was reported before with another content."


class IntentRefused(DomainError):
    """A request to pay breaks a rule; ``result`` is a code of PAY-3."""

    code = "insurance.intent_refused"
    template = "This payment cannot be prepared (code {result})."


class ReferenceStepRefused(DomainError):
    """The reference cannot take this step from the state it has."""

    code = "insurance.reference_step_refused"
    template = "A reference that is {state} cannot take the step “{step}”."
    state_params = frozenset({"state", "step"})


class NotUnmatched(DomainError):
    """Only money in suspense is matched by hand."""

    code = "insurance.not_unmatched"
    template = "This payment does not wait to be matched."


class StatementUnreadable(DomainError):
    """A statement is a CSV or XLSX list with the columns transaction, amount and day (PG-5)."""

    code = "insurance.statement_unreadable"
    template = "The statement cannot be read: {why}."


class EndsBeforeItBegins(DomainError):
    """A plan is in use for a day at least (PRM-7)."""

    code = "insurance.ends_before_it_begins"
    template = "The last day, {last_day}, lies before the first one, {first_day}."


class HolderClosed(DomainError):
    """A policy holder that takes part no more is not covered by a contract (PRM-7)."""

    code = "insurance.holder_closed"
    template = (
        "The policy holder {code} takes part no more from {closed_on} on. Choose a contract that ends before."
    )


class UnknownNumbers(DomainError):
    """Nobody bears these insurance numbers, or bore them (INS-2)."""

    code = "insurance.numbers_unknown"
    template = "Nobody has the insurance number of line {lines}. Compare it with the card."


class TooManyMembers(DomainError):
    """A policy holder declares or withdraws a limited number of members at once (attack 15)."""

    code = "insurance.too_many_members"
    template = "At most {most} members are declared or withdrawn at once. Send the rest separately."


class ContractRenewed(DomainError):
    """A contract is renewed once: its people would pay twice for the same days."""

    code = "insurance.contract_renewed"
    template = "Contract {contract} follows this one already."


class ContractBeforeApproval(DomainError):
    """Members stay as they are while a contract that was submitted is decided, whoever would change them (attack 24)."""

    code = "insurance.contract_before_approval"
    template = "The contract {contract} waits for approval. Change members once it is approved or sent back."


class BundleNotOffered(DomainError):
    """A policy holder covers people under the bundles of its place and of those above it."""

    code = "insurance.bundle_not_offered"
    template = "The bundle of plans of line {lines} is not offered to this policy holder. Known: {known}."


class HolderWithoutMembers(DomainError):
    """A contract covers somebody."""

    code = "insurance.holder_without_members"
    template = "The policy holder has no member whom a plan covers."


class PlanNotApplicable(DomainError):
    """The calculation rule of a plan does not apply to a member, or finds no amount."""

    code = "insurance.plan_not_applicable"
    template = "The plan {plan} gives no amount for {members} members."


class ContractOver(DomainError):
    """The money came after the last day of the contract and would cover nobody on any day (POL-4)."""

    code = "insurance.contract_over"
    template = "The contract ended on {date}: paid after that day it would cover nobody. Give the money back, or renew the contract and take it for the new one."


class InvoiceUnpaid(DomainError):
    """An invoice is paid in full and once (D-35)."""

    code = "insurance.invoice_unpaid"
    template = "The invoice asks for {amount}, to be paid at once."


class FileRefused(DomainError):
    """A file of enrolments, renewals or feedback is not what its door takes (attacks 64, 67)."""

    code = "insurance.file_refused"
    template = "The file cannot be read: {why}."


class SlipMissing(DomainError):
    """What a gateway pays into the bank is told apart by the number of its slip (PG-5)."""

    code = "insurance.slip_missing"
    template = "Write the number of the bank slip."


class TooManyPolicies(DomainError):
    """One payment is shared over a limited number of policies (PAY-5)."""

    code = "insurance.too_many_policies"
    template = "One payment is shared over {most} policies at most."


class CreditEmpty(DomainError):
    """The credit of a family pays only while there is some, and only what a policy still costs (PAY-6)."""

    code = "insurance.credit_empty"
    template = "The family has no credit left, or the policy needs no money."


class MobileNotByHand(DomainError):
    """Where cover waits for the bank, nothing would ever confirm mobile money that somebody wrote down (POL-4)."""

    code = "insurance.mobile_not_by_hand"
    template = "Here cover waits for the bank: mobile money is not recorded by hand, it comes with the operator's notice or statement."


class CreditNotBrought(DomainError):
    """A family's credit is used by its own operation: nobody brings it (PAY-6)."""

    code = "insurance.credit_not_brought"
    template = "Credit is not brought: use the operation that pays from the family's credit."
