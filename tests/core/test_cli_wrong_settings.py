"""Wrong settings and missing keys, told in our words with the dotted path."""

import json
from pathlib import Path

import pytest
from tests.core.cli_fixtures import call, installed, told

from msingi.errors import ConfigurationError
from msingi.keyring import generate_key
from msingi.profile_files import settings_folder
from msingi.profiles import load_profile

__all__ = ["installed"]
pytestmark = pytest.mark.usefixtures("installed")


def test_a_secret_file_holds_a_bare_key_or_several() -> None:
    one, other = generate_key(), generate_key()

    for text in (one, f"{one}\n", f"{one},{other}", f"{one}\n{other}\n", json.dumps([one, other])):
        profile = load_profile("cameroon", environment={"MSINGI__SECURITY__KEYS": text})
        keys = [key.get_secret_value() for key in profile.security.keys]
        assert keys == [one, other][: len(keys)]
        assert len(keys) == 1 + (other in text)


@pytest.mark.parametrize(
    ("environment", "said"),
    [
        ({"MSINGI__SERVER__THREADS": "many"}, "  server.threads : écrivez un nombre entier"),
        ({"MSINGI__SERVER__THREADS": "900"}, "  server.threads : écrivez un nombre d'au plus 200"),
        (
            {"MSINGI__TIMEZONE": "Africa/Duala"},
            "  timezone : il n'y a pas de fuseau horaire « Africa/Duala »",
        ),
        ({"MSINGI__CURRENCY": "CFA"}, "  currency : CFA n'est pas une monnaie ISO 4217 en vigueur"),
        ({"MSINGI__SERVER__THREDS": "1"}, "  server.threds : réglage inconnu ; vérifiez l'orthographe"),
        (
            {"MSINGI__PLUGINS__REGISTRY__TALEST": "1"},
            "  plugins.registry.talest : réglage inconnu ; vérifiez l'orthographe",
        ),
    ],
)
def test_a_wrong_setting_is_told_in_our_words(
    environment: dict[str, str], said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)

    code, text = told(call("modules", "--profile", "cameroon"))

    assert code == 2
    assert said in text.splitlines()
    assert "Value error" not in text


def test_a_country_file_in_another_encoding_says_what_to_do(
    installed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LANG", "fr_DZ.UTF-8")
    (installed / "pays.toml").write_bytes('name = "Algérie"'.encode("latin-1"))

    assert told(call("modules", "--profile", "./pays.toml")) == (
        2,
        "msingi: pays.toml n'est pas écrit en UTF-8. Enregistrez-le de nouveau en UTF-8.\n",
    )


def test_a_structure_that_is_no_json_names_its_setting_and_not_its_value() -> None:
    with pytest.raises(ConfigurationError) as refused:
        load_profile("cameroon", environment={"MSINGI__COUNTRY__NAMES": "hunter2"})

    assert str(refused.value).startswith("country.names: this is neither JSON nor a plain list.")
    assert "hunter2" not in str(refused.value)


@pytest.mark.parametrize("setting", ["security.keys", "security.index_key"])
def test_a_missing_key_says_where_to_put_it(setting: str, tmp_path: Path) -> None:
    file = setting.replace(".", "__")
    (tmp_path / "secrets" / file).unlink()

    code, text = told(call("migrate", "--profile", "cameroon", "--database", "sqlite:///new.db"))

    assert code == 2
    assert text.startswith(f"msingi: {setting} : non renseigné.")
    assert f"le fichier {file} du dossier" in text
    assert f"MSINGI__{file.upper()}" in text


def test_a_secret_folder_that_is_not_there_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MSINGI_SECRETS_DIR", "/nowhere/secrets")

    assert told(call("modules", "--profile", "cameroon")) == (
        2,
        "msingi: MSINGI_SECRETS_DIR : il n'y a pas de dossier /nowhere/secrets.\n",
    )


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        (
            "MSINGI__ROLES",
            '{"clerk": ["audit.raed"]}',
            "roles.clerk : le module audit ne déclare aucune permission « audit.raed » ; vérifiez l'orthographe.",
        ),
        (
            "MSINGI__LANGUAGES",
            '["fr", "xx"]',
            "languages : il n'y a pas de langue « xx ». Écrivez des codes ISO 639, comme fr ou sw.",
        ),
    ],
)
def test_check_names_what_only_a_later_command_would_refuse(
    name: str, value: str, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LC_ALL", "fr_FR.UTF-8")
    monkeypatch.setenv(name, value)

    found = call("check", "--profile", "cameroon")

    assert (found.exit_code, found.stdout) == (1, f"{said}\n")


def test_check_mentions_a_language_without_a_catalogue() -> None:
    call("migrate --profile tanzania")

    found = call("check --profile tanzania --json")

    assert json.loads(found.stdout)["problems"] == []
    assert json.loads(found.stdout)["remarks"][0] == (
        "languages: no catalogue holds texts in “sw”; they appear in another language of the profile."
    )


@pytest.mark.parametrize(("mode", "mentioned"), [(0o600, False), (0o640, True), (0o604, True)])
def test_check_mentions_secret_files_that_others_may_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, mode: int, *, mentioned: bool
) -> None:
    secrets = tmp_path / "secrets"
    (secrets / "security__keys").chmod(mode)
    monkeypatch.setenv("LC_ALL", "fr_FR.UTF-8")
    call("migrate --profile burundi")

    lines = call("check --profile burundi").stdout.splitlines()

    remark = (
        "D'autres utilisateurs de cette machine peuvent lire ces fichiers secrets : security__keys. "
        f"Retirez-leur ce droit : `chmod 600 {secrets}/*`."
    )
    assert (lines[0], remark in lines) == ("Tout est en ordre.", mentioned)


