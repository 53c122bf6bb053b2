"""The generated reference: one Markdown page per kind of thing, always true because the code writes it."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

from msingi.cli.speech import Speech
from msingi.contracts import full_platform
from msingi.contracts.exports import permissions_page
from msingi.platform import Platform
from msingi.reference.command_page import commands_page
from msingi.reference.contract_pages import events_page, hooks_page, modules_page
from msingi.reference.error_page import errors_page, known_errors
from msingi.reference.face_page import faces_page
from msingi.reference.proof_page import proofs_page
from msingi.reference.roles_page import roles_page
from msingi.reference.settings_page import settings_page

__all__ = ["known_errors", "reference_pages", "write_reference"]

_FOR_DEVELOPERS: Final[Mapping[str, Callable[[Platform], str]]] = {
    "modules": modules_page,
    "hooks": hooks_page,
    "events": events_page,
    "errors": errors_page,
    "faces": faces_page,
}
"""Pages in English."""
_FOR_MINISTRIES: Final[Mapping[str, Callable[[Platform, Speech], str]]] = {
    "settings": settings_page,
    "permissions": permissions_page,
    "roles": roles_page,
    "cli": commands_page,
}
"""Pages in both languages."""


def reference_pages(root: Path = Path()) -> Mapping[str, str]:
    """Every page by its file name; ``root`` is the project that holds ``docs/rules`` and the tests."""
    platform = full_platform()
    english, french = (Speech(language, platform.texts.folders) for language in ("en", "fr"))
    pages = {f"{name}.md": page(platform) for name, page in _FOR_DEVELOPERS.items()}
    pages["security.md"] = proofs_page(root)
    for name, told in _FOR_MINISTRIES.items():
        pages[f"{name}.md"] = _linked(told(platform, english), f"[En français]({name}.fr.md)")
        pages[f"{name}.fr.md"] = _linked(told(platform, french), f"[In English]({name}.md)")
    return {
        name: _signed(text, french if name.endswith(".fr.md") else english) for name, text in pages.items()
    }


def write_reference(folder: Path, root: Path = Path()) -> list[Path]:
    """Write the pages into ``folder`` and return their paths."""
    folder.mkdir(parents=True, exist_ok=True)
    pages = reference_pages(root)
    for name, text in pages.items():
        (folder / name).write_text(text, encoding="utf-8")
    return [folder / name for name in pages]


def _linked(page: str, link: str) -> str:
    """The page with a link to itself in the other language below its title."""
    title, _, rest = page.partition("\n\n")
    return f"{title}\n\n{link}\n\n{rest}"


def _signed(page: str, say: Speech) -> str:
    return f"{page.rstrip()}\n\n{say('This page is generated: `make docs` writes it.')}\n"
