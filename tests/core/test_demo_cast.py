"""The users of a demonstration: what is copied from the table stands on one line."""

import io

import pytest
from rich.console import Console

from msingi.demo.run import print_cast
from msingi.demo.stage import Credential


@pytest.mark.parametrize(("french", "change"), [(False, "change it"), (True, "à changer")])
def test_passwords_stay_on_one_line_of_eighty_columns(change: str, *, french: bool) -> None:
    password = "La pirogue rentre avant la pluie 2026"
    known = Credential("facility_administrator", password, "token")
    new = Credential("clerk", "f3hghxn9m93rwbxc", None)
    shown = io.StringIO()

    print_cast({"known": known, "new": new}, Console(file=shown, width=80), french=french)

    lines = shown.getvalue().splitlines()
    assert max(map(len, lines)) <= 80
    assert any("facility_administrator" in line and password in line for line in lines)
    assert any("clerk" in line and change in line for line in lines)
    assert "newPassword" in lines[-1]
