"""A worker that is killed in the middle of a run, in a process of its own."""

import os
import signal
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from msingi.jobs import Progress
from msingi.platform import Platform
from msingi.testing import small_profile
from msingi_catalogue.plugin import plugin as catalogue
from msingi_claims.plugin import plugin as claims
from msingi_insurance.plugin import plugin as insurance
from msingi_ledger.plugin import plugin as ledger
from msingi_registry.plugin import plugin as registry


def run_until_killed(profile: Mapping[str, Any], now: datetime, job_id: str, checkpoints: int) -> None:
    """Run a job; this process dies when it is about to save its part after so many checkpoints."""
    left = checkpoints
    save = Progress.checkpoint

    def die_or_save(self: Progress, state: Mapping[str, Any], **counts: Any) -> None:
        nonlocal left
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        left -= 1
        save(self, state, **counts)

    Progress.checkpoint = die_or_save  # type: ignore[method-assign]
    plugins = (registry, catalogue, ledger, insurance, claims)
    platform = Platform(small_profile(**profile), plugins=plugins, clock=lambda: now)
    platform.jobs.run_one(UUID(job_id))
