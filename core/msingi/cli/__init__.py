"""The command line: thin commands that load what they need when they run."""

from msingi.cli.entry import main
from msingi.cli.platforms import platform_for

__all__ = ["main", "platform_for"]
