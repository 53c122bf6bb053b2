"""Periodic work of the welcome_sms plugin."""

from datetime import timedelta

from msingi import Work
from msingi.jobs.progress import Progress
from msingi_welcome_sms.plugin import plugin
from msingi_welcome_sms.services import send_waiting


@plugin.job(every=timedelta(minutes=10))
def send_waiting_messages(work: Work, progress: Progress) -> None:
    """Send messages that wait because there was no gateway."""
    progress.result({"sent": send_waiting(work)})
