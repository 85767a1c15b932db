"""The schema put together. Every type that the roots do not reach by themselves is named here."""

from typing import Final

from strawberry.schema.config import StrawberryConfig

import schema.enums
import schema.money_enums  # noqa: F401 - both give the domain's enumerations their meanings
from resolvers.check import require_sound
from schema.mutation import Mutation
from schema.query import Query
from schema.scalars import SCALARS
from schema.subgraph import Schema

FEDERATION: Final = "2.9"
"""The oldest version of the federation specification that knows all we print (@listSize); every composer reads it."""


def build_schema(query: type = Query, mutation: type | None = Mutation) -> Schema:
    """The billing subgraph over these roots. Raises UnsoundGraph when it does not fit what is declared and stored."""
    built = Schema(
        query=query, mutation=mutation, federation_version=FEDERATION, config=StrawberryConfig(scalar_map=SCALARS)
    )
    require_sound(built.graphql)
    return built
