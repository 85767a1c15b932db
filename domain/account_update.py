"""An account's own data changed: what may be written there, and what follows for subscriptions from a new time zone.

Owns how the fields are read, and that a zone moves only what is not reached yet. Does not own the calendar (periods.py)
nor documents issued before, which keep what they say.
"""

import re
from dataclasses import replace
from datetime import datetime
from typing import Any

from domain.account import Account
from domain.commands import UpdateAccount
from domain.errors import InvalidInput, UnknownZone, quoted
from domain.notice import notice_at
from domain.periods import BillingAnchor, local_day, rezoned, start_of_day, time_zone
from domain.subscription import BillingSubscription, SubscriptionStatus

PERSONAL = frozenset({"name", "email", "address", "taxId"})
"""Fields whose values stay out of events and the audit trail."""

_COUNTRY = re.compile(r"[A-Z]{2}")
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+")
_MOST_CHARACTERS = 500


def country_code(text: str, *path: str) -> str:
    """A country as ISO 3166 writes it. Raises InvalidInput naming the field, `country` unless said."""
    if not _COUNTRY.fullmatch(text):
        raise InvalidInput(path or ("country",), f"{quoted(text)} is not the ISO code of a country.", text)
    return text


def account_name(text: str, field: str = "name") -> str:
    """What a customer is called on its documents. Raises InvalidInput naming the field."""
    return _text(text, field) or _missing(field)


def email_address(text: str, field: str = "email") -> str | None:
    """Where bills are sent; None for nowhere. Raises InvalidInput naming the field."""
    address = _text(text, field)
    if address is not None and not _EMAIL.fullmatch(address):
        raise InvalidInput((field,), f"{quoted(text)} is not an e-mail address.", text)
    return address


def zone_name(text: str, field: str = "timeZone") -> str:
    """A time zone. Raises UnknownZone naming the field."""
    try:
        time_zone(text)
    except UnknownZone as error:
        raise error.under(field) from None
    return text


def updated(account: Account, command: UpdateAccount) -> Account:
    """The account with what is asked for; what is None stays. Raises InvalidInput naming the field."""
    wanted: dict[str, Any] = {}
    if command.name is not None:
        wanted["name"] = account_name(command.name)
    if command.email is not None:
        wanted["email"] = email_address(command.email)
    if command.country is not None:
        wanted["country"] = country_code(command.country)
    for field, text in (("region", command.region), ("address", command.address)):
        if text is not None:
            wanted[field] = _text(text, field)
    if command.tax_id is not None:
        wanted["tax_id"] = _text(command.tax_id, "taxId")
    if command.zone is not None:
        wanted["zone"] = zone_name(command.zone)
    if command.exemption is not None:
        wanted["exemption"] = command.exemption
    return replace(account, **wanted)


def differences(before: Account, after: Account) -> dict[str, tuple[str | None, str | None]]:
    """The fields that differ, in the customer's spelling, before and after."""
    fields = {
        "name": (before.name, after.name),
        "email": (before.email, after.email),
        "country": (before.country, after.country),
        "region": (before.region, after.region),
        "address": (before.address, after.address),
        "taxId": (before.tax_id, after.tax_id),
        "zone": (before.zone, after.zone),
        "exemption": (before.exemption.value, after.exemption.value),
    }
    return {name: values for name, values in fields.items() if values[0] != values[1]}


def rezoned_instant(instant: datetime, old: str, new: str, at: datetime) -> datetime:
    """A start of a local day to come is the start of that day in the new zone; any other instant stays what it is.

    So does one that has passed already over there.
    """
    on = local_day(instant, old)
    if instant <= at or start_of_day(on, old) != instant:
        return instant
    moved = start_of_day(on, new)
    return moved if moved > at else instant


def rezoned_subscription(subscription: BillingSubscription, zone: str, at: datetime) -> BillingSubscription:
    """A subscription whose account moves to another zone `at`: boundaries not reached yet move, with all that is
    tied to them. What a customer set by the clock (`resumes_at`) stays.
    """
    old, period = subscription.anchor.zone, subscription.period
    if period.contains(at):
        period = rezoned(period, subscription.anchor, subscription.interval, zone, at)

    def moved(instant: datetime) -> datetime:
        return period.end if instant == subscription.period.end else rezoned_instant(instant, old, zone, at)

    term = subscription.commitment
    is_trial = subscription.status is SubscriptionStatus.TRIALING
    after = replace(
        subscription,
        anchor=BillingAnchor(subscription.anchor.on, zone),
        period=period,
        commitment=term and replace(term, start_at=moved(term.start_at), end_at=moved(term.end_at)),
        trial_end_at=period.end if is_trial else subscription.trial_end_at,
        cancel_at=subscription.cancel_at and moved(subscription.cancel_at),
    )
    return after if subscription.notice_at is None else replace(after, notice_at=notice_at(after, at))


def _text(text: str, field: str) -> str | None:
    """A text without blanks around it; None for an empty one. Raises InvalidInput naming the field."""
    stripped = text.strip()
    if len(stripped) > _MOST_CHARACTERS:
        raise InvalidInput((field,), f"At most {_MOST_CHARACTERS} characters.", text)
    return stripped or None


def _missing(field: str) -> str:
    raise InvalidInput((field,), "An account has a name.", "")
