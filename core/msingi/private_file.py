"""A database in a file is its owner's alone: it begins readable and writable by the service's account only."""

import contextlib
import os
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, event

OWNER_ONLY = 0o600


def keep_private(engine: Engine) -> None:
    """Make a missing SQLite file before SQLite does; its journal files take the mode of the database itself.

    A file that exists keeps its mode, which is the administrator's decision.
    """
    name = engine.url.database
    if not name or name == ":memory:" or name.startswith("file:"):
        return
    path = Path(name)

    @event.listens_for(engine, "do_connect")
    def make(*_connecting: Any) -> None:
        with contextlib.suppress(OSError):  # SQLite itself tells what is wrong with a folder
            os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, OWNER_ONLY))
