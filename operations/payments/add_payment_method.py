"""Store a payment method: a test card of the sandbox provider, as token, brand and last four digits."""

from dataclasses import dataclass
from uuid import UUID

from db import audit
from db.queries.payments import active_methods
from db.save import payments as save
from db.unit_of_work import UnitOfWork
from domain.commands import AddPaymentMethod
from domain.errors import InvalidInput
from domain.ids import PaymentMethodId
from domain.money_events import method_event, method_state
from domain.payment import PaymentMethod
from domain.rights import acts_for_the_account
from domain.sandbox_cards import PROVIDER, card_of, stored
from operations.asking import KeyReused, asked
from operations.remembering import remember

MUTATION = "paymentMethodAdd"


@dataclass(frozen=True, slots=True)
class MethodAdded:
    """The method is stored. `is_replay`: this very request had stored it before."""

    payment_method_id: PaymentMethodId
    is_replay: bool


async def add_payment_method(unit: UnitOfWork, command: AddPaymentMethod) -> MethodAdded | KeyReused:
    """Store the card; the account's first is its default.

    Raises InvalidInput naming `cardNumber` for any number but the published test cards, which it never repeats;
    NotFound, Forbidden.
    """
    try:
        card = card_of(command.card_number)
    except InvalidInput as error:
        raise error.under("cardNumber") from None
    request = await asked(
        unit,
        command.account_id,
        command.account_id,
        acts_for_the_account,
        MUTATION,
        command.idempotency_key,
        {"account": command.account_id.hex, "card": card.behaviour.value, "isDefault": command.is_default},
    )
    if isinstance(request, KeyReused):
        return request
    if request.done is not None:
        return MethodAdded(PaymentMethodId(UUID(request.done["method"])), is_replay=True)
    account, now = request.account, request.now
    others = (await active_methods(unit.session, unit.scope, [account.id])).get(account.id, ())
    default = next((method for method in others if method.is_default), None)
    kept = stored(card, unit.ids.new(), now)
    method = PaymentMethod(
        id=PaymentMethodId(unit.ids.new()),
        account_id=account.id,
        provider=PROVIDER,
        token=kept.token,
        brand=kept.brand,
        last4=kept.last4,
        expires_on=kept.expires_on,
        is_default=command.is_default or default is None,
    )
    if method.is_default and default is not None:
        await save.default_method(unit, account.id, default.id, None)
    await save.new_method(unit, method, now)
    unit.emit(account.id, method_event("added", method, now))
    await unit.audit(
        audit.Entry(account.id, "payment_method.add", "PaymentMethod", method.id, now, after=method_state(method))
    )
    await remember(unit, request, {"method": method.id.hex})
    return MethodAdded(method.id, is_replay=False)
