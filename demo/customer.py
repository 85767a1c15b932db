"""One customer of the demo through the years: each deed of the story, and what follows by itself, by a real operation.

Owns whose clock moves when, who acts, and when an invoice is paid. Does not own the story (histories.py), its order
(timeline.py) or what an operation does.
"""

from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from datetime import date, datetime, timedelta
from functools import partial
from typing import assert_never

from db.queries.due import due_on
from db.queries.invoices import open_invoices
from db.save import accounts
from db.unit_of_work import UnitOfWork
from demo import catalog
from demo.arrangements import arrange, asked_for, who_arranges
from demo.chance import Chance
from demo.corrections import FINANCE, correct
from demo.deeds import (
    AgreesTerms,
    Arrangement,
    AsksApproval,
    Cancels,
    Changes,
    Correction,
    Credits,
    Deed,
    GetsOverride,
    History,
    SignsUp,
    StoresCard,
    Voids,
    WritesOff,
)
from demo.identity import SeededIds
from demo.personas import DEMO_NOW, Persona
from demo.timeline import Due
from demo.usage import events
from domain.actor import Actor, Role, StaffRole, customer, staff
from domain.commands import AddPaymentMethod, ApplyQuote
from domain.ids import IdMaker, InvoiceId, SubscriptionId
from domain.periods import local_day, start_of_day
from domain.provider import PaymentProvider
from domain.usage import RETENTION, UsageStatus
from operations.accounts.write_account import Member, NewAccount, write_account
from operations.changes.change_plan import Accepted, change_plan
from operations.changes.preview_plan_change import preview_plan_change
from operations.clock.due import OUTSIDE
from operations.clock.next_due import next_due
from operations.clock.steps import OUTSIDE_STEPS
from operations.payments.add_payment_method import MethodAdded, add_payment_method
from operations.payments.pay import charge
from operations.payments.payment_outcome import PaymentStarted
from operations.payments.record_answer import record_answer
from operations.payments.settle_invoice import settle_invoice
from operations.subscriptions.sign_up import SignUp, sign_up
from operations.use.override_entitlement import OverrideEntitlement, override_entitlement
from operations.use.record_usage import record_usage

UnitMaker = Callable[[Actor, IdMaker, datetime], UnitOfWork]
"""A unit of work of an actor, within the one transaction in which the company is made."""

JOBS = staff(StaffRole.SYSTEM)
SUPPORT = staff(StaffRole.SUPPORT)
USAGE_SINCE = DEMO_NOW - RETENTION
"""Usage further back than events are kept would only make the story longer."""
_THINKS = timedelta(minutes=4)
"""How long somebody looks at a preview before taking it."""
_HOUR_S = 3600


class StoryError(Exception):
    """A story asks for what the engine does not allow: the script is wrong, or the engine is."""


