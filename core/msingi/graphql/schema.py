"""The schema of one platform: assembled from what the enabled plugins declared, nothing mutated."""

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import strawberry
from strawberry.schema.config import StrawberryConfig
from strawberry.types.base import StrawberryObjectDefinition
from strawberry.types.field import StrawberryField

from msingi.errors import ConfigurationError
from msingi.graphql.documents import DocumentCache
from msingi.graphql.executor import MsingiExecutionContext
from msingi.graphql.roots import connection_field, extension_field, operation_field, relation_fields
from msingi.graphql.scalars import SCALARS
from msingi.graphql.shapes import Shapes
from msingi.graphql.subscriptions import Subscription
from msingi.plugin import Plugin

if TYPE_CHECKING:
    from msingi.platform import Platform


class MsingiSchema(strawberry.Schema):
    """A strawberry schema whose types receive the fields that plugins add to them."""

    def __init__(self, added: Mapping[str, Mapping[str, StrawberryField]], **options: Any) -> None:
        self._added = added
        super().__init__(**options)
        self.core = self._schema
        """The graphql-core schema behind strawberry's."""
        self.documents = DocumentCache(self.core)
        """What was checked against this schema, for every platform that shares it."""

    def get_fields(self, type_definition: StrawberryObjectDefinition) -> list[StrawberryField]:
        """The fields of a type: its own and those that plugins added."""
        return [*type_definition.fields, *self._added.get(type_definition.name, {}).values()]


class _Added:
    """Fields by type and name, each with the plugin that added it."""

    def __init__(self) -> None:
        self.fields: dict[str, dict[str, StrawberryField]] = {}
        self._owners: dict[tuple[str, str], str] = {}

    def own(self, type_name: str, names: Iterable[str], owner: str) -> None:
        for name in names:
            self._claim(type_name, name, owner)

    def add(self, type_name: str, field: StrawberryField, owner: str) -> None:
        self._claim(type_name, field.python_name, owner)
        self.fields.setdefault(type_name, {})[field.python_name] = field

    def _claim(self, type_name: str, name: str, owner: str) -> None:
        first = self._owners.setdefault((type_name, name), owner)
        if first != owner or (type_name in self.fields and name in self.fields[type_name]):
            raise ConfigurationError(
                "GraphQL: {field} is defined by both “{first}” and “{second}”.",
                field=f"{type_name}.{name}",
                first=first,
                second=owner,
            )


def build_schema(platform: "Platform") -> MsingiSchema:
    """Assemble the schema.

    Raises:
        ConfigurationError: a field is defined twice, a type is not exposed, a description is missing.

    """
    return _schema_of(tuple(plugin for plugin in platform.plugins if _has_fields(plugin)))


def _has_fields(plugin: Plugin[Any]) -> bool:
    parts = plugin.contributions
    return bool(parts.exposures or parts.operations or parts.connections or parts.extensions)


@lru_cache(maxsize=8)
def _schema_of(plugins: tuple[Plugin[Any], ...]) -> MsingiSchema:
    """A schema knows nothing of an installation: platforms of one process with the same plugins share it."""
    exposures = [exposure for plugin in plugins for exposure in plugin.contributions.exposures]
    shapes = Shapes(exposures)
    added = _Added()
    for plugin in plugins:
        _add_fields(added, plugin, shapes)
    return MsingiSchema(
        added.fields,
        query=_root_type("Query", "What can be read."),
        mutation=_root_type("Mutation", "What can be changed; one document is one transaction."),
        subscription=Subscription,
        types=[shapes.object_type(exposure.model) for exposure in exposures],
        execution_context_class=MsingiExecutionContext,
        config=StrawberryConfig(auto_camel_case=True, scalar_map=SCALARS, disable_field_suggestions=True),
    )


def _add_fields(added: _Added, plugin: Plugin[Any], shapes: Shapes) -> None:
    parts, owner = plugin.contributions, plugin.name
    for exposure in parts.exposures:
        relations = {field.python_name: field for field in relation_fields(exposure, shapes)}
        added.own(exposure.name, (name for name in exposure.fields if name not in relations), owner)
        for field in relations.values():
            added.add(exposure.name, field, owner)
    for operation in parts.operations:
        added.add(operation.kind.capitalize(), operation_field(operation, shapes, owner), owner)
    for connection in parts.connections:
        added.add("Query", connection_field(connection, shapes, owner), owner)
    for extension in parts.extensions:
        if extension.model not in shapes.exposures:
            raise ConfigurationError(
                "{place} extends {type}, which no enabled plugin exposes.",
                place=f"{owner}.{extension.name}",
                type=extension.model.__name__,
            )
        added.add(shapes.exposures[extension.model].name, extension_field(extension, shapes, owner), owner)


def _root_type(name: str, description: str) -> Any:
    return strawberry.type(type(name, (), {"__annotations__": {}}), name=name, description=description)
