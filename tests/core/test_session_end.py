"""An operation is saved or undone as a whole: nobody ends it in the middle, and a question changes nothing."""

from collections.abc import Callable
from typing import Any

import pytest
from garden import Owner
from garden import plugin as garden
from sqlalchemy import select

from msingi import PUBLIC, Plugin, Work
from msingi.actor import ANONYMOUS
from msingi.platform import Platform
from msingi.testing import MakePlatform

careless = Plugin("careless", requires=["garden"])


@careless.mutation(allow=PUBLIC)
def commit(work: Work) -> bool:
    """Save in the middle."""
    work.add(Owner(name="Awa"))
    work.session.commit()
    return True


@careless.mutation(allow=PUBLIC)
def rollback(work: Work) -> bool:
    """Undo what others did."""
    work.add(Owner(name="Awa"))
    work.session.flush()
    work.session.rollback()
    return True


@careless.query(allow=PUBLIC)
def change(work: Work) -> bool:
    """Change something by a question."""
    work.add(Owner(name="Awa"))
    work.session.flush()
    return True


@pytest.fixture
def platform(make_platform: MakePlatform) -> Platform:
    return make_platform(garden, careless)


@pytest.mark.rule("I1")
@pytest.mark.parametrize("question", ["mutation { commit }", "mutation { rollback }", "{ change }"])
def test_an_operation_that_would_end_in_the_middle_is_a_defect_and_leaves_nothing(
    platform: Platform, question: str
) -> None:
    answer = platform.graphql.run(question, {}, actor=ANONYMOUS)

    assert [error["extensions"]["code"] for error in answer["errors"]] == ["core.internal"]
    with platform.work(writes=False) as work:
        assert work.session.scalars(select(Owner)).all() == []


@pytest.mark.parametrize(
    ("act", "told"),
    [
        (lambda work: work.session.commit(), "progress.checkpoint"),
        (lambda work: work.session.rollback(), "begin_nested"),
    ],
)
def test_the_refusal_says_what_to_do_instead(
    platform: Platform, act: Callable[[Work], Any], told: str
) -> None:
    with pytest.raises(RuntimeError, match=told), platform.work() as work:
        act(work)
