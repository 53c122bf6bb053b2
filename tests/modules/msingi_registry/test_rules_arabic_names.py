"""One name of Arabic origin is found in both scripts and in every common spelling of its article and servant."""

import pytest

from msingi_registry.rules.arabic_names import with_latin_letters
from msingi_registry.rules.name_search import matches_query, query_keys, search_keys
from msingi_registry.rules.phonetics import consonant_frame, french_key

ONE_NAME = [
    ("Abdelkader", "عبد القادر"),
    ("Abdelkader", "Abd el-Kader"),
    ("Abdelkader", "Abdul Qadir"),
    ("Abdelkader", "Kader"),
    ("Abderrahmane", "عبد الرحمن"),
    ("Abderrahmane", "عبدالرحمن"),
    ("Abderrahmane", "Abd er-Rahman"),
    ("Abderahmane", "Abdourahmane"),
    ("Abdelaziz", "عبد العزيز"),
    ("Abdallah", "عبد الله"),
    ("Abdallah", "عبدالله"),
    ("Abdessalam", "عبد السلام"),
    ("Abdennour", "عبد النور"),
    ("El Djazaïri", "الجزائري"),
    ("Mansouri", "المنصوري"),
    ("Larbi", "العربي"),
    ("Lamine", "El Amine"),
    ("Aïcha", "عائشة"),
    ("Saïd", "سعيد"),
    ("Omar", "عمر"),
    ("Ali", "علي"),
    ("Benali", "بن علي"),
    ("Ben Ali", "بن علي"),
    ("Ibrahim", "إبراهيم"),
    ("Bouteflika", "بوتفليقة"),
    ("Fatima Zohra", "فاطمة الزهراء"),
    ("Souhila", "سهيلة"),
    ("Amina", "آمنة"),
    ("Houari", "هواري"),
    ("Youssef", "يوسف"),
    ("Moussa", "موسى"),
    ("Hussein", "حُسَيْن"),
]


@pytest.mark.rule("ID-10")
@pytest.mark.parametrize(("stored", "typed"), ONE_NAME)
def test_a_name_is_found_in_both_scripts_and_all_its_spellings(stored: str, typed: str) -> None:
    assert matches_query(search_keys(stored, None), query_keys(typed))


@pytest.mark.rule("ID-10")
@pytest.mark.parametrize(
    ("stored", "typed"),
    [
        ("عبد القادر", "عبد الرحمن"),
        ("Abdelkader", "Abderrahmane"),
        ("Abdelaziz", "عبد الله"),
        ("الجزائري", "المنصوري"),
        ("علي", "Eloi"),
        ("عائشة", "سعيد"),
        ("Abdoulaye", "Abdelkader"),
    ],
)
def test_the_article_and_the_servant_alone_find_nobody_else(stored: str, typed: str) -> None:
    assert not matches_query(search_keys(stored, None), query_keys(typed))


@pytest.mark.rule("ID-10")
@pytest.mark.parametrize(
    ("name", "latin"),
    [
        ("محمد", "محمد"),
        ("علي", "aلi"),
        ("الله", "allah"),
        ("ابن سينا", "ibn سiنa"),
        ("ﻋﻠﻲ", "aلi"),
        ("Jean الأمين", "Jean al aمiن"),
        ("وردة", "wردa"),
        ("Ngo'o", "Ngo'o"),
        ("ال", "aل"),
        ("", ""),
    ],
)
def test_vowels_are_written_out_and_consonants_left(name: str, latin: str) -> None:
    assert with_latin_letters(name) == latin


@pytest.mark.rule("ID-10")
@pytest.mark.parametrize(
    ("key", "frame", "spellings"),
    [
        ("ABDKADER", "bdkdr", ["abdelkader", "abdoulkader", "abdalkader"]),
        ("ABDRAMAN", "bdrhmn", ["abderrahmane", "abdelrahman", "abdourahmane", "abdulrahman"]),
        ("ABDSALAM", "bdslm", ["abdessalam", "abdelsalam", "abdoussalam"]),
        ("ABDUL", "bdl", ["abdoulaye", "abdulay"]),
        ("ABDALA", "bdl", ["abdallah"]),
    ],
)
def test_the_article_after_abd_is_not_heard(key: str, frame: str, spellings: list[str]) -> None:
    assert {french_key(spelling) for spelling in spellings} == {key}
    assert {consonant_frame(spelling) for spelling in spellings} == {frame}
