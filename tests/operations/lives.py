"""Short ways to do what people do to a subscription's life, on the small world of tests.stored."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from domain.actor import Actor, StaffRole, staff
from domain.catalog import PlanVersion
from domain.commands import (
    CancelSubscription,
    PauseSubscription,
    ResumeSubscription,
    StartSubscription,
    UndoCancel,
    UpdateAccount,
)
from domain.ids import SubscriptionId
from domain.periods import BillingInterval
from domain.plan_change.verdict import Verdict
from operations.accounts.update_account import AccountUpdated, update_account
from operations.asking import KeyReused, NotAllowed, NotNow
from operations.subscriptions.cancel_subscription import Cancelled, cancel_subscription
from operations.subscriptions.pause_subscription import Paused, pause_subscription
from operations.subscriptions.resume_subscription import Resumed, resume_subscription
from operations.subscriptions.start_subscription import Started, start_subscription
from operations.subscriptions.undo_cancel import CancelUndone, undo_cancel
from tests.make import MONTH, PRO, april
from tests.stored import Customer, World

FINANCE = staff(StaffRole.FINANCE)
SUPPORT = staff(StaffRole.SUPPORT)


@dataclass
class Lives:
    """A world and whoever asks for something in it. Keys are new unless a test says which; owners ask."""

    world: World

    def _key(self, key: str | None) -> str:
        return key or self.world.ids.new().hex

    async def start(
        self,
        who: Customer,
        plan: PlanVersion = PRO,
        at: datetime | None = None,
        *,
        interval: BillingInterval = MONTH,
        seats: int | None = None,
        months: int = 0,
        trial_days: int = 0,
        anchor_day: int | None = None,
        anchor_on: date | None = None,
        coupon: str | None = None,
        key: str | None = None,
        actor: Actor | None = None,
    ) -> Started | NotNow | KeyReused:
        """Sign up, on 1 April unless told otherwise."""
        command = StartSubscription(
            who.id, plan.plan.id, interval, self._key(key), () if seats is None else (("seats", seats),),
            months, trial_days, anchor_day, anchor_on, coupon,
        )  # fmt: skip
        async with self.world.unit(at or april(1), actor or who.owner) as unit:
            return await start_subscription(unit, command)

    async def started(self, who: Customer, *args: Any, **named: Any) -> SubscriptionId:
        """Sign up and be told the subscription."""
        outcome = await self.start(who, *args, **named)
        assert isinstance(outcome, Started), outcome
        return outcome.subscription_id

    async def cancel(
        self,
        who: Customer,
        subscription: SubscriptionId,
        at: datetime,
        *,
        is_immediate: bool = False,
        credits_unused: bool = False,
        reason: str | None = None,
        key: str | None = None,
        actor: Actor | None = None,
    ) -> Cancelled | NotAllowed | NotNow | KeyReused:
        """Cancel."""
        command = CancelSubscription(subscription, self._key(key), is_immediate, credits_unused, reason)
        async with self.world.unit(at, actor or who.owner) as unit:
            return await cancel_subscription(unit, command)

    async def undo(
        self, who: Customer, subscription: SubscriptionId, at: datetime, *, key: str | None = None,
        actor: Actor | None = None,
    ) -> CancelUndone | NotNow | KeyReused:  # fmt: skip
        """Take a cancellation back."""
        async with self.world.unit(at, actor or who.owner) as unit:
            return await undo_cancel(unit, UndoCancel(subscription, self._key(key)))

    async def pause(
        self, who: Customer, subscription: SubscriptionId, at: datetime, *, resumes_at: datetime | None = None,
        key: str | None = None, actor: Actor | None = None,
    ) -> Paused | NotAllowed | NotNow | KeyReused:  # fmt: skip
        """Pause."""
        command = PauseSubscription(subscription, self._key(key), resumes_at)
        async with self.world.unit(at, actor or who.owner) as unit:
            return await pause_subscription(unit, command)

    async def resume(
        self, who: Customer, subscription: SubscriptionId, at: datetime, *, key: str | None = None,
        actor: Actor | None = None,
    ) -> Resumed | NotAllowed | NotNow | KeyReused:  # fmt: skip
        """Resume."""
        async with self.world.unit(at, actor or who.owner) as unit:
            return await resume_subscription(unit, ResumeSubscription(subscription, self._key(key)))

    async def update(
        self, who: Customer, at: datetime, *, key: str | None = None, actor: Actor | None = None, **fields: Any
    ) -> AccountUpdated | NotNow | KeyReused:
        """Change the account's own data."""
        async with self.world.unit(at, actor or who.owner) as unit:
            return await update_account(unit, UpdateAccount(who.id, self._key(key), **fields))

    async def subscription(self, who: Customer) -> Any:
        """The row of the account's one subscription."""
        (row,) = await self.world.of(who, "subscriptions")
        return row

    async def lines(self, who: Customer, reason: str | None = None) -> list[tuple[Any, ...]]:
        """Every line of every invoice, or of those of one reason: kind, what for, amount, service."""
        found = await self.world.rows(
            "SELECT l.kind, l.description, l.amount_minor, l.service_start, l.service_end FROM invoice_lines l "
            "JOIN invoices i ON i.account_id = l.account_id AND i.id = l.invoice_id "
            "WHERE l.account_id = :id AND coalesce(i.reason = :reason, true) ORDER BY i.drafted_at, i.id, l.position",
            id=who.id,
            reason=reason,
        )
        return [tuple(row) for row in found]

    async def given_back(self, who: Customer) -> list[tuple[Any, ...]]:
        """Every line of every credit note: what for, amount, service."""
        found = await self.world.rows(
            "SELECT l.description, l.amount_minor, l.service_start, l.service_end FROM credit_note_lines l "
            "JOIN credit_notes n ON n.account_id = l.account_id AND n.id = l.credit_note_id "
            "WHERE l.account_id = :id ORDER BY n.created_at, n.id, l.position",
            id=who.id,
        )
        return [tuple(row) for row in found]

    async def entitled(self, who: Customer, at: datetime) -> Mapping[str, Any]:
        """The limits in force at an instant, by feature."""
        found = await self.world.rows(
            "SELECT feature_code, limit_value FROM entitlements WHERE account_id = :id AND is_enabled "
            "AND valid_from <= :at AND (valid_until IS NULL OR valid_until > :at) ORDER BY 1",
            id=who.id,
            at=at,
        )
        return {row.feature_code: row.limit_value for row in found}


def refused_by(outcome: object) -> list[str]:
    """The codes of the rules that refused it; nothing else may have come of it."""
    assert isinstance(outcome, NotAllowed), outcome
    return [reason.code for reason in outcome.decision.reasons if reason.verdict is Verdict.REFUSE]
