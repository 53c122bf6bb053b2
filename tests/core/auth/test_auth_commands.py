"""`msingi user` on a database of its own."""

import json
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from typer.testing import CliRunner

from msingi.actor import ANONYMOUS
from msingi.auth.commands import app
from msingi.auth.models import User
from msingi.auth.services.authentication import authenticate
from msingi.auth.services.login import login
from msingi.cli.platforms import platform_for
from msingi.keyring import generate_key
from msingi.migrate import upgrade
from msingi.platform import Platform
from msingi.rbac.roles import sync_roles
from msingi.rbac.rules import NewPlace
from msingi.rbac.tree import add_places

PASSWORD = "un mil et sept baobabs"


@pytest.fixture
def bare(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Platform:
    """An installation without places that the command line finds by its environment."""
    secrets = tmp_path / "secrets"
    secrets.mkdir()
    (secrets / "security__index_key").write_text(generate_key())
    (secrets / "security__keys").write_text(json.dumps([generate_key()]))
    monkeypatch.setenv("MSINGI_SECRETS_DIR", str(secrets))
    monkeypatch.setenv("MSINGI__DATABASE__URL", f"sqlite:///{tmp_path / 'office.db'}")
    monkeypatch.setenv("MSINGI__MODULES", "[]")
    platform = platform_for("cameroon")
    upgrade(platform)
    with platform.work() as work:
        sync_roles(work)
    return platform


@pytest.fixture
def office(bare: Platform) -> Platform:
    """An installation with one place."""
    with bare.work() as work:
        add_places(work, [NewPlace("LAND", "Land")])
    return bare


def test_a_place_is_named_before_any_is_loaded(bare: Platform) -> None:
    bare.close()

    nowhere = CliRunner().invoke(app, ["create", "amina", "--name", "A", "--place", "CM"])

    assert (nowhere.exit_code, nowhere.stderr) == (
        1,
        "Il n'y a aucun lieu de code « CM ». Chargez d'abord les lieux, par exemple avec `msingi load country`.\n",
    )


def call(*arguments: str) -> Any:
    result = CliRunner().invoke(app, [*arguments, "--profile", "cameroon"])
    assert result.exit_code == 0, result.output
    return json.loads(result.output) if "--json" in arguments else result.output


def sign_in(platform: Platform, password: str, **more: Any) -> str:
    with platform.work(ANONYMOUS) as work:
        return login(work, "amina", password, **more).token


def test_create_grant_reset_and_unlock(office: Platform) -> None:
    made = call("create", "Amina", "--name", "Amina D.", "--place", "LAND", "--role", "auditor", "--json")
    token = sign_in(office, made["one_time_password"], new_password=PASSWORD)
    assert made["username"] == "amina"
    assert authenticate(office, token).holds("audit.read")

    assert call("grant", "amina", "system_administrator", "--place", "LAND") == (
        "amina détient le rôle system_administrator pour LAND.\n"
    )
    assert authenticate(office, token).holds("auth.manage_users")
    assert call("unlock", "amina") == "amina peut de nouveau se connecter.\n"

    again = call("reset", "amina", "--second-factor", "--json")
    assert sign_in(office, again["one_time_password"], new_password="sept mille baobabs") != token
    assert "mot de passe à usage unique" in call("reset", "amina")
    office.close()


def test_unknown_people_and_places_are_named_as_such(office: Platform) -> None:
    nobody = CliRunner().invoke(app, ["unlock", "nobody"])
    nowhere = CliRunner().invoke(app, ["create", "amina", "--name", "A", "--place", "ELSEWHERE"])

    assert (nobody.exit_code, nobody.stderr) == (
        1,
        "Il n'y a pas d'utilisateur « nobody ».\n",
    )
    assert (nowhere.exit_code, nowhere.stderr) == (
        1,
        "Il n'y a aucun lieu de code « ELSEWHERE ». Écrivez le code d'un lieu chargé, par exemple LAND.\n",
    )
    with office.work(writes=False) as work:
        assert list(work.session.scalars(select(User.username))) == []
    office.close()


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (
            ("--language", "FR"),
            "« FR » ne fait pas partie des langues de ce pays. Choisissez parmi : fr, en.\n",
        ),
        (
            ("--language", "de"),
            "« de » ne fait pas partie des langues de ce pays. Choisissez parmi : fr, en.\n",
        ),
        (("--name", ""), "Certains champs ne sont pas valides : displayName : ne peut pas être vide.\n"),
    ],
)
def test_a_wrong_wish_is_told_in_words(office: Platform, wrong: tuple[str, str], said: str) -> None:
    told = CliRunner().invoke(app, ["create", "amina", "--name", "A", "--place", "LAND", *wrong])

    assert (told.exit_code, told.stderr) == (1, said)
    with office.work(writes=False) as work:
        assert list(work.session.scalars(select(User.username))) == []
    office.close()


def test_an_unknown_role_lists_the_roles(office: Platform) -> None:
    call("create", "amina", "--name", "A", "--place", "LAND")

    told = CliRunner().invoke(app, ["grant", "amina", "clrk", "--place", "LAND"])

    assert told.exit_code == 1
    assert told.stderr.startswith("Il n'y a pas de rôle clrk. Les rôles sont : accountant, auditor, ")
    office.close()
