"""What insurance asks other plugins."""

from collections.abc import Collection, Sequence
from datetime import date
from uuid import UUID

from msingi.plugin import hookspec
from msingi.work import Work
from msingi_insurance.payment_hooks import PaymentHooks
from msingi_insurance.plugin import plugin
from msingi_insurance.registers import Register
from msingi_insurance.rules.calculation.book import AnyRule, RuleBook
from msingi_insurance.rules.calculation.shipped import SHIPPED
from msingi_insurance.rules.consumption import Consumed
from msingi_insurance.rules.periods import CIVIL, Calendar

__all__ = ["InsuranceHooks", "PaymentHooks", "calendar_of", "rule_book"]


@plugin.hooks
class InsuranceHooks:
    """Questions of insurance."""

    @hookspec
    def calculation_rules(self) -> Sequence[AnyRule]:
        """Bring calculation rules; one with the id of a shipped rule replaces it."""
        raise NotImplementedError

    @hookspec
    def consumption(
        self, work: Work, policy_ids: Collection[UUID], insuree_ids: Collection[UUID], on: date
    ) -> Sequence[Consumed]:
        """Tell what insurees have used up under policies, with claims of the period that holds the day (POL-10).

        A pair without consumption of its own is left out unless the family used something; any number of pairs in a fixed number of statements.
        """
        raise NotImplementedError

    @hookspec
    def registers(self, work: Work) -> Sequence[Register]:
        """Bring further registers whose active and inactive records the report of registers counts."""
        raise NotImplementedError

    @hookspec(firstresult=True)
    def scheme_calendar(self) -> Calendar | None:
        """Bring the calendar in which the scheme counts months and cycles (POL-3); without an answer it is the civil one."""
        raise NotImplementedError


def rule_book(work: Work) -> RuleBook:
    """The calculation rules of this installation, made once per process."""
    kept = work.platform.kept("insurance.rule_book", 1)
    book: RuleBook = kept.get_many(
        ("book",), lambda _: {"book": RuleBook(SHIPPED, work.platform.hooks.calculation_rules())}
    )["book"]
    return book


def calendar_of(work: Work) -> Calendar:
    """The calendar of this installation."""
    found: Calendar | None = work.platform.hooks.scheme_calendar()
    return found or CIVIL
