"""Braces where they belong: the refusal names the field, not the braces, which have no name."""

from typing import Any

from graphql import FieldNode, GraphQLError, ScalarLeafsRule, get_named_type, is_leaf_type


class NamedLeavesRule(ScalarLeafsRule):
    """The rule for selections; it reports the field."""

    def enter_field(self, node: FieldNode, *_args: Any) -> None:
        """Report a value with braces, and an object without."""
        found = self.context.get_type()
        if found and is_leaf_type(get_named_type(found)) == bool(node.selection_set):
            self.report_error(GraphQLError("selected in the wrong way", node))
