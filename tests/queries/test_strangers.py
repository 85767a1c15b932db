"""L38: no tenant sees another's data at any node, edge or page.

Generated from the schema, so that a new field or type is walked too.
"""

from typing import Any
from uuid import UUID

import pytest
from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLScalarType,
    get_named_type,
    is_leaf_type,
)

from db.engine import Database
from db.graph.billing import GRAPH
from domain.ids import public_id
from tests.queries.ask import NOBODY, STAFF, ask, ask_well, billing, user
from tests.queries.catalog import uid
from tests.queries.company import Company

# one row of every Node type of the made company
NODES: dict[str, UUID] = {
    "Account": uid("account", 1),
    "User": uid("user", 1),
    "Membership": uid("membership", 1),
    "LegalEntity": uid("entity", 1),
    "Product": uid("product", 1),
    "Plan": uid("plan", 1),
    "PlanVersion": uid("version", 1),
    "Price": uid("price", 10),
    "Feature": uid("feature", 1),
    "Meter": uid("meter", 1),
    "BillingSubscription": uid("sub", 1),
    "SubscriptionItem": uid("item", 10),
    "Entitlement": uid("entitlement", 101),
    "EntitlementOverride": uid("override", 1),
    "Invoice": uid("invoice", 1000),
    "InvoiceLine": uid("line", 10001),
    "PlanChange": uid("change", 10),
    "PolicyDecision": uid("decision", 1),
    "BillingEvent": uid("event", 11),
    "AuditEntry": uid("audit", 1),
    "TaxRate": uid("taxrate", 1),
    "Coupon": uid("coupon", 1),
    "PlanVersionMigration": uid("migration", 1),
    "CatalogEntry": uid("catalogentry", 1),
    "PolicyRollout": uid("rollout", 1),
    "Discount": uid("discount", 1),
    "CreditNote": uid("note", 1),
    "CreditNoteLine": uid("noteline", 1),
    "CreditEntry": uid("entry", 11),
    "OneOffCharge": uid("charge", 1),
    "PaymentMethod": uid("method", 1),
    "Payment": uid("payment", 1),
    "PaymentAttempt": uid("attempt", 1),
    "Refund": uid("refund", 1),
    "ConsolidatedInvoice": uid("consolidated", 1),
    "AccountTerms": uid("terms", 1),
    "Approval": uid("approval", 1),
}
EVERYONES = {
    *("LegalEntity", "Product", "Plan", "PlanVersion", "Price", "Feature", "Meter"),
    *("TaxRate", "PlanVersionMigration"),
}
"""The catalog: rows of no account, which everyone may read."""
STAFF_ONLY = {"AuditEntry", "CatalogEntry", "Coupon", "PolicyRollout"}
PRIVATE = sorted(NODES.keys() - EVERYONES)


def node_types() -> set[str]:
    schema = billing().graphql
    return {each.name for each in schema.get_possible_types(schema.get_type("Node"))}  # type: ignore[arg-type]


def leaves(type_name: str) -> str:
    """A selection of every leaf of a type, and of what hangs below it one level down."""
    type_ = billing().graphql.get_type(type_name)
    assert isinstance(type_, GraphQLObjectType)
    chosen = []
    for name, field in type_.fields.items():
        if any(isinstance(argument.type, GraphQLNonNull) for argument in field.args.values()):
            continue
        named = get_named_type(field.type)
        paged = "(first: 1)" if "first" in field.args else ""
        if is_leaf_type(named):
            chosen.append(name)
        elif isinstance(named, GraphQLObjectType):
            below = [each for each, inner in named.fields.items() if is_leaf_type(get_named_type(inner.type))]
            chosen.append(f"{name}{paged} {{ {' '.join(below or ['__typename'])} }}")
        else:
            chosen.append(f"{name} {{ __typename }}")
    return " ".join(chosen)


def test_every_node_type_has_a_row_to_try() -> None:
    assert node_types() == set(NODES)


@pytest.mark.parametrize("type_name", PRIVATE)
async def test_a_strangers_node_does_not_exist(database: Database, company: Company, type_name: str) -> None:
    document = f"query($id: ID!) {{ node(id: $id) {{ id ... on {type_name} {{ {leaves(type_name)} }} }} }}"
    variables = {"id": public_id(prefix(type_name), NODES[type_name])}
    own = await ask_well(database, document, STAFF if type_name in STAFF_ONLY else user(company.owner), **variables)
    assert own.data["node"]["id"] == variables["id"], "the walk must walk over something"
    for actor in (user(company.stranger), NOBODY):
        answer = await ask_well(database, document, actor, **variables)
        assert answer.data == {"node": None}, actor
    if type_name in STAFF_ONLY:
        assert (await ask_well(database, document, user(company.owner), **variables)).data == {"node": None}


