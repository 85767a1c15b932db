"""Why an invoice is more or less than the regular one before it, worked out from the lines of both.

Owns the reading of rows into what domain/waterfall.py compares. Rows of lines, items and prices come by the loaders,
so what the same answer shows anyway is not read twice. Does not own the causes.
"""

import json
from collections.abc import Awaitable, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

from domain.ids import InvoiceId, ItemId, PriceId
from domain.invoice import Invoice, InvoiceReason
from domain.money import Money
from domain.pricing.model import Price
from domain.waterfall import Bar, BetweenBar, ChangeCause, Waterfall, change_from_previous
from resolvers.amounts import Amount, amount
from resolvers.invoice_values import invoice_value, price_value
from resolvers.raw import raw

if TYPE_CHECKING:
    from resolvers.context import RequestContext


@dataclass(frozen=True, slots=True)
class BarView:
    """One cause's part of the difference."""

    cause: ChangeCause
    component: str | None
    amount: Amount
    sentence: str


@dataclass(frozen=True, slots=True)
class BetweenView:
    """An invoice of its own in between."""

    context: "RequestContext"
    bar: BetweenBar

    @property
    def invoice(self) -> Awaitable[Any]:
        """The invoice, by the loader."""
        return self.context.by_id("Invoice", self.bar.invoice_id)

    @property
    def reason(self) -> InvoiceReason:
        """Why it was made."""
        return self.bar.reason

    @property
    def amount(self) -> Amount:
        """Its total."""
        return amount(self.bar.amount)


@dataclass(frozen=True, slots=True)
class WaterfallView:
    """From the total of one regular invoice to that of the next."""

    context: "RequestContext"
    previous_id: UUID | None
    before: Amount
    after: Amount
    difference: Amount
    bars: list[BarView]
    between: list[BetweenView]

    @property
    def previous(self) -> Awaitable[Any] | None:
        """The invoice before, by the loader; None where this is the first."""
        return None if self.previous_id is None else self.context.by_id("Invoice", self.previous_id)


async def changes_from_previous(context: "RequestContext", invoice_ids: Sequence[UUID]) -> list[WaterfallView | None]:
    """Each regular invoice's bars; None for one that is not regular or out of reach.

    As many statements for any number of invoices: invoices, predecessors, lines, items, prices, tiers.
    """
    found = await context.rows(context.graph.by_key["InvoicePredecessor", "invoice"]).load_many(invoice_ids)
    rows = [row for row in found if row is not None]
    compared = {each for row in rows for each in (row.invoice_id, row.previous_id) if each is not None}
    # those in between are only named, but whoever asks for them finds them read
    between = {UUID(uuid) for row in rows for uuid, *_ in json.loads(row.documents or "[]")}
    documents = await _documents(context, compared, between - compared)
    return [None if row is None else _view(context, row, documents) for row in found]


@dataclass(frozen=True, slots=True)
class _Documents:
    invoices: dict[UUID, Invoice]
    components: dict[ItemId, str]
    prices: dict[PriceId, Price]


async def _documents(context: "RequestContext", compared: set[UUID], named: set[UUID]) -> _Documents:
    """The invoices that are compared as the domain has them, with what their lines name."""
    from resolvers.fields import related  # which knows the batches, this one too

    read = await context.rows(context.graph.by_id["Invoice"]).load_many([*sorted(compared), *sorted(named)])
    rows = [row for row in read[: len(compared)] if row is not None]
    lines = await _each(related(row, context, "lines", {}) for row in rows)
    every = [line for of_one in lines for line in of_one]
    items = _by_id(await _each(related(line, context, "item", {}) for line in every))
    prices = _by_id(await _each(related(line, context, "price", {}) for line in every))
    tiers = await _each(related(price, context, "tiers", {}) for price in prices.values())
    return _Documents(
        {raw(row, "id"): invoice_value(row, own) for row, own in zip(rows, lines, strict=True)},
        {ItemId(uuid): item.component for uuid, item in items.items()},
        {PriceId(uuid): price_value(row, own) for (uuid, row), own in zip(prices.items(), tiers, strict=True)},
    )


async def _each(asked: Iterable[Any]) -> list[Any]:
    """All of it is asked for before any of it is awaited, so that it is one batch; what nobody has is left out."""
    return [await each for each in [each for each in asked if each is not None]]


def _by_id(rows: Iterable[Any]) -> dict[UUID, Any]:
    return {raw(row, "id"): row for row in rows if row is not None}


def _view(context: "RequestContext", row: Any, documents: _Documents) -> WaterfallView | None:
    current = documents.invoices.get(row.invoice_id)
    if current is None:
        return None
    previous = None if row.previous_id is None else documents.invoices.get(row.previous_id)
    between = [
        BetweenBar(InvoiceId(UUID(uuid)), InvoiceReason(reason), Money(minor, current.currency))
        for uuid, reason, minor in json.loads(row.documents or "[]")
    ]
    change = change_from_previous(previous, current, documents.components, documents.prices)
    return _shown(context, row.previous_id, change, between)


def _shown(
    context: "RequestContext", previous_id: UUID | None, change: Waterfall, between: Sequence[BetweenBar]
) -> WaterfallView:
    return WaterfallView(
        context,
        previous_id,
        amount(change.before),
        amount(change.after),
        amount(change.difference),
        [_bar(bar) for bar in change.bars],
        [BetweenView(context, bar) for bar in between],
    )


def _bar(bar: Bar) -> BarView:
    return BarView(bar.cause, bar.component, amount(bar.amount), bar.sentence)
