"""What stands on a printed document, as plain texts that a template only places.

Owns the shape and the wording that invoices and credit notes share. Amounts arrive written in their currency's digits
and are only grouped. Does not own the layout (document.typ).
"""

import re
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

from domain.periods import local_day
from resolvers.downloads.reading import Rows
from resolvers.raw import raw

_THREE: Final = re.compile(r"(?<=\d)(?=(?:\d{3})+(?!\d))")
_NARROW: Final = "\u202f"
"""Groups of three digits stand apart by a narrow space: the one way that is read alike everywhere."""
MINUS: Final = "\u2212"


@dataclass(frozen=True, slots=True)
class Party:
    """A side of the document: the name, the lines of the address, the tax id."""

    name: str
    address: tuple[str, ...]
    tax_id: str | None


@dataclass(frozen=True, slots=True)
class PrintedLine:
    """A line as texts; `is_beneath` is for a discount, which stands beneath the line it is taken from."""

    description: str
    period: str
    sentence: str
    quantity: str
    unit_price: str
    tax_rate: str
    amount: str
    is_beneath: bool = False


@dataclass(frozen=True, slots=True)
class PrintedTax:
    """A row of the tax table: what it is called, what it is taken of, how much, and the sentence the law asks for."""

    label: str
    base: str
    tax: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Total:
    """A row of the sums."""

    label: str
    amount: str
    is_strong: bool = False


@dataclass(frozen=True, slots=True)
class Printed:
    """A whole document. `facts` are (label, value) rows; `mark` is printed across each page of one not to be filed."""

    title: str
    number: str
    mark: str | None
    issued_on: date
    seller: Party
    customer: Party
    facts: tuple[tuple[str, str], ...]
    currency: str
    lines: tuple[PrintedLine, ...]
    taxes: tuple[PrintedTax, ...]
    totals: tuple[Total, ...]
    notes: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        """The same as objects, lists and texts only."""
        return {**asdict(self), "issued_on": self.issued_on.isoformat()}


def grouped(number: str) -> str:
    """A number with its digits in threes: "1 234.50", and a sign that is a minus, not a hyphen."""
    whole, point, rest = number.partition(".")
    return (_THREE.sub(_NARROW, whole) + point + rest).replace("-", MINUS)


def money(amount: Any) -> str:
    """An amount of the graph without its currency, which stands on the document once."""
    return grouped(amount.amount)


def negative(amount: Any) -> str:
    """An amount that is taken off."""
    return MINUS + money(amount)


def is_nothing(amount: Any) -> bool:
    """Whether there is nothing to show."""
    return not amount.amount.strip("-0.")


def day(on: date) -> str:
    """ "3 Mar 2026": words, since nobody agrees on the order of numbers."""
    return f"{on.day} {on:%b %Y}"


def days(start: datetime, end: datetime, zone: str) -> str:
    """The local days of a half-open span, both ends included."""
    first, last = local_day(start, zone), local_day(end - timedelta(microseconds=1), zone)
    return day(first) if first == last else f"{day(first)} – {day(last)}"


def party(name: str, address: str | None, tax_id: str | None, country: str | None = None) -> Party:
    """A side of the document; the country's code closes an address that does not hold it already."""
    lines = [line.strip() for line in (address or "").splitlines() if line.strip()]
    if country and country not in lines:
        lines.append(country)
    return Party(name, tuple(lines), tax_id)


def seller_of(rows: Rows) -> Party:
    """Who issued the document."""
    return party(rows.seller.name, rows.seller.address, rows.seller.tax_id, rows.seller.country)


def rate_of(rows: Rows, line: Any) -> str:
    """The rate a line is taxed at: "19 %"; a dash where it is not."""
    rate = rows.rates.get(raw(line, "tax_rate_id"))
    return "–" if rate is None else f"{rate.percent} %"
