"""The schema put together. Every type that the roots do not reach by themselves is named here."""

from strawberry.schema.config import StrawberryConfig

import schema.enums  # noqa: F401 - gives the domain's enumerations their meanings
from schema.mutation import Mutation
from schema.query import Query
from schema.scalars import SCALARS
from schema.subgraph import Schema


def build_schema(query: type = Query, mutation: type | None = Mutation) -> Schema:
    """The billing subgraph over these roots."""
    return Schema(query=query, mutation=mutation, config=StrawberryConfig(scalar_map=SCALARS))
