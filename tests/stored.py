"""A small world in a database, made through the real operations: a catalog, customers, their subscriptions.

Every call is one unit of work at an instant that the test names. Accounts live in real time, so that instant is theirs.
"""

from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import text

from db.engine import Database
from db.identity import RandomIds
from db.sandbox_provider import SandboxProvider
from db.save import catalog as save_catalog
from db.tables import metadata
from db.unit_of_work import UnitOfWork, unit_of_work
from domain.account import Account, AccountStatus, LegalEntity, PaymentTerms
from domain.actor import Actor, Role, StaffRole, customer, staff
from domain.catalog import PlanVersion, Segment
from domain.commands import ApplyQuote, ChangePlan, Turn
from domain.entitlement import FeatureValue
from domain.ids import (
    AccountId,
    InvoiceId,
    LegalEntityId,
    OverrideId,
    PlanId,
    PlanVersionId,
    PriceId,
    ProductId,
    QuoteId,
    SubscriptionId,
    UserId,
)
from domain.periods import BillingInterval
from domain.usage import Aggregation, Measure, UsageEvent, UsageResult
from operations.accounts.write_account import Member, NewAccount, write_account
from operations.changes.change_plan import Accepted, Outcome, change_plan
from operations.changes.preview_plan_change import preview_plan_change
from operations.changes.quote_change import PlanChangePreview
from operations.clock.due import OUTSIDE, DueKind
from operations.clock.next_due import next_due
from operations.clock.steps import OUTSIDE_STEPS
from operations.payments.settle_invoice import settle_invoice
from operations.subscriptions.sign_up import SignUp, sign_up
from operations.use.override_entitlement import OverrideEntitlement, override_entitlement
from operations.use.record_usage import record_usage
from tests.make import FEATURES, LADDER, MONTH, PRO, an_id, april

SYSTEM = staff(StaffRole.SYSTEM)
LEGAL_ENTITY = LegalEntityId(an_id("legal entity"))
METERS = {"contacts": Aggregation.LATEST, "emails": Aggregation.SUM, "seats": Aggregation.LATEST}

LEAVES_TRACES = frozenset({"quotes", "policy_decisions", "decision_facts", "shadow_evaluations"})
"""The only tables a preview may add rows to: its quote, and its decision with what is noted beside it."""

Rows = Mapping[str, Sequence[str]]
"""Every row of some tables as text, in order."""


@dataclass(frozen=True)
class Customer:
    """An account and two people of it."""

    account: Account
    owner: Actor
    viewer: Actor

    @property
    def id(self) -> AccountId:
        """The account's id."""
        return self.account.id


