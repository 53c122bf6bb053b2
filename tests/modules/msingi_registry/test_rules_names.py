"""Names are stored clean, folded for comparison, and compared without regard to order or particles."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from msingi_registry.rules.lookalikes import is_look_alike, look_of, mixes_scripts
from msingi_registry.rules.name_similarity import SIMILAR_FROM, name_similarity, word_similarity
from msingi_registry.rules.names import (
    NameWord,
    clean_name,
    compact_name,
    fold_name,
    name_words,
    same_name,
    spelling_variants,
)
from msingi_registry.rules.refusals import Refusal

SAMPLE = (
    "Ngono Mbarga Atangana Ndayizeye Nshimirimana Ouédraogo N'Djamena Ngo'o El Ben Ould Mansouri Aïssatou "
    "Marie-Claire Kouassi Tchatchoua François Zoé Ali McDonald De Souza محمد فاطمة"
)
WORDS = SAMPLE.split()
names = st.lists(st.sampled_from(WORDS), min_size=1, max_size=5).map(" ".join)


@pytest.mark.rule("ID-10", "attack 57")
@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("  N\u2019Djamena  \t Paul ", "N'Djamena Paul"),
        ("Ngo\u02bco", "Ngo'o"),
        ("Aissatou\u0308", "Aissatoü"),
        ("\u202eMbarga\u202c\u200b", "Mbarga"),
        ("Marie\u2010Claire", "Marie-Claire"),
        ("مُحَمَّد", "مُحَمَّد"),
        ("Jr. Ngono 2", "Jr. Ngono 2"),
    ],
)
def test_a_name_is_stored_clean(typed: str, stored: str) -> None:
    assert clean_name(typed) == stored


@pytest.mark.rule("attack 57")
@pytest.mark.parametrize(
    "typed",
    [
        "",
        " \u200b ",
        "Ali\x00",
        "Ali\x1b[2J",
        "\ud800Ali",
        "Ali \U0001f600",
        "\ue000li",
        "a" + "\u0301" * 5,
        "123",
    ],
)
def test_a_name_that_cannot_be_a_name_is_refused(typed: str) -> None:
    with pytest.raises(Refusal) as refused:
        clean_name(typed)

    assert (refused.value.code, refused.value.params) == ("registry.name_invalid", {})


@pytest.mark.rule("attack 57")
def test_a_name_of_a_megabyte_is_refused_by_its_length() -> None:
    with pytest.raises(Refusal) as refused:
        clean_name("a" * 1_000_000)

    assert (refused.value.code, refused.value.params) == ("registry.name_too_long", {"max": 200})


@pytest.mark.rule("ID-10", "attack 60")
@pytest.mark.parametrize(
    ("name", "folded"),
    [
        ("N'Djamena", "ndjamena"),
        ("Ngo'o", "ngoo"),
        ("Marie-Claire ATANGANA", "marie claire atangana"),
        ("Ouédraogo", "ouedraogo"),
        ("Çelik Iğd\u0131r \u0130", "celik igdir i"),
        ("Œuvre Straße", "oeuvre strasse"),
        ("محمد", "mhmd"),
        ("أحمد", "ahmd"),
        ("Анна", "anna"),
        ("Ɓaaba Ŋo", "baaba ngo"),
        ("", ""),
    ],
)
def test_a_name_is_folded_to_plain_letters(name: str, folded: str) -> None:
    assert fold_name(name) == folded


@pytest.mark.rule("ID-10")
@given(text=st.text(max_size=60))
def test_folding_never_fails_and_is_stable(text: str) -> None:
    folded = fold_name(text)

    assert folded.isascii()
    assert fold_name(folded) == folded


@pytest.mark.rule("ID-10", "attack 57")
@given(text=st.text(max_size=60))
def test_a_stored_name_stays_as_it_is_when_stored_again(text: str) -> None:
    try:
        stored = clean_name(text)
    except Refusal:
        return
    assert clean_name(stored) == stored


@pytest.mark.rule("ID-10")
@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("El Hadj Omar", [("hadj", "elhadj"), ("omar", "omar")]),
        ("Ahmed Ould Daddah", [("ahmed", "ahmed"), ("daddah", "oulddaddah")]),
        ("Maria da Silva", [("maria", "maria"), ("silva", "dasilva")]),
        ("Mc Donald", [("donald", "mcdonald")]),
        ("Abd el Kader Ali", [("abdelkader", "abdelkader"), ("ali", "ali")]),
        ("Ould Abdel Kader", [("abdelkader", "ouldabdelkader")]),
        ("عبد القادر بن علي", [("abdalqadr", "abdalqadr"), ("ali", "benali")]),
        ("Abdoul", [("abdoul", "abdoul")]),
        ("Kader Abdel", [("kader", "kader"), ("abdel", "abdel")]),
        ("Ben", [("ben", "ben")]),
        ("Ali Ben", [("ali", "ali"), ("ben", "ben")]),
        ("", []),
    ],
)
def test_particles_go_with_the_word_after_them(name: str, words: list[tuple[str, str]]) -> None:
    assert name_words(name) == tuple(NameWord(text, joined) for text, joined in words)


@pytest.mark.rule("ID-10")
@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("Jean Ngono", "Ngono Jean"),
        ("Marie-Claire Atangana", "ATANGANA Marie Claire"),
        ("El Mansouri Ali", "Ali Mansouri"),
        ("Ould Daddah", "Oulddaddah"),
        ("N'Djamena", "N Djamena"),
        ("Ngo\u2019o Paul", "Paul Ngoo"),
        ("Ben Ngono", "Ngono Ben"),
        ("Jean-Pierre", "Jeanpierre"),
        ("François", "FRANCOIS"),
    ],
)
def test_swapped_compound_and_accented_names_are_the_same_name(first: str, second: str) -> None:
    assert same_name(first, second)
    assert name_similarity(first, second) == 1.0


@pytest.mark.rule("ID-10")
def test_nothing_is_never_the_same_name() -> None:
    assert not same_name("", "")
    assert not same_name("!", "?")
    assert name_similarity("", "Ngono") == 0.0


@pytest.mark.rule("ID-10")
@given(words=st.lists(st.sampled_from(WORDS), min_size=1, max_size=5), data=st.data())
def test_any_order_of_the_words_scores_one(words: list[str], data: st.DataObject) -> None:
    shuffled = data.draw(st.permutations(words))

    assert name_similarity(" ".join(words), " ".join(shuffled)) == 1.0


@pytest.mark.rule("ID-10")
@given(first=names, second=names)
def test_similarity_is_symmetric_and_between_zero_and_one(first: str, second: str) -> None:
    score = name_similarity(first, second)

    assert 0.0 <= score <= 1.0
    assert score == name_similarity(second, first)


@pytest.mark.rule("ID-10")
@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("Mohamed Salah", "Muhammad Saleh"),
        ("Ndayizeye Eric", "Ndaizeye Éric"),
        ("Nshimirimana Aline", "Aline Nchimirimana"),
        ("Ouattara Moussa", "Wattara Musa"),
        ("Amougou", "Amugu"),
        ("Ngono", "Jean Ngono"),
        ("Abd el-Kader", "Abdoul Kadir"),
        ("Abderrahmane", "عبد الرحمن"),
        ("محمد", "Mohamed"),
        ("Khadidja", "خديجة"),
    ],
)
def test_spellings_of_one_name_are_similar(first: str, second: str) -> None:
    assert name_similarity(first, second) >= SIMILAR_FROM


@pytest.mark.rule("ID-10")
@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("Jean Mbarga", "Paul Mbarga"),
        ("Abega Paul", "Zoa Marthe"),
        ("Marie Ngono", "Marie Atangana"),
        ("Hakizimana Jean", "Nshimirimana Jean"),
    ],
)
def test_different_persons_of_one_family_are_not_similar(first: str, second: str) -> None:
    assert name_similarity(first, second) < SIMILAR_FROM


@pytest.mark.rule("ID-10")
def test_the_score_of_a_missing_surname_and_of_one_wrong_letter_is_known() -> None:
    assert name_similarity("Ngono", "Jean Ngono") == 0.96
    assert name_similarity("Ngono", "Jean Pierre Marie Alain Ngono") == 0.88
    assert word_similarity("abega", "zoa") == 0.0
    assert word_similarity("martha", "marhta") == pytest.approx(0.9611, abs=1e-4)


@pytest.mark.rule("ID-10")
def test_a_word_is_known_by_its_spellings_with_and_without_particle() -> None:
    assert spelling_variants(NameWord("mansouri", "elmansouri")) == {"mansouri", "elmansouri"}
    assert spelling_variants(NameWord("benabdallah", "benabdallah")) == {"benabdallah", "abdallah"}
    assert spelling_variants(NameWord("elise", "elise")) == {"elise"}
    assert spelling_variants(NameWord("abdelkader", "abdelkader")) == {"abdelkader", "kader"}
    assert spelling_variants(NameWord("abderrahmane", "abderrahmane")) == {"abderrahmane", "rahmane"}
    assert spelling_variants(NameWord("arbi", "elarbi")) == {"arbi", "elarbi", "larbi"}
    assert compact_name("Jean Ngono") == "jeanngono"


@pytest.mark.rule("attack 57")
@pytest.mark.parametrize(
    ("first", "second", "alike"),
    [
        ("Mbarga", "Mb\u0430rga", True),
        ("NGONO", "\u039dG\u039f\u039d\u041e", True),
        ("Ngono", "Ng0no", True),
        ("Zo\u00e9", "Zoe\u0301", False),
        ("Mbarga", "MBARGA", False),
        ("Ngono", "Ngomo", False),
        ("Zoé", "Zoe", False),
    ],
)
def test_a_name_of_foreign_letters_that_look_latin_is_flagged(
    first: str, second: str, *, alike: bool
) -> None:
    assert is_look_alike(first, second) is alike


@pytest.mark.rule("attack 57")
@pytest.mark.parametrize(
    ("name", "mixed"),
    [
        ("Mb\u0430rga", True),
        ("Mbarga محمد", False),
        ("Ngo'o-\u0410\u043d\u043d\u0430", False),
        ("\u03a1aul", True),
        ("12", False),
    ],
)
def test_a_word_of_two_alphabets_is_flagged(name: str, *, mixed: bool) -> None:
    assert mixes_scripts(name) is mixed


@pytest.mark.rule("attack 57")
@given(name=st.text(alphabet="abcdefghijkmnpqrstuvwxyz -'é", max_size=30))
def test_the_outline_of_a_latin_name_is_the_name(name: str) -> None:
    assert look_of(name) == name
