"""Files of the field taken in at once, for the command line: one transaction for each family."""

from collections.abc import Callable, Sequence
from dataclasses import asdict
from typing import Any

from msingi.platform import Platform
from msingi_insurance.exchange.enrolment_import import as_plain, import_families
from msingi_insurance.exchange.received import open_enrolments
from msingi_insurance.exchange.rehearsal import Rehearsal
from msingi_insurance.exchange.renewal_files import read_renewals
from msingi_insurance.services.renewal_answers import answer_renewals


def import_enrolments(
    platform: Platform,
    content: bytes,
    *,
    dry_run: bool,
    tell_left: Callable[[Sequence[str]], None] = lambda _names: None,
) -> list[dict[str, Any]]:
    """Enrol the families of a file and return what came of each; ``tell_left`` hears what belongs to none of them.

    Raises:
        FileRefused: it is no enrolment file.
        TabularError: it is unsafe or no XML.

    """
    received = open_enrolments(content)
    file = received.file
    tell_left(received.not_kept)
    rehearsal = Rehearsal() if dry_run else None
    outcomes: list[dict[str, Any]] = []
    for position in range(len(file.families)):
        with platform.work() as work:
            (outcome,) = import_families(
                work, file.only(position), rehearsal=rehearsal, photos=received.photos
            )
        outcomes.append(as_plain(outcome))
    return outcomes


def import_renewals(platform: Platform, content: bytes) -> list[dict[str, Any]]:
    """Take the answers of a file in, each in a transaction of its own, and return what came of each.

    Raises:
        FileRefused: a record cannot be read.
        TabularError: the file is unsafe or no XML.

    """
    outcomes: list[dict[str, Any]] = []
    for answer in read_renewals(content, currency=platform.profile.currency):
        with platform.work() as work:
            outcomes += [asdict(outcome) for outcome in answer_renewals(work, [answer])]
    return outcomes
