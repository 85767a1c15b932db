"""What an account owes and since when, and the credit it has: read for computed fields only, no type of the graph."""

from sqlalchemy import BigInteger, cast, func, select, true

from db.due_day import due_day, due_minor
from db.graph.clock import operation_now
from db.graph.declare import Entity
from db.graph.filters import by
from db.tables import accounts, credit_entries, invoices

_unpaid = (
    select(
        func.min(due_day(invoices)).label("oldest_due_on"),
        cast(
            func.coalesce(
                func.sum(due_minor(invoices)),
                0,
            ),
            BigInteger,
        ).label("due_minor"),
    )
    .where(invoices.c.account_id == accounts.c.id, invoices.c.status == "OPEN")
    .correlate(accounts)
    .lateral("unpaid")
)

_balance = (
    select(credit_entries.c.balance_minor)
    .where(credit_entries.c.account_id == accounts.c.id)
    .order_by(credit_entries.c.sequence.desc())
    .limit(1)
    .correlate(accounts)
    .scalar_subquery()
)

account_dues = (
    select(
        accounts.c.id.label("account_id"),
        accounts.c.currency,
        accounts.c.zone,
        accounts.c.clock_at,
        _unpaid.c.oldest_due_on,
        _unpaid.c.due_minor,
        func.coalesce(_balance, 0).label("balance_minor"),
    )
    .select_from(accounts)
    .join(_unpaid, true())
    .subquery("account_dues")
)

ACCOUNT_DUES = Entity(
    "AccountDues",
    account_dues,
    is_internal=True,
    tenant=account_dues.c.account_id,
    keys={"account": by(account_dues.c.account_id)},
    raw={
        "currency": account_dues.c.currency,
        "zone": account_dues.c.zone,
        "now": func.coalesce(account_dues.c.clock_at, operation_now()),
        "oldest_due_on": account_dues.c.oldest_due_on,
        "due_minor": account_dues.c.due_minor,
        "balance_minor": account_dues.c.balance_minor,
    },
    fields={},
)
