"""Make a stored payment method the one that the account is collected by."""

from dataclasses import dataclass, replace

from db import audit
from db.queries.payments import account_of_method, active_methods
from db.save import payments as save
from db.unit_of_work import UnitOfWork
from domain.commands import SetDefaultPaymentMethod
from domain.ids import PaymentMethodId
from domain.money_events import method_event, method_state
from domain.payment import PaymentMethodStatus
from domain.rights import acts_for_the_account
from operations.asking import KeyReused, NotNow, asked
from operations.remembering import remember

MUTATION = "paymentMethodSetDefault"


@dataclass(frozen=True, slots=True)
class DefaultSet:
    """The account is collected by this method. `is_replay`: this very request had asked so before."""

    payment_method_id: PaymentMethodId
    is_replay: bool


async def set_default_payment_method(
    unit: UnitOfWork, command: SetDefaultPaymentMethod
) -> DefaultSet | NotNow | KeyReused:
    """Collect by this method from now on. NotNow: REMOVED. Raises NotFound, Forbidden."""
    request = await asked(
        unit,
        await account_of_method(unit.session, unit.scope, command.payment_method_id),
        command.payment_method_id,
        acts_for_the_account,
        MUTATION,
        command.idempotency_key,
        {"method": command.payment_method_id.hex},
    )
    if isinstance(request, KeyReused):
        return request
    if request.done is not None:
        return DefaultSet(command.payment_method_id, is_replay=True)
    account, now = request.account, request.now
    methods = (await active_methods(unit.session, unit.scope, [account.id])).get(account.id, ())
    method = next((each for each in methods if each.id == command.payment_method_id), None)
    if method is None:
        return NotNow("REMOVED", PaymentMethodStatus.REMOVED.value, "This payment method has been removed.")
    before = next((each for each in methods if each.is_default), None)
    if before != method:
        chosen = replace(method, is_default=True)
        await save.default_method(unit, account.id, before.id if before else None, method.id)
        unit.emit(account.id, method_event("made_default", chosen, now))
        await unit.audit(
            audit.Entry(
                account.id,
                "payment_method.make_default",
                "PaymentMethod",
                method.id,
                now,
                before=method_state(method),
                after=method_state(chosen),
            )
        )
    await remember(unit, request, {"method": method.id.hex})
    return DefaultSet(method.id, is_replay=False)
