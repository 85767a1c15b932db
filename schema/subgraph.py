"""Our Schema class: rows name their own type, references are answered in batches, nothing of a client is logged.

Owns what differs from Strawberry's federation schema. Does not own the types (a file a domain) nor the limits (app).
"""

from typing import Any

import strawberry
from graphql import GraphQLError, GraphQLInterfaceType, GraphQLObjectType, GraphQLSchema, GraphQLUnionType
from strawberry.federation.schema import FederationAny
from strawberry.types import ExecutionContext
from typing_extensions import override

from resolvers.references import references


class Schema(strawberry.federation.Schema):
    """The subgraph. Strawberry's per-type `isinstance` checks are replaced: a value says which type it is."""

    def __init__(self, *args: Any, **kw: Any) -> None:
        super().__init__(*args, **kw)
        for each in self._schema.type_map.values():
            if isinstance(each, GraphQLInterfaceType | GraphQLUnionType):
                each.resolve_type = type_name_of
            elif isinstance(each, GraphQLObjectType):
                each.is_type_of = None

    @property
    def graphql(self) -> GraphQLSchema:
        """The schema as graphql-core has it."""
        return self._schema

    @override
    def entities_resolver(self, info: strawberry.Info, representations: list[FederationAny]) -> Any:
        """Federation's `_entities`: an item a representation, in order, each null or failing alone."""
        return references(info.context, representations)

    @override
    def process_errors(self, errors: list[GraphQLError], execution_context: ExecutionContext | None = None) -> None:
        """Nothing: the door logs surprises under a request id and never a client's own mistakes."""


def type_name_of(value: Any, _info: Any, _abstract: Any) -> str:
    """The GraphQL type of a row, of a part of one, or of an object of a Strawberry class."""
    named = getattr(value, "__graphql__", None)
    return str(named if named is not None else value.__strawberry_definition__.name)
