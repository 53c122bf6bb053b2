"""Why a database cannot be used, in words of our own: what a driver says repeats parts of the address."""

from typing import Final

from sqlalchemy.exc import DBAPIError

from msingi.sayings import Saying

_UNKNOWN: Final = Saying("the reason is in the log of the database server, if it was reached at all")
_BY_STATE: Final = {
    "28P01": Saying("the server refuses this user or password"),
    "28000": Saying("the server refuses this user or password"),
    "3D000": Saying("there is no such database on the server"),
    "53300": Saying("the server has no connection to spare"),
    "57P03": Saying("the server is starting or stopping"),
}
_BY_CODE: Final = {
    "SQLITE_CANTOPEN": Saying("the file cannot be opened"),
    "SQLITE_NOTADB": Saying("the file is not a database"),
    "SQLITE_CORRUPT": Saying("the file is damaged"),
    "SQLITE_READONLY": Saying("the file cannot be written"),
    "SQLITE_PERM": Saying("the file cannot be written"),
    "SQLITE_IOERR": Saying("the disk does not let the file be read"),
    "SQLITE_FULL": Saying("the disk is full"),
}
_BY_WORDS: Final = {
    "failed to resolve host": Saying("no computer of this name is known"),
    "could not translate host name": Saying("no computer of this name is known"),
    "Connection refused": Saying("nobody listens at this address and port"),
    "No such file or directory": Saying("nobody listens at this address and port"),
    "timeout expired": Saying("no answer came in time"),
    "timed out": Saying("no answer came in time"),
    "no password supplied": Saying("the server asks for a password"),
    "password authentication failed": Saying("the server refuses this user or password"),
    "no pg_hba.conf entry": Saying("the server does not let this user in from here"),
    "too many clients": Saying("the server has no connection to spare"),
    "the database system is": Saying("the server is starting or stopping"),
    "invalid connection option": Saying("the address holds an option that is not known"),
    "SSL": Saying("the two sides do not agree on encryption"),
}
"""A connect that fails has neither a state nor a type of its own: only the driver's words tell one from another."""


def told_reason(error: DBAPIError) -> Saying:
    """Why a database cannot be used; nothing of what the driver says is in it."""
    state = str(getattr(error.orig, "sqlstate", None) or "")
    code = "_".join(str(getattr(error.orig, "sqlite_errorname", "")).split("_")[:2])
    known = _BY_STATE.get(state) or _BY_CODE.get(code)
    return known or _by_words(str(error.orig))


def _by_words(text: str) -> Saying:
    if 'FATAL:  database "' in text and "does not exist" in text:
        return _BY_STATE["3D000"]
    if 'FATAL:  role "' in text and "does not exist" in text:
        return _BY_STATE["28P01"]
    return next((saying for words, saying in _BY_WORDS.items() if words in text), _UNKNOWN)
