"""Required arguments that are missing: who may read the schema is told their names, others only that some are."""

from typing import Any

from graphql import (
    FieldNode,
    GraphQLError,
    ProvidedRequiredArgumentsRule,
    VisitorAction,
    is_required_argument,
)

from msingi.graphql.refusals import MissingArgument

_LONGEST_NAME = 64


class NamedArgumentsRule(ProvidedRequiredArgumentsRule):
    """The rule for required arguments; one refusal holds all that a field lacks."""

    def leave_field(self, field_node: FieldNode, *_args: Any) -> VisitorAction:
        """Report what the field lacks."""
        definition = self.context.get_field_def()
        given = {argument.name.value for argument in field_node.arguments or ()}
        needed = definition.args.items() if definition else ()
        missing = [name for name, rule in needed if is_required_argument(rule) and name not in given]
        if missing:
            refusal = MissingArgument(name=field_node.name.value[:_LONGEST_NAME], arguments=missing)
            self.report_error(GraphQLError(str(refusal), field_node, original_error=refusal))
        return None
