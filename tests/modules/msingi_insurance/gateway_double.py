"""A payment gateway for tests: answers, keeps silent, loses requests, and counts what reached it."""

from dataclasses import dataclass, field
from uuid import UUID

from msingi.plugin import Plugin
from msingi.work import Work
from msingi_insurance.payment_hooks import GatewaySilent
from msingi_insurance.rules.references import Answer, Bill, GatewayAnswer

__all__ = ["GatewayDouble"]


@dataclass
class GatewayDouble:
    """The gateway ``G``; ``silent`` requests arrive without an answer, ``lost`` ones never arrive."""

    silent: bool = False
    lost: bool = False
    rejects: bool = False
    received: list[UUID] = field(default_factory=list)
    numbers: dict[UUID, str] = field(default_factory=dict)
    cancelled: list[str] = field(default_factory=list)

    def plugin(self) -> Plugin:
        """The plugin that speaks with it."""
        made = Plugin("gateway_double", requires=["insurance"])

        @made.answer
        def request_reference(work: Work, bill: Bill) -> GatewayAnswer | None:
            return self._request(bill)

        @made.answer
        def ask_reference(work: Work, bill: Bill) -> GatewayAnswer | None:
            return self._ask(bill)

        @made.answer
        def cancel_reference(work: Work, bill: Bill, number: str) -> bool | None:
            self.cancelled.append(number)
            return True

        return made

    def _request(self, bill: Bill) -> GatewayAnswer:
        if self.lost:
            raise TimeoutError
        self.received.append(bill.id)
        if self.rejects:
            return GatewayAnswer(Answer.REJECTED, code="7102")
        self.numbers.setdefault(bill.id, f"99{len(self.numbers):010d}")
        if self.silent:
            raise GatewaySilent
        return GatewayAnswer(Answer.ISSUED, number=self.numbers[bill.id], code="7101")

    def _ask(self, bill: Bill) -> GatewayAnswer:
        if self.silent:
            raise GatewaySilent
        if bill.id not in self.numbers:
            return GatewayAnswer(Answer.NEVER_RECEIVED)
        return GatewayAnswer(Answer.ISSUED, number=self.numbers[bill.id], code="7101")
