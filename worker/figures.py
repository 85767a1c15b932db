"""What the worker counts, for Prometheus.

Owns the names of its figures. Does not own where they are served (cli.work): the gateway's are app.metrics.
"""

from collections.abc import Mapping

from prometheus_client import CollectorRegistry, Counter, Gauge


class Figures:
    """The figures of one worker. Its methods are plain, quick, and never raise."""

    def __init__(self, registry: CollectorRegistry | None = None) -> None:
        self.registry = registry or CollectorRegistry()
        self._jobs = Gauge(
            "billing_jobs", "Jobs in the queue at the last look, by status.", ("status",), registry=self.registry
        )
        self._accounts = Counter(
            "billing_job_accounts", "Accounts in jobs that ended.", ("outcome",), registry=self.registry
        )
        self._held = Counter("billing_held_accounts", "Accounts that failed too often.", registry=self.registry)

    def queue(self, counts: Mapping[str, int]) -> None:
        """The queue was looked at; the library calls a held job failed."""
        for status, name in (("queued", "queued"), ("picked", "picked"), ("failed", "held")):
            self._jobs.labels(name).set(counts.get(status, 0))

    def accounts(self, done: int, failed: int) -> None:
        """A job ended: so many accounts had nothing due any more, so many failed."""
        self._accounts.labels("done").inc(done)
        self._accounts.labels("failed").inc(failed)

    def held(self) -> None:
        """An account was put aside."""
        self._held.inc()
