"""graph-scope: in the SQL of every statement of the read side, each tenant table carries the reader's predicate.

Reads the text that will run and not the declaration it was made from, so that a fault of the maker is seen too.
db.graph.scoped looks for the predicate at each start; this follows what that quick look passes by: the bodies of views,
clocks, filters and counts, conditions inside OR and beyond an outer join. Staff need no predicate, and nobody's
statements are false; the customer's are the ones that can leak.
"""

from collections.abc import Iterator

from sqlalchemy import MetaData, Table

from checks.check import Check, Finding, Sample
from checks.house import House, sample
from checks.sql_text import read
from checks.tenancy import unheld

_DECLARED_IN = "db/graph"


def find(house: House) -> Iterator[Finding]:
    """Each tenant table in a customer's statement that neither has the predicate nor is tied to one that has."""
    for name, sql in house.statements.items():
        found = {table for block in read(sql) for _, table in unheld(block, house.tenant_columns, by_key=False)}
        for table in sorted(found):
            yield Finding(
                _DECLARED_IN,
                0,
                f"statement `{name}` reads {table} beyond the customer's accounts: declare `tenant`, or tie its "
                "account_id to that of a table that has the predicate",
            )


_SCOPE = "IN (SELECT scope.account_id FROM memberships AS scope WHERE scope.user_id = :actor::UUID)"


def _statement(says: str, sql: str, *finds: str) -> Sample:
    tables = MetaData()
    for name in ("accounts", "memberships", "invoices", "invoice_lines"):
        Table(name, tables)
    Table("plans", tables, info={"catalog": True})
    return Sample(says, sample(tables=tables, statements={"one": sql.replace("IN SCOPE", _SCOPE)}), finds)


CHECK = Check(
    "graph-scope",
    "Every statement made for a customer holds each tenant table to the customer's accounts.",
    find,
    (
        _statement(
            "the predicate on the table itself",
            "SELECT invoices.id AS id FROM unnest(:key_0) AS keys(k0) JOIN invoices ON invoices.id = keys.k0 "
            "AND invoices.account_id IN SCOPE",
        ),
        _statement(
            "the predicate with the accounts below one's own",
            "SELECT invoices.id AS id FROM invoices WHERE invoices.account_id IN (SELECT scope.account_id FROM "
            "memberships AS scope WHERE scope.user_id = :actor::UUID UNION ALL SELECT low.id FROM accounts AS low JOIN "
            "memberships AS high ON high.account_id = low.parent_account_id WHERE high.user_id = :actor::UUID)",
        ),
        _statement(
            "a union that lets in another user's",
            "SELECT invoices.id AS id FROM invoices WHERE invoices.account_id IN (SELECT scope.account_id FROM "
            "memberships AS scope WHERE scope.user_id = :actor::UUID UNION ALL SELECT low.id FROM accounts AS low JOIN "
            "memberships AS high ON high.account_id = low.parent_account_id WHERE high.user_id = :other::UUID)",
            "reads accounts",
            "reads invoices",
            "reads memberships",
        ),
        _statement(
            "a lateral view's own account tied to the account outside, which has the predicate",
            "SELECT dues.owed FROM (SELECT accounts.id AS account_id, sum.owed AS owed FROM accounts JOIN LATERAL ("
            "SELECT max(invoices.due_on) AS owed FROM invoices WHERE invoices.account_id = accounts.id) AS sum ON true"
            ") AS dues WHERE dues.account_id IN SCOPE",
        ),
        _statement("the catalog is everyone's", "SELECT plans.id FROM plans"),
        _statement("nothing is seen where the condition is false", "SELECT invoices.id FROM invoices WHERE false"),
        _statement(
            "a clock looked up by the account of a row that is held",
            "SELECT i.id FROM invoices AS i WHERE i.account_id IN SCOPE AND i.due_at < coalesce((SELECT clock.clock_at "
            "FROM accounts AS clock WHERE clock.id = i.account_id), :now)",
        ),
        _statement("no predicate at all", "SELECT invoices.id FROM invoices WHERE invoices.id = :id", "reads invoices"),
        _statement(
            "a predicate that OR takes the force from",
            "SELECT invoices.id FROM invoices WHERE invoices.account_id IN SCOPE OR invoices.number = :number",
            "reads invoices",
        ),
        _statement(
            "a second table joined by id alone",
            "SELECT l.id FROM invoices JOIN invoice_lines AS l ON l.invoice_id = invoices.id "
            "WHERE invoices.account_id IN SCOPE",
            "reads invoice_lines",
        ),
        _statement(
            "a predicate on the far side of an outer join",
            "SELECT i.id FROM invoices AS i LEFT JOIN accounts AS a ON a.id = i.account_id AND i.account_id IN SCOPE",
            "reads accounts",
            "reads invoices",
        ),
        _statement(
            "a subselect that counts everyone's",
            "SELECT a.id, (SELECT count(*) FROM invoices WHERE invoices.status = 'OPEN') AS open FROM accounts AS a "
            "WHERE a.id IN SCOPE",
            "reads invoices",
        ),
        _statement(
            "the accounts of another user",
            "SELECT a.id FROM accounts AS a WHERE a.id IN "
            "(SELECT scope.account_id FROM memberships AS scope WHERE scope.user_id = :filter_user)",
            "reads accounts",
            "reads memberships",
        ),
    ),
)
