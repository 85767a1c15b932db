"""`now` is read per account: in one statement each row is judged by the clock of its own account."""

from datetime import timedelta

from db.engine import Database
from domain.ids import public_id
from tests.queries.ask import ask, ask_well, user
from tests.queries.catalog import NOW, uid
from tests.queries.company import Company

IDS = [public_id("acct", uid("account", n)) for n in (1, 2)]
DOCUMENT = """query($ids: [ID!]!) { nodes(ids: $ids) { ... on Account {
  currentTime standing
  entitlement(feature: "feature-01") { source value { ... on LimitValue { limit } } }
} } }"""


async def test_a_sandbox_lives_by_its_own_clock(database: Database, company: Company) -> None:
    # account 2 is a sandbox a day ahead: its override, which ends twelve hours from NOW, is over for it
    answer = await ask_well(database, DOCUMENT, user(company.owner), ids=IDS)
    first, second = answer.data["nodes"]
    assert first["currentTime"] == "2026-03-20T09:30:00.000000Z"
    assert second["currentTime"] == "2026-03-21T09:30:00.000000Z"
    assert first["entitlement"] == {"source": "OVERRIDE", "value": {"limit": "1000"}}
    assert second["entitlement"] == {"source": "PLAN", "value": {"limit": "500"}}
    assert [ran.rows for ran in answer.ran if ran.name == "Entitlement.one"] == [2]


async def test_an_expiry_takes_effect_at_its_instant(database: Database, company: Company) -> None:
    ends = NOW + timedelta(hours=12)
    for says, at, source in [
        ("the last microsecond before", ends - timedelta(microseconds=1), "OVERRIDE"),
        ("the instant itself: spans are half-open", ends, "PLAN"),
    ]:
        answer = await ask(database, DOCUMENT, user(company.owner), {"ids": IDS[:1]}, now=at)
        assert answer.data["nodes"][0]["entitlement"]["source"] == source, says


async def test_standing_follows_the_accounts_own_day(database: Database, company: Company) -> None:
    # the open invoice was due on 15 March; the days are Berlin's, one hour ahead of UTC in winter
    for says, at, standing in [
        ("on the due day", NOW.replace(day=15), "GOOD"),
        ("23:30 in Berlin", NOW.replace(day=15, hour=22, minute=30), "GOOD"),
        ("00:30 in Berlin", NOW.replace(day=15, hour=23, minute=30), "OVERDUE"),
        ("14 days on", NOW.replace(day=29), "CHANGES_BLOCKED"),
        ("30 days on", NOW.replace(month=4, day=14), "SUSPENDED"),
    ]:
        answer = await ask(database, DOCUMENT, user(company.owner), {"ids": IDS[:1]}, now=at)
        assert answer.data["nodes"][0]["standing"] == standing, says
