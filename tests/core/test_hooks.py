"""Hooks: what two plugins ask under one name and answers that do not fit are refused, naming plugin and hook."""

from collections.abc import Callable
from typing import Any, Protocol

import garden
import pytest

from msingi import Plugin, hookspec
from msingi.errors import ConfigurationError
from msingi.hooks import assemble_hooks


def _answering(function: Callable[..., Any]) -> list[Plugin[Any]]:
    answerer = Plugin("answerer", requires=["garden"])
    answerer.answer(function)
    return [garden.plugin, answerer]


def _asking(name: str) -> Plugin[Any]:
    asker = Plugin(name)

    @asker.hooks
    class Questions(Protocol):
        @hookspec
        def ripe(self, days: int, kind: str) -> int:
            """How many trees are ripe after some days."""

    assert Questions.__name__ == "Questions"
    return asker


def test_answers_come_in_the_order_of_the_plugins_and_may_leave_parameters_out() -> None:
    asker, first, second = _asking("asker"), Plugin("first"), Plugin("second")

    def ripe(days: int, more: int = 1) -> int:
        return days + more

    first.answer(ripe)
    second.answer(_named("ripe", lambda: 7))

    hooks = assemble_hooks([asker, first, second])

    assert hooks.ripe(days=2, kind="mango") == [7, 3]


def test_an_answer_to_what_nobody_asks_is_refused() -> None:
    def greet_tre(label: str) -> str:
        return label

    with pytest.raises(ConfigurationError) as refused:
        assemble_hooks(_answering(greet_tre))

    assert str(refused.value) == (
        "hooks: “answerer” answers “greet_tre”, which no enabled plugin asks. Check the name."
    )


def test_an_answer_that_wants_what_the_question_does_not_give_is_refused() -> None:
    def ripe(dayz: int, kind: str, where: str) -> int:
        return 0

    answerer = Plugin("answerer")
    answerer.answer(ripe)

    with pytest.raises(ConfigurationError) as refused:
        assemble_hooks([_asking("asker"), answerer])

    assert str(refused.value) == (
        "hooks: the answer of “answerer” to “ripe” wants dayz, where; the question gives only: days, kind."
    )


def test_one_question_of_two_plugins_is_refused() -> None:
    with pytest.raises(ConfigurationError) as refused:
        assemble_hooks([_asking("asker"), _asking("other")])

    assert str(refused.value) == (
        "hooks: “asker” and “other” both ask “ripe”. Rename one: answers are found by the name."
    )


def _named(name: str, function: Callable[..., Any]) -> Callable[..., Any]:
    function.__name__ = name
    return function
