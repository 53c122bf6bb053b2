"""What stands in a quote case; the published schema ``quote-case.schema.json`` is made from it."""

from decimal import Decimal
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from msingi.cases import PLAIN_DIGITS, Day
from msingi.currencies import EXPONENTS
from msingi_insurance.rules.amounts import EXACT, Rounding
from msingi_insurance.rules.life import Activation, ConfirmationDate
from msingi_insurance.rules.people import Member
from msingi_insurance.rules.premium import DiscountBase, QuoteRequest, QuoteWarning, Scheme
from msingi_insurance.rules.states import RELATIONSHIP_CODES, PolicyStatus, Relationship, Stage
from msingi_insurance.rules.term_words import CashStep
from msingi_insurance.rules.terms import Amount, Terms

Code = Annotated[str, Field(min_length=1, max_length=64)]


Digits = Annotated[Decimal, Field(max_digits=EXACT.prec), PLAIN_DIGITS]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)


class CaseScheme(_Part):
    """What the scheme decides for all products."""

    currency: str = Field(default="XAF", description="ISO 4217 code; amounts are rounded to its minor unit")
    age_of_majority: int = Field(default=18, ge=1, le=30, description="Age from which a member is an adult")
    discount_base: DiscountBase = Field(
        default=DiscountBase.TOTAL, description="What discounts are a percentage of"
    )
    cash_step: Annotated[CashStep, PLAIN_DIGITS] | None = Field(
        default=None, description="Amounts are multiples of it, such as whole shillings"
    )
    activation: Activation = Field(
        default=Activation.PAYMENT, description="When a policy that is paid in full becomes active"
    )
    confirmation_date: ConfirmationDate = Field(
        default=ConfirmationDate.CONFIRMATION,
        description="From which day a confirmed policy may be effective",
    )
    suspend_unpaid: bool = Field(
        default=True, description="Whether a policy that is not fully paid in time is suspended"
    )

    @field_validator("currency")
    @classmethod
    def _known_currency(cls, code: str) -> str:
        if code not in EXPONENTS:
            raise ValueError("write a currency of ISO 4217: three capital letters, such as XAF")
        return code

    @model_validator(mode="after")
    def _can_round(self) -> Self:
        self.rules()
        return self

    def rules(self) -> Scheme:
        """The scheme as the rules know it."""
        return Scheme(Rounding(self.currency, self.cash_step), self.age_of_majority, self.discount_base)


class CaseMember(_Part):
    """One member of the family."""

    id: Code = Field(description="Any name, unique in the file")
    born: Day = Field(description="Date of birth")
    relationship: Relationship | Literal["head"] = Field(
        default="head", description="What the member is to the head; other_relative is code 7"
    )

    def rules(self) -> Member:
        """The member as the rules know it."""
        code = "" if self.relationship == "head" else RELATIONSHIP_CODES[self.relationship]
        return Member(self.id, self.born, code)


class CasePolicy(_Part):
    """The policy that is asked for."""

    stage: Stage = Field(default=Stage.NEW, description="N new, R renewal")
    enrolled: Day = Field(description="Day of enrolment, for which the price is quoted")
    previous_expiry: Day | None = Field(
        default=None, description="Last day of the policy that a renewal follows"
    )
    confirmed: Day | None = Field(
        default=None, description="Day on which somebody confirmed it, where the scheme asks for that"
    )

    @model_validator(mode="after")
    def _a_renewal_follows_something(self) -> Self:
        if (self.stage is Stage.RENEWAL) is (self.previous_expiry is None):
            raise ValueError("a renewal, and only a renewal, has a previous_expiry")
        return self


class CasePayment(_Part):
    """A contribution that was received for the policy; photo fees are none."""

    amount: Annotated[Decimal, Field(gt=0, max_digits=EXACT.prec), PLAIN_DIGITS]
    """What was paid, above zero."""
    day: Day
    """Day of payment."""
    reconciled: bool = True
    """Whether the bank has confirmed it, where the policy waits for that."""


class CasePlan(_Part):
    """The contribution plan, when one sets the value."""

    rule: Code = Field(description="Id of the calculation rule")
    parameters: dict[str, Any] = Field(default_factory=dict, description="Parameters of the rule")
    income: Amount | None = Field(
        default=None, description="Income of the insured, where the rule asks for it"
    )


class ExpectedParts(_Part):
    """Exact parts of the value; what is left out is not compared."""

    contribution: Digits | None = None
    """Lump sum and rates."""
    general_assembly: Digits | None = None
    """General assembly."""
    registration: Digits | None = None
    """Registration."""
    discount: Digits | None = None
    """Discount, positive."""


class Expected(_Part):
    """What should come out; what is left out is not compared."""

    value: Digits | None = None
    """Rounded value of the policy."""
    parts: ExpectedParts | None = None
    """Exact parts of the value."""
    from_plan: bool | None = None
    """Whether the plan set the value."""
    start: Day | None = None
    """First day of cover."""
    expiry: Day | None = None
    """Last day of cover."""
    last_payment: Day | None = None
    """Last day to pay in full."""
    covered: tuple[str, ...] | None = None
    """Covered members, in the order of the family."""
    dropped: tuple[str, ...] | None = None
    """Members above the maximum, in the order of the family."""
    warnings: tuple[QuoteWarning, ...] | None = None
    """Warnings."""
    status: PolicyStatus | None = None
    """Where the policy stands after the payments."""
    effective: Day | None = None
    """From which day it is in effect."""
    missing: Digits | None = None
    """What is left to pay."""
    excess: Digits | None = None
    """What was paid above the value; it goes to the credit of the family."""


class QuoteCase(_Part):
    """A product, a family and a wish, and what was paid; quote and status follow from nothing else.

    Months and years are those of the civil calendar.
    """

    rules: tuple[str, ...] = ()
    """Ids of the rules that the case is about."""
    why: str = ""
    """The arithmetic by hand."""
    scheme: CaseScheme = CaseScheme()
    """What the scheme decides for all products."""
    product: Terms
    """The terms of the product."""
    places: tuple[Code, ...] = ()
    """Codes from the country down to where the family lives; variations of the product name them."""
    policy: CasePolicy
    """The policy that is asked for."""
    family: Annotated[tuple[CaseMember, ...], Field(min_length=1, max_length=200)]
    """The members, the head first."""
    plan: CasePlan | None = None
    """The contribution plan, when one sets the value."""
    payments: Annotated[tuple[CasePayment, ...], Field(max_length=200)] = ()
    """The contributions that were received, by their days."""
    as_of: Day | None = None
    """Day for which the status is told; when left out the last day on which something happened to the policy."""
    expect: Expected | None = None
    """What should come out."""

    @property
    def tells_of_life(self) -> bool:
        """Whether it says what happened to the policy after it was quoted."""
        return bool(self.payments or self.policy.confirmed or self.as_of)

    def request(self) -> QuoteRequest:
        """The wish as the rules know it."""
        return QuoteRequest(
            stage=self.policy.stage,
            enrolled=self.policy.enrolled,
            members=tuple(member.rules() for member in self.family),
            places=self.places,
            previous_expiry=self.policy.previous_expiry,
        )
