"""A subscription ends at once, in the middle of a period: what was used is billed, the unused rest may be given back.

Owns the money of an end. Does not own who may end one, nor an end at a boundary, which is a period closed without
another one (period.py).
"""

from collections.abc import Sequence
from datetime import datetime

from domain.invoicing.bill import Bill, bill
from domain.invoicing.closing import Closing, closing_lines, credited_in
from domain.invoicing.draft import BillingSpan
from domain.invoicing.late import late_lines
from domain.invoicing.pausing import unused_after
from domain.invoicing.terms import BillingTerms
from domain.invoicing.waiting import WaitingCharge, charge_lines
from domain.periods import Period


def end_now(
    closing: Closing,
    terms: BillingTerms,
    at: datetime,
    *,
    gives_back_unused: bool,
    late: Sequence[Closing] = (),
    charges: Sequence[WaitingCharge] = (),
) -> Bill:
    """What an end at an instant bills: use and quantities in arrears up to it; the rest is given back if that is asked.

    `closing` is the running period up to `at` (`cut_at`), `late` those before it whose use has changed since. Where
    more is given back than owed, credit notes and an invoice.
    """
    zone, currency = terms.account.zone, terms.currency
    unused = unused_after(closing.billed, at, zone) if gives_back_unused else ()
    owed = closing_lines(credited_in(closing, unused, at) if gives_back_unused else closing, currency, zone)
    lines = [*owed, *unused, *(line for each in late for line in late_lines(each, currency, zone))]
    lines += charge_lines(charges, lines, zone)
    held = (*closing.own, *(line for each in late for line in each.own))
    return bill(lines, terms, at, held)


def cut_at(span: BillingSpan, at: datetime) -> BillingSpan | None:
    """A billing period that ends early, at an instant: for a subscription that ends, or begins a new period, in it.

    Prices and bounds in arrears then count for their share of the whole. None where nothing of it has passed.
    """
    if at <= span.period.start:
        return None
    cut = Period(span.period.start, at)
    return BillingSpan(cut, cut, span.whole)
