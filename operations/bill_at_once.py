"""Write what a deed between two boundaries bills: an invoice, credit notes, and what both do to the balance.

Owns nothing but the name for it: the documents are written as those of any bill (write_documents.py).
"""

from db.unit_of_work import UnitOfWork
from domain.account import Account
from domain.invoicing.bill import Bill
from domain.invoicing.documents import Documents, Heading
from operations.write_documents import write_documents


async def bill_at_once(unit: UnitOfWork, account: Account, bill: Bill, heading: Heading) -> Documents:
    """Write the documents of a bill of one account, whose row is locked; there may be none."""
    return await write_documents(unit, account, bill, heading)
