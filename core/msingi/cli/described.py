"""What the commands of a plugin are for, read from its source: listing commands imports no plugin."""

import ast
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from msingi.cli.voice import Voice


def help_line(target: str, voice: "Voice") -> str:
    """The help of the application at ``package.module:attribute``, else the first line of the module's docstring.

    A target that cannot be read is named by itself: one broken plugin must not hide the other commands.
    """
    name, _, attribute = target.partition(":")
    try:
        source = source_of(name)
        tree = ast.parse(source.read_bytes()) if source else None
    except (OSError, SyntaxError):
        tree = None
    if tree is None:
        return voice("Commands of {package}", package=name.partition(".")[0])
    said = next(_helps(tree, attribute or "app"), None) or ast.get_docstring(tree) or name
    return voice.line(said.strip().splitlines()[0].rstrip("."))


def source_of(name: str) -> Path | None:
    """The file of a module; only its topmost package is looked up, which runs none of its code."""
    top, *parts = name.split(".")
    found = find_spec(top)
    if found is None or not found.origin:
        return None
    if not parts:
        return Path(found.origin)
    places = [Path(folder, *parts) for folder in found.submodule_search_locations or ()]
    files = (file for place in places for file in (place.with_suffix(".py"), place / "__init__.py"))
    return next((file for file in files if file.is_file()), None)


def _helps(tree: ast.Module, attribute: str) -> Iterator[str]:
    """The literal ``help`` of the call that is assigned to the attribute."""
    for statement in tree.body:
        if not isinstance(statement, ast.Assign) or not isinstance(statement.value, ast.Call):
            continue
        if any(isinstance(target, ast.Name) and target.id == attribute for target in statement.targets):
            yield from (
                word.value.value
                for word in statement.value.keywords
                if word.arg == "help"
                and isinstance(word.value, ast.Constant)
                and isinstance(word.value.value, str)
            )
