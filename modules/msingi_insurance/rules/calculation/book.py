"""A calculation rule: an id, typed parameters, rights, and two pure functions; and the book of all that are known."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import Enum
from typing import Any, Final, Generic, Literal, TypeAlias, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from msingi.errors import ConfigurationError
from msingi_insurance.rules.refusals import CalculationParametersInvalid, UnknownCalculationRule
from msingi_insurance.rules.trace import Trace, step


class NotApplicable(Enum):
    """The explicit answer of a rule that says nothing about an object; zero is an answer of another kind."""

    NOT_APPLICABLE = "not_applicable"


NOT_APPLICABLE: Final = NotApplicable.NOT_APPLICABLE
Amount: TypeAlias = Decimal | Literal[NotApplicable.NOT_APPLICABLE]


class Parameters(BaseModel):
    """The parameters of a rule; every field has a description and labels follow it."""

    model_config = ConfigDict(frozen=True, extra="forbid")


Subject = TypeVar("Subject")
Given = TypeVar("Given", bound=Parameters)
Formula: TypeAlias = Callable[[Subject, Given, date], tuple[Decimal, Trace]]


def always(_subject: object, _parameters: Parameters) -> bool:
    """The condition of a rule that speaks about every object of its kind."""
    return True


@dataclass(frozen=True, slots=True)
class Calculation:
    """What a rule answered, by which rule, and why; it is recorded on the object."""

    amount: Amount
    rule: str
    steps: Trace


@dataclass(frozen=True, slots=True)
class CalculationRule(Generic[Subject, Given]):
    """One way to compute an amount, shipped or brought by a plugin.

    ``labels`` has the name in French and English; ``read`` and ``write`` name the rights that see and set parameters.
    ``formula`` is asked only about a ``subject`` for which ``condition`` holds, and returns an exact amount.
    """

    id: str
    labels: Mapping[str, str]
    parameters: type[Given]
    subject: type[Subject]
    formula: Formula[Subject, Given]
    read: str = "insurance.read_plans"
    write: str = "insurance.edit_plans"
    condition: Callable[[Subject, Given], bool] = always

    def speaks_about(self, kind: type[object]) -> bool:
        """Whether the rule is made for objects of a kind."""
        return issubclass(kind, self.subject)

    def applies_to(self, subject: object, parameters: Given) -> bool:
        """Whether the rule says something about an object."""
        return isinstance(subject, self.subject) and self.condition(subject, parameters)

    def calculate(self, subject: object, parameters: Given, as_of: date) -> Calculation:
        """The amount for an object on a day, or an explicit "not applicable"."""
        if not isinstance(subject, self.subject) or not self.condition(subject, parameters):
            return Calculation(NOT_APPLICABLE, self.id, (step("PRM-7", "not_applicable", rule=self.id),))
        amount, steps = self.formula(subject, parameters, as_of)
        return Calculation(amount, self.id, steps)

    def read_parameters(self, values: Mapping[str, object]) -> Given:
        """The typed parameters of stored or sent values; raises CalculationParametersInvalid naming the fields."""
        try:
            return self.parameters.model_validate(dict(values))
        except ValidationError as error:
            fields = sorted({".".join(map(str, each["loc"])) or "*" for each in error.errors()})
            raise CalculationParametersInvalid(rule=self.id, fields=", ".join(fields)) from None


AnyRule: TypeAlias = CalculationRule[Any, Any]


class RuleBook:
    """The calculation rules of an installation by id: those shipped, each replaced by a plugin's of the same id.

    Raises ConfigurationError when two plugins bring the same id, or a rule lacks its French or English name.
    """

    def __init__(self, shipped: Iterable[AnyRule], brought: Iterable[Iterable[AnyRule]] = ()) -> None:
        self._rules = {rule.id: rule for rule in shipped}
        seen: set[str] = set()
        for rule in (rule for rules in brought for rule in rules):
            if rule.id in seen:
                raise ConfigurationError(f"Two plugins bring the calculation rule {rule.id!r}. Remove one.")
            seen.add(rule.id)
            self._rules[rule.id] = rule
        for rule in self._rules.values():
            if not {"fr", "en"} <= rule.labels.keys():
                raise ConfigurationError(
                    f"The calculation rule {rule.id!r} needs a French and an English name."
                )

    def __iter__(self) -> Iterator[AnyRule]:
        return iter(self._rules.values())

    def get(self, rule_id: str) -> AnyRule:
        """The rule of an id; raises UnknownCalculationRule."""
        found = self._rules.get(rule_id)
        if found is None:
            raise UnknownCalculationRule(rule=rule_id)
        return found

    def calculate(
        self, rule_id: str, subject: object, values: Mapping[str, object], *, as_of: date
    ) -> Calculation:
        """Ask the rule of an id about an object, with stored parameters."""
        rule = self.get(rule_id)
        return rule.calculate(subject, rule.read_parameters(values), as_of)
