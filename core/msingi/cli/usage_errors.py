"""What was typed wrongly, told in the language of the answer: typer says it in English only."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Final

import typer
from typer._click.core import Context
from typer._click.exceptions import (
    BadParameter,
    ClickException,
    MissingParameter,
    NoArgsIsHelpError,
    UsageError,
)

from msingi.cli.voice import Voice, voice_of

FORMS: Final = (
    "Invalid value for {place} (env var: {variable}): {reason}",
    "Invalid value for {place}: {reason}",
    "Invalid value: {reason}",
    "Missing argument {name}. Choose from:{choices}",
    "Missing argument {name}.",
    "Missing option {name} (env var: {variable}).",
    "Missing option {name}. Choose from:{choices}",
    "Missing option {name}.",
    "Missing command.",
    "No such command {name}. Did you mean {nearest}?",
    "No such command {name}.",
    "No such option: {name} (Possible options: {nearest})",
    "No such option: {name}",
    "Option {name} requires an argument.",
    "Option {name} requires {number} arguments.",
    "Option {name} does not take a value.",
    "Argument {name} takes {number} values.",
    "Got unexpected extra argument(s) ({words})",
    "Could not open file {file}: {reason}",
    "{file}: No such file or directory",
    "{file}: Permission denied",
    "{file}: Is a directory",
    "file {path} does not exist.",
    "file {path} is a directory.",
    "file {path} is not readable.",
    "file {path} is not writable.",
    "dir {path} does not exist.",
    "dir {path} is a file.",
    "dir {path} is not readable.",
    "dir {path} is not writable.",
    "path {path} does not exist.",
    "path {path} is not readable.",
    "path {path} is not writable.",
    "Value error, {value} is not one of {choices}.",
    "Value error, {value} does not match the formats '%Y-%m-%d'.",
    "Value error, {value} does not match the formats {formats}.",
    "Input should be a valid UUID, {detail}",
    "Input should be a valid datetime or date, {detail}",
    "Input should be a valid datetime, {detail}",
)
"""The sentences of typer and its validation, as they come out; the narrower of two that fit stands first."""
_TOLD: Final = "reason"
"""The part of a sentence that is in the language of the voice already."""
_QUOTED: Final = re.compile(r"(?<!\w)'(.+?)'(?!\w)")


@contextmanager
def usage_told(root: typer.Context | None = None) -> Iterator[None]:
    """Tell what was typed wrongly, and end with the status that typer ends with.

    Raises:
        Exit: something was; it is told.

    """
    try:
        yield
    except ClickException as error:
        context = getattr(error, "ctx", None) or root
        if context is None or isinstance(error, NoArgsIsHelpError):
            raise
        voice = voice_of(context)
        if voice.language == "en":
            if isinstance(error, BadParameter) and not isinstance(error, MissingParameter):
                error.message = _reason(error, voice)
            raise
        typer.echo(_told(error, voice), err=True)
        raise typer.Exit(error.exit_code) from error


def _told(error: ClickException, voice: Voice) -> str:
    context = error.ctx if isinstance(error, UsageError) else None
    lines = []
    if context is not None:
        lines += [context.get_usage(), _hint(context, voice), ""]
    if isinstance(error, BadParameter) and not isinstance(error, MissingParameter):
        error.message = _reason(error, voice)
    lines.append(voice("Error: {message}", message=sentence(error.format_message(), voice)))
    return "\n".join(lines)


def _hint(context: Context, voice: Voice) -> str:
    return voice(
        "Try '{command} {option}' for help.",
        command=context.command_path,
        option=context.help_option_names[0],
    )


def _reason(error: BadParameter, voice: Voice) -> str:
    """Why a value does not do: in the words that all validation has, unless there are others for commands."""
    from pydantic import ValidationError

    from msingi.cases.problems import problem_of

    is_known = any(_pattern(form).fullmatch(error.message) for form in FORMS)
    if is_known or not isinstance(error.__cause__, ValidationError):
        return sentence(error.message, voice)
    problem = error.__cause__.errors(include_url=False, include_input=False)[0]
    found = problem_of("", problem["type"], problem.get("ctx", {}))
    return voice(found.saying, **found.values)


def sentence(english: str, voice: Voice) -> str:
    """A sentence of typer in the language of the voice; one that is not known stays as it is."""
    for form in FORMS:
        found = _pattern(form).fullmatch(english)
        if found is not None:
            values = found.groupdict().items()
            return voice(form, **{name: _quoted(name, value, voice) for name, value in values})
    return english


def _quoted(name: str, value: str, voice: Voice) -> str:
    """What stands in a sentence, between the quotes of the language."""
    return value if name == _TOLD else _QUOTED.sub(lambda found: voice("'{word}'", word=found[1]), value)


@cache
def _pattern(form: str) -> re.Pattern[str]:
    """Fits what comes of the form."""
    pieces = re.split(r"\{(\w+)\}", form)
    literal, names = pieces[::2], pieces[1::2]
    values = [f"(?P<{name}>.+?)" for name in names]
    joined = "".join(
        text for pair in zip(map(re.escape, literal), [*values, ""], strict=True) for text in pair
    )
    return re.compile(joined, re.DOTALL)
