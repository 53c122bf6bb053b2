"""Parsed, validated and priced documents, remembered for the next request with the same text."""

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from threading import Lock
from typing import Final

from graphql import DocumentNode, GraphQLError, GraphQLSchema, OperationDefinitionNode

from msingi.graphql.cost import CostPlan, plan_cost
from msingi.graphql.limits import asks_introspection, operation_of, parse_query, validate_document

MAX_DOCUMENTS: Final = 1_000
MAX_CHARACTERS: Final = 500_000
"""Bounds the memory of syntax trees, which take some hundred bytes per character."""


class InvalidQuery(Exception):
    """A document that fails validation; `errors` holds at most ten, one per kind."""

    def __init__(self, errors: list[GraphQLError]) -> None:
        super().__init__("The query is not valid.")
        self.errors = errors


@dataclass(frozen=True, slots=True)
class CheckedDocument:
    """A document that passed every static check; shared between threads and never changed."""

    document: DocumentNode
    asks_introspection: bool
    plans: Mapping[str | None, CostPlan]

    def operation(self, name: str | None) -> OperationDefinitionNode:
        """Return the operation of that name; raises `UnknownOperation`."""
        return operation_of(self.document, name)

    def plan(self, name: str | None) -> CostPlan:
        """Return the cost plan of that operation; raises `UnknownOperation`."""
        written = self.operation(name).name
        return self.plans[None if written is None else written.value]


class DocumentCache:
    """Checks documents against one schema and remembers the valid ones, the least used forgotten first.

    Invalid documents are not kept: an attacker must not push out the queries of the shipped interface with them.
    """

    def __init__(
        self, schema: GraphQLSchema, *, documents: int = MAX_DOCUMENTS, characters: int = MAX_CHARACTERS
    ) -> None:
        self._schema = schema
        self._most_documents = documents
        self._most_characters = characters
        self._known: OrderedDict[str, CheckedDocument] = OrderedDict()
        self._characters = 0
        self._lock = Lock()

    def __len__(self) -> int:
        return len(self._known)

    def get(self, source: str) -> CheckedDocument:
        """Return the checked document; raises a refusal of the parser, or `InvalidQuery`."""
        with self._lock:
            known = self._known.get(source)
            if known is not None:
                self._known.move_to_end(source)
                return known
        checked = check_document(self._schema, source)
        with self._lock:
            self._remember(source, checked)
        return checked

    def _remember(self, source: str, checked: CheckedDocument) -> None:
        if source not in self._known:
            self._characters += len(source)
        self._known[source] = checked
        while len(self._known) > self._most_documents or self._characters > self._most_characters:
            forgotten, _ = self._known.popitem(last=False)
            self._characters -= len(forgotten)


def check_document(schema: GraphQLSchema, source: str) -> CheckedDocument:
    """Parse, validate and price a document; raises a refusal of the parser, `InvalidPageSize` or `InvalidQuery`."""
    document = parse_query(source)
    errors = validate_document(schema, document)
    if errors:
        raise InvalidQuery(errors)
    names = [
        None if node.name is None else node.name.value
        for node in document.definitions
        if isinstance(node, OperationDefinitionNode)
    ]
    plans = {name: plan_cost(schema, document, name) for name in names}
    return CheckedDocument(document, asks_introspection(document), plans)
