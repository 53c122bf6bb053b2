"""A server with the registry starts without the libraries that single operations need."""

import subprocess
import sys

_PROGRAM = """
import sys
from msingi.platform import Platform
from msingi.trial import small_profile
from msingi.http import create_app
create_app(Platform(small_profile(modules=["registry"])))
heavy = {"numpy", "shapely", "typst", "segno", "openpyxl"}
print(*sorted(heavy & sys.modules.keys()), end="")
"""


def test_geometry_cards_and_workbooks_are_loaded_when_used() -> None:
    done = subprocess.run([sys.executable, "-c", _PROGRAM], capture_output=True, text=True, check=False)

    assert (done.stdout, done.stderr) == ("", "")
