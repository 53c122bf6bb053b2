"""The `msingi` command: its sub-commands by name, each loaded only when it is called."""

import sys
from contextvars import ContextVar
from functools import cache, partial
from importlib import import_module
from importlib.metadata import entry_points
from typing import Any

import typer
from typer._click.exceptions import UsageError
from typer._click.shell_completion import CompletionItem
from typer.core import TyperGroup

from msingi.cli.spoken_help import SpokenContext, spoken
from msingi.cli.usage_errors import usage_told
from msingi.cli.voice import note_call, note_module, voice_for, voice_of

COMMANDS = {
    "demo": ("msingi.cli.demo", "Start a complete demonstration of a country"),
    "serve": ("msingi.cli.serve", "Serve the API over HTTP"),
    "worker": ("msingi.cli.worker", "Work off background jobs"),
    "migrate": ("msingi.cli.migrate", "Bring the database to the installed release"),
    "check": ("msingi.cli.check", "Check settings, modules and database before a start"),
    "modules": ("msingi.cli.modules", "List the installed modules"),
    "uninstall": ("msingi.cli.uninstall", "Remove the tables and data of a module that is switched off"),
    "settings": ("msingi.cli.settings", "Show, export and compare settings"),
    "key": ("msingi.cli.key", "Make a new secret key"),
    "schema": ("msingi.cli.schema", "Export or check the published schemas"),
    "audit": ("msingi.audit.commands", "Verify, search, seal and export the audit trail"),
    "user": ("msingi.auth.commands", "Create users, reset passwords, grant roles"),
    "new": ("msingi.cli.new", "Write the skeleton of a new module or plugin, or a migration"),
    "bench": ("msingi.cli.bench", "Measure this installation against its floors"),
    "rules": ("msingi.cli.rules", "Print which domain rules are proven by which tests"),
}
GROUP = "msingi.commands"
HOME: ContextVar[str] = ContextVar("home", default="msingi")
"""The package of the command that runs."""


class LazyGroup(TyperGroup):
    """Knows the names of all commands, imports one when it is called."""

    context_class = SpokenContext

    def list_commands(self, ctx: Any) -> list[str]:  # noqa: ARG002
        """Every command: ours in a fixed order, then those of plugins."""
        return [*COMMANDS, *sorted(_contributed())]

    def get_command(self, ctx: Any, cmd_name: str) -> Any:  # noqa: ARG002
        """The command of this name, imported now."""
        if cmd_name not in COMMANDS and cmd_name not in _contributed():
            return None
        module, _, attribute = _home(cmd_name).partition(":")
        command = typer.main.get_command(getattr(import_module(module), attribute or "app"))
        command.name = cmd_name
        return spoken(command)

    def make_context(self, info_name: Any, args: list[str], parent: Any = None, **extra: Any) -> Any:
        """The context of a call; what is wrong with the words before the command is told plainly."""
        with usage_told():
            return super().make_context(info_name, args, parent, **extra)

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """The words of a call, which are kept: they may name the language of the help."""
        note_call(ctx, args)
        return super().parse_args(ctx, args)

    def invoke(self, ctx: Any) -> Any:
        """Run the command that was typed; what is wrong with its words is told plainly."""
        with usage_told(ctx):
            return super().invoke(ctx)

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """The command that was typed; its package is known while it runs."""
        name, command, rest = self._resolved(ctx, args)
        if name is not None:
            module = module_of(name)
            note_module(ctx, module)
            ctx.call_on_close(partial(HOME.reset, HOME.set(module.partition(".")[0])))
        return name, command, rest

    def _resolved(self, ctx: Any, args: list[str]) -> Any:
        try:
            return super().resolve_command(ctx, args)
        except UsageError as error:
            from difflib import get_close_matches

            near = get_close_matches(args[0], self.list_commands(ctx))
            if near and error.message.startswith("No such command"):
                offered = ", ".join(map(repr, near))
                error.message = f"{error.message.removesuffix('.')}. Did you mean {offered}?"
            raise

    def shell_complete(self, ctx: Any, incomplete: str) -> list[CompletionItem]:
        """The commands that begin so, each with what it is for, without importing them; and the options."""
        language = voice_of(ctx).language
        names = [name for name in self.list_commands(ctx) if name.startswith(incomplete)]
        commands = [CompletionItem(name, help=_help_line(name, language)) for name in names]
        return commands + super(TyperGroup, self).shell_complete(ctx, incomplete)

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        """List the commands without importing them."""
        with formatter.section("Commands"):
            language = voice_of(ctx).language
            formatter.write_dl([(name, _help_line(name, language)) for name in self.list_commands(ctx)])


app = typer.Typer(
    cls=LazyGroup,
    name="msingi",
    help="National digital health, one core and the modules a country switches on.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)


@app.callback()
def root() -> None:
    """National digital health, one core and the modules a country switches on."""


def main() -> None:
    """Run the command line; what is refused ends it with a plain message instead of a traceback."""
    try:
        app()
    except Exception as error:
        from msingi.cli.edge import ending_of
        from msingi.cli.speech import speech_for

        ending = ending_of(error, speech_for())
        if ending is None:
            raise
        text, status = ending
        sys.stderr.write(f"{text}\n")
        sys.exit(status)


def module_of(name: str) -> str:
    """The module that holds a command."""
    return _home(name).partition(":")[0]


@cache
def _contributed() -> dict[str, str]:
    """Commands of installed plugins; to look for them reads a file of every distribution."""
    return {entry.name: entry.value for entry in entry_points(group=GROUP)}


def _home(name: str) -> str:
    return COMMANDS[name][0] if name in COMMANDS else _contributed()[name]


def _help_line(name: str, language: str) -> str:
    voice = voice_for(language, module_of(name))
    if name in COMMANDS:
        return voice.line(COMMANDS[name][1])
    from msingi.cli.described import help_line

    return help_line(_home(name), voice)
