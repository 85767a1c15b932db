"""The day after which an invoice counts as overdue, as one expression for decisions and for the graph.

An account's own invoice is due by its document. One that a payer's consolidated invoice collects is due by that one,
and waits, due on no day, until it is on it.
"""

from typing import Any

from sqlalchemy import FromClause, case
from sqlalchemy.sql.elements import ColumnElement


def due_day(invoices: FromClause) -> ColumnElement[Any]:
    """The due day of rows of `invoices` (or an alias of it); null while they wait for their consolidated invoice."""
    invoice = invoices.c
    return case((invoice.payer_account_id.is_(None), invoice.due_on), else_=invoice.consolidated_due_on)


def due_minor(invoices: FromClause) -> ColumnElement[Any]:
    """What is left to pay of rows of `invoices`, by the equation of law L1."""
    invoice = invoices.c
    return (
        invoice.total_minor
        - invoice.credited_minor
        - invoice.applied_minor
        - invoice.paid_minor
        + invoice.returned_minor
    )
