"""Links to documents: what was signed is what is read, and nothing else."""

from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit
from uuid import UUID

import pytest

from resolvers.downloads.links import Claim, DownloadFormat, Links

NOW = datetime(2026, 11, 22, 10, 0, 0, 500_000, tzinfo=UTC)
LINKS = Links(b"k" * 32, "https://billing.example", ttl_s=300)
CLAIM = Claim("Invoice", UUID(int=1), UUID(int=2), DownloadFormat.PDF)


def parts(url: str) -> dict[str, str]:
    split = urlsplit(url)
    assert (split.scheme, split.netloc) == ("https", "billing.example")
    query = {name: values[0] for name, values in parse_qs(split.query).items()}
    return {"name": split.path.removeprefix("/downloads/"), **query}


def test_a_link_is_read_as_what_it_was_made_for() -> None:
    made = LINKS.make(CLAIM, NOW)
    assert made.expires_at == datetime(2026, 11, 22, 10, 5, tzinfo=UTC)
    assert LINKS.read(**parts(made.url), now=NOW) == CLAIM
    assert parts(made.url)["name"] == "inv_00000000000000000000000000000001.pdf"


@pytest.mark.parametrize(
    ("says", "changes"),
    [
        ("another document", {"name": "inv_00000000000000000000000000000009.pdf"}),
        ("another format", {"name": "inv_00000000000000000000000000000001.csv"}),
        ("a document of another type", {"name": "crnt_00000000000000000000000000000001.pdf"}),
        ("a type that is no document", {"name": "acct_00000000000000000000000000000001.pdf"}),
        ("no format", {"name": "inv_00000000000000000000000000000001"}),
        ("another account", {"account": "acct_00000000000000000000000000000009"}),
        ("an id that is no account's", {"account": "user_00000000000000000000000000000002"}),
        ("no account", {"account": ""}),
        ("a later end", {"expires": "1795342000"}),
        ("an end that is no number", {"expires": "1e9"}),
        ("an end with another digit", {"expires": "１７９５"}),
        ("no signature", {"signature": ""}),
        ("another signature", {"signature": "0" * 64}),
        ("a signature in capitals", {"signature": "A" * 64}),
        ("a signature beyond ASCII", {"signature": "é" * 64}),
    ],
)
def test_a_link_that_was_changed_is_none(says: str, changes: dict[str, str]) -> None:
    given = {**parts(LINKS.make(CLAIM, NOW).url), **changes}
    assert LINKS.read(**given, now=NOW) is None, says


def test_a_link_ends() -> None:
    given = parts(LINKS.make(CLAIM, NOW).url)
    last = NOW.replace(microsecond=0) + timedelta(seconds=300)
    assert LINKS.read(**given, now=last - timedelta(microseconds=1)) == CLAIM
    assert LINKS.read(**given, now=last) is None


def test_a_link_of_another_key_is_none() -> None:
    assert LINKS.read(**parts(Links(b"x" * 32, "https://billing.example").make(CLAIM, NOW).url), now=NOW) is None


def test_every_part_is_signed() -> None:
    """Two claims that differ in one part have two signatures."""
    claims = [
        CLAIM,
        Claim("CreditNote", CLAIM.document_id, CLAIM.account_id, CLAIM.format),
        Claim("Invoice", UUID(int=3), CLAIM.account_id, CLAIM.format),
        Claim("Invoice", CLAIM.document_id, UUID(int=3), CLAIM.format),
        Claim("Invoice", CLAIM.document_id, CLAIM.account_id, DownloadFormat.CSV),
    ]
    signatures = {parts(LINKS.make(each, NOW).url)["signature"] for each in claims}
    signatures.add(parts(LINKS.make(CLAIM, NOW + timedelta(seconds=1)).url)["signature"])
    assert len(signatures) == len(claims) + 1
