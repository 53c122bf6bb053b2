"""Plain text arguments of every operation are clean before a plugin sees them; only named ones come as typed."""

from collections.abc import Callable, Iterator
from typing import Any, get_args, get_origin, get_type_hints

import pytest
from pydantic import BaseModel, Field

from msingi import Plugin, Work
from msingi.auth.services.accounts import NewUser
from msingi.clean_text import InvalidCharacter, Verbatim
from msingi.contracts import full_platform
from msingi.graphql.cleaning import cleaned
from msingi.graphql.inputs import reader_for
from msingi.ids import new_id
from msingi.platform import Platform
from msingi.testing import AsUser, MakePlatform

echo = Plugin("echo")
SAY = echo.permission("say", "Say it again")
DIRTY = "a\u202eb"
AS_TYPED = {
    *("login.username", "login.password", "login.code", "login.new_password"),
    *("change_password.password", "change_password.new_password"),
    *("enrol_second_factor.password", "remove_second_factor.password", "confirm_second_factor.code"),
    *("enrol_second_factor_at_login.username", "enrol_second_factor_at_login.password"),
    "bind_identity.subject",
    *("search_persons.query.code", "recognise_person.code", "add_identifier.input.value", "verify_card.text"),
    *("register_person.input.uhid", "register_person.input.identifiers.value"),
    *("add_family_member.input.uhid", "add_family_member.input.identifiers.value"),
    *(
        f"{operation}.input.{who}.{given}"
        for operation in ("enrol_family", "check_enrolment")
        for who in ("head", "members")
        for given in ("uhid", "identifiers.value")
    ),
    *("register_household.input.members.uhid", "register_household.input.members.identifiers.value"),
}
"""Compared exactly, as a password; or scanned, with the frame of the scanner, which its own rule takes off."""


@echo.mutation(allow=SAY)
def say(work: Work, words: str, again: str | None = None, secret: Verbatim = "") -> list[str]:
    """Return what was said."""
    return [words, again or "", secret]


class Inner(BaseModel):
    """A record in a record."""

    word: str = Field(description="A word.")


class Wish(BaseModel):
    """What is wished."""

    word: str | None = Field(description="A word.")
    words: list[str] = Field(description="Words.")
    inner: list[Inner] = Field(description="More.")
    secret: Verbatim = Field(description="As typed.")


@echo.mutation(allow=SAY, name="wish")
def hear(work: Work, wish: Wish, words: list[str]) -> list[str]:
    """Return what was wished."""
    return [wish.word or "", *wish.words, *(inner.word for inner in wish.inner), *words, wish.secret]


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


@pytest.mark.rule("attack 57")
def test_texts_in_lists_and_records_are_clean_too(
    run: Callable[..., dict[str, Any]], as_user: AsUser
) -> None:
    typed = "e\u0301t\u00e9\u202e\u200b  deux"
    wish = {"word": typed, "words": [typed], "inner": [{"word": typed}], "secret": typed}
    query = "mutation($w: Wish!, $t: [String!]!) { wish(wish: $w, words: $t) }"

    told = run(query, {"w": wish, "t": [typed, typed]}, actor=as_user(SAY))["data"]["wish"]

    assert told == ["\u00e9t\u00e9 deux"] * 5 + [typed]


@pytest.mark.rule("attack 57")
@pytest.mark.parametrize("door", ["word", "words", "inner", "list"])
def test_a_control_character_is_refused_wherever_it_stands(
    door: str, run: Callable[..., dict[str, Any]], as_user: AsUser
) -> None:
    wish: dict[str, Any] = {"word": "a", "words": ["a"], "inner": [{"word": "a"}], "secret": "a"}
    bad = {"word": "a\u0007", "words": ["a", "a\u0007"], "inner": [{"word": "a\u0007"}], "list": None}
    given = wish if door == "list" else wish | {door: bad[door]}
    query = "mutation($w: Wish!, $t: [String!]!) { wish(wish: $w, words: $t) }"

    answer = run(query, {"w": given, "t": ["a\u0007" if door == "list" else "a"]}, actor=as_user(SAY))

    assert [error["extensions"]["code"] for error in answer["errors"]] == ["text.invalid_character"]


@pytest.mark.rule("attack 57")
def test_of_the_whole_platform_only_named_texts_come_as_typed() -> None:
    """Every argument of every operation is filled with marks that nobody sees, at every depth."""
    as_typed: set[str] = set()
    filled = 0
    for path, hint in _arguments():
        reader, dirty = reader_for(hint), _filled(hint, ())
        if reader is None:
            as_typed |= {path for _ in _dirty(dirty, path)}
            continue
        filled += len(list(_dirty(dirty, path)))
        as_typed |= set(_dirty(cleaned(dirty, hint), path))

    assert as_typed == AS_TYPED
    assert filled > 200


def _arguments() -> Iterator[tuple[str, Any]]:
    for plugin in full_platform().plugins:
        parts = plugin.contributions
        functions: list[Callable[..., Any]] = [operation.function for operation in parts.operations]
        functions += [connection.function for connection in parts.connections]
        functions += [extension.function for extension in parts.extensions]
        for function in functions:
            for name, hint in get_type_hints(function, include_extras=True).items():
                if name not in {"work", "return", "parents"}:
                    yield f"{function.__name__}.{name}", hint


def _filled(hint: Any, above: tuple[type, ...]) -> Any:
    """A value of this shape with a dirty text wherever text fits; None where nothing but other values fits."""
    if hint is str:
        return DIRTY
    if isinstance(hint, type) and issubclass(hint, BaseModel):
        if hint in above:
            return None
        fields = hint.model_fields
        return {name: _filled(field.annotation, (*above, hint)) for name, field in fields.items()}
    inner = [_filled(part, above) for part in get_args(hint) if not isinstance(part, str)]
    value = next((value for value in inner if value is not None), None)
    origin = get_origin(hint)
    is_list = isinstance(origin, type) and issubclass(origin, list | tuple)
    return [value] if is_list and value is not None else value


def _dirty(value: Any, path: str) -> Iterator[str]:
    """Where a dirty text stands, list positions left out."""
    if value == DIRTY:
        yield path
    elif isinstance(value, list):
        for each in value:
            yield from _dirty(each, path)
    elif isinstance(value, dict):
        for name, each in value.items():
            yield from _dirty(each, f"{path}.{name}")
