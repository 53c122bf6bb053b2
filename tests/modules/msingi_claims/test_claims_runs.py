"""Large runs: all or nothing for each claim, resumed after kill -9, and few statements however many claims (F2)."""

import multiprocessing
import signal
from datetime import date, timedelta
from functools import partial
from uuid import UUID

import pytest
from sqlalchemy import func, select
from tests.modules.msingi_claims.claims_fixtures import Scheme, scheme_of
from tests.modules.msingi_claims.claims_worker import run_until_killed

from msingi.db import Model
from msingi.kernel.models import JobRecord, JobState
from msingi.testing import KEYS, AsUser, FrozenClock, MakePlatform
from msingi.work import Work
from msingi_claims.models.decision import ClaimDecision, ConsumptionEntry
from msingi_claims.models.states import Channel
from msingi_claims.rules.codes import ClaimStatus
from msingi_claims.services.bulk_runs import queue_run
from msingi_claims.services.entry import enter_claims


def _many(scheme: Scheme, count: int) -> list[UUID]:
    """Claims of a few patients, each on a day of its own."""
    people = scheme.family(members=4)
    scheme.insure(people)
    lines = (("SV1", 1), ("SV2", 1), ("CONS", 1), ("IT1", 2), ("IT2", 2))
    drafts = [
        scheme.draft(people[number % 4], *lines, date_from=date(2025, 2, 1) + timedelta(days=4 * number))
        for number in range(count)
    ]
    entered = scheme.act(lambda work: enter_claims(work, drafts, channel=Channel.API))
    assert not entered.refusals
    return list(entered.ids.values())


@pytest.mark.rule("F2", "D-20")
def test_a_run_that_is_killed_leaves_whole_claims_and_resumes(
    make_platform: MakePlatform, as_user: AsUser, frozen_clock: FrozenClock
) -> None:
    scheme = scheme_of(make_platform, as_user, part_size=4)
    ids = _many(scheme, 14)
    job_id = scheme.act(lambda work: queue_run(work, "claims.submit_many", ids))
    url = scheme.platform.profile.database.url.get_secret_value()
    profile = {
        "database": {"url": url, "pool_size": 5, "synchronous": "NORMAL"},
        "modules": scheme.platform.profile.modules,
        "plugins": {"claims": {"part_size": 4}},
        "jobs": {"backend": "embedded"},
        "security": KEYS,
    }
    scheme.platform.database.dispose()
    worker = multiprocessing.get_context("spawn").Process(
        target=run_until_killed, args=(profile, frozen_clock.instant, str(job_id), 2)
    )

    worker.start()
    worker.join(60)

    assert worker.exitcode == -signal.SIGKILL
    assert [scheme.claim(one).status for one in sorted(ids)].count(ClaimStatus.CHECKED) == 8
    assert _counts(scheme) == (8, 40)
    frozen_clock.move(days=1)
    assert scheme.platform.jobs.run_one(job_id)
    job = scheme.act(lambda work: work.session.get(JobRecord, job_id))
    assert (job.state, job.progress, job.result) == (JobState.DONE, 14, {"checked": 14})
    assert {scheme.claim(one).status for one in ids} == {ClaimStatus.CHECKED}
    assert _counts(scheme) == (14, 70)


def _counts(scheme: Scheme) -> tuple[int, int]:
    """Decisions, and rows of the ledger."""
    counts = [scheme.act(partial(_count, model=model)) for model in (ClaimDecision, ConsumptionEntry)]
    return counts[0], counts[1]


def _count(work: Work, *, model: type[Model]) -> int:
    return int(work.session.scalar(select(func.count()).select_from(model)) or 0)


@pytest.mark.rule("D-20")
def test_the_statements_of_a_run_do_not_grow_with_its_claims(
    make_platform: MakePlatform, as_user: AsUser
) -> None:
    scheme = scheme_of(make_platform, as_user)
    ids = _many(scheme, 60)
    small, large = ids[:45], ids[45:]
    scheme.submit(small[0])
    counts = []

    for step in (scheme.submit, scheme.process):
        with scheme.statements() as part:
            step(large[0])
        with scheme.statements() as whole:
            step(*small[1:])
        counts.append((len(part), len(whole)))

    assert all(one <= 15 for one, _ in counts), counts
    assert all(many <= 24 for _, many in counts), counts


@pytest.mark.rule("D-20")
def test_d_20_more_claims_than_a_request_handles_become_a_job_with_the_same_outcome(
    make_platform: MakePlatform, as_user: AsUser
) -> None:
    scheme = scheme_of(make_platform, as_user, direct_most=3, part_size=2)
    ids = [str(one) for one in _many(scheme, 5)]

    answer = scheme.run("mutation($i:[UUID!]!){submitClaims(ids:$i){jobId results{status}}}", {"i": ids})

    job_id = UUID(answer["submitClaims"]["jobId"])
    assert answer["submitClaims"]["results"] == []
    job = scheme.act(lambda work: work.session.get(JobRecord, job_id))
    assert job.state is JobState.QUEUED
