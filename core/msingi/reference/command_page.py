"""The page about the command line, written from the commands themselves."""

from collections.abc import Iterator
from textwrap import fill
from typing import TYPE_CHECKING, Any, Final

from msingi.cli.speech import Speech
from msingi.cli.voice import Voice, voice_for
from msingi.contracts.markdown import table

if TYPE_CHECKING:
    from msingi.platform import Platform

_SHELL_OPTIONS = {"help", "install_completion", "show_completion"}
_WIDTH: Final = 115
"""Columns of an explanation, which stands in a block that does not wrap its lines."""
INTRO = "# Command line\n\nEvery command explains itself with `--help`; `--json` prints for machines where it is offered.\n"


def commands_page(platform: "Platform", say: Speech) -> str:
    """Every command of the core and of the platform's modules with its arguments, options and examples.

    A command is told as its help tells it; ``say`` has the words of the page and its language.
    """
    sections = (
        _section(path, command, voice=voice_for(say.language, module), say=say)
        for path, module, command in known_commands(platform)
    )
    return say(INTRO) + "".join(sections)


def known_commands(platform: "Platform") -> Iterator[tuple[str, str, Any]]:
    """Each command that can be called, with the words that call it and the module that holds it."""
    import typer

    from msingi.cli.entry import app, module_of

    group: Any = typer.main.get_command(app)
    packages = {"msingi"} | {plugin.module.partition(".")[0] for plugin in platform.plugins}
    for name in group.list_commands(None):
        module = module_of(name)
        if module.partition(".")[0] in packages:
            for path, command in _calls(f"msingi {name}", group.get_command(None, name)):
                yield path, module, command


def _calls(path: str, command: Any) -> Iterator[tuple[str, Any]]:
    inner = getattr(command, "commands", None)
    if inner is None:
        yield path, command
        return
    for name, part in inner.items():
        yield from _calls(f"{path} {name}", part)


def _section(path: str, command: Any, *, voice: Voice, say: Speech) -> str:
    sentence, *rest = (command.help or "").strip().split("\n\n")
    rows = [_row(parameter, voice) for parameter in command.params if parameter.name not in _SHELL_OPTIONS]
    titles = [say(title) for title in ("Argument or option", "Default", "Meaning")]
    parameters = "\n" + table(titles, rows) if rows else ""
    paragraphs = "\n\n".join(_explained(paragraph.strip(), voice) for paragraph in rest)
    explained = f"\n```text\n{paragraphs}\n```\n" if paragraphs else ""
    return f"\n## {path}\n\n{' '.join(voice.page(sentence).split())}\n{parameters}{explained}"


def _row(parameter: Any, voice: Voice) -> tuple[str, str, str]:
    is_option = bool(getattr(parameter, "help", None)) and parameter.param_type_name == "option"
    name = ", ".join(parameter.opts) if is_option else voice(f"{{{parameter.name}}}")[1:-1].upper()
    default = parameter.default if not callable(parameter.default) else None
    shown = "" if default in (None, False, ()) else f"`{default}`"
    return f"`{name}`", shown, voice.page(str(getattr(parameter, "help", None) or ""))


def _explained(paragraph: str, voice: Voice) -> str:
    """A paragraph below the first one; the commands of examples keep their lines."""
    told = voice.page(paragraph)
    if paragraph.startswith("Example"):
        return "\n".join(line.strip() for line in told.splitlines())
    return fill(told, _WIDTH, break_long_words=False, break_on_hyphens=False)
