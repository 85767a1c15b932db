"""All questions to one account's books, in the order in which an auditor asks them.

Owns the order: arithmetic, what stands beside, numbers, then the facts. Does not own any question.
"""

from domain.audit.beside import audit_beside
from domain.audit.books import Books, RuleBook
from domain.audit.bounds import audit_bounds
from domain.audit.by_hand import audit_by_hand
from domain.audit.case import Case
from domain.audit.charged_time import audit_charged_time
from domain.audit.charges import audit_charges
from domain.audit.credits import audit_credits
from domain.audit.disagreement import Disagreement
from domain.audit.discounts import audit_discounts
from domain.audit.history import audit_history
from domain.audit.late import audit_late
from domain.audit.ledger import audit_ledger
from domain.audit.lines import audit_lines
from domain.audit.notes import audit_notes
from domain.audit.numbering import audit_events, audit_numbers
from domain.audit.tax_entries import audit_tax_entries
from domain.audit.tax_rates import audit_tax_rates
from domain.audit.timeline import audit_timeline
from domain.audit.totals import audit_totals
from domain.audit.usage import audit_usage


def audit(books: Books, rules: RuleBook) -> tuple[Disagreement, ...]:
    """Every disagreement between an account's books and what follows from its facts; none where all is well."""
    case = Case(books.in_effect, rules)
    return (
        *audit_lines(books),
        *audit_tax_entries(books, rules),
        *audit_totals(books),
        *audit_notes(books),
        *audit_beside(books),
        *audit_ledger(books),
        *audit_numbers(books, rules),
        *audit_events(books),
        *audit_history(books, rules),
        *_timelines(case),
        *audit_charged_time(case),
        *audit_charges(case),
        *audit_usage(case),
        *audit_late(case),
        *audit_bounds(case),
        *audit_discounts(case),
        *audit_credits(case),
        *audit_tax_rates(case),
        *audit_by_hand(case),
    )


def _timelines(case: Case) -> tuple[Disagreement, ...]:
    return tuple(
        found
        for subscription in case.books.subscriptions
        for found in audit_timeline(subscription, case.timelines[subscription.id], case.books.account.zones)
    )
