"""Short ways to do what people do with money, on the small world of tests.stored."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from db.queries.settlements import billed_invoices
from db.sandbox_provider import SandboxProvider
from db.unit_of_work import UnitOfWork
from domain.actor import Actor, StaffRole, staff
from domain.commands import (
    AddPaymentMethod,
    CreditDestination,
    CreditInvoice,
    LineCredit,
    PayInvoice,
    RecordPayment,
    RefundPayment,
    VoidInvoice,
    WriteOffInvoice,
)
from domain.credit import CreditNoteReason
from domain.ids import InvoiceId, LineId, PaymentId, PaymentMethodId, RefundId
from domain.money import Money
from domain.provider import Answer, ChargeRequest, PaymentProvider, RefundRequest
from domain.sandbox_cards import SANDBOX_CARDS, SandboxBehaviour
from domain.settlement import Owed
from operations.invoices.credit_invoice import Credited
from operations.invoices.give_back import give_back
from operations.invoices.void_invoice import void_invoice
from operations.invoices.write_off_invoice import write_off_invoice
from operations.payments.add_payment_method import MethodAdded, add_payment_method
from operations.payments.pay import pay
from operations.payments.payment_outcome import PaymentKnown
from operations.payments.poll_payment import poll_payment
from operations.payments.poll_refund import poll_refund
from operations.payments.record_payment import record_payment
from tests.make import april
from tests.stored import Customer, World

FINANCE = staff(StaffRole.FINANCE)
B = SandboxBehaviour
Units = Callable[[], AbstractAsyncContextManager[UnitOfWork]]


class Crashed(Exception):
    """The process died here."""


@dataclass
class Till:
    """A world, its provider, and whoever stands at the counter. Keys are new unless a test says which."""

    world: World

    @property
    def provider(self) -> SandboxProvider:
        """The sandbox provider on this world's database."""
        return SandboxProvider(self.world.database)

    def units(self, actor: Actor, at: datetime) -> Units:
        """Units of work of somebody at an instant."""
        return lambda: self.world.unit(at, actor)

    async def card(
        self,
        who: Customer,
        behaviour: SandboxBehaviour = B.SUCCEEDS,
        *,
        is_default: bool = True,
        at: datetime | None = None,
    ) -> PaymentMethodId:
        """A stored test card."""
        number = next(card.number for card in SANDBOX_CARDS if card.behaviour is behaviour)
        command = AddPaymentMethod(who.id, number, self.world.ids.new().hex, is_default)
        async with self.world.unit(at or april(1), who.owner) as unit:
            added = await add_payment_method(unit, command)
        assert isinstance(added, MethodAdded)
        return added.payment_method_id

    async def pay(
        self,
        who: Customer,
        invoice_id: UUID,
        *,
        key: str | None = None,
        at: datetime | None = None,
        actor: Actor | None = None,
        provider: PaymentProvider | None = None,
        method: PaymentMethodId | None = None,
    ) -> Any:
        """Pay by a stored card; the outcome."""
        command = PayInvoice(InvoiceId(invoice_id), key or self.world.ids.new().hex, method)
        return await pay(self.units(actor or who.owner, at or april(2)), provider or self.provider, command)

    async def paid(self, who: Customer, invoice_id: UUID, **more: Any) -> PaymentKnown:
        """Pay; fails the test where no payment comes of it."""
        outcome = await self.pay(who, invoice_id, **more)
        assert isinstance(outcome, PaymentKnown), outcome
        return outcome

    async def poll(self, who: Customer, payment_id: UUID, at: datetime | None = None) -> Any:
        """Find out what became of a payment, as a job does."""
        at = at or april(2, 1)
        units = self.units(staff(StaffRole.SYSTEM), at)
        return await poll_payment(units, self.provider, who.id, PaymentId(payment_id), at)

    async def poll_refund(self, who: Customer, refund_id: UUID, at: datetime | None = None) -> Any:
        """See a refund through, as a job does."""
        at = at or april(20)
        units = self.units(staff(StaffRole.SYSTEM), at)
        return await poll_refund(units, self.provider, who.id, RefundId(refund_id), at)

    async def transfer(self, who: Customer, invoice_id: UUID, amount: str, *, key: str | None = None) -> Any:
        """Finance has seen a bank transfer on 3 April."""
        money = Money.parse(amount, who.account.currency)
        command = RecordPayment(InvoiceId(invoice_id), money, "bank 4711", key or self.world.ids.new().hex)
        async with self.world.unit(april(3), FINANCE) as unit:
            return await record_payment(unit, command)

    async def credit(
        self,
        who: Customer,
        invoice_id: UUID,
        amount: str | None = None,
        *,
        lines: tuple[tuple[UUID, str | None], ...] = (),
        to: CreditDestination = CreditDestination.BALANCE,
        key: str | None = None,
        actor: Actor = FINANCE,
        at: datetime | None = None,
    ) -> Any:
        """A credit note by finance, on 10 April unless told otherwise; refunds are seen through."""
        currency = who.account.currency
        command = CreditInvoice(
            InvoiceId(invoice_id),
            CreditNoteReason.BILLING_ERROR,
            key or self.world.ids.new().hex,
            tuple(LineCredit(LineId(each), Money.parse(part, currency) if part else None) for each, part in lines),
            Money.parse(amount, currency) if amount else None,
            to,
        )
        return await give_back(self.units(actor, at or april(10)), self.provider, command)

    async def credited(self, who: Customer, invoice_id: UUID, amount: str | None = None, **more: Any) -> Credited:
        """Credit; fails the test where no note comes of it."""
        outcome = await self.credit(who, invoice_id, amount, **more)
        assert isinstance(outcome, Credited), outcome
        return outcome

    async def refund(self, who: Customer, payment_id: UUID, amount: str | None = None, key: str | None = None) -> Any:
        """Send money back, on 12 April."""
        money = Money.parse(amount, who.account.currency) if amount else None
        command = RefundPayment(PaymentId(payment_id), key or self.world.ids.new().hex, money)
        return await give_back(self.units(FINANCE, april(12)), self.provider, command)

    async def void(
        self, who: Customer, invoice_id: UUID, *, key: str | None = None, actor: Actor = FINANCE, reissue: bool = False
    ) -> Any:
        """Void on 5 April."""
        command = VoidInvoice(InvoiceId(invoice_id), "a mistake", key or self.world.ids.new().hex, reissue)
        async with self.world.unit(april(5), actor) as unit:
            return await void_invoice(unit, command)

    async def write_off(
        self, who: Customer, invoice_id: UUID, *, key: str | None = None, at: datetime | None = None
    ) -> Any:
        """Give up on an invoice, on 20 April unless told otherwise."""
        command = WriteOffInvoice(InvoiceId(invoice_id), "gone", key or self.world.ids.new().hex)
        async with self.world.unit(at or april(20), FINANCE) as unit:
            return await write_off_invoice(unit, command)

    async def owed(self, who: Customer, invoice_id: UUID) -> Owed:
        """How an invoice stands."""
        async with self.world.unit(april(30)) as unit:
            found = await billed_invoices(unit.session, unit.scope, [InvoiceId(invoice_id)])
        return found[InvoiceId(invoice_id)].owed

    async def balance(self, who: Customer) -> int:
        """The credit balance by the last entry, in minor units."""
        entries = await self.world.of(who, "credit_entries", "sequence")
        return int(entries[-1].balance_minor) if entries else 0

    async def books(self, who: Customer) -> list[Any]:
        """What the provider's books hold of the account's cards."""
        return await self.world.rows(
            "SELECT s.* FROM sandbox_charges s JOIN payment_methods m ON m.token = s.token "
            "WHERE m.account_id = :id ORDER BY s.created_at, s.key",
            id=who.id,
        )


