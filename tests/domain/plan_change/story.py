"""A subscription through changes taken at once, in plain values: what the operations do, without a database.

The policy is not asked here: the laws of money hold for any change, allowed or not.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from domain.account import Account
from domain.catalog import PlanVersion
from domain.ids import LineId
from domain.invoice import InvoiceLine, LineKind
from domain.invoicing import DraftLine
from domain.money import Money
from domain.periods import BillingInterval
from domain.plan_change.course import course_at_once
from domain.plan_change.delta import DeltaCharge, delta_of
from domain.plan_change.effects import move
from domain.plan_change.facts import DebitedLine
from domain.subscription import BillingSubscription
from tests.make import ACCOUNT, NumberedIds, debits_of, facts


@dataclass
class Story:
    """A subscription in its period, what it was debited, and every delta so far."""

    subscription: BillingSubscription
    account: Account = ACCOUNT
    debits: tuple[DebitedLine, ...] = ()
    deltas: list[DeltaCharge] = field(default_factory=list)
    lines: list[tuple[InvoiceLine, ...]] = field(default_factory=list)
    ids: NumberedIds = field(default_factory=NumberedIds)

    def __post_init__(self) -> None:
        self.debits = self.debits or debits_of(self.subscription, self.account)
        self.paid_before = Money.total((debit.debited for debit in self.debits), self.account.currency)

    def change(
        self,
        target: PlanVersion | None = None,
        at: datetime | None = None,
        *,
        interval: BillingInterval | None = None,
        quantities: Mapping[str, int] | None = None,
    ) -> Money:
        """Take a change at an instant; returns what it costs, negative when it gives back."""
        asked = facts(
            self.subscription,
            target,
            now=at or self.subscription.period.start,
            interval=interval,
            quantities=quantities,
            account=self.account,
            debits=self.debits,
        )
        delta, moved = delta_of(asked), move(asked, course_at_once(asked), self.ids)
        self.deltas.append(delta)
        self.subscription = moved.subscription
        lines = self._issued(delta.lines)
        self.lines.append(lines)
        charges = [line for line in lines if line.kind is not LineKind.PRORATION_CREDIT]
        self.debits = (*(self._credited(debit, lines) for debit in self.debits), *map(self._debit, charges))
        return delta.net

    def _issued(self, drafts: tuple[DraftLine, ...]) -> tuple[InvoiceLine, ...]:
        """The delta as lines; not as an invoice, which would refuse to give money back."""
        items = {item.component: item.id for item in self.subscription.items}
        cause = self.ids.new()
        return tuple(
            InvoiceLine(
                id=LineId(self.ids.new()),
                subscription_id=self.subscription.id,
                item_id=draft.item_id or items[draft.component],
                plan_version_id=draft.plan_version_id,
                price_id=draft.price_id,
                kind=draft.kind,
                cause=cause,
                description=draft.description,
                quantity=draft.quantity,
                unit_minor=draft.unit_minor,
                amount=draft.amount,
                service=draft.service,
                explanation=draft.explanation,
            )
            for draft in drafts
        )

    def _credited(self, debit: DebitedLine, lines: tuple[InvoiceLine, ...]) -> DebitedLine:
        own = [line for line in lines if line.explanation.credited_line_id == debit.line_id]
        if not own:
            return debit
        since = [line.service.start for line in own]
        return replace(
            debit,
            credited=debit.credited - Money.total((line.amount for line in own), self.account.currency),
            credited_from=min([*since, *([debit.credited_from] if debit.credited_from else [])]),
        )

    def _debit(self, line: InvoiceLine) -> DebitedLine:
        component = next(item.component for item in self.subscription.items if item.id == line.item_id)
        return DebitedLine(
            line_id=line.id,
            item_id=line.item_id,
            plan_version_id=line.plan_version_id,
            price_id=line.price_id,
            component=component,
            description=line.description,
            quantity=line.quantity,
            debited=line.amount,
            credited=Money.zero(self.account.currency),
            service=line.service,
        )

    @property
    def billed(self) -> Money:
        """Everything so far: the period's regular lines and every delta."""
        return self.paid_before + Money.total((delta.net for delta in self.deltas), self.account.currency)
