"""Errors on their way out: refusals translated with their code, everything else masked behind a reference."""

from collections.abc import Iterable, Mapping
from typing import Any

import structlog
from graphql import GraphQLError

from msingi.defects import tell_defect
from msingi.errors import DomainError, InvalidInput
from msingi.failures import as_refusal
from msingi.graphql.limits import variable_error
from msingi.graphql.refusals import refusal_in
from msingi.i18n import Texts
from msingi.ids import new_id

MOST_ERRORS = 10
INTERNAL = "core.internal"
MASKED = (
    "Something went wrong on the server; nothing was saved. Tell your administrator this number: {reference}."
)
logger = structlog.get_logger("msingi.graphql")


def format_errors(errors: Iterable[GraphQLError], texts: Texts, language: str) -> list[dict[str, Any]]:
    """At most ten errors, as the caller may see them."""
    return [format_error(error, texts, language) for error in list(errors)[:MOST_ERRORS]]


def format_error(error: GraphQLError, texts: Texts, language: str) -> dict[str, Any]:
    """One error with message, place and ``extensions {code, params}``."""
    refusal = refusal_of(error)
    if refusal is None:
        return {**_place(error), **_masked(error, texts, language)}
    return {**_place(error), **describe_refusal(refusal, texts, language)}


def describe_refusal(refusal: DomainError, texts: Texts, language: str) -> dict[str, Any]:
    """Message and extensions of a refusal."""
    params: Mapping[str, Any] = refusal.plain()
    if isinstance(refusal, InvalidInput) and isinstance(params.get("fields"), list):
        fields = [_described(problem, texts, language) for problem in params["fields"]]
        message = texts.refusal(refusal, language)
        return {"message": message, "extensions": {"code": refusal.code, "params": {"fields": fields}}}
    return {
        "message": texts.refusal(refusal, language),
        "extensions": {"code": refusal.code, "params": {key: _plain(value) for key, value in params.items()}},
    }


def refusal_of(error: BaseException) -> DomainError | None:
    """The refusal behind an error, or None when it is a defect."""
    if isinstance(error, DomainError):
        return error
    if not isinstance(error, GraphQLError):
        return as_refusal(error)
    coded = refusal_in(error) or refusal_in(variable_error(error))
    return coded or as_refusal(_innermost(error))


def _innermost(error: BaseException) -> BaseException:
    """What an error wraps, however deeply: graphql-core puts the errors of variables into one another."""
    while isinstance(error, GraphQLError) and error.original_error is not None:
        error = error.original_error
    return error


def _described(problem: Mapping[str, Any], texts: Texts, language: str) -> dict[str, Any]:
    message = texts.reason(problem, language)
    return {"path": problem["path"], "code": problem["code"], "message": message}


def _masked(error: GraphQLError, texts: Texts, language: str) -> dict[str, Any]:
    reference = str(new_id())
    tell_defect(logger, "graphql.unexpected", error.original_error or error, reference=reference)
    message = texts.get(MASKED, language).format(reference=reference)
    return {"message": message, "extensions": {"code": INTERNAL, "params": {"reference": reference}}}


def _place(error: GraphQLError) -> dict[str, Any]:
    place: dict[str, Any] = {}
    if error.locations:
        place["locations"] = [{"line": at.line, "column": at.column} for at in error.locations]
    if error.path:
        place["path"] = error.path
    return place


def _plain(value: object) -> object:
    return value if isinstance(value, str | int | bool | list | dict) or value is None else str(value)
