"""Names as they are searched: folded words, each after a space, so that a word is found by its beginning."""

from sqlalchemy import ColumnElement, and_, false
from sqlalchemy.orm import InstrumentedAttribute

from msingi_registry.rules.name_search import MAX_QUERY_WORDS
from msingi_registry.rules.names import fold_name


def search_name(*names: str) -> str:
    """The form in which names are stored for search: without accents, case or signs."""
    return "".join(f" {word}" for name in names for word in fold_name(name).split())


def words_begin(column: InstrumentedAttribute[str], typed: str) -> ColumnElement[bool]:
    """Whether each typed word begins a word of the stored name; text without letters or digits finds nothing."""
    words = fold_name(typed).split()[:MAX_QUERY_WORDS]
    return and_(*(column.contains(f" {word}") for word in words)) if words else false()
