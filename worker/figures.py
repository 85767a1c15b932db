"""What the worker counts, for Prometheus.

Owns the names of its figures. Does not own where they are served (cli.work): the gateway's are app.metrics.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from prometheus_client import CollectorRegistry, Counter, Gauge

from db.usage_months import MonthsOnFile
from domain.plan_change.verdict import ChangeKind
from domain.usage_months import Month
from operations.policy.watch_outcomes import Watched

_OUTCOMES: Final = ("accepted", "applied", "refused_on_day", "awaiting_payment", "not_paid", "reverted", "corrected")
"""What becomes of a change, by the names that operations count it under."""


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
        self._changes = Gauge(
            "billing_plan_changes",
            "Changes accepted in the last 28 days, and what became of them, by kind.",
            ("kind", "outcome"),
            registry=self.registry,
        )
        self._approvals = Gauge(
            "billing_approvals_open", "Requests for approval that wait for an answer.", registry=self.registry
        )
        self._oldest_approval = Gauge(
            "billing_approvals_oldest_seconds",
            "How long the oldest request for approval has waited; 0 where none waits.",
            registry=self.registry,
        )

        self._months = Gauge(
            "billing_usage_months",
            "Months of usage: attached, those after the present one, and detached ones whose keys are still to go.",
            ("state",),
            registry=self.registry,
        )
        self._default_rows = Gauge(
            "billing_usage_default_rows", "Rows of usage that are in no month, as estimated.", registry=self.registry
        )

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

    def outcomes(self, watched: Watched) -> None:
        """Outcomes were looked at. What is there no more is told as 0, so that a figure never stands still."""
        for kind in ChangeKind:
            counts = watched.changes.get(kind)
            for outcome in _OUTCOMES:
                self._changes.labels(kind.value, outcome).set(getattr(counts, outcome) if counts else 0)
        self._approvals.set(watched.open_approvals)
        self._oldest_approval.set(watched.oldest_approval_age.total_seconds())

    def months(self, found: MonthsOnFile, now: datetime) -> None:
        """The months of usage were looked at."""
        present = Month.of(now)
        self._months.labels("attached").set(len(found.attached))
        self._months.labels("ahead").set(sum(month > present for month in found.attached))
        self._months.labels("detached").set(len(found.detached))
        self._default_rows.set(found.default_rows)
