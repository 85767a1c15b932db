"""An account to be: what may be asked of it, and whose child it may be.

Owns how the fields of an opening are read. Does not own what of an account may change later (account_update.py), nor
who may open one (operations).
"""

from datetime import UTC, datetime

from domain.account import Account, PaymentTerms
from domain.account_update import account_name, country_code, email_address, zone_name
from domain.commands import AccountAsked, AccountOwner
from domain.errors import InvalidInput, UnknownCurrency
from domain.ids import AccountId, LegalEntityId
from domain.money import exponent

MOST_NET_DAYS = 365
_MOST_CHARACTERS = 255
_FIRST_YEAR, _LAST_YEAR = 1970, 2199
"""The years a clock of its own may stand in: what is worked out ahead of it stays on the calendar."""


def account_to_open(
    asked: AccountAsked, account_id: AccountId, seller_id: LegalEntityId, clock_at: datetime | None = None
) -> Account:
    """The account as it is asked for; a sandbox where a clock is given. Raises InvalidInput naming the field."""
    external_id = asked.external_id
    if not 0 < len(external_id.strip()) == len(external_id) <= _MOST_CHARACTERS:
        message = f"An external id has 1 to {_MOST_CHARACTERS} characters and no blanks around it."
        raise InvalidInput(("externalId",), message, external_id)
    try:
        exponent(asked.currency)
    except UnknownCurrency as error:
        raise error.under("currency") from None
    if not 0 <= asked.net_days <= MOST_NET_DAYS:
        raise InvalidInput(("netDays",), f"Payment terms are at most {MOST_NET_DAYS} days.", asked.net_days)
    return Account(
        id=account_id,
        legal_entity_id=seller_id,
        name=account_name(asked.name),
        email=email_address(asked.email) if asked.email is not None else None,
        currency=asked.currency,
        zone=zone_name(asked.zone),
        segment=asked.segment,
        terms=PaymentTerms(asked.net_days),
        clock_at=None if clock_at is None else clock_time(clock_at, "clockAt").replace(microsecond=0),
        is_sandbox=clock_at is not None,
        country=country_code(asked.country),
        region=asked.region,
        parent_id=asked.parent_id,
    )


def clock_time(at: datetime, field: str) -> datetime:
    """An instant that a clock of its own may be set to, in UTC. Raises InvalidInput naming the field."""
    if at.utcoffset() is None:
        raise InvalidInput((field,), "An instant has a time zone.", at)
    if not _FIRST_YEAR <= at.year <= _LAST_YEAR:
        raise InvalidInput((field,), f"A clock stands in the years {_FIRST_YEAR} to {_LAST_YEAR}.", at)
    return at.astimezone(UTC)


def ensure_parent(parent: Account, child: Account) -> None:
    """A parent is of the same kind and has no parent itself. Raises InvalidInput naming `parentId`.

    One level: who reads a child, and who pays for it, is told by looking at one account.
    """
    if parent.is_sandbox != child.is_sandbox:
        raise InvalidInput(("parentId",), "A sandbox account and a real one are no family.", parent.id)
    if parent.parent_id is not None:
        raise InvalidInput(("parentId",), "This account has a parent itself; families are one level deep.", parent.id)


def owner_to_be(owner: AccountOwner) -> AccountOwner:
    """The person, with a name and an address that can be. Raises InvalidInput naming the field under `owner`."""
    try:
        return AccountOwner(owner.user_id, account_name(owner.name), _address(owner.email))
    except InvalidInput as error:
        raise error.under("owner") from None


def _address(text: str) -> str:
    address = email_address(text)
    if address is None:
        raise InvalidInput(("email",), "A person has an e-mail address.", text)
    return address
