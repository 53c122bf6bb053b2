"""Texts: the reader's language first, the country's next, English last; any language as data."""

import json
from datetime import date
from pathlib import Path

import pytest

from msingi.errors import DomainError, Forbidden, NotFound
from msingi.graphql.answers import describe_refusal
from msingi.i18n import Texts
from msingi.sayings import Saying, Sayings, saying_from

CORE = Path("core/msingi/locale").resolve()


def _catalogue(folder: Path, language: str, **texts: str) -> None:
    path = folder / language / "messages.po"
    path.parent.mkdir(parents=True)
    entries = "".join(f'\nmsgid "{key}"\nmsgstr "{value}"\n' for key, value in texts.items())
    path.write_text(
        f'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\nPlural-Forms: nplurals=2; plural=(n > 1);\\n"\n{entries}',
        encoding="utf-8",
    )


def test_a_refusal_speaks_the_readers_language() -> None:
    texts = Texts([CORE], ["fr", "en"])

    assert texts.refusal(Forbidden(permission="x.y"), "fr").startswith("Vous n'avez pas le droit « x.y »")
    assert texts.refusal(Forbidden(permission="x.y"), "en").startswith("You do not have the right “x.y”")


@pytest.mark.rule("X-01")
def test_a_reason_inside_a_refusal_is_in_the_readers_language_too(tmp_path: Path) -> None:
    class Unread(DomainError):
        template = "It cannot be read: {why}."

    texts = {
        Unread.template: "Cela ne se lit pas : {why}.",
        "look at line {line}": "regardez la ligne {line}",
    }
    _catalogue(tmp_path, "fr", **texts)
    error = Unread(why=Saying("look at line {line}", {"line": 7}))

    told = describe_refusal(error, Texts([tmp_path], ["fr", "en"]), "fr")

    assert str(error) == "It cannot be read: look at line 7."
    assert told["message"] == "Cela ne se lit pas : regardez la ligne 7."
    assert told["extensions"]["params"] == {"why": "look at line 7"}


@pytest.mark.parametrize("number", [1, 2])
def test_a_stored_sentence_is_told_later_like_the_first_time(number: int) -> None:
    inner = Saying("{number} line", {"number": number}, many="{number} lines", number=number)
    saying = Saying(
        "{what} of {day}, {ready}: {parts}",
        {
            "what": inner,
            "day": date(2026, 3, 2),
            "ready": False,
            "parts": Sayings((Saying("one"), "two")),
        },
    )

    later = saying_from(json.loads(json.dumps(saying.stored())))

    assert str(later) == str(saying) == f"{inner} of 2026-03-02, False: one, two"


@pytest.mark.rule("X-01")
@pytest.mark.parametrize(("language", "word"), [("ar", "مرحبا"), ("sw", "Karibu")])
def test_arabic_and_swahili_are_data(tmp_path: Path, language: str, word: str) -> None:
    _catalogue(tmp_path, language, Welcome=word)
    texts = Texts([CORE, tmp_path], [language, "fr", "en"])

    assert texts.get("Welcome", language) == word


def test_a_missing_text_falls_back_to_the_countrys_first_language_then_to_english(tmp_path: Path) -> None:
    _catalogue(tmp_path, "sw", Welcome="Karibu")
    texts = Texts([CORE, tmp_path], ["fr", "sw", "en"])

    assert "n'est" not in texts.get("Welcome", "sw")
    assert texts.refusal(NotFound(type="Person"), "sw").startswith("Aucun enregistrement")
    assert texts.get("Nobody translated this.", "sw") == "Nobody translated this."


@pytest.mark.rule("X-01")
def test_words_alike_in_both_languages_follow_the_numbers_of_their_own(tmp_path: Path) -> None:
    _catalogue(tmp_path, "fr")
    with (tmp_path / "fr" / "messages.po").open("a", encoding="utf-8") as file:
        file.write('\nmsgid "{number} page"\nmsgid_plural "{number} pages"\n')
        file.write('msgstr[0] "{number} page"\nmsgstr[1] "{number} pages"\n')
    texts = Texts([CORE, tmp_path], ["fr", "en"])

    def counted(number: int, language: str) -> str:
        return texts.count("{number} page", "{number} pages", number, language)

    assert [counted(number, "fr")[-1] for number in (0, 1, 2)] == ["e", "e", "s"]
    assert [counted(number, "en")[-1] for number in (0, 1, 2)] == ["s", "e", "s"]


def test_a_later_folder_overrides_an_earlier_one(tmp_path: Path) -> None:
    _catalogue(tmp_path / "first", "fr", Welcome="Bienvenue")
    _catalogue(tmp_path / "second", "fr", Welcome="Soyez les bienvenus")

    assert (
        Texts([tmp_path / "first", tmp_path / "second"], ["fr"]).get("Welcome", "fr") == "Soyez les bienvenus"
    )


@pytest.mark.parametrize(
    ("header", "chosen"),
    [
        (None, "fr"),
        ("", "fr"),
        ("en", "en"),
        ("en-GB,en;q=0.9", "en"),
        ("de;q=1, en;q=0.8, fr;q=0.9", "fr"),
        ("sw, *;q=0.1", "fr"),
        ("en;q=abc", "en"),
        ("x" * 10_000, "fr"),
    ],
)
def test_the_browsers_wish_is_honoured_where_possible(header: str | None, chosen: str) -> None:
    assert Texts([CORE], ["fr", "en"]).choose(header) == chosen


@pytest.mark.rule("X-01")
def test_what_stands_between_sentences_follows_the_language() -> None:
    texts = Texts([CORE], ["fr", "en"])
    both = Saying("{all}", {"all": Sayings((Saying("required"), Saying("required")), "; ")})

    assert (texts.tell(both, "en"), texts.tell(both, "fr")) == (
        "required; required",
        "obligatoire ; obligatoire",
    )


@pytest.mark.parametrize(
    ("header", "wish"), [(None, None), ("sw", None), ("de, *;q=0.5", None), ("sw, en;q=0.5", "en")]
)
def test_a_header_that_names_no_offered_language_is_no_wish(header: str | None, wish: str | None) -> None:
    assert Texts([CORE], ["fr", "en"]).wish(header) == wish
