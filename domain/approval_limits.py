"""How much one of us may approve: a table by role and currency, and what was agreed on for one person.

Owns the table and who counts by it. Does not own what an approval is of (plan_change/approved.py), nor its life
(approval.py).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

from domain.actor import StaffRole
from domain.errors import InvalidInput
from domain.ids import UserId
from domain.money import Money

# fmt: off
LIMITS: Mapping[StaffRole, Mapping[str, int]] = MappingProxyType({
    StaffRole.FINANCE: MappingProxyType({
        "USD": 10_000_00, "EUR": 10_000_00, "GBP": 10_000_00, "CHF": 10_000_00, "JPY": 1_500_000, "KWD": 3_000_000,
    }),
})
# fmt: on
"""The most that somebody of a role approves, in minor units; nothing in any other currency."""


@dataclass(frozen=True, slots=True)
class PersonalLimit:
    """A limit that was set for one person, in the place of their role's, until an instant (None: until another)."""

    user_id: UserId
    limit: Money
    until: datetime | None
    granted_by_id: UserId

    @property
    def state(self) -> dict[str, object]:
        """What the trail says of it."""
        return {
            "currency": self.limit.currency,
            "limitMinor": self.limit.minor,
            "until": self.until.isoformat() if self.until else None,
        }


def ensure_limit(limit: Money, until: datetime | None, at: datetime) -> None:
    """Raises InvalidInput naming `limit` for one below nothing, and `until` for an end that is not ahead of `at`."""
    if limit.minor < 0:
        raise InvalidInput(("limit",), "A limit is nothing or more.", limit)
    if until is not None and until <= at:
        raise InvalidInput(("until",), "A limit ends in the future.", until)


def limit_of(role: StaffRole | None, currency: str, personal: PersonalLimit | None, at: datetime) -> Money:
    """The most that somebody may approve at an instant of real time."""
    if personal is not None and (personal.until is None or at < personal.until):
        return personal.limit
    by_currency = LIMITS.get(role, {}) if role is not None else {}
    return Money(by_currency.get(currency, 0), currency)
