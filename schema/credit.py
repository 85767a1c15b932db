"""Credit: notes that correct invoices, and the ledger of the balance that lightens the next ones."""

from typing import TYPE_CHECKING, Annotated

import strawberry

from domain.credit import CreditEntryKind, CreditNoteReason
from resolvers.downloads.links import DownloadFormat
from schema.base import Node, argument, computed, related, stored
from schema.download import Download
from schema.scalars import BigInt, CurrencyCode, Date, DateTime
from schema.values import Money, Period, UnitPrice

if TYPE_CHECKING:
    from schema.account import Account, LegalEntity
    from schema.invoice import Invoice, InvoiceLine


@strawberry.type(
    description="The arithmetic of what is given back: basis x part / whole, rounded once, half away from zero."
)
class CreditExplanation:
    rule: str = stored("The stable code of how the amount arises.")
    sentence: str = stored("The same for people, with the numbers in it.")
    basis: UnitPrice = stored("The exact amount of which a part is given back.")
    part_seconds: BigInt = stored("The seconds given back; 1 of 1 for all.")
    whole_seconds: BigInt = stored("The seconds of the whole.")
    split_total: Money | None = stored("What the lines come to together where they are parts of one rounded amount.")


@strawberry.federation.type(keys=["id"], description="What is given back of one line of the invoice.")
class CreditNoteLine(Node):
    position: int = stored("Its place on the credit note, from 1.")
    description: str = stored("What it is for.")
    amount: Money = stored("The net amount given back.")
    tax: Money = stored("The tax given back with it, at the line's own rate.")
    tax_inclusive: bool = stored("Whether the price of the line contained its tax.")
    service_period: Period | None = stored("The span it is for, where it is for one.")
    explanation: CreditExplanation = stored("How the amount arises.")
    invoice_line: Annotated["InvoiceLine", strawberry.lazy("schema.invoice")] = related("The line it corrects.")
    credit_note: Annotated["CreditNote", strawberry.lazy("schema.credit")] = related("The credit note it is on.")


@strawberry.federation.type(
    keys=["id"],
    description=(
        "A document that corrects one invoice. subtotal + tax = total, and total = toInvoice + toBalance + toRefund."
    ),
)
class CreditNote(Node):
    account: Annotated["Account", strawberry.lazy("schema.account")] = related("Whose it is.")
    legal_entity: Annotated["LegalEntity", strawberry.lazy("schema.account")] = related("Who issued it.")
    invoice: Annotated["Invoice", strawberry.lazy("schema.invoice")] = related("The invoice it corrects.")
    number: str | None = stored("Its number, gapless per legal entity in a series of its own.")
    reason: CreditNoteReason = stored("Why it was made.")
    memo: str | None = stored("What was said about it.")
    currency: CurrencyCode = stored("The currency of all its amounts.")
    customer_name: str = stored("The customer's name as it was on that day.")
    subtotal: Money = stored("The net sum of its lines.")
    tax: Money = stored("The tax of its lines.")
    total: Money = stored("Both.")
    to_invoice: Money = stored("What it takes off the amount due of its invoice.")
    to_balance: Money = stored("What it puts into the credit balance.")
    to_refund: Money = stored("What goes back to where it was paid from.")
    issued_on: Date = stored("The day on the document.")
    created_at: DateTime = stored("When it was issued.")
    download: Download | None = computed(
        "A link to it as a file; null where this gateway serves none.",
        format=argument(DownloadFormat, "As what."),
    )
    lines: list[CreditNoteLine] = related("Its lines in order. Bounded by the invoice's lines, about forty.")


@strawberry.federation.type(
    keys=["id"], description="One entry of an account's credit balance, never changed. The entries sum to the balance."
)
class CreditEntry(Node):
    account: Annotated["Account", strawberry.lazy("schema.account")] = related("Whose it is.")
    sequence: BigInt = stored("Its number among the account's entries, without gaps.")
    kind: CreditEntryKind = stored("What it does to the balance.")
    amount: Money = stored("What it puts in, or, negative, takes out.")
    balance: Money = stored("What the account has after it.")
    memo: str | None = stored("What was said about it.")
    occurred_at: DateTime = stored("When, by the account's clock.")
    grant: Annotated["CreditEntry", strawberry.lazy("schema.credit")] | None = related(
        "The entry whose credit it spends, takes out or puts back; null for one that grants."
    )
    credit_note: CreditNote | None = related("The credit note it comes from, where it does.")
    invoice: Annotated["Invoice", strawberry.lazy("schema.invoice")] | None = related("The invoice it was spent on.")


@strawberry.input(description="Narrows an account's credit notes.")
class CreditNoteFilter:
    reason: list[CreditNoteReason] | None = strawberry.field(
        default=strawberry.UNSET, description="Made for one of these reasons."
    )


@strawberry.input(description="Narrows the entries of an account's credit balance.")
class CreditEntryFilter:
    kind: list[CreditEntryKind] | None = strawberry.field(
        default=strawberry.UNSET, description="That do one of these things."
    )
