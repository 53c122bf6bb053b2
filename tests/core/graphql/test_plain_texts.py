"""Plain text arguments of every operation are clean before a plugin sees them; only named ones come as typed."""

from collections.abc import Callable
from typing import Any

import pytest

from msingi import Plugin, Work
from msingi.auth.services.accounts import NewUser
from msingi.clean_text import InvalidCharacter
from msingi.contracts import full_platform
from msingi.graphql.inputs import Verbatim
from msingi.ids import new_id
from msingi.platform import Platform
from msingi.testing import AsUser, MakePlatform

echo = Plugin("echo")
SAY = echo.permission("say", "Say it again")
AS_TYPED = {
    "login": {"username", "password", "code", "newPassword"},
    "changePassword": {"password", "newPassword"},
    "enrolSecondFactor": {"password"},
    "enrolSecondFactorAtLogin": {"username", "password"},
    "confirmSecondFactor": {"code"},
    "removeSecondFactor": {"password"},
    "bindIdentity": {"subject"},
}
"""Compared exactly: what a person chose as a password must not change on the way."""


@echo.mutation(allow=SAY)
def say(work: Work, words: str, again: str | None = None, secret: Verbatim = "") -> list[str]:
    """Return what was said."""
    return [words, again or "", secret]


@pytest.fixture
def platform(make_platform: MakePlatform) -> Platform:
    return make_platform(echo)


@pytest.mark.rule("attack 57")
def test_a_plain_text_is_clean_and_a_password_is_as_typed(
    run: Callable[..., dict[str, Any]], as_user: AsUser
) -> None:
    typed = "e\u0301t\u00e9\u202e\u200b  deux"
    query = "mutation($t: String!) { say(words: $t, again: $t, secret: $t) }"

    told = run(query, {"t": typed}, actor=as_user(SAY))["data"]["say"]

    assert told == ["\u00e9t\u00e9 deux", "\u00e9t\u00e9 deux", typed]


@pytest.mark.rule("attack 57")
@pytest.mark.parametrize("typed", ["a\u0000b", "a\u001b[2J", "\ue000"])
def test_a_control_character_is_refused(
    typed: str, run: Callable[..., dict[str, Any]], as_user: AsUser
) -> None:
    answer = run("mutation($t: String!) { say(words: $t) }", {"t": typed}, actor=as_user(SAY))

    assert [error["extensions"]["code"] for error in answer["errors"]] == ["text.invalid_character"]


@pytest.mark.rule("attack 57")
def test_an_account_has_a_clean_name() -> None:
    wish = NewUser(username="amina", display_name="Amina\u202e D.", jurisdiction_id=new_id())

    assert wish.display_name == "Amina D."
    with pytest.raises(InvalidCharacter):
        NewUser(username="amina", display_name="Amina\u0007", jurisdiction_id=new_id())


def test_only_named_arguments_come_as_typed() -> None:
    found: dict[str, set[str]] = {}
    for plugin in full_platform().plugins:
        for operation in plugin.contributions.operations:
            for name, hint in operation.function.__annotations__.items():
                if hint == Verbatim or hint == Verbatim | None:
                    found.setdefault(_camel(operation.name), set()).add(_camel(name))

    assert found == AS_TYPED


def _camel(name: str) -> str:
    head, *rest = name.split("_")
    return head + "".join(map(str.capitalize, rest))
