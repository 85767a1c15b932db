"""The error tree of the domain, drawn once.

    DomainError                    misuse of the domain, or input it cannot read
    ├── InvalidInput               INVALID_INPUT        a caller's value cannot be read; `path` names the field
    │   ├── MalformedId            MALFORMED_ID         not `prefix_` + 32 lowercase hex digits, or of another type
    │   ├── MalformedAmount        MALFORMED_AMOUNT     not a plain decimal with the currency's digits
    │   ├── UnknownCurrency        UNKNOWN_CURRENCY     not in our ISO 4217 table
    │   └── UnknownZone            UNKNOWN_ZONE         not in the time-zone database
    ├── CurrencyMismatch           CURRENCY_MISMATCH    two currencies in one sum or comparison
    ├── InvalidAmount              INVALID_AMOUNT       not an integer of minor units, or beyond what a ledger holds
    ├── InvalidSplit               INVALID_SPLIT        nothing to split an amount over
    ├── InvalidPeriod              INVALID_PERIOD       empty, reversed, not UTC, or off the calendar
    ├── OutsidePeriod              OUTSIDE_PERIOD       an instant or span that its period does not hold
    ├── InvalidActor               INVALID_ACTOR        a combination of rights nobody may have
    ├── InvalidTransition          INVALID_TRANSITION   a status that has no such event
    ├── NotFound                   NOT_FOUND            missing, or not yours to see: one answer for both
    └── Forbidden                  FORBIDDEN            you see it, but your role may not do this

An expected "no" (a policy's refusal, a stale quote) is a value and has no place here. Codes are stable: clients
read them. `value` is the offending value, for logs and tests; messages quote it shortened.

Not owned here: HTTP status, GraphQL errors, masking. Those belong to the edge.
"""

from decimal import Decimal
from typing import ClassVar, Self

_QUOTED_CHARACTERS = 60


class DomainError(Exception):
    """The root: every error of the domain carries a stable code, a human message and the offending value."""

    code: ClassVar[str] = "DOMAIN_ERROR"

    def __init__(self, message: str, value: object = None) -> None:
        super().__init__(message)
        self.message = message
        self.value = value


class InvalidInput(DomainError):
    """A value a caller sent cannot be read. `path` names the field, outermost first: ("input", "quantity")."""

    code = "INVALID_INPUT"

    def __init__(self, path: tuple[str, ...], message: str, value: object = None) -> None:
        super().__init__(message, value)
        self.path = path

    def under(self, *prefix: str) -> Self:
        """The same error with its path put below `prefix`: who called a parser knows which field it was for."""
        return type(self)((*prefix, *self.path), self.message, self.value)


class MalformedId(InvalidInput):
    """A text that is no public id, or an id of another type than asked for."""

    code = "MALFORMED_ID"


class MalformedAmount(InvalidInput):
    """A text that is no plain decimal amount with exactly its currency's digits."""

    code = "MALFORMED_AMOUNT"


class UnknownCurrency(InvalidInput):
    """A currency code that is not in `money.EXPONENTS`."""

    code = "UNKNOWN_CURRENCY"


class UnknownZone(InvalidInput):
    """A name that is not in the time-zone database."""

    code = "UNKNOWN_ZONE"


class CurrencyMismatch(DomainError):
    """Two currencies met in one sum or comparison."""

    code = "CURRENCY_MISMATCH"

    def __init__(self, left: str, right: str) -> None:
        super().__init__(f"{left} and {right} cannot be added or compared.", (left, right))


class InvalidAmount(DomainError):
    """An amount that is no integer of minor units, or larger than a ledger column holds."""

    code = "INVALID_AMOUNT"


class InvalidSplit(DomainError):
    """An amount cannot be split over these weights."""

    code = "INVALID_SPLIT"


class InvalidPeriod(DomainError):
    """A period that is empty, reversed, not in UTC, or off the calendar."""

    code = "INVALID_PERIOD"


class OutsidePeriod(DomainError):
    """An instant, or a span, that does not lie in the period it is measured against."""

    code = "OUTSIDE_PERIOD"


class InvalidActor(DomainError):
    """A combination of kind, role and rights that nobody may have."""

    code = "INVALID_ACTOR"


class InvalidTransition(DomainError):
    """A TRANSITIONS table has no row for this status and event."""

    code = "INVALID_TRANSITION"

    def __init__(self, status: str, event: str) -> None:
        super().__init__(f"{status} has no {event}.", (status, event))
        self.status = status
        self.event = event


class NotFound(DomainError):
    """The thing is missing, or the actor may not see it; a stranger cannot tell which."""

    code = "NOT_FOUND"

    def __init__(self, value: object = None) -> None:
        super().__init__("There is no such thing, or it is not yours to see.", value)


class Forbidden(DomainError):
    """The actor sees the thing but may not do this. Never raised for what the actor cannot see: that is NotFound."""

    code = "FORBIDDEN"

    def __init__(self, value: object = None) -> None:
        super().__init__("Your role does not allow this.", value)


def _shown(value: object) -> str:
    # a number of exact decimals is written as people write it, not as code does
    return str(value) if isinstance(value, Decimal) else repr(value)


def quoted(value: object) -> str:
    """`value` as an error message shows it: its repr, shortened so that a hostile megabyte stays out of the logs."""
    # a megabyte is cut before repr, not after: escaping it first would be work done for the attacker
    text = repr(value[:_QUOTED_CHARACTERS]) if isinstance(value, str) else _shown(value)
    shortened = len(text) > _QUOTED_CHARACTERS or (isinstance(value, str) and len(value) > _QUOTED_CHARACTERS)
    return text[:_QUOTED_CHARACTERS] + "…" if shortened else text
