"""Which database a subcommand works on: the one DATABASE_URL names, else the embedded one, started if need be."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from app.settings import Settings


@contextmanager
def database_url(settings: Settings, say: Callable[[str], None] = lambda _: None) -> Iterator[str]:
    """The URL of the database, past any pooler, valid while the block runs."""
    if settings.direct_url is not None:
        yield settings.direct_url
        return
    from db.embedded import EmbeddedPostgres

    with EmbeddedPostgres(settings.home, say=say) as postgres:
        yield postgres.url