@dataclass
class Dying:
    """A provider whose caller dies before it is asked (`before`), or after it did what it was asked."""

    inner: SandboxProvider
    before: bool

    async def charge(self, request: ChargeRequest) -> Answer:
        """Die around a charge."""
        if not self.before:
            await self.inner.charge(request)
        raise Crashed

    async def refund(self, request: RefundRequest) -> Answer:
        """Die around a refund."""
        if not self.before:
            await self.inner.refund(request)
        raise Crashed

    async def status(self, key: str, at: datetime) -> Answer:
        """As the books say."""
        return await self.inner.status(key, at)

    async def confirm(self, key: str, at: datetime) -> Answer:
        """As the books say."""
        return await self.inner.confirm(key, at)


@asynccontextmanager
async def dying_unit(world: World, at: datetime, actor: Actor) -> AsyncIterator[UnitOfWork]:
    """A unit whose process dies just before the commit."""
    async with world.unit(at, actor) as unit:
        yield unit
        await unit.flush()
        raise Crashed


async def assert_balanced(world: World, who: Customer) -> None:
    """Law L1 over all an account has: invoices, credit notes, ledger, payments. And what is PAID owes nothing."""
    for invoice in await world.of(who, "invoices"):
        due = (
            invoice.total_minor - invoice.credited_minor - invoice.applied_minor - invoice.paid_minor
            + invoice.returned_minor
        )  # fmt: skip
        assert invoice.subtotal_minor - invoice.discount_minor + invoice.tax_minor == invoice.total_minor
        assert due >= 0
        if invoice.status in ("OPEN", "PAID", "UNCOLLECTIBLE"):
            assert (invoice.status == "PAID") == (due == 0), invoice.status
        notes = await world.of(who, "credit_notes", where=f"invoice_id = '{invoice.id}'")
        assert sum(note.total_minor for note in notes) == invoice.credited_minor
        paid = await world.of(who, "payments", where=f"invoice_id = '{invoice.id}' AND status = 'SUCCEEDED'")
        if invoice.payer_account_id is None:
            assert sum(payment.amount_minor for payment in paid) == invoice.paid_minor
        entries = await world.of(who, "credit_entries", where=f"invoice_id = '{invoice.id}'")
        spent = [-each.amount_minor for each in entries if each.kind in ("APPLIED", "RESTORED")]
        assert sum(spent) == invoice.applied_minor
    for note in await world.of(who, "credit_notes"):
        lines = await world.of(who, "credit_note_lines", where=f"credit_note_id = '{note.id}'")
        assert sum(line.amount_minor for line in lines) == note.subtotal_minor
        assert sum(line.tax_minor for line in lines) == note.tax_minor
        assert note.to_invoice_minor + note.to_balance_minor + note.to_refund_minor == note.total_minor
    balance = 0
    for number, entry in enumerate(await world.of(who, "credit_entries", "sequence"), start=1):
        balance += entry.amount_minor
        assert (entry.sequence, entry.balance_minor) == (number, balance)
    for payment in await world.of(who, "payments"):
        back = await world.of(who, "refunds", where=f"payment_id = '{payment.id}' AND status <> 'FAILED'")
        assert sum(refund.amount_minor for refund in back) == payment.refunded_minor
