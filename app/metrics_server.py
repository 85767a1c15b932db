"""`/metrics` on a port of its own, so that the public one never serves it.

Owns starting and stopping that little server; it runs in a thread and survives a busy event loop.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from prometheus_client import CollectorRegistry, start_http_server


@contextmanager
def metrics_served(registry: CollectorRegistry, port: int | None, host: str = "127.0.0.1") -> Iterator[int | None]:
    """Serve the figures while the block runs; None serves nothing, 0 takes any free port. Yields the port.

    Raises OSError when the port is taken: a gateway that cannot be watched does not start.
    """
    if port is None:
        yield None
        return
    server, thread = start_http_server(port, host, registry)
    try:
        yield int(server.server_port)
    finally:
        server.shutdown()
        server.server_close()
        thread.join(timeout=5)
