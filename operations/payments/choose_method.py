"""Choose the stored method a payment is made by: the one that was named, else the account's default."""

from db.queries.payments import active_methods
from db.unit_of_work import UnitOfWork
from domain.errors import InvalidInput, NotFound
from domain.ids import AccountId, PaymentMethodId
from domain.payment import PaymentMethod


async def choose_method(unit: UnitOfWork, account_id: AccountId, method_id: PaymentMethodId | None) -> PaymentMethod:
    """An active method of the account. Raises NotFound for one that is not, InvalidInput where there is no default."""
    methods = (await active_methods(unit.session, unit.scope, [account_id])).get(account_id, ())
    if method_id is not None:
        found = next((method for method in methods if method.id == method_id), None)
        if found is None:
            raise NotFound(method_id)
        return found
    default = next((method for method in methods if method.is_default), None)
    if default is None:
        raise InvalidInput(("paymentMethodId",), "The account has no default payment method.", None)
    return default
