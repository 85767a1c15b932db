"""What the graph reports about its own work: a protocol of plain methods, and one that keeps silent.

The request context carries a recorder; loaders and mutations call it and know nothing else. Not owned here: what
becomes of the figures (Prometheus, at the edge) and statement counts (the lease counts its own).
"""

from typing import Final, Protocol


class Recorder(Protocol):
    """Takes figures and never raises, so that measuring cannot change an answer."""

    def loader_batch(self, loader: str, keys: int) -> None:
        """A loader sent one batch of `keys` distinct keys. `loader` is a name from our code, never a value."""
        ...

    def refusal(self, rule: str) -> None:
        """A rule said no. `rule` is its stable code: a policy's ("PC-18") or the door's ("TOO_DEEP")."""
        ...

    def preview(self, kind: str, verdict: str) -> None:
        """A change was previewed: what was asked, and what the policy said."""
        ...

    def shadow(self, edition: str, outcome: str) -> None:
        """An edition of the policy was asked in the shadow: it agreed, differed or failed."""
        ...


class _Silent:
    """Records nothing: for tests, and for work outside a request."""

    def loader_batch(self, loader: str, keys: int) -> None:
        pass

    def refusal(self, rule: str) -> None:
        pass

    def preview(self, kind: str, verdict: str) -> None:
        pass

    def shadow(self, edition: str, outcome: str) -> None:
        pass


SILENT: Final[Recorder] = _Silent()
