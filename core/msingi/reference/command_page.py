"""The page about the command line, written from the commands themselves."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from msingi.contracts.markdown import table

if TYPE_CHECKING:
    from msingi.platform import Platform

_SHELL_OPTIONS = {"help", "install_completion", "show_completion"}
INTRO = "# Command line\n\nEvery command explains itself with `--help`; `--json` prints for machines where it is offered.\n"


def commands_page(platform: "Platform") -> str:
    """Every command of the core and of the platform's modules with its arguments, options and examples."""
    return INTRO + "".join(_section(path, command) for path, command in known_commands(platform))


def known_commands(platform: "Platform") -> Iterator[tuple[str, Any]]:
    """Each command that can be called, with the words that call it."""
    import typer

    from msingi.cli.entry import app, module_of

    group: Any = typer.main.get_command(app)
    packages = {"msingi"} | {plugin.module.partition(".")[0] for plugin in platform.plugins}
    for name in group.list_commands(None):
        if module_of(name).partition(".")[0] in packages:
            yield from _calls(f"msingi {name}", group.get_command(None, name))


def _calls(path: str, command: Any) -> Iterator[tuple[str, Any]]:
    inner = getattr(command, "commands", None)
    if inner is None:
        yield path, command
        return
    for name, part in inner.items():
        yield from _calls(f"{path} {name}", part)


def _section(path: str, command: Any) -> str:
    sentence, _, rest = (command.help or "").strip().partition("\n\n")
    rows = [_row(parameter) for parameter in command.params if parameter.name not in _SHELL_OPTIONS]
    parameters = "\n" + table(("Argument or option", "Default", "Meaning"), rows) if rows else ""
    explained = f"\n```text\n{_dedented(rest)}\n```\n" if rest.strip() else ""
    return f"\n## {path}\n\n{' '.join(sentence.split())}\n{parameters}{explained}"


def _row(parameter: Any) -> tuple[str, str, str]:
    is_option = bool(getattr(parameter, "help", None)) and parameter.param_type_name == "option"
    name = ", ".join(parameter.opts) if is_option else str(parameter.name).upper()
    default = parameter.default if not callable(parameter.default) else None
    shown = "" if default in (None, False, ()) else f"`{default}`"
    return f"`{name}`", shown, str(getattr(parameter, "help", None) or "")


def _dedented(text: str) -> str:
    return "\n".join(line.strip() for line in text.strip().splitlines())
