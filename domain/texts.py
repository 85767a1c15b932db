"""Texts that people write and others read: on a document, in a trail, in a list.

Owns what such a text may hold. Does not own names and addresses of accounts (account_update.py).
"""

import unicodedata

from domain.errors import InvalidInput

MOST_CHARACTERS = 500
_NEVER = frozenset({"Cc", "Cf", "Zl", "Zp"})
"""Line breaks, control characters, and marks that turn the direction of what stands around them."""


def one_line(text: str, field: str) -> str:
    """A text of one line without blanks around it.

    Raises InvalidInput naming the field for none, a long one, or one that is no plain line.
    """
    stripped = text.strip()
    if not stripped:
        raise InvalidInput((field,), "Say something here.", text)
    if len(stripped) > MOST_CHARACTERS:
        raise InvalidInput((field,), f"At most {MOST_CHARACTERS} characters.", text)
    if any(unicodedata.category(each) in _NEVER for each in stripped):
        raise InvalidInput((field,), "One line, without control characters.", text)
    return stripped


def one_line_or_none(text: str | None, field: str) -> str | None:
    """A text that may be missing: blanks alone say nothing. Raises what `one_line` does for any other."""
    return one_line(text, field) if text is not None and text.strip() else None
