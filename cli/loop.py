"""The event loop of everything that runs: uvloop where there is one; and how often the memory is looked through."""

import asyncio
import gc
import sys
from collections.abc import Coroutine
from typing import Any, TypeVar

Result = TypeVar("Result")

MANY_OBJECTS = 50_000
"""New objects between two looks for cycles. A batch makes so many values that are in no cycle and live to its end:
at Python's 700 the looks took a fifth of a renewal's time and found nothing."""


def run_async(main: Coroutine[Any, Any, Result]) -> Result:
    """Run a coroutine to its end on a loop of its own."""
    gc.freeze()  # what was imported stays
    gc.set_threshold(MANY_OBJECTS, *gc.get_threshold()[1:])
    if sys.platform == "win32":
        return asyncio.run(main)
    import uvloop

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        return runner.run(main)
