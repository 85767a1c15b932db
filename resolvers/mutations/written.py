"""What a mutation wrote, read back by the loaders after its commit."""

from collections.abc import Awaitable
from typing import Any
from uuid import UUID

from resolvers.context import RequestContext


def written(context: RequestContext, type_name: str, uuid: UUID | None) -> Awaitable[Any] | None:
    """The row of a payload's field; None where nothing of the kind was written."""
    return None if uuid is None else context.by_id(type_name, uuid)
