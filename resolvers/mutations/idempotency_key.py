"""The idempotency key of a mutation's input: what spelling is accepted."""

import re

from domain.errors import InvalidInput, quoted

_KEY = re.compile(r"[\x21-\x7e]{1,255}")


def idempotency_key(text: str) -> str:
    """The key in the argument `input`: 1 to 255 visible ASCII characters. Raises InvalidInput naming the field."""
    if not _KEY.fullmatch(text):
        path = ("input", "idempotencyKey")
        raise InvalidInput(path, f"A key is 1 to 255 visible ASCII characters, not {quoted(text)}.", text)
    return text
