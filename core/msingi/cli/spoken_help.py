"""Help and usage in the language of the answer: the English in the code is the key, the catalogue of its plugin says it."""

import re
import sys
from collections.abc import Sequence
from functools import cached_property
from typing import Any, Final, TypeVar

import typer
from typer._click.core import Command
from typer._click.formatting import HelpFormatter
from typer.core import TyperArgument, TyperGroup, TyperOption

from msingi.cli.voice import Voice, voice_of

_Command = TypeVar("_Command", bound=Command)
_REMARKS: Final = re.compile(r"(?:^|  )\[([^\[\]]+)\]$")
"""What plain help adds to the text of a parameter."""
_PANELS: Final = {
    "ARGUMENTS_PANEL_TITLE": "Arguments",
    "COMMANDS_PANEL_TITLE": "Commands",
    "DEFAULT_STRING": "[default: {}]",
    "DEPRECATED_STRING": "(deprecated) ",
    "ENVVAR_STRING": "[env var: {}]",
    "OPTIONS_PANEL_TITLE": "Options",
    "REQUIRED_LONG_STRING": "[required]",
}
"""The words of help in panels, by the names that typer gives them."""


class SpokenContext(typer.Context):
    """Puts a command into the reader's language when its help or its usage is made, and costs nothing otherwise."""

    def __init__(self, command: Command, **settings: Any) -> None:
        super().__init__(command, **settings)
        if self.resilient_parsing:  # the completion of a shell shows the texts and asks for no formatter
            self.make_formatter()

    def make_formatter(self) -> HelpFormatter:
        """The formatter of help and usage: both begin by asking for it."""
        _put_into_panels(self.voice)
        return _SpokenFormatter(self.voice, width=self.terminal_width, max_width=self.max_content_width)

    @cached_property
    def voice(self) -> Voice:
        """The voice of the command, whose texts it takes."""
        voice = voice_of(self)
        _put_into_command(self, voice)
        return voice


def spoken(command: _Command) -> _Command:
    """The command, which with all below it can be told in the reader's language."""
    command.context_class = SpokenContext
    if isinstance(command, TyperGroup):
        for inner in command.commands.values():
            spoken(inner)
    return command


class _SpokenFormatter(HelpFormatter):
    """Plain help with the words of one language."""

    def __init__(self, voice: Voice, *, width: int | None, max_width: int | None) -> None:
        super().__init__(width=width, max_width=max_width)
        self._voice = voice

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        """The usage line."""
        super().write_usage(prog, args, prefix or self._voice("Usage: "))

    def write_heading(self, heading: str) -> None:
        """The title of a section."""
        title = self._voice("{title}:", title=self._voice(heading))
        self.write(f"{'':>{self.current_indent}}{title}\n")

    def write_dl(self, rows: Sequence[tuple[str, str]], col_max: int = 30, col_spacing: int = 2) -> None:
        """Parameters or commands, one a row."""
        super().write_dl([(name, self._with_remarks(text)) for name, text in rows], col_max, col_spacing)

    def _with_remarks(self, text: str) -> str:
        found = _REMARKS.search(text)
        if found is None:
            return text
        remarks = self._voice("; ").join(
            self._remark(*remark.partition(": ")) for remark in found[1].split("; ")
        )
        return f"{text[: found.start(1)]}{remarks}]"

    def _remark(self, name: str, colon: str, value: str) -> str:
        told = self._voice(f"[{name}: {{}}]" if colon else f"[{name}]")
        return told[1:-1].replace("{}", value)


def _put_into_command(context: typer.Context, voice: Voice) -> None:
    """Replace every text that the help of the command shows."""
    command = context.command
    _put_into_texts(command, voice)
    if isinstance(command, TyperGroup):
        command.subcommand_metavar = voice(command.subcommand_metavar)
        for inner in command.commands.values():
            _put_into_texts(inner, voice)
    for parameter in command.get_params(context):
        if isinstance(parameter, TyperOption | TyperArgument):
            _put_into_parameter(parameter, voice)


def _put_into_texts(command: Command, voice: Voice) -> None:
    command.help = voice.page(command.help or "")
    command.short_help = voice.page(command.short_help or "")
    command.epilog = voice.page(command.epilog or "")


def _put_into_parameter(parameter: TyperOption | TyperArgument, voice: Voice) -> None:
    kind = parameter.display_type
    is_switch = isinstance(parameter, TyperOption) and parameter.is_flag
    parameter.display_type = lambda ctx: "" if is_switch else voice(kind(ctx))  # type: ignore[method-assign]
    parameter.help = voice.page(parameter.help or "")
    parameter.rich_help_panel = voice(parameter.rich_help_panel or "")
    if parameter.metavar is not None:
        parameter.metavar = voice(parameter.metavar)
    elif isinstance(parameter, TyperArgument):
        told = voice.texts.get(f"{{{parameter.name}}}")
        parameter.metavar = told[1:-1] if told else None


def _put_into_panels(voice: Voice) -> None:
    """Typer keeps these words in its module, which it loads for help only: there is one language at a time."""
    panels = sys.modules.get("typer.rich_utils")
    if panels is not None:
        for name, english in _PANELS.items():
            setattr(panels, name, voice(english))
