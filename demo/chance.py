"""Chance that comes out the same every day, on every Python: everything made up in the demo is drawn from here.

Owns how a seed becomes bits and numbers. Only the generator's raw bits are used, because how the standard library
makes numbers of them may change between its releases.
"""

from random import Random

_WIDE_BITS = 32


class Chance:
    """A stream of chance of its own for each seed."""

    def __init__(self, seed: str) -> None:
        """`seed` names what is drawn for, such as "usage/smb-monthly/contacts/2025-03-11"."""
        self._random = Random(seed)  # noqa: S311 - foretold on purpose, and no secret

    def bits(self, count: int) -> int:
        """So many random bits."""
        return self._random.getrandbits(count)

    def between(self, least: int, most: int) -> int:
        """A whole number from `least` to `most`, both included; the range is far below 2 to the power of 32."""
        return least + (self.bits(_WIDE_BITS) * (most - least + 1) >> _WIDE_BITS)
