"""What an edition may name: the meters and features there are, by their codes; and how a code is looked up."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from domain.catalog import Component, Feature
from domain.errors import InvalidInput, quoted
from domain.ids import MeterId
from domain.usage import Aggregation

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class KnownMeter:
    """A meter and how it counts."""

    id: MeterId
    aggregation: Aggregation


@dataclass(frozen=True, slots=True)
class Known:
    """The meters and features of the catalog, by code."""

    meters: Mapping[str, KnownMeter]
    features: Mapping[str, Feature]


def found(things: Mapping[str, T], code: str, what: str, *path: str) -> T:
    """The thing with this code. Raises InvalidInput naming `path` for one that is not there."""
    thing = things.get(code)
    if thing is None:
        raise InvalidInput(path, f"There is no {what} {quoted(code)}.", code)
    return thing


def by_code(components: Iterable[Component]) -> dict[str, Component]:
    """The components of an edition, by code."""
    return {component.code: component for component in components}


def ensure_at_most(count: int, most: int, what: str, *path: str) -> None:
    """Refuse a list that is longer than what the graph shows whole. Raises InvalidInput naming `path`."""
    if count > most:
        raise InvalidInput(path, f"A plan version has at most {most} {what}, not {count}.", count)
