"""The value of a feature: a union told apart by the feature's kind."""

from typing import Annotated

import strawberry

from schema.base import stored
from schema.scalars import BigInt


@strawberry.type(description="A yes or a no.")
class BooleanValue:
    is_enabled: bool = stored("Whether it is granted.")


@strawberry.type(description="A bound on what is stored.")
class LimitValue:
    limit: BigInt | None = stored("The most that may be stored; null is unlimited.")


@strawberry.type(description="An allowance per billing period.")
class MeteredValue:
    limit: BigInt | None = stored("What may be used in a period; null is unlimited.")


@strawberry.type(description="A setting.")
class ConfigValue:
    setting: str | None = stored("What it is set to; null when nothing sets it.")


FeatureValue = Annotated[
    BooleanValue | LimitValue | MeteredValue | ConfigValue,
    strawberry.union(
        "EntitlementValue", description="The value of a feature; which type it is follows from the feature's kind."
    ),
]
