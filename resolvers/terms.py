"""The steps of a line's arithmetic, read back from the text that keeps them."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any
from uuid import UUID

from domain.money import Money
from domain.pricing.quantity import quantity_words
from domain.pricing.rated import Term
from resolvers.amounts import Amount, amount, fine_amount

if TYPE_CHECKING:
    from resolvers.context import RequestContext


@dataclass(frozen=True, slots=True)
class TermView:
    """One step as the graph's LineTerm reads it."""

    label: str
    quantity: str
    unit_price: Amount | None
    flat: Amount
    amount: Amount


async def terms(context: "RequestContext", line_ids: Sequence[UUID]) -> list[list[TermView] | None]:
    """Each line's steps in order, none where there are none; None for a line out of reach. One statement for all."""
    rows = await context.rows(context.graph.by_key["LineTerms", "line"]).load_many(line_ids)
    return [
        None if row is None else [_view(each, row.currency) for each in json.loads(row.terms or "[]")] for row in rows
    ]


def term_view(term: Term, currency: str) -> TermView:
    """A step of the arithmetic as the graph reads it."""
    return TermView(
        term.label,
        quantity_words(term.quantity),
        None if term.unit is None else fine_amount(term.unit, currency),
        amount(Money(term.flat, currency)),
        fine_amount(term.exact_minor, currency),
    )


def _view(kept: Sequence[Any], currency: str) -> TermView:
    label, quantity, unit, flat = kept
    return term_view(Term(label, Fraction(quantity), None if unit is None else Fraction(unit), flat), currency)