@pytest.mark.parametrize("type_name", PRIVATE)
async def test_a_strangers_entity_does_not_exist(database: Database, company: Company, type_name: str) -> None:
    document = "query($r: [_Any!]!) { _entities(representations: $r) { __typename } }"
    representations = [{"__typename": type_name, "id": public_id(prefix(type_name), NODES[type_name])}]
    for actor in (user(company.stranger), NOBODY):
        answer = await ask_well(database, document, actor, r=representations)
        assert answer.data == {"_entities": [None]}, actor


async def test_another_key_of_a_strangers_account_finds_nothing(database: Database, company: Company) -> None:
    document = """query($r: [_Any!]!) {
      account(by: {externalId: "crm-0001"}) { id }
      _entities(representations: $r) { __typename }
    }"""
    representation = [{"__typename": "Account", "externalId": "crm-0001"}]
    mine = await ask_well(database, document, user(company.owner), r=representation)
    assert mine.data == {
        "account": {"id": public_id("acct", uid("account", 1))},
        "_entities": [{"__typename": "Account"}],
    }
    for actor in (user(company.stranger), NOBODY):
        answer = await ask_well(database, document, actor, r=representation)
        assert answer.data == {"account": None, "_entities": [None]}


def prefix(type_name: str) -> str:
    own = GRAPH.entities[type_name].prefix
    assert own is not None
    return own


OUR_IDS = {
    "ID": public_id("acct", uid("account", 1)),
    "String": "crm-0001",
    "Int": 1,
    "Boolean": True,
}


def argument(type_: Any) -> Any:
    """A value for a required argument, pointing at what is not the stranger's."""
    named = get_named_type(type_)
    if isinstance(named, GraphQLScalarType):
        single: Any = OUR_IDS.get(named.name, "USD")
    elif isinstance(named, GraphQLEnumType):
        single = next(iter(named.values))
    else:
        assert isinstance(named, GraphQLInputObjectType)
        fields = named.fields.items()
        # of a @oneOf input one key is enough; of others what is required
        needed = [each for each in fields if isinstance(each[1].type, GraphQLNonNull)] or [*fields][:1]
        ids = {**ID_FOR, "id": ID_FOR["planId"]} if named.name == "PlanBy" else ID_FOR
        single = {name: ids.get(name, argument(field.type)) for name, field in needed}
    return [single] if "[" in str(type_) else single


ID_FOR = {"subscriptionId": public_id("sub", uid("sub", 1)), "planId": public_id("plan", uid("plan", 2))}
OPEN_ROOTS = {"plans", "plan", "products", "features", "meters", "taxRates", "_service"}
"""Roots of the catalog and of the schema itself."""


def roots() -> list[str]:
    query = billing().graphql.query_type
    assert query is not None
    return sorted(query.fields)


@pytest.mark.parametrize("name", roots())
async def test_a_stranger_finds_nothing_at_any_root(database: Database, company: Company, name: str) -> None:
    """Every field of Query, with arguments that name what belongs to others."""
    query = billing().graphql.query_type
    assert query is not None
    field = query.fields[name]
    given, declared = {}, []
    for argument_name, each in field.args.items():
        if isinstance(each.type, GraphQLNonNull) or argument_name == "first":
            given[argument_name] = ID_FOR.get(argument_name) or argument(each.type)
            declared.append(f"${argument_name}: {each.type}")
    if name == "_entities":
        given["representations"] = [{"__typename": "Account", "id": OUR_IDS["ID"]}]
    passed = ", ".join(f"{each}: ${each}" for each in given)
    document = (
        f"query({', '.join(declared)}) {{ {name}({passed}) {{ __typename }} }}"
        if given
        else f"{{ {name} {{ __typename }} }}"
    )
    answer = await ask(database, document, user(company.stranger), given)
    assert not answer.errors, answer.errors
    found = answer.data[name]
    if name in OPEN_ROOTS:
        return
    if name == "viewer":
        own = await ask_well(
            database, "{ viewer { id memberships(first: 9) { nodes { id } } } }", user(company.stranger)
        )
        assert own.data["viewer"] == {"id": public_id("user", company.stranger), "memberships": {"nodes": []}}
        return
    assert found is None or found == [None], f"{name} answers a stranger: {found}"


async def test_the_list_of_accounts_is_for_staff(database: Database, company: Company) -> None:
    document = "{ accounts(first: 9) { totalCount nodes { id } } }"
    for actor in (user(company.owner), user(company.stranger), NOBODY):
        answer = await ask_well(database, document, actor)
        assert (answer.data, answer.statements) == ({"accounts": None}, 0)
    assert (await ask_well(database, document, STAFF)).data["accounts"]["totalCount"] == company.accounts


async def test_a_withdrawn_role_works_at_once(fresh_database: Database) -> None:
    from sqlalchemy import delete

    from db.tables import memberships
    from tests.queries.company import make_company

    made = await make_company(fresh_database, accounts=1, invoices=1)
    document = f'{{ node(id: "{OUR_IDS["ID"]}") {{ id }} }}'
    assert (await ask_well(fresh_database, document, user(made.owner))).data["node"] is not None
    async with fresh_database.write() as session:
        await session.execute(delete(memberships))
    assert (await ask_well(fresh_database, document, user(made.owner))).data["node"] is None
