"""The door of GraphQL: one document in, one unit of work, one response out."""

import hashlib
import json
from collections.abc import AsyncIterable, Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, TypeGuard, cast
from uuid import UUID

import orjson
from graphql import ExecutionResult, GraphQLError, OperationType
from graphql.execution import execute
from sqlalchemy.exc import SQLAlchemyError

from msingi.actor import Actor, ActorKind
from msingi.errors import DomainError
from msingi.failures import may_pass, refusing
from msingi.graphql.answers import describe_refusal, format_errors
from msingi.graphql.cost import check_cost
from msingi.graphql.documents import CheckedDocument, InvalidQuery
from msingi.graphql.executor import MsingiExecutionContext
from msingi.graphql.limits import check_introspection
from msingi.graphql.misfits import located, name_all
from msingi.graphql.schema import build_schema
from msingi.kernel.idempotency import AnsweredMeanwhile, recall, remember
from msingi.transact import transact
from msingi.work import Origin, Work

if TYPE_CHECKING:
    from msingi.platform import Platform

Response = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Call:
    """One operation that somebody asks for."""

    query: str
    variables: Mapping[str, Any]
    actor: Actor
    operation_name: str | None = None
    origin: Origin | None = None
    language: str | None = None
    idempotency_key: str | None = None
    witness: Callable[[Work], None] | None = None
    """Looks at the work when it succeeded, before it is committed: the HTTP edge reads its cookie order."""

    def payload_hash(self) -> str:
        """What must be equal when a key is used again."""
        rights = sorted(self.actor.grants.names()) if self.actor.kind is ActorKind.TOKEN else None
        payload = [self.query, self.operation_name, self.variables, rights]
        return hashlib.sha256(_written(payload)).hexdigest()


def _written(payload: object) -> bytes:
    try:
        return orjson.dumps(payload, option=orjson.OPT_SORT_KEYS)
    except orjson.JSONEncodeError:  # a number of more than 64 bits
        return json.dumps(payload, sort_keys=True).encode()


class _Undone(Exception):
    def __init__(self, result: ExecutionResult) -> None:
        self.result = result


class GraphQLEngine:
    """Executes documents against one platform's schema."""

    def __init__(self, platform: "Platform") -> None:
        self.platform = platform
        self.schema = build_schema(platform)
        self.core = self.schema.core
        self.documents = self.schema.documents

    def run(
        self,
        query: str,
        variables: Mapping[str, Any] | None = None,
        *,
        actor: Actor,
        **details: Any,
    ) -> Response:
        """Execute a document; ``details`` are the optional fields of ``Call``."""
        return self.answer(Call(query, variables or {}, actor, **details))

    def answer(self, call: Call) -> Response:
        """Execute a call and return ``{"data": ..., "errors": [...]}``; never raises a refusal."""
        language = call.language or call.actor.language or self.platform.profile.languages[0]
        try:
            document, cost = self._check(call)
            writes = document.operation(call.operation_name).operation is OperationType.MUTATION
            perform = partial(self._perform, call, document, language, cost, writes=writes)
            return refusing(lambda: transact(perform))
        except InvalidQuery as invalid:
            if self._may_read_schema(call):
                name_all(invalid.errors)
            return {"errors": format_errors(invalid.errors, self.platform.texts, language)}
        except DomainError as refusal:
            return {"errors": [describe_refusal(refusal, self.platform.texts, language)]}
        except SQLAlchemyError as defect:
            masked = GraphQLError("the database refused", original_error=defect)
            return {"errors": format_errors([masked], self.platform.texts, language)}

    def _check(self, call: Call) -> tuple[CheckedDocument, int]:
        document = self.documents.get(call.query)
        if document.asks_introspection:
            check_introspection(document.document, allowed=self._may_read_schema(call))
        ceiling = self.platform.profile.server.cost_limit
        return document, check_cost(document.plan(call.operation_name), call.variables, ceiling=ceiling)

    def _may_read_schema(self, call: Call) -> bool:
        return self.platform.profile.demo or call.actor.authenticated

    def _perform(
        self, call: Call, document: CheckedDocument, language: str, cost: int, *, writes: bool
    ) -> Response:
        key = call.idempotency_key if writes and call.actor.id is not None else None
        if key is not None and (known := self._recall(call, key)) is not None:
            return known
        try:
            with self.platform.work(call.actor, writes=writes, origin=call.origin, language=language) as work:
                return self._within(work, call, document, cost, key)
        except _Undone as undone:
            # a repeat that ran beside the first call is refused for what that one did: its answer is due
            answered = None if key is None else self._recall(call, key)
            return answered or self._respond(undone.result, language, cost)
        except AnsweredMeanwhile:
            return cast("Response", self._recall(call, str(key)))

    def _recall(self, call: Call, key: str) -> Response | None:
        return recall(self.platform, cast("UUID", call.actor.id), key, call.payload_hash())

    def _within(
        self, work: Work, call: Call, document: CheckedDocument, cost: int, key: str | None
    ) -> Response:
        result = self._execute(call, document, work)
        for error in result.errors or ():
            if work.writes and error.original_error and may_pass(error.original_error):
                raise error.original_error
            self._note(work, error)
        if work.writes and _failed(result):
            raise _Undone(result)
        response = self._respond(result, work.language, cost)
        if key is not None:
            remember(work, key, call.payload_hash(), response)
        if call.witness is not None:
            call.witness(work)
        return response

    def _execute(self, call: Call, document: CheckedDocument, work: Work) -> ExecutionResult:
        result = execute(
            self.core,
            document.document,
            None,
            work,
            dict(call.variables),
            call.operation_name,
            executor_class=MsingiExecutionContext,
            is_async_iterable=_never,
            hide_suggestions=True,
            operation_extensions={},
        )
        return self._explained(call, cast("ExecutionResult", result))

    def _explained(self, call: Call, result: ExecutionResult) -> ExecutionResult:
        """The result; where variables do not fit, its errors say in which place and what belongs there."""
        if result.data is None and result.errors:
            result.errors = located(self.core, result.errors, call.variables)
            if self._may_read_schema(call):
                name_all(result.errors)
        return result

    def _note(self, work: Work, error: GraphQLError) -> None:
        if isinstance(error.original_error, DomainError):
            self.platform.trail.refused(work, error.original_error)

    def _respond(self, result: ExecutionResult, language: str, cost: int) -> Response:
        response: Response = {"data": result.data, "extensions": {"cost": cost}}
        if result.errors:
            response["errors"] = format_errors(result.errors, self.platform.texts, language)
        return response


def _never(_value: object) -> TypeGuard[AsyncIterable[Any]]:
    return False


def _failed(result: ExecutionResult) -> bool:
    """A mutation that failed at its root is undone as a whole; a fault below it blanks that field only."""
    return result.data is None or any(
        error.path is None or len(error.path) == 1 for error in result.errors or ()
    )
