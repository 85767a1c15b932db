"""An amount as an input."""

import strawberry

from domain.errors import InvalidInput
from domain.money import Money
from schema.scalars import CurrencyCode, Decimal


@strawberry.input(description='An amount with exactly its currency\'s digits: {amount: "10.00", currencyCode: USD}.')
class MoneyInput:
    amount: Decimal = strawberry.field(description='"10.00" dollars, "1000" yen, "1.500" dinars.')
    currency_code: CurrencyCode = strawberry.field(description="The currency.")

    def money(self, *path: str) -> Money:
        """The amount. Raises InvalidInput under `path` in the argument `input` for digits the currency has not."""
        try:
            return Money.parse(format(self.amount, "f"), self.currency_code)
        except InvalidInput as error:
            raise error.under("input", *path, "amount") from None


def maybe_money(given: MoneyInput | None, *path: str) -> Money | None:
    """The amount where one is given."""
    return None if given is None else given.money(*path)
