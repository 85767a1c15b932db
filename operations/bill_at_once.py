"""Write what a deed between two boundaries bills: an invoice, credit notes, and what both do to the balance.

Owns the order: credit notes first, because what they give back may pay the invoice. Does not own the lines (domain/
invoicing) nor boundaries (renew.py).
"""

from db.queries.credits import ledgers
from db.queries.settlements import billed_invoices
from db.save import invoices
from db.unit_of_work import UnitOfWork
from domain.account import Account
from domain.invoice import InvoiceStatus, Settlement
from domain.invoicing.bill import Bill
from domain.invoicing.documents import Documents, Heading, issue
from domain.settlement import Owed, lighten_charges
from operations.issue_credit_note import Correction, issue_credit_note
from operations.spend_credit import spend_credit


async def bill_at_once(unit: UnitOfWork, account: Account, bill: Bill, heading: Heading) -> Documents:
    """Write the documents of a bill of one account, whose row is locked; there may be none."""
    credited = await billed_invoices(unit.session, unit.scope, [note.invoice_id for note in bill.credit_notes])
    due_minor = {invoice_id: invoice.owed.due_minor for invoice_id, invoice in credited.items()}
    documents = issue(bill, account, heading, unit.ids, due_minor)
    for note in documents.credit_notes:
        after, to_invoice = lighten_charges(credited[note.invoice_id].owed, note.total.minor)
        correction = Correction(note.id, note.lines, note.reason, note.memo, after, to_invoice)
        await issue_credit_note(unit, account, credited[note.invoice_id], correction, bill.at)
    invoice = documents.invoice
    if invoice is not None and heading.subscription_id is not None:
        await invoices.new_invoice(unit, account, heading.subscription_id, invoice)
        if invoice.status is InvoiceStatus.OPEN:
            ledger = (await ledgers(unit.session, unit.scope, [account]))[account.id]
            owed = Owed(invoice.id, invoice.status, invoice.currency, Settlement(invoice.total.minor))
            await spend_credit(unit, account, ledger, owed, bill.at)
    return documents
