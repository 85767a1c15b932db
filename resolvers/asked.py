"""An input as a resolver receives it: something that gives the domain's command."""

from typing import Protocol, TypeVar

T_co = TypeVar("T_co", covariant=True)


class Asks(Protocol[T_co]):
    """A GraphQL input, read strictly when asked for what it means."""

    def command(self) -> T_co:
        """The request in the domain's words. Raises InvalidInput with the path of the field at fault."""
        ...
