"""Drafting lines and invoices: what a period charges in advance, as lines that explain themselves.

Owns the regular charge of a period and how drafts become an invoice. Does not own deltas (plan_change/delta.py),
numbers (db) or money arithmetic (pricing/).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction
from uuid import UUID

from domain.account import Account
from domain.catalog import BASE, PlanVersion
from domain.errors import InvalidAmount
from domain.ids import IdMaker, InvoiceId, ItemId, LineId, PlanVersionId, PriceId, SubscriptionId
from domain.invoice import REGULAR, Invoice, InvoiceLine, InvoiceReason, InvoiceStatus, LineExplanation, LineKind
from domain.money import Money
from domain.periods import BillingInterval, Period, local_day
from domain.pricing.model import Price, rate


@dataclass(frozen=True, slots=True)
class DraftLine:
    """A line before it is written: all but its ids. `item_id` None: the item of `component` that is yet to open."""

    component: str
    item_id: ItemId | None
    plan_version_id: PlanVersionId
    price_id: PriceId
    kind: LineKind
    description: str
    quantity: int
    unit_minor: Fraction | None
    amount: Money
    service: Period
    explanation: LineExplanation


@dataclass(frozen=True, slots=True)
class DraftInvoice:
    """Lines that belong on one invoice, and the instant it would be issued."""

    at: datetime
    currency: str
    lines: tuple[DraftLine, ...]

    @property
    def total(self) -> Money:
        """The sum of the lines."""
        return Money.total((line.amount for line in self.lines), self.currency)


def describe(version: PlanVersion, component: str, quantity: int) -> str:
    """What a line is for, in the customer's words: the plan for its base fee, else "component × quantity"."""
    if component == BASE:
        return version.plan.name
    name = next((each.name for each in version.components if each.code == component), component)
    return f"{version.plan.name}: {name} × {quantity}"


def days_of(service: Period, zone: str) -> str:
    """ "1 Mar 2026 to 31 Mar 2026": the local days a period covers, both ends included."""
    first = local_day(service.start, zone)
    last = local_day(service.end - timedelta(microseconds=1), zone)
    return f"{first.day} {first:%b %Y} to {last.day} {last:%b %Y}"


def regular_line(
    version: PlanVersion, price: Price, quantity: int, service: Period, zone: str, item_id: ItemId | None = None
) -> DraftLine:
    """One component for one whole period, in advance."""
    rated = rate(price, quantity)
    return DraftLine(
        component=price.component,
        item_id=item_id,
        plan_version_id=version.id,
        price_id=price.id,
        kind=LineKind.CHARGE,
        description=describe(version, price.component, quantity),
        quantity=quantity,
        unit_minor=rated.unit,
        amount=rated.amount,
        service=service,
        explanation=LineExplanation(
            rule=price.model.value,
            sentence=f"{days_of(service, zone)}: {rated.sentence}",
            basis_minor=rated.product,
        ),
    )


def regular_lines(
    version: PlanVersion,
    currency: str,
    interval: BillingInterval,
    quantities: Mapping[str, int],
    service: Period,
    zone: str,
    items: Mapping[str, ItemId] | None = None,
) -> tuple[DraftLine, ...]:
    """The lines of one whole period in advance, in the plan's order of components.

    A price that can never charge and a quantity of nothing leave no line. `items` are the ids of items already open,
    by component. A component without a price in this currency and interval is not sold so and leaves none either;
    whoever lets a customer choose checks `PlanVersion.is_sold_in` first.
    """
    lines: list[DraftLine] = []
    for component in version.components:
        price = version.price(component.code, currency, interval)
        quantity = quantities.get(component.code, 0)
        if price is None or price.is_free or quantity == 0:
            continue
        item_id = (items or {}).get(component.code)
        lines.append(regular_line(version, price, quantity, service, zone, item_id))
    return tuple(lines)


def finalise(
    account: Account,
    reason: InvoiceReason,
    subscription_id: SubscriptionId,
    lines: Sequence[DraftLine],
    items: Mapping[str, ItemId],
    at: datetime,
    ids: IdMaker,
    cause: UUID = REGULAR,
) -> Invoice:
    """An invoice out of drafts, issued on the account's local day of `at` and due by its terms.

    `items` gives the item of each component that a draft left open. Its number comes from the database, last. One over
    nothing is paid as it is issued: it has nobody to wait for. Raises InvalidAmount for a negative total, which is no
    invoice.
    """
    total = Money.total((line.amount for line in lines), account.currency)
    if total.minor < 0:
        raise InvalidAmount("An invoice never gives money back.", total)
    issued_on = local_day(at, account.zone)
    return Invoice(
        id=InvoiceId(ids.new()),
        reason=reason,
        currency=account.currency,
        lines=tuple(
            InvoiceLine(
                id=LineId(ids.new()),
                subscription_id=subscription_id,
                item_id=line.item_id or items[line.component],
                plan_version_id=line.plan_version_id,
                price_id=line.price_id,
                kind=line.kind,
                cause=cause,
                description=line.description,
                quantity=line.quantity,
                unit_minor=line.unit_minor,
                amount=line.amount,
                service=line.service,
                explanation=line.explanation,
            )
            for line in lines
        ),
        issued_on=issued_on,
        due_on=account.terms.due_on(issued_on),
        finalised_at=at,
        status=InvoiceStatus.PAID if total.is_zero else InvoiceStatus.OPEN,
    )
