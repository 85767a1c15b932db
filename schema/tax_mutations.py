"""`taxRateSet`: its input and payload."""

import strawberry

from domain.commands import SetTaxRate
from resolvers.mutations.idempotency_key import idempotency_key
from schema.base import stored
from schema.inputs import IDEMPOTENCY_KEY
from schema.scalars import Date, Decimal
from schema.tax import TaxRate
from schema.user_errors import UserError


@strawberry.input(
    description=(
        'A rate from a day on: {country: "AT", name: "USt", percent: "20", validFrom: "2027-01-01", '
        'idempotencyKey: "at-2027"}.'
    )
)
class TaxRateSetInput:
    country: str = strawberry.field(description="ISO 3166 code.")
    name: str = strawberry.field(description="What it is called, such as VAT.")
    percent: Decimal = strawberry.field(description="The rate in percent, 0 to 100. A region's is the combined one.")
    valid_from: Date = strawberry.field(
        description=(
            "The first day it holds on. The first rate of a place may have begun in the past; one that follows another "
            "begins on a day that has begun nowhere yet, and ends the other."
        )
    )
    idempotency_key: str = strawberry.field(description=IDEMPOTENCY_KEY)
    region: str | None = strawberry.field(default=None, description="The region it is for; left out: the country.")

    def command(self) -> SetTaxRate:
        """The request in the domain's words. Raises InvalidInput with the field's path."""
        return SetTaxRate(
            country=self.country,
            name=self.name,
            percent=self.percent,
            valid_from=self.valid_from,
            idempotency_key=idempotency_key(self.idempotency_key),
            region=self.region,
        )


@strawberry.type(description="What setting did.")
class TaxRateSetPayload:
    tax_rate: TaxRate | None = stored("The rate; null when nothing was done.")
    user_errors: list[UserError] = stored("Why nothing was done.")
