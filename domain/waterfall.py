"""Why an invoice is more or less than the regular one before it: bars by cause that sum exactly to the difference.

Each component's change is taken apart in a fixed order: what is due to a part of a period only, then the price (the old
quantity at the new price), then the quantity. What cannot be told apart is the quantity's. All of it in stated amounts,
as a customer knows prices: the bar of tax is what comes on top of net ones. Owns the causes, their order and words.
Does not own which invoice is the previous one (the caller knows), nor the lines.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from domain.errors import CurrencyMismatch, InvalidInput
from domain.ids import InvoiceId, ItemId, PriceId
from domain.invoice import Invoice, InvoiceLine, InvoiceReason, LineKind
from domain.money import Money, round_half_away
from domain.pricing.model import Price, rate
from domain.pricing.quantity import quantity_words


class ChangeCause(StrEnum):
    """What makes a regular invoice differ from the one before, in the order in which the bars stand."""

    COMPONENT = "COMPONENT"
    PRICE = "PRICE"
    QUANTITY = "QUANTITY"
    USAGE = "USAGE"
    PRORATION = "PRORATION"
    MINIMUM = "MINIMUM"
    ADJUSTMENT = "ADJUSTMENT"
    ONE_OFF = "ONE_OFF"
    DISCOUNT = "DISCOUNT"
    TAX = "TAX"


_CAUSES: Mapping[LineKind, ChangeCause] = {
    LineKind.TRUE_UP: ChangeCause.MINIMUM,
    LineKind.MAXIMUM: ChangeCause.MINIMUM,
    LineKind.ADJUSTMENT: ChangeCause.ADJUSTMENT,
    LineKind.ONE_OFF: ChangeCause.ONE_OFF,
    LineKind.DISCOUNT: ChangeCause.DISCOUNT,
    LineKind.PRORATION_CREDIT: ChangeCause.PRORATION,
}
"""Kinds of lines that are one cause by themselves; the others are compared component by component."""


@dataclass(frozen=True, slots=True)
class Bar:
    """One cause's part of the difference. `component` is set where it is that of one component."""

    cause: ChangeCause
    component: str | None
    amount: Money
    sentence: str


@dataclass(frozen=True, slots=True)
class BetweenBar:
    """An invoice of its own in between (a change, a one-off): shown, and no part of the difference."""

    invoice_id: InvoiceId
    reason: InvoiceReason
    amount: Money


@dataclass(frozen=True, slots=True)
class Waterfall:
    """From the total of one regular invoice to that of the next. The bars sum to `difference`."""

    before: Money
    after: Money
    bars: tuple[Bar, ...]
    between: tuple[BetweenBar, ...] = ()

    @property
    def difference(self) -> Money:
        """What the later one asks for more."""
        return self.after - self.before


@dataclass(frozen=True, slots=True)
class _Charged:
    """What one invoice charged for a component, in stated minor units. `whole` is what a whole period would be."""

    name: str
    minor: int
    whole_minor: int
    quantity: Fraction
    price_id: PriceId | None
    is_usage: bool


def change_from_previous(
    previous: Invoice | None,
    current: Invoice,
    components: Mapping[ItemId, str],
    prices: Mapping[PriceId, Price],
    between: Iterable[Invoice] = (),
) -> Waterfall:
    """The bars from the previous regular invoice to this one, none of zero, in the order of causes and components.

    `previous` None: nothing came before, and everything is new. `components` are the codes of the items on the lines,
    `prices` those known: where one is missing, price and quantity are not told apart. Raises CurrencyMismatch.
    """
    currency = current.currency
    if previous is not None and previous.currency != currency:
        raise CurrencyMismatch(previous.currency, currency)
    old = _by_component(previous.lines, components) if previous else {}
    new = _by_component(current.lines, components)
    bars: list[Bar] = []
    for component in dict.fromkeys((*old, *new)):
        bars += _of_component(component, old.get(component), new.get(component), prices, currency)
    for cause in dict.fromkeys(_CAUSES.values()):
        was, now = (_sum(each.lines, cause) if each else 0 for each in (previous, current))
        bars += _bar(cause, None, now - was, currency, _words(cause, was, now))
    before = previous.total if previous else Money.zero(currency)
    on_top = _tax_on_top(current) - (_tax_on_top(previous) if previous else 0)
    bars += _bar(ChangeCause.TAX, None, on_top, currency, "Tax")
    order = list(ChangeCause)
    return Waterfall(
        before,
        current.total,
        tuple(sorted(bars, key=lambda bar: order.index(bar.cause))),
        tuple(BetweenBar(each.id, each.reason, each.total) for each in between),
    )


def _sum(lines: Sequence[InvoiceLine], cause: ChangeCause) -> int:
    return sum(line.stated.minor for line in lines if _CAUSES.get(line.kind) is cause)


def _tax_on_top(invoice: Invoice) -> int:
    """The tax that prices do not contain."""
    return invoice.total.minor - sum(line.stated.minor for line in invoice.lines)


