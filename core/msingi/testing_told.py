"""What a developer's test is told beside its own answers: why an operation ended in a defect, and the statements it sent."""

from collections.abc import Callable, Generator
from contextlib import AbstractContextManager
from typing import TypeAlias

import pytest

from msingi.defects import Defect, watched_defects
from msingi.platform import Platform
from msingi.statement_count import kept_statements, watch_statements

SentStatements: TypeAlias = Callable[[], AbstractContextManager[list[str]]]
"""``with sent_statements() as sent``: what the block sends to its database, in its order."""

_DEFECTS = pytest.StashKey[list[Defect]]()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """Watch the defects of a test and of its fixtures."""
    with watched_defects() as defects:
        item.stash[_DEFECTS] = defects
        return (yield)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Add to the report of a failing test what clients see only as ``core.internal`` and a number."""
    report = yield
    if report.failed:
        report.sections += [
            (f"Defect {defect.reference}", defect.story) for defect in item.stash.get(_DEFECTS, [])
        ]
    return report


@pytest.fixture
def sent_statements(platform: Platform) -> SentStatements:
    """The SQL that a block sends, to prove that a longer list needs no more of it; transactions do not count."""
    watch_statements(platform.database.read)
    return kept_statements
