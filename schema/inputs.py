"""What inputs share: ids read once at the edge, and the idempotency key's meaning."""

from uuid import UUID

from domain.errors import InvalidInput
from domain.ids import parse_id_of

IDEMPOTENCY_KEY = (
    "Yours to choose, 1 to 255 visible ASCII characters, one for each thing you mean to happen once. A retry under the "
    "same key is answered as the first time; a refusal uses no key up."
)


def read_id(type_name: str, text: str, *path: str) -> UUID:
    """The UUID of an id in the argument `input`. Raises InvalidInput naming the field at `path`."""
    try:
        return parse_id_of(type_name, text)
    except InvalidInput as error:
        raise error.under("input", *path) from None