class Customer:
    """A persona, living its history."""

    def __init__(self, persona: Persona, history: History, unit_of: UnitMaker, provider: PaymentProvider) -> None:
        self.persona = persona
        self.history = history
        self.account = persona.account(catalog.legal_entity_id(persona.legal_entity))
        self._unit_of = unit_of
        self._provider = provider
        self._ids = SeededIds(f"history/{persona.slug}", persona.opened_at)
        self._subscriptions: dict[str, SubscriptionId] = {}
        self._bills: list[InvoiceId] = []
        self._runs_at: set[datetime] = set()

    def story(self) -> Iterator[Due]:
        """Everything the script says, to be put in line."""
        yield Due(self.persona.opened_at, self._open)
        for dated in self.history.deeds:
            yield Due(dated.at, partial(self._do, dated.deed))
        if self.history.usage:
            yield Due(max(self.history.deeds[0].at, USAGE_SINCE), self._begin_usage)
        yield Due(DEMO_NOW, self._stand)

    @asynccontextmanager
    async def _unit(self, actor: Actor, at: datetime, *, moves_clock: bool = True) -> AsyncIterator[UnitOfWork]:
        """A unit at an instant of the customer's own time. The clock moves to it first, unless what is done there is
        told the instant and never looks at the clock."""
        unit = self._unit_of(actor, self._ids.at(at), at)
        if moves_clock:
            await accounts.clock(unit, self.account.id, at)
            await unit.write()
        yield unit
        await unit.flush()

    async def _open(self, at: datetime) -> list[Due]:
        members = tuple(
            Member(
                self.persona.user_id(person.role), person.name, f"{person.mailbox}@{self.persona.domain}", person.role
            )
            for person in self.persona.people
        )
        unit = self._unit_of(JOBS, self._ids.at(at), at)
        await write_account(unit, NewAccount(self.account, self.persona.slug, members), at)
        await unit.flush()
        return []

    async def _stand(self, at: datetime) -> list[Due]:
        async with self._unit(JOBS, at):
            return []

    async def _do(self, deed: Deed, at: datetime) -> list[Due]:
        match deed:
            case SignsUp():
                return await self._sign_up(deed, at)
            case Changes():
                return await self._change(deed, at)
            case GetsOverride():
                return await self._override(deed, at)
            case StoresCard():
                return await self._store_card(deed, at)
            case Credits() | Voids() | WritesOff():
                return await self._correct(deed, at)
            case Cancels() | AsksApproval() | AgreesTerms():
                return await self._arrange(deed, at)
            case _:
                assert_never(deed)

    async def _sign_up(self, deed: SignsUp, at: datetime) -> list[Due]:
        async with self._unit(JOBS, at) as unit:
            command = SignUp(
                self.account.id,
                catalog.plan_id(deed.plan),
                deed.interval,
                tuple(sorted(deed.quantities.items())),
                deed.commitment_months,
                deed.notice_days,
                trial_days=deed.trial_days,
                coupon_code=deed.coupon,
            )
            self._subscriptions[catalog.product_of(deed.plan)] = await sign_up(unit, command, at)
            await unit.flush()
            return await self._what_follows(unit, at)

    async def _change(self, deed: Changes, at: datetime) -> list[Due]:
        actor = customer(self.persona.user_id(deed.role))
        async with self._unit(actor, at) as unit:
            preview = await preview_plan_change(unit, asked_for(deed, self._subscriptions))
        if deed.only_looks:
            return []
        reasons = ", ".join(reason.code for reason in preview.prepared.decision.reasons)
        if preview.quote is None:
            raise StoryError(f"{self.persona.slug}, {at}: no quote, because {reasons}")
        async with self._unit(actor, at + _THINKS) as unit:
            outcome = await change_plan(unit, ApplyQuote(preview.quote.id, self._key(at), deed.confirm))
            if not isinstance(outcome, Accepted):
                raise StoryError(f"{self.persona.slug}, {at}: {outcome}")
            await unit.flush()
            if outcome.started is None:
                return await self._what_follows(unit, at + _THINKS)
        return await self._charge(outcome.started, actor, at + _THINKS)

    async def _charge(self, started: PaymentStarted, actor: Actor, at: datetime) -> list[Due]:
        """Ask the provider for what a change waits for, and write its answer down."""
        answer = await charge(self._provider, started.request)
        async with self._unit(actor, at, moves_clock=False) as unit:
            await record_answer(unit, started.account_id, started.payment_id, answer)
            await unit.flush()
            return await self._what_follows(unit, at)

    async def _override(self, deed: GetsOverride, at: datetime) -> list[Due]:
        async with self._unit(SUPPORT, at) as unit:
            command = OverrideEntitlement(
                self.account.id, deed.feature, deed.value, deed.reason, starts_at=at, ends_at=deed.ends_at
            )
            await override_entitlement(unit, command, at)
            return []

    async def _store_card(self, deed: StoresCard, at: datetime) -> list[Due]:
        async with self._unit(customer(self.persona.user_id(Role.BILLING_ADMIN)), at) as unit:
            command = AddPaymentMethod(self.account.id, deed.number, f"card-{at:%Y%m%d%H%M}", is_default=True)
            if not isinstance(await add_payment_method(unit, command), MethodAdded):
                raise StoryError(f"{self.persona.slug}, {at}: the card was not stored")
            return []

    async def _correct(self, deed: Correction, at: datetime) -> list[Due]:
        async with self._unit(FINANCE, at) as unit:
            bill = self._bills[deed.invoice - 1]
            outcome = await correct(unit, deed, bill, self.account.currency, self._key(at))
            if outcome is not None:
                raise StoryError(f"{self.persona.slug}, {at}: {outcome}")
            await unit.flush()
            return await self._what_follows(unit, at)

    async def _arrange(self, deed: Arrangement, at: datetime) -> list[Due]:
        actor = who_arranges(deed, customer(self.persona.user_id(Role.BILLING_ADMIN)))
        async with self._unit(actor, at) as unit:
            refusal = await arrange(unit, deed, self.account, self._subscriptions, self._key(at))
            if refusal is not None:
                raise StoryError(f"{self.persona.slug}, {at}: {refusal}")
            await unit.flush()
            return await self._what_follows(unit, at)

    def _key(self, at: datetime) -> str:
        """The idempotency key of what is done at an instant."""
        return f"{self.persona.slug}-{at:%Y%m%d%H%M}"

    async def _run_due(self, at: datetime) -> list[Due]:
        """What is due first, and whatever it asks of the payment provider."""
        self._runs_at.remove(at)
        async with self._unit(JOBS, at, moves_clock=False) as unit:
            things = await next_due(unit, [self.account.id], at)
        for thing in things:
            if thing.kind in OUTSIDE:
                ask = OUTSIDE_STEPS[thing.kind]
                await ask(lambda: self._unit(JOBS, at, moves_clock=False), self._provider, thing)
        async with self._unit(JOBS, at, moves_clock=False) as unit:
            return await self._what_follows(unit, at)

    async def _pay(self, invoice_id: InvoiceId, at: datetime) -> list[Due]:
        """By bank, what is not void or given up by then."""
        async with self._unit(JOBS, at, moves_clock=False) as unit:
            if invoice_id in await open_invoices(unit.session, unit.scope, self.account.id):
                await settle_invoice(unit, self.account.id, invoice_id, at)
            return []

    async def _what_follows(self, unit: UnitOfWork, at: datetime) -> list[Due]:
        """New invoices will be paid, as far as this customer pays; whatever is due next will be done then."""
        dues: list[Due] = []
        for invoice_id in await open_invoices(unit.session, unit.scope, self.account.id):
            if invoice_id not in self._bills:
                self._bills.append(invoice_id)
                days, stops_at = self.history.pays_after_days, self.history.stops_paying_at
                if days is not None and (stops_at is None or at < stops_at):
                    dues.append(Due(self._pays_at(at, days), partial(self._pay, invoice_id)))
        coming = await due_on(unit.session, unit.scope, [self.account.id], DEMO_NOW)
        runs_at = max(at, min((each.at for each in coming), default=DEMO_NOW))
        if coming and runs_at not in self._runs_at:
            self._runs_at.add(runs_at)
            dues.append(Due(runs_at, self._run_due))
        return dues

    def _pays_at(self, issued_at: datetime, after_days: int) -> datetime:
        """In office hours, the customer's usual number of days after the issue."""
        day = local_day(issued_at, self.account.zone) + timedelta(days=after_days)
        second = Chance(f"pay/{self.persona.slug}/{day}").between(9 * _HOUR_S, 17 * _HOUR_S)
        return start_of_day(day, self.account.zone) + timedelta(seconds=second)

    async def _begin_usage(self, at: datetime) -> list[Due]:
        return [self._usage_since(local_day(at, self.account.zone))]

    def _usage_since(self, first: date) -> Due:
        """A sending once a month, around the start of its day, and a last one now."""
        day, zone = self.history.sends_usage_on, self.account.zone
        is_later = first.day >= day
        until = date(first.year + is_later * (first.month // 12), (first.month - 1 + is_later) % 12 + 1, day)
        sends_at = start_of_day(until, zone) + timedelta(hours=self.history.sends_usage_after_hours)
        if sends_at >= DEMO_NOW:
            sends_at, until = DEMO_NOW, local_day(DEMO_NOW, zone) + timedelta(days=1)
        return Due(sends_at, partial(self._send_usage, first, until))

    async def _send_usage(self, first: date, until: date, at: datetime) -> list[Due]:
        """Everything used on the local days since `first` and before `until`, up to this instant."""
        last, zone, since = until - timedelta(days=1), self.account.zone, self.history.deeds[0].at
        seed = f"usage/{self.persona.slug}"
        batch = [
            event
            for pattern in self.history.usage
            for event in events(self.account.id, seed, zone, pattern, first, last)
            if since <= event.occurred_at <= at
        ]
        async with self._unit(JOBS, at) as unit:
            results = await record_usage(unit, batch)
        if any(result.status is not UsageStatus.ACCEPTED for result in results):
            raise StoryError(f"{self.persona.slug}, {at}: usage was not accepted")
        return [] if at == DEMO_NOW else [self._usage_since(until)]
