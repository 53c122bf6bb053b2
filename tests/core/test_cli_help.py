"""Help and usage of commands speak French where the answer does; no text of ours is left in English."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer
from tests.core.cli_fixtures import call, told
from typer.core import TyperArgument, TyperGroup
from typer.testing import CliRunner

from msingi.cli.catalogues import texts_in
from msingi.cli.entry import COMMANDS, LazyGroup, app, module_of
from msingi.cli.speech import FOLDERS
from msingi.cli.usage_errors import FORMS
from msingi.cli.voice import CORE, key_of, voice_for

ROOT = Path(__file__).parents[2]
CATALOGUES = sorted(
    path.parents[1] for folder in ("core", "modules") for path in (ROOT / folder).rglob("fr/messages.po")
)
SAME = {"<UUID>", "{code}", "{iso3}", "{message}"}
"""What is the same word in both languages."""
WIDE = {"COLUMNS": "1000"}
FRENCH = {**WIDE, "LANG": "fr_FR.UTF-8"}
ENGLISH = {**WIDE, "LANG": "en_GB.UTF-8"}


def _commands() -> Iterator[tuple[tuple[str, ...], str, Any]]:
    """Every command: the words that call it, its module, and itself."""
    root: Any = typer.main.get_command(app)
    yield (), CORE, root
    for name in root.list_commands(None):
        command = root.get_command(None, name)
        yield from _below((name,), module_of(name), command)


def _below(words: tuple[str, ...], module: str, command: Any) -> Iterator[tuple[tuple[str, ...], str, Any]]:
    yield words, module, command
    if isinstance(command, TyperGroup):
        for name, inner in command.commands.items():
            yield from _below((*words, name), module, inner)


def _texts_of(command: Any) -> Iterator[str]:
    """The English that the help of a command shows, as keys of a catalogue."""
    context = typer.Context(command)
    for text in (command.help, command.short_help, command.epilog):
        paragraphs = (text or "").split("\n\n")
        yield from (key_of(each) for each in paragraphs if each and not each.startswith("Example"))
    for parameter in command.get_params(context):
        yield from filter(None, [parameter.help, parameter.metavar, parameter.rich_help_panel])
        if not getattr(parameter, "is_flag", False):
            yield re.sub("^(?!<).*", "", parameter.metavar or parameter.display_type(context))
        if isinstance(parameter, TyperArgument) and parameter.metavar is None:
            yield f"{{{parameter.name}}}"


def _needed() -> Iterator[tuple[str, str]]:
    """Each text that has to be in French, with the module whose catalogues hold it."""
    for _, module, command in _commands():
        yield from ((module, text) for text in _texts_of(command) if text)
    yield from ((module, f"{line}.") for module, line in COMMANDS.values())
    yield from ((CORE, form) for form in FORMS)


@pytest.mark.rule("X-01")
def test_every_text_of_the_help_is_in_french() -> None:
    needed = list(_needed())
    missing = {
        f"{module}: {text}"
        for module, text in needed
        if text not in voice_for("fr", module).texts and text not in SAME
    }

    assert len(needed) > 400
    assert missing == set()


def test_a_text_of_the_help_that_the_core_says_is_said_by_no_plugin_again() -> None:
    core = [text for folder in FOLDERS for text in texts_in(folder, "fr")]
    others = {text for folder in CATALOGUES if folder not in FOLDERS for text in texts_in(folder, "fr")}
    twice = {text for _, text in _needed() if core.count(text) + (text in others) > 1 and text in core}

    assert twice == set()


@pytest.mark.rule("X-01")
def test_the_help_of_every_command_shows_its_french_and_no_english() -> None:
    left, lost = [], []
    for words, module, command in _commands():
        shown = " ".join(re.sub("[│╭╮╰╯─]", " ", _help(words, FRENCH)).split())
        voice = voice_for("fr", module)
        texts = [text for text in _texts_of(command) if text and text not in SAME and text[0] not in "{<"]
        left += [(words, text) for text in texts if text in shown]
        lost += [(words, text) for text in texts if voice(text) not in shown]

    assert left == []
    assert lost == []


@pytest.mark.parametrize("words", [("--help",), ("claims", "payments", "answers", "--help")])
def test_english_help_is_the_text_in_the_code(words: tuple[str, ...]) -> None:
    shown = CliRunner().invoke(app, [*words], env=ENGLISH).output

    assert "Usage: msingi" in shown
    assert "Show this message and exit." in shown
    assert not set(shown) & set("éèàç«»")


def test_the_words_around_the_texts_are_french_too() -> None:
    root, grant, answers = (
        _help(words, FRENCH) for words in [(), ("user", "grant"), ("claims", "payments", "answers")]
    )

    assert root.startswith("Utilisation : msingi [OPTIONS] COMMANDE [ARGUMENTS]...\n")
    assert "\nCommandes :\n  demo       Lancer une démonstration complète d'un pays\n" in root
    assert "Utilisation : msingi user grant [OPTIONS] {utilisateur} {rôle}" in grant
    assert "[variable d'environnement : MSINGI_PROFILE]" in grant
    assert "command line" not in grant
    assert "[par défaut : cameroon]" in _help(("demo",), FRENCH)
    assert re.search(r"\* +--place +<texte> +Code du lieu, .* \[obligatoire\]", grant)
    assert re.search(r"--json +Afficher du JSON", _help(("user", "reset"), FRENCH))
    assert "Exemple : msingi claims payments answers P20260302-0A1B2C3D answers.csv" in answers


def test_a_command_that_needs_another_word_shows_its_help() -> None:
    status, said = told(CliRunner().invoke(app, []))

    assert status == 2
    assert said.startswith("Utilisation : msingi [OPTIONS] COMMANDE [ARGUMENTS]...\n")


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        ("msingi se", "serve\nServir l'API par HTTP\nsettings\nAfficher, exporter et comparer les réglages"),
        ("msingi user unl", "unlock\nRouvrir un compte que des essais erronés..."),
        ("msingi check --js", "--json\nAfficher du JSON pour les machines."),
        ("msingi --h", "--help\nAfficher cette aide et quitter."),
    ],
)
def test_what_a_shell_offers_is_explained_in_french(typed: str, offered: str) -> None:
    environment = {"_MSINGI_COMPLETE": "complete_powershell", "_TYPER_COMPLETE_ARGS": typed}
    word = {"_TYPER_COMPLETE_WORD_TO_COMPLETE": typed.rpartition(" ")[2]}

    shown = CliRunner().invoke(app, [], env={**environment, **word}, prog_name="msingi").output

    assert shown.replace(":::", "\n").strip() == offered


@pytest.mark.parametrize(
    ("words", "environment", "title"),
    [
        ("demo --help", {}, "Utilisation :"),
        ("demo --help", {"MSINGI_PROFILE": "tanzania"}, "Usage:"),
        ("check --profile tanzania --help", {}, "Usage:"),
        ("check --help -p tanzania", {}, "Usage:"),
        ("check --profile=tanzania --help", {"LANG": "fr"}, "Utilisation :"),
        ("check --help", {"LANG": "de_DE.UTF-8", "MSINGI_PROFILE": "nowhere"}, "Usage:"),
        ("demo --lang en --help", {"LANG": "fr"}, "Usage:"),
        ("demo --help --lang=fr", {"LANG": "en"}, "Utilisation :"),
        ("demo --help --lang sw", {"LANG": "fr"}, "Utilisation :"),
        ("demo --help --lang", {"LANG": "fr"}, "« --lang » demande une valeur."),
    ],
)
def test_the_help_is_in_the_language_of_the_answer(
    words: str, environment: dict[str, str], title: str
) -> None:
    shown = CliRunner().invoke(app, words.split(), env=environment).output

    assert title in shown


def test_the_list_of_a_command_is_the_sentence_of_its_group() -> None:
    root = typer.main.get_command(app)
    assert isinstance(root, LazyGroup)

    said = {name: root.get_command(None, name) for name in COMMANDS}
    groups = {name: group.help for name, group in said.items() if isinstance(group, TyperGroup)}

    assert {name: f"{COMMANDS[name][1]}." for name in groups} == groups


@pytest.mark.parametrize(
    ("words", "error"),
    [
        ("inconnu", "Il n'y a pas de commande « inconnu »."),
        ("servir", "Il n'y a pas de commande « servir ». Vouliez-vous « serve », « user » ?"),
        ("audit searc", "Il n'y a pas de commande « searc ». Vouliez-vous « search », « seal » ?"),
        ("--quick", "Il n'y a pas d'option --quick"),
        ("demo --per 3", "Il n'y a pas d'option --per (options proches : --persons, --port)"),
        ("user unlock", "Il manque l'argument « utilisateur »."),
        ("user grant amina nurse", "Il manque l'option « --place »."),
        ("modules now", "Arguments de trop : now"),
        ("demo --persons many", "Valeur non valable pour « --persons » : écrivez un nombre entier"),
        ("demo --port 70000", "Valeur non valable pour « --port » : écrivez un nombre d'au plus 65535"),
        ("audit search --actor x", "Valeur non valable pour « --actor » : écrivez un identifiant (UUID)"),
        (
            "audit search --since x",
            "Valeur non valable pour « --since » : écrivez un instant sous la forme AAAA-MM-JJ ou AAAA-MM-JJTHH:MM",
        ),
        (
            "ledger balance --through 3",
            "Valeur non valable pour « --through » : « 3 » n'est pas un jour de la forme AAAA-MM-JJ.",
        ),
        (
            "insurance product load none.json",
            "Valeur non valable pour « fichier » : le fichier « none.json » n'existe pas.",
        ),
        (
            "claims adjudicate none.json",
            "Valeur non valable pour « CAS.json » : « none.json » : ce fichier n'existe pas",
        ),
        ("demo --lang sw", "Valeur non valable pour --lang : Choisissez parmi : fr, en."),
    ],
)
def test_what_is_typed_wrongly_is_told_in_french(words: str, error: str) -> None:
    status, said = told(call(words))

    assert (status, said.splitlines()[-1]) == (2, f"Erreur : {error}")


def test_a_wrong_call_shows_how_to_call_and_where_help_is() -> None:
    status, said = told(call("user unlock"))

    assert status == 2
    assert said == (
        "Utilisation : msingi user unlock [OPTIONS] {utilisateur}\n"
        "L'aide s'affiche avec « msingi user unlock -h ».\n"
        "\n"
        "Erreur : Il manque l'argument « utilisateur ».\n"
    )


def test_english_errors_have_the_form_of_typer_and_our_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LANG", "en_GB.UTF-8")

    status, said = told(call("demo --port 70000"))

    assert status == 2
    assert said == (
        "Usage: msingi demo [OPTIONS]\n"
        "Try 'msingi demo -h' for help.\n"
        "\n"
        "Error: Invalid value for '--port': write a number of at most 65535\n"
    )


@pytest.mark.parametrize("form", FORMS)
def test_the_french_of_a_form_fills_in_only_what_the_form_finds(form: str) -> None:
    names = set(re.findall(r"\{(\w+)\}", form))
    used = set(re.findall(r"\{(\w+)\}", voice_for("fr", CORE).texts[form]))

    assert used <= names
    assert names - used <= {"detail"}


def _help(words: tuple[str, ...], environment: dict[str, str]) -> str:
    result = CliRunner().invoke(app, [*words, "--help"], env=environment)
    assert result.exit_code == 0, result.output
    return result.output


def test_english_help_names_kinds_of_values_as_people_do() -> None:
    shown = " ".join(_help(words, ENGLISH) for words, _, _ in _commands())

    assert set(re.findall("<[A-Za-z]+[^>│]*>", shown)) <= {
        "<date and time>",
        "<file>",
        "<folder>",
        "<integer>",
        "<number>",
        "<path>",
        "<text>",
        "<texts>",
        "<UUID>",
        "<YYYY-MM-DD>",
    }


@pytest.mark.parametrize(
    ("environment", "said"),
    [(ENGLISH, "write a whole number"), (FRENCH, "écrivez un nombre entier")],
)
def test_a_number_that_is_none_is_told_in_our_words(environment: dict[str, str], said: str) -> None:
    result = CliRunner().invoke(app, ["demo", "--persons", "abc"], env=environment)

    assert result.exit_code == 2
    assert said in result.stderr
    assert "unable to parse" not in result.stderr
