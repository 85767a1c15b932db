"""Codes and names of the catalog: what may stand on a price list, and in a database's key.

Owns their spelling. Does not own what they name, nor whether it is taken.
"""

import re

from domain.errors import InvalidInput, quoted

_CODE = re.compile(r"[a-z0-9]+(?:[-_][a-z0-9]+)*")
_COUPON_CODE = re.compile(r"[A-Z0-9]+(?:[-_][A-Z0-9]+)*")
_MOST_CODE, _MOST_NAME = 64, 200


def ensure_code(text: str, *path: str) -> None:
    """Refuse what is no code such as "email-packs". Raises InvalidInput naming `path`."""
    if len(text) > _MOST_CODE or not _CODE.fullmatch(text):
        raise InvalidInput(
            path,
            f"A code is lowercase letters and digits in words joined by - or _, at most {_MOST_CODE}, "
            f"not {quoted(text)}.",
            text,
        )


def typed_code(text: str) -> str:
    """A coupon's code as it is kept and compared: people type "welcome20 " where a poster says WELCOME20."""
    return text.strip().upper()


def coupon_code(text: str, *path: str) -> str:
    """The code of a new coupon, such as "WELCOME20", in capitals. Raises InvalidInput naming `path`."""
    code = typed_code(text)
    if len(code) > _MOST_CODE or not _COUPON_CODE.fullmatch(code):
        raise InvalidInput(
            path,
            f"A coupon's code is letters and digits in words joined by - or _, at most {_MOST_CODE}, "
            f"not {quoted(text)}.",
            text,
        )
    return code


def ensure_name(text: str, *path: str) -> None:
    """Refuse a name that is empty, has spaces around it, or does not fit a line. Raises InvalidInput naming `path`."""
    if text != text.strip() or not 1 <= len(text) <= _MOST_NAME or not text.isprintable():
        raise InvalidInput(path, f"A name is 1 to {_MOST_NAME} characters on one line, not {quoted(text)}.", text)
