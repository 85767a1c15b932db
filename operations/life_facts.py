"""What a deed between two boundaries is billed from: the terms, the charges that stand, the period as it closes.

Owns the loading, of one subscription. Does not own what follows from it (domain/invoicing).
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from db.queries.billing_terms import terms_of
from db.queries.debits import debits_since
from db.queries.subscriptions import LiveSubscription, live_of
from db.unit_of_work import UnitOfWork
from domain.account import Account
from domain.errors import NotFound
from domain.ids import AccountId, SubscriptionId
from domain.invoicing.closing import Closing
from domain.invoicing.debited import DebitedLine
from domain.invoicing.draft import BillingSpan
from domain.invoicing.terms import BillingTerms
from operations.closing_facts import PeriodToClose, load_closings, load_late


@dataclass(frozen=True, slots=True)
class LifeFacts:
    """One live subscription with its terms and the charges that reach into its present period or beyond."""

    unit: UnitOfWork
    live: LiveSubscription
    terms: BillingTerms
    debits: Sequence[DebitedLine]

    async def closing(self, span: BillingSpan) -> Closing:
        """Its present period, or the part of it up to an instant (`cut_at`), with what was used in it."""
        asked = PeriodToClose(self.live, span, self.terms)
        closings = await load_closings(self.unit.session, self.unit.scope, [asked])
        return replace(closings[self.live.now.id], billed=tuple(self.debits))

    async def late(self, span: BillingSpan) -> tuple[Closing, ...]:
        """The periods before that one whose use has changed since their bill: who closes it bills that with it."""
        asked = PeriodToClose(self.live, span, self.terms)
        return (await load_late(self.unit.session, self.unit.scope, [asked])).get(self.live.now.id, ())


async def life_facts(unit: UnitOfWork, account: Account, subscription_id: SubscriptionId) -> LifeFacts:
    """Load them; the account is locked. Raises NotFound for a subscription that is not live."""
    live = (await live_of(unit.session, unit.scope, [account]))[account.id]
    found = next((each for each in live if each.now.id == subscription_id), None)
    if found is None:
        raise NotFound(subscription_id)
    terms = await terms_of(unit.session, unit.scope, {account.id: account}, {subscription_id: account.id})
    since: dict[tuple[AccountId, SubscriptionId], datetime] = {(account.id, subscription_id): found.now.period.start}
    debits = await debits_since(unit.session, unit.scope, since)
    return LifeFacts(unit, found, terms[subscription_id], debits.get(subscription_id, ()))
