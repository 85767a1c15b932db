"""The registry of computed fields: the name a declaration gives, the batch function that answers it.

To add one: `computed("name")` in db.graph, a batch function `(context, keys) -> values` in a file of its own, and a row
here. A batch function is given the parents' ids alone, never the parents, and answers in key order.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from operator import attrgetter
from types import MappingProxyType
from typing import Any, Final

from resolvers.decisions import reasons
from resolvers.downloads.field import consolidated_invoice_downloads, credit_note_downloads, invoice_downloads
from resolvers.dues import dues
from resolvers.dunning import dunning_actions
from resolvers.loaders import Loader
from resolvers.quantities import quantities
from resolvers.requested_change import requested_changes
from resolvers.shadow_differences import shadow_differences
from resolvers.terms import terms
from resolvers.waterfall import changes_from_previous


@dataclass(frozen=True, slots=True)
class Batch:
    """A batch function. With `has_fields`, one answer serves several fields, each an attribute of it."""

    read: "Callable[..., Awaitable[Sequence[Any]]]"
    """`(context, keys)`, and the field's arguments by name where it has some."""
    has_fields: bool = False

    def of(self, loader: Loader[Any, Any], key: Any, name: str) -> Awaitable[Any]:
        """The field `name` of the answer for a key."""
        return _attribute(loader.load(key), name) if self.has_fields else loader.load(key)


async def _attribute(answer: Awaitable[Any], name: str) -> Any:
    value = await answer
    return None if value is None else attrgetter(name)(value)


BATCHES: Final[Mapping[str, Batch]] = MappingProxyType(
    {
        "dues": Batch(dues, has_fields=True),
        "reasons": Batch(reasons),
        "quantities": Batch(quantities),
        "requested_change": Batch(requested_changes),
        "shadow_differences": Batch(shadow_differences),
        "terms": Batch(terms),
        "dunning_actions": Batch(dunning_actions),
        "change_from_previous": Batch(changes_from_previous),
        "invoice_download": Batch(invoice_downloads),
        "credit_note_download": Batch(credit_note_downloads),
        "consolidated_invoice_download": Batch(consolidated_invoice_downloads),
    }
)
