"""From drafts to the lines of a document: beneath each line its discounts, then the tax of the whole, split over them.

The one pipeline: renewals, sign-ups, changes, one-off charges, re-issues, previews and the audit all end here. Owns
the order of the steps. Does not own what a discount or a rate comes to (discounting.py, taxing.py), nor whether lines
are an invoice or credit notes (bill.py).
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction

from domain.discounting import Discountable, DiscountPart, discount_lines
from domain.ids import DiscountId
from domain.invoice import InvoiceTax, LineExplanation, LineKind
from domain.invoicing.debited import DebitedLine
from domain.invoicing.draft import DraftLine
from domain.invoicing.terms import BillingTerms
from domain.money import Money
from domain.periods import Period
from domain.proration import share_words
from domain.tax import AppliedTax
from domain.taxing import Taxable, TaxTotal, tax_label, tax_lines

_INCLUDING = ", including tax."


@dataclass(frozen=True, slots=True)
class AssembledLine:
    """A line as it will be written, but for its ids: `net` and `tax_minor` of what the draft states.

    A DISCOUNT line stands somewhere below the line it takes from, whose index is `of_line`.
    """

    draft: DraftLine
    net: Money
    tax_minor: int
    taxed: AppliedTax
    discount_id: DiscountId | None = None
    of_line: int | None = None


@dataclass(frozen=True, slots=True)
class Assembled:
    """Lines with their discounts and taxes. subtotal − discount + tax = total (law L1); the total may be negative."""

    currency: str
    lines: tuple[AssembledLine, ...]
    taxes: tuple[InvoiceTax, ...]

    @property
    def subtotal(self) -> Money:
        """The net sum of the lines before discounts."""
        kept = (line.net for line in self.lines if line.draft.kind is not LineKind.DISCOUNT)
        return Money.total(kept, self.currency)

    @property
    def discount(self) -> Money:
        """What discounts take off, net."""
        taken = (line.net for line in self.lines if line.draft.kind is LineKind.DISCOUNT)
        return -Money.total(taken, self.currency)

    @property
    def tax(self) -> Money:
        """The tax of all rates."""
        return Money.total((each.tax for each in self.taxes), self.currency)

    @property
    def total(self) -> Money:
        """What the lines come to."""
        net = sum(line.net.minor for line in self.lines)
        return Money(net + sum(each.tax.minor for each in self.taxes), self.currency)


def assemble(drafts: Sequence[DraftLine], terms: BillingTerms, on: date, held: Sequence[DebitedLine] = ()) -> Assembled:
    """Put discounts beneath the drafts and the tax of the day `on` over all of it.

    `held` are lines written before that stand in the drafts' billing periods: what they hold of a fixed discount or a
    cap is not given twice. Lines keep their order, each followed by its own discounts.
    """
    beneath = _discount_parts(drafts, terms, held) if terms.discounts else {}
    place = 0
    lines: list[tuple[DraftLine, DiscountId | None, int | None]] = []
    for index, draft in enumerate(drafts):
        if draft.discount_id is None:
            place = len(lines)
            lines.append((draft, None, None))
        else:
            lines.append((draft, draft.discount_id, place))
        for part, service, parts in beneath.get(index, ()):
            lines.append((_discount_line(draft, part, service, terms, parts), part.discount_id, place))
    today = terms.tax_on(on)
    taxable = [Taxable(draft.stated.minor, draft.tax_inclusive, draft.taxed or today) for draft, _, _ in lines]
    taxed = tax_lines(taxable, terms.currency)
    return Assembled(
        terms.currency,
        tuple(
            AssembledLine(
                _said(draft, each.applied), _net(draft, tax_minor), tax_minor, each.applied, discount_id, of_line
            )
            for (draft, discount_id, of_line), tax_minor, each in zip(lines, taxed.splits, taxable, strict=True)
        ),
        tuple(_tax_entry(each, taxed.taxes) for each in taxed.taxes),
    )


def _said(draft: DraftLine, applied: AppliedTax) -> DraftLine:
    """The line with a sentence that says where its numbers include tax, for the amount beside it is net."""
    if not draft.tax_inclusive:
        return draft
    # one that is issued again has said it before, perhaps of another tax
    plain = draft.explanation.sentence.removesuffix(_INCLUDING) + "." * draft.explanation.sentence.endswith(_INCLUDING)
    said = f"{plain.removesuffix('.')}{_INCLUDING}" if applied.percent else plain
    return replace(draft, explanation=replace(draft.explanation, sentence=said))


def _net(draft: DraftLine, tax_minor: int) -> Money:
    return Money(draft.stated.minor - tax_minor, draft.stated.currency) if draft.tax_inclusive else draft.stated


def _tax_entry(total: TaxTotal, totals: Sequence[TaxTotal]) -> InvoiceTax:
    applied = total.applied
    return InvoiceTax(
        tax_rate_id=applied.rate_id,
        treatment=applied.treatment,
        name=tax_label(total, totals),
        percent=applied.percent,
        is_inclusive=total.is_inclusive,
        base=total.base,
        tax=total.tax,
        sentence=total.sentence,
    )


def _discount_parts(
    drafts: Sequence[DraftLine], terms: BillingTerms, held: Sequence[DebitedLine]
) -> dict[int, list[tuple[DiscountPart, Period, int]]]:
    """The parts of every discount by the draft they take from, their service, and how many parts each is one of.

    The service is that of the line. Parts of one amount have one service, which also tells the splits of two periods
    apart: where their lines have several, it is the time that all of them are for.

    Discounts are reckoned billing period by billing period.
    """
    parts: dict[int, list[tuple[DiscountPart, Period, int]]] = {}
    for span in dict.fromkeys(draft.span for draft in drafts if draft.span is not None):
        places = [index for index, draft in enumerate(drafts) if draft.span == span]
        found = discount_lines(
            [Discountable(drafts[place].stated.minor, drafts[place].component) for place in places],
            terms.covering(span.period),
            terms.currency,
            held_over(span.window, held),
            span.share,
            share_words(span.window.seconds, span.whole.seconds),
        )
        count = Counter(part.discount_id for part in found)
        for part in found:
            place = places[part.line_index]
            services = {
                drafts[places[each.line_index]].service for each in found if each.discount_id == part.discount_id
            }
            service = drafts[place].service if len(services) == 1 else span.window
            parts.setdefault(place, []).append((part, service, count[part.discount_id]))
    return parts


def held_over(window: Period, lines: Iterable[DebitedLine]) -> dict[DiscountId, Fraction]:
    """What written lines hold of each discount over a span of time, exact, in minor units.

    A line that was credited, or whose item ended, holds its share up to there.
    """
    held: dict[DiscountId, Fraction] = {}
    for line in lines:
        share = line.share_within(window)
        for taken in line.taken:
            held[taken.discount_id] = held.get(taken.discount_id, Fraction(0)) + taken.minor * share
    return held


def _discount_line(of: DraftLine, part: DiscountPart, service: Period, terms: BillingTerms, parts: int) -> DraftLine:
    """The line of one part: of the item it takes from."""
    name = next(each.terms.name for each in terms.discounts if each.id == part.discount_id)
    return replace(
        of,
        kind=LineKind.DISCOUNT,
        description=f"{name}: {of.description}",
        quantity=1,
        unit_minor=None,
        stated=Money(-part.minor, terms.currency),
        service=service,
        explanation=LineExplanation(
            rule="DISCOUNT",
            sentence=part.sentence,
            basis_minor=-part.exact_minor,
            split_minor=-part.whole_minor if parts > 1 else None,
        ),
    )
