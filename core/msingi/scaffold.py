"""Skeletons of modules and plugins, copied from templates with the name filled in."""

import re
from pathlib import Path

from msingi.errors import ConfigurationError

TEMPLATES = Path(__file__).parent / "templates"
_NAME = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")


def write_skeleton(kind: str, name: str, folder: Path) -> list[Path]:
    """Copy the template of this kind below ``folder`` and return the files written.

    Raises:
        ConfigurationError: the name is not snake_case, or a file exists already; nothing is overwritten.

    """
    if not _NAME.fullmatch(name):
        raise ConfigurationError(f"{name!r} is not a plugin name: use small letters, digits and underscores.")
    words = {
        "name": name,
        "Name": "".join(part.capitalize() for part in name.split("_")),
        "dash": name.replace("_", "-"),
    }
    source = TEMPLATES / kind
    planned = {
        folder / _filled(str(path.relative_to(source)), words).removesuffix(".txt"): path
        for path in sorted(source.rglob("*.txt"))
    }
    existing = [str(path) for path in planned if path.exists()]
    if existing:
        raise ConfigurationError(f"Already there, nothing was written: {', '.join(existing)}.")
    for target, template in planned.items():
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(_filled(template.read_text(encoding="utf-8"), words), encoding="utf-8")
    return list(planned)


def _filled(text: str, words: dict[str, str]) -> str:
    for key, value in words.items():
        text = text.replace(f"__{key}__", value)
    return text
