"""The generated reference: one Markdown page per kind of thing, always true because the code writes it."""

from collections.abc import Mapping
from pathlib import Path

from msingi.contracts import full_platform
from msingi.contracts.exports import permissions_page
from msingi.reference.command_page import commands_page
from msingi.reference.contract_pages import events_page, hooks_page, modules_page
from msingi.reference.error_page import errors_page, known_errors
from msingi.reference.proof_page import proofs_page
from msingi.reference.roles_page import roles_page
from msingi.reference.settings_page import settings_page

__all__ = ["known_errors", "reference_pages", "write_reference"]

NOTE = "\nThis page is generated: `make docs` writes it.\n"


def reference_pages(root: Path = Path()) -> Mapping[str, str]:
    """Every page by its file name; ``root`` is the project that holds ``docs/rules`` and the tests."""
    platform = full_platform()
    pages = {
        "modules.md": modules_page(platform),
        "settings.md": settings_page(platform),
        "permissions.md": permissions_page(platform),
        "roles.md": roles_page(platform),
        "hooks.md": hooks_page(platform),
        "events.md": events_page(platform),
        "cli.md": commands_page(platform),
        "errors.md": errors_page(platform),
        "security.md": proofs_page(root),
    }
    return {name: text.rstrip() + "\n" + NOTE for name, text in pages.items()}


def write_reference(folder: Path, root: Path = Path()) -> list[Path]:
    """Write the pages into ``folder`` and return their paths."""
    folder.mkdir(parents=True, exist_ok=True)
    pages = reference_pages(root)
    for name, text in pages.items():
        (folder / name).write_text(text, encoding="utf-8")
    return [folder / name for name in pages]
