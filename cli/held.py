"""The database as the settings want it held: its pools and bounds."""

from app.settings import Settings
from db.engine import Database


def database_of(settings: Settings, direct_url: str) -> Database:
    """The database as the settings want it held; `direct_url` is what `database_url` gave."""
    return Database(
        settings.database_url or direct_url,
        pooler=settings.database_pooler,
        read_connections=settings.read_connections,
        write_connections=settings.write_connections,
        statement_timeout_s=settings.statement_timeout_s,
    )
