"""The conventions every type keeps: descriptions on everything, names, pages, scalars, keys of the subgraph."""

import re
from collections.abc import Iterator

from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLScalarType,
    get_named_type,
)

from domain.ids import PREFIXES
from schema.export import sdl
from tests.queries.ask import billing

FEDERATIONS = {"_Any", "_Entity", "_Service"}
BUILT_IN = {"String", "Int", "Float", "Boolean", "ID"}


def ours() -> list[GraphQLNamedType]:
    types = billing().graphql.type_map.values()
    return [
        each
        for each in types
        if not each.name.startswith("__")
        and each.name not in FEDERATIONS | BUILT_IN
        and not (isinstance(each, GraphQLScalarType) and each.name.startswith("_"))
        and not each.name.startswith(("federation__", "link__"))
    ]


def described() -> Iterator[tuple[str, str | None]]:
    """(place, description) of every type, field, argument, input field and enum value."""
    for each in ours():
        yield each.name, each.description
        if isinstance(each, GraphQLObjectType | GraphQLInterfaceType):
            for name, field in each.fields.items():
                if name.startswith("_"):
                    continue
                yield f"{each.name}.{name}", field.description
                for argument, inner in field.args.items():
                    yield f"{each.name}.{name}({argument}:)", inner.description
        elif isinstance(each, GraphQLInputObjectType):
            for name, input_field in each.fields.items():
                yield f"{each.name}.{name}", input_field.description
        elif isinstance(each, GraphQLEnumType):
            for name, member in each.values.items():
                yield f"{each.name}.{name}", member.description


def test_everything_has_a_description() -> None:
    assert [place for place, text in described() if not (text or "").strip()] == []


def test_descriptions_are_sentences() -> None:
    assert [place for place, text in described() if text and not re.match(r"[A-Z0-9`“\"]", text.strip())] == []


def test_our_scalars_say_where_they_are_specified() -> None:
    scalars = [each for each in ours() if isinstance(each, GraphQLScalarType)]
    assert {each.name for each in scalars} >= {"BigInt", "CurrencyCode", "Cursor", "Date", "DateTime", "Decimal"}
    assert [each.name for each in scalars if not each.specified_by_url] == []


def test_no_type_is_called_subscription() -> None:
    assert "Subscription" not in billing().graphql.type_map


def test_no_float_anywhere() -> None:
    fields = (
        (each.name, name, get_named_type(field.type).name)
        for each in ours()
        if isinstance(each, GraphQLObjectType | GraphQLInputObjectType)
        for name, field in each.fields.items()
    )
    assert [found for found in fields if found[2] == "Float"] == []


def test_every_node_is_an_entity_with_a_prefix() -> None:
    printed = sdl()
    schema = billing().graphql
    for each in schema.get_possible_types(schema.get_type("Node")):  # type: ignore[arg-type]
        assert f'type {each.name} implements Node @key(fields: "id")' in printed, each.name
        assert each.name in PREFIXES
    assert 'type Account implements Node @key(fields: "id") @key(fields: "externalId")' in printed
    for name in ("Money", "PageInfo"):
        assert f"type {name} @shareable" in printed


def test_what_crosses_a_permission_is_nullable_at_the_root() -> None:
    for root in (billing().graphql.query_type, billing().graphql.mutation_type):
        for name, field in root.fields.items() if root else ():
            is_payload = get_named_type(field.type).name.endswith("Payload")
            assert name.startswith("_") or is_payload or not isinstance(field.type, GraphQLNonNull), name


def test_every_list_that_grows_is_paged_and_says_its_size() -> None:
    for each in ours():
        for name, field in each.fields.items() if isinstance(each, GraphQLObjectType) else ():
            text = str(field.type)
            if text.startswith("[") and field.resolve is not None and each.name != "Query":
                named = get_named_type(field.type).name
                bounded = re.search(r"[Bb]ounded|[Aa]t most|within", field.description or "")
                assert (
                    bounded
                    or not billing().graphql.get_type(f"{named}Connection")
                    or each.name.endswith(("Connection", "Payload"))
                ), f"{each.name}.{name} says no bound"


def test_the_export_is_the_same_every_time() -> None:
    assert sdl() == sdl()
    assert sdl().endswith("}\n")
