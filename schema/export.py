"""The schema in GraphQL's own language, as it is committed in schema.graphql."""

from strawberry.printer import print_schema

from schema.build import build_schema


def sdl() -> str:
    """The printed subgraph with its directives, ending in a newline; the same text every time."""
    return print_schema(build_schema()).rstrip() + "\n"
