"""Remove a stored payment method: it is charged no more, and stays on record for the payments it made."""

from dataclasses import dataclass, replace

from db import audit
from db.queries.payments import account_of_method, active_methods
from db.save import payments as save
from db.unit_of_work import UnitOfWork
from domain.commands import RemovePaymentMethod
from domain.ids import PaymentMethodId
from domain.money_events import method_event, method_state
from domain.payment import PaymentMethodStatus
from domain.rights import acts_for_the_account
from operations.asking import KeyReused, NotNow, asked
from operations.remembering import remember

MUTATION = "paymentMethodRemove"


@dataclass(frozen=True, slots=True)
class MethodRemoved:
    """The method is charged no more. `is_replay`: this very request had removed it before."""

    payment_method_id: PaymentMethodId
    is_replay: bool


async def remove_payment_method(unit: UnitOfWork, command: RemovePaymentMethod) -> MethodRemoved | NotNow | KeyReused:
    """Remove it; where it was the default, the newest of the others takes its place.

    A payment under way by it goes on. NotNow: ALREADY_REMOVED. Raises NotFound, Forbidden.
    """
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
        return MethodRemoved(command.payment_method_id, is_replay=True)
    account, now = request.account, request.now
    methods = (await active_methods(unit.session, unit.scope, [account.id])).get(account.id, ())
    method = next((each for each in methods if each.id == command.payment_method_id), None)
    if method is None:
        removed = PaymentMethodStatus.REMOVED
        return NotNow("ALREADY_REMOVED", removed.value, "This payment method has been removed.")
    await save.removed_method(unit, account.id, method.id)
    gone = replace(method, status=PaymentMethodStatus.REMOVED, is_default=False)
    unit.emit(account.id, method_event("removed", gone, now))
    heir = next((each for each in methods if each.id != method.id), None)
    if method.is_default and heir is not None:
        await save.default_method(unit, account.id, None, heir.id)
        unit.emit(account.id, method_event("made_default", replace(heir, is_default=True), now))
    await unit.audit(
        audit.Entry(
            account.id,
            "payment_method.remove",
            "PaymentMethod",
            method.id,
            now,
            before=method_state(method),
            after=method_state(gone),
        )
    )
    await remember(unit, request, {"method": method.id.hex})
    return MethodRemoved(method.id, is_replay=False)
