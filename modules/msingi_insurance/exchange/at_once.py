"""Files of the field taken in at once, for the command line: one transaction for each family."""

from dataclasses import asdict
from typing import Any

from msingi.platform import Platform
from msingi_insurance.exchange.enrolment_file import read_enrolment_file
from msingi_insurance.exchange.enrolment_import import as_plain, import_families
from msingi_insurance.exchange.photo_files import open_package
from msingi_insurance.exchange.renewal_files import read_renewals
from msingi_insurance.services.renewal_answers import answer_renewals


def import_enrolments(platform: Platform, content: bytes, *, dry_run: bool) -> list[dict[str, Any]]:
    """Enrol the families of a file and return what came of each.

    Raises:
        FileRefused: it is no enrolment file.
        TabularError: it is unsafe or no XML.

    """
    package = open_package(content)
    file = read_enrolment_file(package.document)
    outcomes: list[dict[str, Any]] = []
    for position in range(len(file.families)):
        with platform.work() as work:
            (outcome,) = import_families(work, file.only(position), dry_run=dry_run, photos=package.photos)
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
