"""What an account's events come to: folded in their order they rebuild its state, without a look at any table (L35).

Owns the fold. Does not own what events say (events.py, money_events.py), nor what of it is held against what is stored
(audit/history.py).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from domain.ids import parse_id_of
from domain.payment import RefundStatus

Aggregate = tuple[str, UUID]
"""A type of the graph and an id."""
State = dict[str, Any]
"""What is known of an aggregate, by the names that events use."""

_ITEMS = ("items", "itemsSince")
_WAITING_OR_DONE = ("PLANNED", "SCHEDULED", "AWAITING_PAYMENT", "APPLIED", "CANCELLED", "REFUSED", "EXPIRED")
_STATUS = {f"plan_change.{each.lower()}": each for each in _WAITING_OR_DONE}


@dataclass(frozen=True, slots=True)
class EventOnFile:
    """An event as it was written: what happened to which aggregate, and what it says of it."""

    type: str
    aggregate: Aggregate
    data: Mapping[str, Any]


def fold(events: Iterable[EventOnFile]) -> dict[Aggregate, State]:
    """The state of each aggregate of one account after these events, given in their order.

    A subscription also has its `itemVersions` by id, each with the span it was in force; a grant of credit its
    `entries` by sequence; a payment what its refunds took back.
    """
    states: dict[Aggregate, State] = {}
    for event in events:
        before = states.get(event.aggregate, {})
        match event.aggregate[0]:
            case "BillingSubscription":
                states[event.aggregate] = _subscription(before, event.data)
            case "CreditEntry":
                states[event.aggregate] = _grant(before, event)
            case "PlanChange":
                status = {"status": _STATUS[event.type]} if event.type in _STATUS else {}
                states[event.aggregate] = {**before, **event.data, **status}
            case _:
                states[event.aggregate] = {**before, **event.data}
    _give_back(states)
    return states


def _subscription(before: State, said: Mapping[str, Any]) -> State:
    """Each event says all of it, so what it leaves out is not so any more; but items stay until some are named."""
    versions: dict[str, State] = {key: dict(each) for key, each in before.get("itemVersions", {}).items()}
    if "items" in said:
        in_force = {each["item"]: each for each in said["items"]}
        for key, version in versions.items():
            if key not in in_force and version["until"] is None:
                version["until"] = said["itemsSince"]
        for key, each in in_force.items():
            versions.setdefault(key, {**each, "until": None})
    return {**{name: value for name, value in said.items() if name not in _ITEMS}, "itemVersions": versions}


def _grant(before: State, event: EventOnFile) -> State:
    kind = event.type.removeprefix("credit.").upper()
    entries = {**before.get("entries", {}), event.data["sequence"]: {**event.data, "kind": kind}}
    return {"entries": entries, "leftMinor": sum(each["amountMinor"] for each in entries.values())}


def _give_back(states: dict[Aggregate, State]) -> None:
    """What refunds have taken of their payments: all of it that has not failed."""
    given_back: dict[Aggregate, int] = {}
    for (type_, _), refund in states.items():
        if type_ == "Refund" and refund["status"] != RefundStatus.FAILED.value:
            payment = "Payment", parse_id_of("Payment", refund["payment"])
            given_back[payment] = given_back.get(payment, 0) + refund["amountMinor"]
    for key, state in states.items():
        if key[0] == "Payment":
            state["refundedMinor"] = given_back.get(key, 0)
