"""Bill what was used before a subscription ended and came in after its last bill: on an invoice of its own."""

from collections.abc import Sequence

from db import audit
from db.queries.billing_terms import terms_of
from db.queries.subscriptions import LiveSubscription, live_of
from db.queries.waiting import for_subscription, waiting_charges
from db.save.subscriptions import late_use_expected
from db.unit_of_work import UnitOfWork
from domain.account import Account
from domain.credit import CreditNoteReason
from domain.ids import SubscriptionId
from domain.invoice import InvoiceReason
from domain.invoicing.documents import Heading
from domain.invoicing.period import BoundaryFacts, close_period
from domain.invoicing.span import span_of
from operations.clock.due import DueOn
from operations.invoices.write_documents import write_documents
from operations.periods.closing_facts import PeriodToClose, load_late


async def bill_late_use(unit: UnitOfWork, due: Sequence[DueOn]) -> None:
    """Count the periods of each of these ended subscriptions again; one an account, whose row is locked.

    What differs from what was charged is billed at its instant, final at once, with the charges that wait for it.
    """
    for each in due:
        of = SubscriptionId(each.thing.id)
        live = (await live_of(unit.session, unit.scope, [each.account], also=[of]))[each.account.id]
        for ended in (found for found in live if found.now.id == of):
            await late_use_expected(unit, ended.now, None)
            await _bill(unit, each, ended, each.account)


async def _bill(unit: UnitOfWork, due: DueOn, ended: LiveSubscription, account: Account) -> None:
    session, scope, of, at = unit.session, unit.scope, ended.now, due.thing.at
    terms = (await terms_of(session, scope, {account.id: account}, {of.id: account.id}))[of.id]
    late = (await load_late(session, scope, [PeriodToClose(ended, span_of(of), terms)])).get(of.id, ())
    charges = for_subscription((await waiting_charges(session, scope, [account.id])).get(account.id, ()), of.id)
    lines = close_period(BoundaryFacts(at, terms, late=late, charges=charges))
    if lines.bill.is_empty:
        return
    heading = Heading(
        InvoiceReason.CANCELLATION, of.id, of.period, credit_reason=CreditNoteReason.USAGE_CORRECTION
    )  # fmt: skip
    documents = await write_documents(unit, account, lines.bill, heading, charges=[charge.id for charge in charges])
    invoice_id = documents.invoice.id if documents.invoice else None
    await unit.audit(
        audit.Entry(
            account.id,
            "subscription.bill_late_use",
            "BillingSubscription",
            of.id,
            at,
            after={"invoice": invoice_id.hex if invoice_id else None, "periods": len(late)},
        )
    )
