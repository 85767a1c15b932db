"""Random ids: where the operating system's randomness and the wall clock meet `domain.ids`.

The demo company has a maker of its own, seeded, beside its history.
"""

import os
import time
from uuid import UUID

from domain.ids import RANDOM_BITS, uuid7


class RandomIds:
    """An `IdMaker` for everyday use: UUIDv7 by the wall clock, unguessable within the millisecond."""

    def new(self) -> UUID:
        """A new id. Ids are in order of time to the millisecond; within one they are in no order."""
        return uuid7(time.time_ns() // 1_000_000, int.from_bytes(os.urandom(10)) >> (80 - RANDOM_BITS))
