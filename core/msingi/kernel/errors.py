"""Refusals of the kernel: what a background job can end in, and what cannot be done with it."""

from msingi.errors import DomainError


class UnknownJob(DomainError):
    """The job's module is disabled or no longer has it; the job is parked and can be retried later."""

    code = "core.unknown_job"
    template = "No enabled module knows the job “{name}”. Enable its module, then retry the job."


class WorkerLost(DomainError):
    """Every attempt ended with the death of its worker: killed, out of memory or without power."""

    code = "core.worker_lost"
    template = "The worker stopped unexpectedly in each of {attempts} attempts."


class JobFailed(DomainError):
    """An unexpected error; the reference leads to the log, the message holds no personal data."""

    code = "core.job_failed"
    template = "Unexpected error {error}. Give your administrator the reference {reference}."


class JobNotParked(DomainError):
    """Only a parked job can be retried."""

    code = "core.job_not_parked"
    template = "Only a parked job can be retried; this one is {state}."
    state_params = frozenset({"state"})


class JobAlreadyWaiting(DomainError):
    """A newer job does the same work already."""

    code = "core.job_already_waiting"
    template = "The same work is already waiting or running as job {id}. Discard this one."


class JobNotDiscardable(DomainError):
    """A job that runs or has ended cannot be discarded."""

    code = "core.job_not_discardable"
    template = "Only a queued or parked job can be discarded; this one is {state}."
    state_params = frozenset({"state"})