@dataclass
class World:
    """A database with the ladder of tests.make on sale, and short ways to do what people do."""

    database: Database
    ids: RandomIds = field(default_factory=RandomIds)

    @asynccontextmanager
    async def unit(self, at: datetime, actor: Actor = SYSTEM) -> AsyncIterator[UnitOfWork]:
        """One unit of work at an instant."""
        async with unit_of_work(self.database, actor, self.ids, at) as unit:
            yield unit

    async def publish(self, *versions: PlanVersion, at: datetime | None = None) -> None:
        """Put versions on sale; their plans exist already or are made."""
        async with self.unit(at or april(1)) as unit:
            known = set(await unit.session.scalars(text("SELECT id FROM plans")))
            for version in versions:
                if version.plan.id not in known:
                    await save_catalog.new_plan(unit, version.plan, "")
                    known.add(version.plan.id)
                await save_catalog.publish(unit, version, at or april(1))

    async def ladder(self) -> dict[str, PlanVersion]:
        """A hub of one's own with copies of the ladder, for tests that change what is on sale; by the old codes."""
        hub = f"hub_{self.ids.new().hex[-12:]}"
        async with self.unit(april(1)) as unit:
            product = save_catalog.Product(ProductId(an_id(f"product {hub}")), hub, hub, "", 1)
            await save_catalog.new_product(unit, product)
        copies = {version.plan.code: copy_of(version, hub) for version in LADDER}
        await self.publish(*copies.values())
        return copies

    async def withdraw(self, version: PlanVersion, at: datetime) -> None:
        """Take a plan off sale."""
        async with self.unit(at) as unit:
            await save_catalog.withdraw(unit, version.plan.id, at)

    async def customer(
        self,
        *,
        at: datetime | None = None,
        zone: str = "UTC",
        currency: str = "USD",
        net_days: int = 60,
        segment: Segment = Segment.SMB,
        is_sandbox: bool = False,
        clock_at: datetime | None = None,
    ) -> Customer:
        """A new account with an owner and a viewer."""
        name = f"acme-{self.ids.new().hex[-12:]}"
        account = Account(
            id=AccountId(self.ids.new()),
            legal_entity_id=LEGAL_ENTITY,
            name=name,
            email=None,
            currency=currency,
            zone=zone,
            segment=segment,
            terms=PaymentTerms(net_days),
            clock_at=clock_at,
            is_sandbox=is_sandbox,
            status=AccountStatus.ACTIVE,
            country="US",
        )
        owner, viewer = UserId(self.ids.new()), UserId(self.ids.new())
        members = (
            Member(owner, "Olga", f"olga@{name}.example", Role.OWNER),
            Member(viewer, "Vera", f"vera@{name}.example", Role.VIEWER),
        )
        async with self.unit(at or april(1)) as unit:
            await write_account(unit, NewAccount(account, name, members), at or april(1))
        return Customer(account, customer(owner), customer(viewer))

    async def subscribe(
        self,
        who: Customer,
        plan: PlanVersion = PRO,
        *,
        at: datetime | None = None,
        seats: int | None = None,
        interval: BillingInterval = MONTH,
        months: int = 0,
    ) -> SubscriptionId:
        """Sign up for a plan on 1 April 2026; its first invoice is issued."""
        quantities = () if seats is None else (("seats", seats),)
        async with self.unit(at or april(1)) as unit:
            return await sign_up(
                unit, SignUp(who.id, plan.plan.id, interval, quantities, commitment_months=months), at or april(1)
            )

    async def preview(
        self,
        who: Customer,
        subscription: SubscriptionId,
        plan: PlanVersion | None = None,
        at: datetime | None = None,
        *,
        interval: BillingInterval | None = None,
        seats: int | None = None,
        replace_pending: bool = False,
        turn: Turn | None = None,
        actor: Actor | None = None,
    ) -> PlanChangePreview:
        """Ask for a change, halfway through April unless told otherwise."""
        request = ChangePlan(
            subscription,
            plan.plan.id if plan else None,
            interval,
            () if seats is None else (("seats", seats),),
            replace_pending,
            turn,
        )
        async with self.unit(at or april(16), actor or who.owner) as unit:
            return await preview_plan_change(unit, request)

    async def apply(
        self,
        who: Customer,
        quote: QuoteId,
        at: datetime | None = None,
        *,
        key: str | None = None,
        confirm: Iterable[str] = (),
        actor: Actor | None = None,
    ) -> Outcome:
        """Apply a quote, a minute into the second half of April unless told otherwise."""
        command = ApplyQuote(quote, key or self.ids.new().hex, frozenset(confirm))
        async with self.unit(at or april(16, 0, 1), actor or who.owner) as unit:
            return await change_plan(unit, command)

    async def change(
        self,
        who: Customer,
        subscription: SubscriptionId,
        plan: PlanVersion | None = None,
        at: datetime | None = None,
        *,
        interval: BillingInterval | None = None,
        seats: int | None = None,
        replace_pending: bool = False,
        confirm: Iterable[str] = ("PC-13",),
    ) -> Accepted:
        """Preview and apply at once; fails the test when either is refused."""
        at = at or april(16)
        shown = await self.preview(
            who, subscription, plan, at, interval=interval, seats=seats, replace_pending=replace_pending
        )
        assert shown.quote is not None, shown.prepared.decision
        outcome = await self.apply(who, shown.quote.id, at, confirm=confirm)
        assert isinstance(outcome, Accepted), outcome
        return outcome

    async def run_until(self, who: Customer, until: datetime, *, pays: bool = False) -> list[datetime]:
        """Everything due, one thing a transaction; when periods were closed. Who pays, pays each bill at once."""
        done: list[datetime] = []
        while True:
            for invoice in await self.of(who, "invoices", where="status = 'OPEN'") if pays else []:
                await self.pay(who, invoice.id, invoice.finalised_at)
            async with self.unit(until) as unit:
                things = await next_due(unit, [who.id], until)
            if not things:
                return done
            for thing in things:
                if thing.kind in OUTSIDE:
                    await OUTSIDE_STEPS[thing.kind](lambda: self.unit(until), SandboxProvider(self.database), thing)
            done += [thing.at for thing in things if thing.kind is DueKind.CLOSE_PERIOD]

    async def use(
        self, who: Customer, meter: str, value: int, at: datetime | None = None, name: str | None = None
    ) -> tuple[UsageResult, ...]:
        """One usage event."""
        at = at or april(10)
        event = UsageEvent(who.id, "test", name or self.ids.new().hex, at, (Measure(meter, Decimal(value)),))
        async with self.unit(at + timedelta(minutes=1)) as unit:
            return await record_usage(unit, [event])

    async def override(
        self,
        who: Customer,
        feature: str,
        value: FeatureValue,
        at: datetime | None = None,
        *,
        starts_at: datetime | None = None,
        ends_at: datetime | None = None,
    ) -> OverrideId:
        """Set a value by hand."""
        at = at or april(2)
        command = OverrideEntitlement(who.id, feature, value, "a test", starts_at or at, ends_at)
        async with self.unit(at) as unit:
            return await override_entitlement(unit, command, at)

    async def pay(self, who: Customer, invoice_id: InvoiceId, at: datetime | None = None) -> None:
        """Settle an invoice in full."""
        async with self.unit(at or april(15)) as unit:
            await settle_invoice(unit, who.id, invoice_id, at or april(15))

    async def rows(self, sql: str, **values: Any) -> list[Any]:
        """What a statement finds, for looking at what was written."""
        async with self.database.write() as session:
            return list((await session.execute(text(sql), values)).all())

    async def of(self, who: Customer, table: str, order: str = "id", where: str = "true") -> list[Any]:
        """The rows of one account in a table."""
        return await self.rows(f"SELECT * FROM {table} WHERE account_id = :id AND {where} ORDER BY {order}", id=who.id)

    async def billing_state(self) -> Rows:
        """Every row of every table but the two a preview writes to, byte for byte."""
        state: dict[str, Sequence[str]] = {}
        for table in sorted(metadata.tables.keys() - LEAVES_TRACES):
            state[table] = [row[0] for row in await self.rows(f'SELECT t::text FROM "{table}" t ORDER BY 1')]
        return state


