"""What the gateway counts, for Prometheus.

Owns the names of the figures and their registry; implements the recorder that resolvers call (resolvers/recorder.py).
Labels come from our code, never from a request, so their number is bounded. Served on a port of its own
(metrics_server.py), never on the public one.
"""

from typing import Final

from prometheus_client import CollectorRegistry, Counter, Histogram, Summary, disable_created_metrics

disable_created_metrics()  # type: ignore[no-untyped-call] # when a figure was first counted is of no use to anybody

_SECONDS: Final = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
_STATEMENTS: Final = (0, 1, 2, 4, 8, 16, 32, 64)
_KEYS: Final = (1, 2, 5, 10, 25, 50, 100, 250, 1000)


class Metrics:
    """The figures of one process. Its methods are plain, quick, and never raise."""

    def __init__(self, registry: CollectorRegistry | None = None) -> None:
        self.registry = registry or CollectorRegistry()
        self._requests = Counter(
            "billing_requests", "Requests answered.", ("route", "operation", "status"), registry=self.registry
        )
        self._duration = Histogram(
            "billing_request_duration_seconds",
            "Time from a request's arrival to its last byte.",
            ("route", "operation"),
            buckets=_SECONDS,
            registry=self.registry,
        )
        self._statements = Histogram(
            "billing_statements",
            "SQL statements that read or write rows, an operation.",
            buckets=_STATEMENTS,
            registry=self.registry,
        )
        self._statement_seconds = Summary(
            "billing_statement_seconds", "Time in the database, by statement.", ("statement",), registry=self.registry
        )
        self._batch_keys = Histogram(
            "billing_loader_batch_keys", "Keys in a loader's batch.", ("loader",), buckets=_KEYS, registry=self.registry
        )
        self._refusals = Counter(
            "billing_refusals", "Refusals by the rule that said no.", ("rule",), registry=self.registry
        )
        self._previews = Counter(
            "billing_plan_change_previews",
            "Previews of changes, by what was asked and what the policy said.",
            ("kind", "verdict"),
            registry=self.registry,
        )
        self._shadows = Counter(
            "billing_policy_shadow_evaluations",
            "Answers of an edition of the policy in the shadow, of previews: agreed, differed, failed.",
            ("edition", "outcome"),
            registry=self.registry,
        )
        self._known: dict[tuple[str, str, int], tuple[Counter, Histogram]] = {}
        documents = Counter(
            "billing_documents", "Look-ups in the cache of documents.", ("found",), registry=self.registry
        )
        self._found, self._not_found = documents.labels("yes"), documents.labels("no")

    def request(self, route: str, operation: str, status: int, duration_s: float) -> None:
        """A request was answered; `operation` is query, mutation or none."""
        key = (route, operation, status)
        known = self._known.get(key)
        if known is None:  # finding a child by its labels costs more than counting
            known = self._requests.labels(route, operation, str(status)), self._duration.labels(route, operation)
            self._known[key] = known
        requests, duration = known
        requests.inc()
        duration.observe(duration_s)

    def statements(self, count: int) -> None:
        """An operation ran `count` statements."""
        self._statements.observe(count)

    def statement(self, name: str, duration_s: float) -> None:
        """A statement ran; `name` is a loader's or "write", never SQL."""
        self._statement_seconds.labels(name).observe(duration_s)

    def loader_batch(self, loader: str, keys: int) -> None:
        """A loader sent one batch."""
        self._batch_keys.labels(loader).observe(keys)

    def refusal(self, rule: str) -> None:
        """A rule said no."""
        self._refusals.labels(rule).inc()

    def preview(self, kind: str, verdict: str) -> None:
        """A change was previewed."""
        self._previews.labels(kind, verdict).inc()

    def shadow(self, edition: str, outcome: str) -> None:
        """An edition of the policy was asked in the shadow: it agreed, differed or failed."""
        self._shadows.labels(edition, outcome).inc()

    def document(self, found: bool) -> None:
        """The cache of documents was asked."""
        (self._found if found else self._not_found).inc()