def _by_component(lines: Sequence[InvoiceLine], components: Mapping[ItemId, str]) -> dict[str, _Charged]:
    """What each component was charged, in the order of lines."""
    found: dict[str, list[InvoiceLine]] = {}
    for line in lines:
        if line.kind not in _CAUSES:
            component = components.get(line.item_id) if line.item_id else None
            found.setdefault(component or line.description, []).append(line)
    return {component: _charged(own) for component, own in found.items()}


def _charged(lines: Sequence[InvoiceLine]) -> _Charged:
    """Several lines of one component (windows of a period that a change cut) count as one, at the price of the last."""
    last = lines[-1]
    is_usage = last.kind is LineKind.USAGE
    minor = sum(line.stated.minor for line in lines)
    explanation = last.explanation
    is_part = explanation.part_s != explanation.whole_s
    return _Charged(
        name=_name(last),
        minor=minor,
        whole_minor=round_half_away(explanation.basis_minor) if not is_usage and (is_part or len(lines) > 1) else minor,
        quantity=sum((Fraction(line.quantity) for line in lines), Fraction(0)) if is_usage else Fraction(last.quantity),
        price_id=last.price_id,
        is_usage=is_usage,
    )


def _name(line: InvoiceLine) -> str:
    """What its line calls a component, without the quantity: the plan for its base fee."""
    name = line.description.split(": ", 1)[-1]
    quantity = quantity_words(Fraction(line.quantity))
    return name.removeprefix(f"{quantity} ") if line.kind is LineKind.USAGE else name.removesuffix(f" × {quantity}")


def _of_component(
    component: str, old: _Charged | None, new: _Charged | None, prices: Mapping[PriceId, Price], currency: str
) -> list[Bar]:
    if old is None:
        assert new is not None, "a component is on one of the two"
        return _bar(ChangeCause.COMPONENT, component, new.minor, currency, f"New: {new.name}")
    if new is None:
        return _bar(ChangeCause.COMPONENT, component, -old.minor, currency, f"No longer charged: {old.name}")
    at_new_price = _at_price_of(new, old, prices)
    by_quantity = ChangeCause.USAGE if new.is_usage else ChangeCause.QUANTITY
    parts = (new.minor - new.whole_minor) - (old.minor - old.whole_minor)
    return [
        *_bar(ChangeCause.PRICE, component, at_new_price - old.whole_minor, currency, f"{new.name} at another price"),
        *_bar(by_quantity, component, new.whole_minor - at_new_price, currency, _from_to(old, new)),
        *_bar(ChangeCause.PRORATION, component, parts, currency, _parts(old, new)),
    ]


def _from_to(old: _Charged, new: _Charged) -> str:
    if old.quantity == new.quantity:
        return new.name
    return f"{new.name}, {quantity_words(new.quantity)} instead of {quantity_words(old.quantity)}"


def _parts(old: _Charged, new: _Charged) -> str:
    if new.minor == new.whole_minor:
        return f"{new.name}, only a part of a period before"
    return f"{new.name}, only a part of a period{'' if old.minor == old.whole_minor else ', another than before'}"


def _at_price_of(new: _Charged, old: _Charged, prices: Mapping[PriceId, Price]) -> int:
    """The old quantity at the new price for a whole period; what it was where that cannot be known."""
    if new.price_id == old.price_id:
        return old.whole_minor
    if new.quantity == old.quantity:
        return new.whole_minor
    price = prices.get(new.price_id) if new.price_id else None
    if price is None:
        return old.whole_minor
    try:
        return rate(price, old.quantity).amount.minor
    except InvalidInput:  # the new price is not sold in the old quantity, such as a flat one
        return old.whole_minor


_NOUNS: Mapping[ChangeCause, str] = {
    ChangeCause.MINIMUM: "minimum or maximum",
    ChangeCause.ADJUSTMENT: "adjustment",
    ChangeCause.ONE_OFF: "one-off charge",
    ChangeCause.DISCOUNT: "discount",
    ChangeCause.PRORATION: "credit for unused service",
}


def _words(cause: ChangeCause, was: int, now: int) -> str:
    """What became of something that is on invoices by itself: "Discount ended", "Less discount"."""
    noun = _NOUNS[cause]
    if was == 0:
        return f"New {noun}"
    if now == 0:
        return f"{noun.capitalize()} ended" if cause is ChangeCause.DISCOUNT else f"No {noun} as before"
    if (was < 0) is not (now < 0):
        return f"Another {noun}"
    return f"{'More' if abs(now) > abs(was) else 'Less'} {noun}"


def _bar(cause: ChangeCause, component: str | None, minor: int, currency: str, words: str) -> list[Bar]:
    if minor == 0:
        return []
    amount = Money(minor, currency)
    says = f"{words}: {Money(abs(minor), currency).spoken()} {'more' if minor > 0 else 'less'} to pay."
    return [Bar(cause, component, amount, says)]
