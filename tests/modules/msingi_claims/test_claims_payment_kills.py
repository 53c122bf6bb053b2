"""Kill -9 in the middle of a batch run and of the bank's answers: all of it or nothing, and then once (F2)."""

import multiprocessing
import signal
from collections.abc import Callable
from typing import Any

import pytest
from tests.modules.msingi_claims import payment_kills
from tests.modules.msingi_claims.payment_fixtures import TODAY, Counter, counter_of

from msingi.testing import KEYS, AsUser, FrozenClock, MakePlatform
from msingi_claims.models.claim import Claim
from msingi_claims.models.decision import ClaimDecision, ConsumptionEntry
from msingi_claims.models.payment import Bill, RelativeIndex
from msingi_claims.rules.bills import BankOutcome, FacilityPaymentState
from msingi_claims.rules.codes import ClaimStatus
from msingi_ledger import verify

PROCESSES = multiprocessing.get_context("forkserver")
PROCESSES.set_forkserver_preload([payment_kills.__name__])
MODULES = ["registry", "catalogue", "ledger", "insurance", "claims"]


@pytest.mark.rule("F2", "F29", "BAT-1", "I4")
def test_a_killed_run_leaves_all_or_nothing_and_runs_once(
    make_platform: MakePlatform, as_user: AsUser, frozen_clock: FrozenClock
) -> None:
    counter = counter_of(make_platform, as_user, frozen_clock)
    counter.fund(10_000)
    counter.account(counter.scheme.hospital)
    counter.at(2026, 2, 10, 9)
    claim_id = counter.processed(counter.patient(73_000), ("SV2", 10), ("SV1", 1))
    counter.at(2026, 3, 2, 9)
    before = _everything(counter)

    _killed(counter, payment_kills.run_batch_until, "INSERT INTO claims_bill ", counter.scheme.places["CM"])
    assert _everything(counter) == before

    counter.batch()
    sent = counter.sent()
    billed = _everything(counter)
    references = [one.reference for one in counter.orders(sent)]
    killer = payment_kills.take_answers_until
    _killed(counter, killer, "UPDATE claims_bill ", sent.id, references, TODAY)
    assert _everything(counter) == billed

    for _ in range(2):
        settled = counter.answer(sent, outcome=BankOutcome.PAID)
    assert settled.state is FacilityPaymentState.SETTLED
    claim = counter.scheme.claim(claim_id)
    assert (claim.status, claim.remunerated_minor) == (ClaimStatus.VALUATED, 380)
    assert counter.balances() == {"1420": 82_620, "4210": 73_000, "4220": 10_000, "5220": 380}
    assert counter.scheme.act(lambda work: verify(work).balanced)


def _everything(counter: Counter) -> Any:
    stored = counter.counts(Bill, RelativeIndex, ClaimDecision, ConsumptionEntry)
    return counter.picture(), stored, counter.rows(Claim, "status", "version", "paid_at")


def _killed(counter: Counter, function: Callable[..., None], fatal: str, *arguments: Any) -> None:
    """Run a function of ``payment_kills`` in a process of its own, and see it killed at the statement."""
    url = counter.scheme.platform.database.url.render_as_string(hide_password=False)
    profile = {
        "database": {"url": url, "pool_size": 2, "synchronous": "FULL"},
        "security": KEYS,
        "modules": MODULES,
        "jobs": {"backend": "embedded"},
    }
    process = PROCESSES.Process(target=function, args=(profile, counter.clock(), fatal, *arguments))
    process.start()
    process.join(60)
    assert process.exitcode == -signal.SIGKILL
