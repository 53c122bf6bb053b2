"""What a list may do to a register (CLM-F6)."""

from enum import StrEnum

from msingi.errors import DomainError
from msingi_catalogue.errors import CodeTaken, UnknownCode


class Strategy(StrEnum):
    """Insert, update, both, or both with an end for what the list does not name."""

    INSERT = "insert"
    UPDATE = "update"
    UPSERT = "upsert"
    REPLACE = "replace"


class ListKind(StrEnum):
    """What the lines of a list are."""

    ITEMS = "items"
    SERVICES = "services"
    DIAGNOSES = "diagnoses"
    PRICE_LIST = "price-list"


def strategy_refusal(strategy: Strategy, code: str, *, known: bool) -> DomainError | None:
    """Why a strategy does not take a line: insert knows no old entry, update no new one."""
    if strategy is Strategy.INSERT and known:
        return CodeTaken(taken=code)
    if strategy is Strategy.UPDATE and not known:
        return UnknownCode(unknown=code)
    return None