@pytest.mark.rule("CH-74")
@pytest.mark.parametrize("command", ["check", "serve --port 0", "worker"])
def test_a_misspelt_role_that_needs_a_second_factor_stops_the_start(
    command: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert call("migrate --profile car --database sqlite:///country.db").exit_code == 0
    monkeypatch.setenv("MSINGI__SECURITY__SECOND_FACTOR_ROLES", '["acountant"]')

    result = call(f"{command} --profile car --database sqlite:///country.db")

    assert told(result)[0] != 0
    said = "security.second_factor_roles : il n'y a pas de rôle « acountant » ; vérifiez l'orthographe."
    assert said in result.output


@pytest.mark.rule("ID-9")
@pytest.mark.parametrize(
    "wrong",
    ['pattern = "[0-9"', 'uniqueness = "per_location"'],
    ids=["no pattern", "no place to be unique in"],
)
def test_an_identifier_type_that_cannot_be_obeyed_stops_the_start(wrong: str, installed: Path) -> None:
    shipped = (settings_folder() / "car.toml").read_text(encoding="utf-8")
    kind = f'[[plugins.registry.identifier_types]]\ncode = "national_id"\nsystem = "urn:oid:2"\n{wrong}\n'
    (installed / "country.toml").write_text(f"{shipped}\n{kind}", encoding="utf-8")

    code, text = told(call("modules --profile country.toml"))

    assert code == 2
    assert "plugins.registry.identifier_types.0" in text
    assert "national_id" in text


@pytest.mark.rule("ID-4")
@pytest.mark.parametrize("pattern", [r"(\d{18", r"^\d{18}$"])
@pytest.mark.parametrize(
    ("language", "head", "said"),
    [
        (
            "fr_FR.UTF-8",
            "Les réglages de country.toml ne sont pas valables :",
            "n'est pas pris en charge. Un format vaut pour la valeur entière : n'écrivez ni ^ ni $.",
        ),
        (
            "en_GB.UTF-8",
            "The settings in country.toml are not valid:",
            "is not supported. A format holds for the whole value: write neither ^ nor $.",
        ),
    ],
)
def test_a_wrong_format_names_file_and_place_and_says_what_is_allowed(
    pattern: str, language: str, head: str, said: str, installed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LC_ALL", language)
    shipped = (settings_folder() / "car.toml").read_text(encoding="utf-8")
    kind = f"[[plugins.registry.identifier_types]]\ncode = 'national_id'\nsystem = 'urn:oid:2'\npattern = '{pattern}'\n"
    (installed / "country.toml").write_text(f"{shipped}\n{kind}", encoding="utf-8")

    first, second = call("check --profile ./country.toml").stdout.splitlines()

    assert first == head
    assert second.startswith("  plugins.registry.identifier_types.0.pattern")
    assert said in second
    assert "{8}" in second
