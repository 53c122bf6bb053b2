"""A process that runs a batch or takes the bank's answers, and is killed at a statement of its own."""

import os
import signal
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import event

from msingi.platform import Platform
from msingi.trial import small_profile
from msingi_claims.rules.bills import BankOutcome
from msingi_claims.services.answer_checks import BankAnswer
from msingi_claims.services.batches import run_batch
from msingi_claims.services.settling import take_answers


def run_batch_until(profile: dict[str, Any], now: datetime, fatal: str, place_id: UUID) -> None:
    """Run the batch of February 2026; never returns."""
    with _doomed(profile, now, fatal).work() as work:
        run_batch(work, place_id, 2026, 2)


def take_answers_until(
    profile: dict[str, Any], now: datetime, fatal: str, payment_id: UUID, references: list[str], day: date
) -> None:
    """Hear that every order was paid; never returns."""
    answers = [BankAnswer(reference, BankOutcome.PAID, day) for reference in references]
    with _doomed(profile, now, fatal).work() as work:
        take_answers(work, payment_id, answers)


def _doomed(profile: dict[str, Any], now: datetime, fatal: str) -> Platform:
    """A platform whose process dies, as by a power cut, when it is about to execute a statement that begins so."""

    def die(*values: Any) -> None:
        if str(values[2]).startswith(fatal):
            os.kill(os.getpid(), signal.SIGKILL)

    platform = Platform(small_profile(**profile), clock=lambda: now)
    for engine in {platform.database.read, platform.database.write, platform.database.lone}:
        event.listen(engine, "before_cursor_execute", die)
    return platform
