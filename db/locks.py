"""Locks between processes, on files. The kernel drops them with the process, however that ends."""

import contextlib
import fcntl
import os
from collections.abc import Iterator
from pathlib import Path

SHARED = fcntl.LOCK_SH
EXCLUSIVE = fcntl.LOCK_EX
AT_ONCE = fcntl.LOCK_NB
"""Added to one of the others: raise `BlockingIOError` instead of waiting."""


def lock(path: Path, how: int) -> int:
    """Lock a file, made if missing, and return its descriptor; closing that unlocks it."""
    descriptor = os.open(path, os.O_RDONLY | os.O_CREAT, 0o644)
    try:
        fcntl.flock(descriptor, how)
    except BaseException:
        os.close(descriptor)
        raise
    return descriptor


@contextlib.contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold a file's exclusive lock while the block runs; waits for whoever has it."""
    descriptor = lock(path, EXCLUSIVE)
    try:
        yield
    finally:
        os.close(descriptor)
