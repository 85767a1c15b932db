"""Which database a subcommand works on: the one DATABASE_URL names, else the embedded one, started if need be."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from app.settings import Settings
from db.engine import Database


@contextmanager
def database_url(settings: Settings, say: Callable[[str], None] = lambda _: None) -> Iterator[str]:
    """The URL of the database, past any pooler, valid while the block runs."""
    if settings.direct_url is not None:
        yield settings.direct_url
        return
    from db.embedded import EmbeddedPostgres

    with EmbeddedPostgres(settings.home, say=say) as postgres:
        yield postgres.url


def database_of(settings: Settings, direct_url: str) -> Database:
    """The database as the settings want it held; `direct_url` is what `database_url` gave."""
    return Database(
        settings.database_url or direct_url,
        pooler=settings.database_pooler,
        read_connections=settings.read_connections,
        write_connections=settings.write_connections,
        statement_timeout_s=settings.statement_timeout_s,
    )
