"""`msingi settings`: what is in force is shown, what is secret is not, also in the settings of a module."""

import json

import pytest
from typer.testing import CliRunner

from msingi.cli.settings import app

SECRET = "card-key-that-nobody-may-read"


@pytest.mark.rule("attack 98")
def test_a_secret_of_a_module_is_masked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MSINGI__PLUGINS__REGISTRY__CARD_KEY", SECRET)

    shown = CliRunner().invoke(app, ["show", "--profile", "cameroon"])
    compared = CliRunner().invoke(app, ["diff", "cameroon", "tanzania"])

    assert shown.exit_code == 0, shown.output
    assert json.loads(shown.output)["plugins"]["registry"]["card_key"] == "**********"
    assert compared.exit_code == 1
    assert SECRET not in shown.output + compared.output


@pytest.mark.rule("X-10")
def test_settings_that_nobody_wrote_are_shown_with_their_defaults() -> None:
    shown = CliRunner().invoke(app, ["show", "--profile", "burundi"])

    assert json.loads(shown.output)["plugins"]["auth"]["api_token_days"] == 365
