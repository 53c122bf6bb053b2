"""The port to payment gateways: what insurance asks the plugins that speak with them (PG-1..PG-7)."""

from collections.abc import Mapping

from msingi.plugin import hookspec
from msingi.work import Work
from msingi_insurance.plugin import plugin
from msingi_insurance.rules.references import Bill, GatewayAnswer, MoneyNotice


class GatewaySilent(Exception):
    """A gateway gave no answer: what became of the request is unknown, and nothing is sent twice (F29)."""


@plugin.hooks
class PaymentHooks:
    """Questions to gateways; a plugin answers None for gateways that are not its own."""

    @hookspec
    def request_reference(self, work: Work, bill: Bill) -> GatewayAnswer | None:
        """Ask for a number; called once for each bill. Raises ``GatewaySilent`` or ``OSError`` when nothing comes back."""
        raise NotImplementedError

    @hookspec
    def ask_reference(self, work: Work, bill: Bill) -> GatewayAnswer | None:
        """Ask what became of a bill that was sent: this never makes a second one."""
        raise NotImplementedError

    @hookspec
    def cancel_reference(self, work: Work, bill: Bill, number: str) -> bool | None:
        """Tell that a number is no longer to be paid; True when the gateway agrees."""
        raise NotImplementedError

    @hookspec
    def read_notice(
        self, work: Work, gateway: str, headers: Mapping[str, str], body: bytes
    ) -> MoneyNotice | None:
        """Verify the signature of a notice before anything of it is read (PG-1, D-31); raises ``NoticeNotGenuine``."""
        raise NotImplementedError
