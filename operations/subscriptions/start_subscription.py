"""Start a subscription because the account asks for it: a right, a key, and a sign-up.

Owns who may, and what a customer may choose. Does not own the sign-up itself (sign_up.py), which jobs and the demo do
as well.
"""

from dataclasses import dataclass
from uuid import UUID

from db.queries import catalog
from db.queries.lifecycle import product_history
from db.unit_of_work import UnitOfWork
from domain.account import AccountStatus
from domain.commands import StartSubscription
from domain.errors import InvalidInput, NotFound
from domain.ids import SubscriptionId
from domain.rights import acts_or_is_finance, is_finance
from operations.asking import Asked, KeyReused, NotNow, asked
from operations.payments.block_changes import blocked
from operations.remembering import remember
from operations.subscriptions.sign_up import SignUp, sign_up

MUTATION = "subscriptionStart"
MOST_TRIAL_DAYS = 30
"""What a customer may choose by itself; finance gives more."""


@dataclass(frozen=True, slots=True)
class Started:
    """The subscription is there, billed or in its trial. `is_replay`: this very request had started it before."""

    subscription_id: SubscriptionId
    is_replay: bool


async def start_subscription(unit: UnitOfWork, command: StartSubscription) -> Started | NotNow | KeyReused:
    """Sign up from today on, in the account's own time.

    Raises NotFound, Forbidden for who neither acts for the account nor is finance, and InvalidInput as `sign_up` does.
    A customer tries a product once, before it ever had it, and for 30 days at most; else `trialDays` is at fault. Of
    plans it chooses those that are for everybody or for its segment; else `planId` is. `accountId` is, of one closed.
    NotNow: CHANGES_BLOCKED for a customer who has to pay first, also for a trial; finance may.
    """
    request = await asked(
        unit,
        command.account_id,
        command.account_id,
        acts_or_is_finance,
        MUTATION,
        command.idempotency_key,
        _payload(command),
    )
    if isinstance(request, KeyReused):
        return request
    if request.done is not None:
        return Started(SubscriptionId(UUID(request.done["subscription"])), is_replay=True)
    if request.account.status is not AccountStatus.ACTIVE:
        raise InvalidInput(("accountId",), "This account is closed.", command.account_id)
    if not is_finance(unit.actor, request.role):
        if (no := await blocked(unit, request.account, request.now)) is not None:
            return no
        await _ensure_own_choice(unit, command, request)
    subscription_id = await sign_up(
        unit,
        SignUp(
            account_id=command.account_id,
            plan_id=command.plan_id,
            interval=command.interval,
            quantities=command.quantities,
            commitment_months=command.commitment_months,
            trial_days=command.trial_days,
            anchor_day=command.anchor_day,
            anchor_on=command.anchor_on,
            coupon_code=command.coupon_code,
        ),
        request.now.replace(microsecond=0),
    )
    await remember(unit, request, {"subscription": subscription_id.hex})
    return Started(subscription_id, is_replay=False)


async def _ensure_own_choice(unit: UnitOfWork, command: StartSubscription, request: Asked) -> None:
    """What a customer may choose without us. Raises NotFound for an unknown plan, InvalidInput naming the field."""
    version_id = await catalog.current_version_id(unit.session, command.plan_id)
    if version_id is None:
        raise NotFound(command.plan_id)
    plan = (await catalog.versions(unit.session, {version_id}))[version_id].plan
    if plan.segment not in (None, request.account.segment):
        raise InvalidInput(("planId",), f"{plan.name} is not for sale to you; ask us for it.", command.plan_id)
    if command.trial_days > MOST_TRIAL_DAYS:
        message = f"A trial lasts at most {MOST_TRIAL_DAYS} days."
        raise InvalidInput(("trialDays",), message, command.trial_days)
    if command.trial_days > 0:
        before = await product_history(unit.session, unit.scope, request.account.id, plan.product_id)
        if before.is_live or before.ended_at is not None:
            message = "This account has had the product before; there is nothing to try."
            raise InvalidInput(("trialDays",), message, command.trial_days)


def _payload(command: StartSubscription) -> dict[str, object]:
    return {
        "account": command.account_id.hex,
        "plan": command.plan_id.hex,
        "interval": command.interval.value,
        "quantities": [list(each) for each in command.quantities],
        "commitmentMonths": command.commitment_months,
        "trialDays": command.trial_days,
        "anchorDay": command.anchor_day,
        "anchorOn": command.anchor_on.isoformat() if command.anchor_on else None,
        "couponCode": command.coupon_code,
    }