async def a_world(database: Database, versions: Sequence[PlanVersion] = LADDER) -> World:
    """An empty database with a legal entity, meters, features, one hub and its ladder."""
    world = World(database)
    async with world.unit(april(1)) as unit:
        await save_catalog.new_legal_entity(unit, LegalEntity(LEGAL_ENTITY, "ACME", "Acme Software", "US"))
        for position, code in enumerate(("crm", "service"), start=1):
            product_id = ProductId(an_id(f"product {code}"))
            await save_catalog.new_product(unit, save_catalog.Product(product_id, code, code.upper(), "", position))
        for feature in FEATURES:
            if feature.meter_id is not None:
                meter = save_catalog.Meter(feature.meter_id, feature.code, feature.name, "unit", METERS[feature.code])
                await save_catalog.new_meter(unit, meter)
            await save_catalog.new_feature(unit, feature, "")
    await world.publish(*versions)
    return world


def copy_of(version: PlanVersion, hub: str) -> PlanVersion:
    """The same plan in another hub."""
    code = f"{hub}_{version.plan.code}"
    product_id = ProductId(an_id(f"product {hub}"))
    plan = replace(version.plan, id=PlanId(an_id(f"plan {code}")), product_id=product_id, code=code)
    prices = tuple(replace(price, id=PriceId(an_id(f"{hub} {price.id}"))) for price in version.prices)
    return replace(version, id=PlanVersionId(an_id(f"{code} 1")), plan=plan, prices=prices)


def dearer(version: PlanVersion) -> PlanVersion:
    """The plan's next version, at seven times the price."""
    prices = tuple(
        replace(
            price,
            id=PriceId(an_id(f"dearer {price.id}")),
            tiers=tuple(replace(tier, flat=7 * tier.flat, unit=tier.unit and 7 * tier.unit) for tier in price.tiers),
        )
        for price in version.prices
    )
    return replace(version, id=PlanVersionId(an_id(f"dearer {version.id}")), number=version.number + 1, prices=prices)


def changed(before: Rows, after: Rows) -> set[str]:
    """The tables in which anything differs."""
    return {table for table in before.keys() | after.keys() if before.get(table) != after.get(table)}
