"""Durable jobs: work that outlives a request, a crash and a restart."""

from msingi.jobs.durable import Jobs
from msingi.jobs.progress import Progress

__all__ = ["Jobs", "Progress"]
