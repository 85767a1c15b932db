"""The account's own time in SQL: what `now` means in a declared predicate.

The operation's instant is the bound parameter `now`, never SQL's `now()`. A sandbox account that lives on a clock reads
that clock instead, row by row, so that one statement over many accounts is right for each of them.
"""

from typing import Any, Final

from sqlalchemy import BindParameter, ColumnElement, DateTime, FromClause, and_, bindparam, func, or_, select

from db.tables import accounts

NOW: Final = "now"
"""The bound parameter that carries the operation's instant."""


def operation_now() -> BindParameter[Any]:
    """The operation's instant, for rows of no account (the catalog)."""
    return bindparam(NOW, type_=DateTime(timezone=True))


def account_now(account_id: ColumnElement[Any]) -> ColumnElement[Any]:
    """The clock of the account in `account_id`, or the operation's instant where the account has none.

    The accounts row is read without a scope predicate of its own: it is that of the row asked for, which has one.
    """
    clock = accounts.alias("clock")
    standing = select(clock.c.clock_at).where(clock.c.id == account_id).scalar_subquery()
    return func.coalesce(standing, operation_now())


def in_force(table: FromClause, start: str = "valid_from", end: str = "valid_until") -> ColumnElement[bool]:
    """The rows of a tenant's table whose half-open span [start, end) holds the account's now; a null end is open."""
    now = account_now(table.c["account_id"])
    return and_(table.c[start] <= now, or_(table.c[end].is_(None), table.c[end] > now))
