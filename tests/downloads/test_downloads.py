"""Documents as files, through the whole gateway: a link from the graph, followed without a token."""

import csv
import io
import sys
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import httpx
import pypdf
import pytest
import typst
from sqlalchemy import insert, update

from app.demo_tokens import mint
from app.settings import Mode, Settings
from cli.gateway import application
from db import tables as t
from db.engine import Database
from domain.ids import public_id
from resolvers.context import RequestContext
from resolvers.downloads import pdf
from resolvers.downloads.document import document
from resolvers.downloads.links import Claim, DownloadFormat
from tests.queries.ask import STAFF
from tests.queries.catalog import uid
from tests.queries.company import make_company, write

DOCUMENT = """query($id: ID!, $format: DownloadFormat!) { node(id: $id) {
  ... on Invoice { download(format: $format) { url expiresAt } }
  ... on CreditNote { download(format: $format) { url expiresAt } }
  ... on ConsolidatedInvoice { download(format: $format) { url expiresAt } }
} }"""


@pytest.fixture(scope="module")
async def client(database: Database) -> AsyncIterator[httpx.AsyncClient]:
    """The gateway over the made company: accounts in dollars, yen, dinars and euros, all of one owner."""
    await make_company(database, accounts=4, invoices=2)
    await adorn(database)
    settings = Settings.from_environment({}, default_mode=Mode.DEMO)
    transport = httpx.ASGITransport(application(settings, database, None))
    async with httpx.AsyncClient(transport=transport, base_url="http://gateway") as found:
        yield found


async def adorn(database: Database) -> None:
    """What the plain company lacks: a discount beneath its line, a name beyond Latin, a draft, a void one."""
    async with database.write() as session:
        invoices, lines = t.invoices, t.invoice_lines
        first = await session.execute(lines.select().where(lines.c.id == uid("line", 10001)))
        row = dict(first.one()._mapping)
        discount = {
            **row,
            "id": uid("line", 777),
            "position": 9,
            "kind": "DISCOUNT",
            "description": "Welcome",
            "amount_minor": -625,
            "unit_minor": None,
            "discount_id": uid("discount", 1),
            "discounted_line_id": row["id"],
            "sentence": "12.5 % of 50.00 USD.",
        }
        await session.execute(insert(lines).values(discount))
        await session.execute(
            update(lines)
            .where(lines.c.id == row["id"])
            .values(description='=HYPERLINK("x") #strong[*x*] "quoted", ', tax_inclusive=True)
        )
        await session.execute(
            update(invoices)
            .where(invoices.c.id == uid("invoice", 1000))
            .values(
                customer_name="Ёлка Ελλάς <Οδός> #1",
                customer_tax_id="DE123456789",
                subtotal_minor=10000,
                discount_minor=625,
                tax_minor=625,
            )
        )
        await session.execute(
            update(invoices)
            .where(invoices.c.id == uid("invoice", 2001))
            .values(status="DRAFT", number=None, finalised_at=None, finalise_at=datetime(2026, 4, 1, tzinfo=UTC))
        )
        await session.execute(update(invoices).where(invoices.c.id == uid("invoice", 3001)).values(status="VOID"))


def token(user: int = 1) -> str:
    return mint(public_id("user", uid("user", user)), demo_mode=True, now=datetime.now(UTC))


async def link(client: httpx.AsyncClient, of: str, kind: str, user: int = 1) -> Any:
    answer = await client.post(
        "/graphql",
        json={"query": DOCUMENT, "variables": {"id": of, "format": kind}},
        headers={"authorization": f"Bearer {token(user)}"},
    )
    assert "errors" not in answer.json(), answer.json()
    return answer.json()["data"]["node"]


async def fetched(client: httpx.AsyncClient, of: str, kind: str) -> httpx.Response:
    node = await link(client, of, kind)
    answer = await client.get(node["download"]["url"])
    assert answer.status_code == 200, answer.text
    return answer


def words(answer: httpx.Response) -> str:
    """All pages' text on one line, narrow spaces as plain ones."""
    pages = pypdf.PdfReader(io.BytesIO(answer.content)).pages
    return " ".join(" ".join(page.extract_text() for page in pages).replace("\u202f", " ").split())


INVOICE = public_id("inv", uid("invoice", 1000))
CONSOLIDATED = public_id("cons", uid("consolidated", 1))


async def test_an_invoice_says_who_what_how_much_and_what_is_due(client: httpx.AsyncClient) -> None:
    answer = await fetched(client, INVOICE, "PDF")
    assert answer.content.startswith(b"%PDF-")
    shown = words(answer)
    for text in (
        "Invoice number AC-001-000",
        "Acme Ltd 1 Quay Street Dublin IE Tax id IE0000000X",
        "To Ёлка Ελλάς <Οδός> #1 1 High Street Berlin Tax id DE123456789",
        "Date 1 Mar 2026",
        "Due 15 Mar 2026",
        "Billing period 1 Mar 2026",
        "Amount USD",
        "25.0025 incl. tax",
        "19 %",
        "USt 0 % The customer accounts for the tax. 100.00 0.00",
        "Subtotal 100.00",
        "Discounts −6.25",
        "Tax 6.25",
        "Total USD 100.00",
        "Credit notes CN-001 −5.00",
        "Credit balance −2.50",
        "Paid −15.00",
        "Returned 1.00",
        "Amount due USD 78.50",
        "Page 1 of 1",
    ):
        assert text in shown, (text, shown)


async def test_what_a_customer_is_called_is_text_and_never_markup(client: httpx.AsyncClient) -> None:
    shown = words(await fetched(client, INVOICE, "PDF"))
    assert '=HYPERLINK("x") #strong[*x*] "quoted",' in shown


async def test_a_discount_stands_beneath_its_line(client: httpx.AsyncClient) -> None:
    shown = words(await fetched(client, INVOICE, "PDF"))
    assert shown.index("#strong") < shown.index("Welcome") < shown.index("Line 2")


@pytest.mark.parametrize(
    ("currency", "account", "total"), [("JPY", 2, "Total JPY 10 000"), ("KWD", 3, "Total KWD 10.000")]
)
async def test_a_currency_has_its_own_digits(
    client: httpx.AsyncClient, currency: str, account: int, total: str
) -> None:
    assert total in words(await fetched(client, public_id("inv", uid("invoice", account * 1000)), "PDF"))


@pytest.mark.parametrize(
    ("says", "number", "marks"),
    [
        ("a draft", 2001, ("DRAFT", "Invoice number none yet", "Draft: this is not an invoice yet")),
        ("a void one", 3001, ("VOID", "Void: nothing is owed", "Amount due KWD 0.000")),
    ],
)
async def test_what_is_not_to_be_paid_is_marked(
    client: httpx.AsyncClient, says: str, number: int, marks: tuple[str, ...]
) -> None:
    shown = words(await fetched(client, public_id("inv", uid("invoice", number)), "PDF"))
    assert [mark for mark in marks if mark not in shown] == [], says
    # once in the head, once across the page
    assert shown.count(marks[0]) >= 2
    assert "DRAFT" not in words(await fetched(client, INVOICE, "PDF"))


async def test_a_credit_note_says_what_it_corrects_and_where_it_goes(client: httpx.AsyncClient) -> None:
    shown = words(await fetched(client, public_id("crnt", uid("note", 1)), "PDF"))
    for text in (
        "Credit note number CN-001",
        "For invoice AC-001-000",
        "Subtotal 9.00 Tax 1.00 Total credited USD 10.00",
        "Taken off the invoice 5.00 To your credit balance 4.00 Paid back 1.00",
        "Sorry.",
    ):
        assert text in shown, (text, shown)


async def test_a_consolidated_invoice_has_a_row_an_invoice_and_as_csv_their_lines(client: httpx.AsyncClient) -> None:
    shown = words(await fetched(client, CONSOLIDATED, "PDF"))
    for text in ("Consolidated invoice", "Number CON-001", "Due 16 Mar 2026", "Invoice AC-001-000", "Total USD 100.00"):
        assert text in shown, shown
    written = (await fetched(client, CONSOLIDATED, "CSV")).text
    assert written == (await fetched(client, INVOICE, "CSV")).text


async def test_a_consolidated_invoice_over_more_than_a_page_shows_them_all(
    client: httpx.AsyncClient, database: Database
) -> None:
    """120 invoices of 100.00 with 20.00 used of a credit before: the document asks for 11,980.00."""
    async with database.write() as session:
        one = (await session.execute(t.invoices.select().where(t.invoices.c.id == uid("invoice", 1001)))).one()
        of = t.consolidated_invoices
        document = (await session.execute(of.select().where(of.c.id == uid("consolidated", 1)))).one()
        over = {"id": uid("consolidated", 9), "number": "CON-009", "total_minor": 1_198_000, "invoices": 120}
        await session.execute(insert(of).values({**document._mapping, **over}))
        many = [{"id": uid("invoice", 90000 + at), "number": f"MANY-{at:03}"} for at in range(120)]
        row = {**one._mapping, "consolidated_invoice_id": over["id"], "consolidated_due_on": one.due_on}
        await session.execute(insert(t.invoices), [{**row, **each} for each in many])
    shown = words(await fetched(client, public_id("cons", uid("consolidated", 9)), "PDF"))
    assert [at for at in range(120) if f"Invoice MANY-{at:03} " not in shown] == []
    for text in ("Invoices 12 000.00", "Credits used before \u221220.00", "Total USD 11 980.00"):
        assert text in shown, text


async def test_many_lines_take_several_pages_with_numbers(client: httpx.AsyncClient, database: Database) -> None:
    invoice = uid("invoice", 4001)
    async with database.write() as session:
        found = await session.execute(t.invoice_lines.select().where(t.invoice_lines.c.invoice_id == invoice).limit(1))
        row = dict(found.one()._mapping)
    more = [{**row, "id": uid("line", 90_000 + n), "position": 10 + n, "cause": uid("change", n)} for n in range(60)]
    await write(database, [(t.invoice_lines, more)])
    answer = await fetched(client, public_id("inv", invoice), "PDF")
    pages = pypdf.PdfReader(io.BytesIO(answer.content)).pages
    assert len(pages) > 2
    assert f"Page {len(pages)} of {len(pages)}" in words(answer)
    assert all("Description" in page.extract_text() for page in pages[:-1]), "the head of the table is on each page"


async def test_the_same_document_is_the_same_file(client: httpx.AsyncClient) -> None:
    first, second = await fetched(client, INVOICE, "PDF"), await fetched(client, INVOICE, "PDF")
    assert first.content == second.content


async def test_csv_has_every_line_and_no_cell_that_runs(client: httpx.AsyncClient) -> None:
    answer = await fetched(client, INVOICE, "CSV")
    text = answer.content.decode()
    assert text.count("\r\n") == 4
    assert text.endswith("\r\n")
    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    assert [(row["position"], row["kind"], row["net_amount"], row["currency"]) for row in rows] == [
        ("1", "CHARGE", "50.00", "USD"),
        ("2", "CHARGE", "50.00", "USD"),
        ("9", "DISCOUNT", "-6.25", "USD"),
    ]
    assert rows[0]["description"] == '\'=HYPERLINK("x") #strong[*x*] "quoted", '
    assert rows[0]["service_start"] == "2026-03-01T00:00:00.000000Z"
    assert not any(cell[:1] in "=+@\t" for row in rows for cell in row.values() if cell)
    note = (await fetched(client, public_id("crnt", uid("note", 1)), "CSV")).text
    assert [row["net_amount"] for row in csv.DictReader(io.StringIO(note, newline=""))] == ["9.00"]


@pytest.mark.parametrize(
    ("kind", "media_type", "ending"),
    [("PDF", "application/pdf", "pdf"), ("CSV", "text/csv; charset=utf-8; header=present", "csv")],
)
async def test_a_file_is_saved_and_neither_shown_nor_kept(
    client: httpx.AsyncClient, kind: str, media_type: str, ending: str
) -> None:
    headers = (await fetched(client, INVOICE, kind)).headers
    assert headers["content-type"] == media_type
    assert headers["content-disposition"] == f'attachment; filename="AC-001-000.{ending}"'
    assert headers["cache-control"] == "no-store"
    assert headers["x-content-type-options"] == "nosniff"
    assert "default-src 'none'" in headers["content-security-policy"]


_DOCUMENTS = (
    ("Invoice", uid("invoice", 1000)),
    ("CreditNote", uid("note", 1)),
    ("ConsolidatedInvoice", uid("consolidated", 1)),
)

# --- who may ----------------------------------------------------------------------------------------------------


async def test_a_stranger_gets_no_link(client: httpx.AsyncClient) -> None:
    assert await link(client, INVOICE, "PDF", user=2) is None


@pytest.mark.parametrize(
    ("says", "before", "after"),
    [
        ("another account's", public_id("acct", uid("account", 1)), public_id("acct", uid("account", 2))),
        ("another document", INVOICE, public_id("inv", uid("invoice", 2000))),
        ("another format", ".pdf?", ".csv?"),
        ("another signature", "signature=", "signature=0"),
        ("another end", "expires=1", "expires=2"),
        ("no signature", "&signature=", "&signed="),
    ],
)
async def test_a_link_that_was_changed_is_refused_without_a_word_more(
    client: httpx.AsyncClient, says: str, before: str, after: str
) -> None:
    url = (await link(client, INVOICE, "PDF"))["download"]["url"]
    assert before in url
    answer = await client.get(url.replace(before, after))
    assert answer.status_code == 403, says
    (error,) = answer.json()["errors"]
    assert error["message"] == "This link is not valid, or not any more."


async def test_a_link_signed_for_the_wrong_account_finds_nothing(database: Database, client: httpx.AsyncClient) -> None:
    """Even with our own signature: the row's account is compared with the one that was signed."""
    context = RequestContext(actor=STAFF, now=datetime.now(UTC), database=database)
    try:
        for type_name, number in _DOCUMENTS:
            right = Claim(type_name, number, uid("account", 1), DownloadFormat.CSV)
            assert await document(context, right) is not None
            assert await document(context, replace(right, account_id=uid("account", 2))) is None
    finally:
        await context.close()


async def test_only_get_is_served(client: httpx.AsyncClient) -> None:
    url = (await link(client, INVOICE, "PDF"))["download"]["url"]
    assert (await client.post(url)).status_code == 405
    assert (await client.get("/downloads/")).status_code == 404


async def test_without_typst_it_says_what_to_install(
    client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = (await link(client, INVOICE, "PDF"))["download"]["url"]
    monkeypatch.setitem(sys.modules, "typst", None)
    answer = await client.get(url)
    assert answer.status_code == 422
    assert "install billing-gateway[pdf]" in answer.json()["errors"][0]["message"]


async def test_a_name_no_font_has_is_an_error_and_no_empty_box(
    client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch, database: Database
) -> None:
    async with database.write() as session:
        await session.execute(
            update(t.invoices).where(t.invoices.c.id == uid("invoice", 2000)).values(customer_name="𓀀 Hieroglyphs")
        )
    url = (await link(client, public_id("inv", uid("invoice", 2000)), "PDF"))["download"]["url"]
    monkeypatch.setattr(pdf, "_fonts", lambda: typst.Fonts(include_system_fonts=False))
    answer = await client.get(url)
    assert answer.status_code == 422
    assert "No font" in answer.json()["errors"][0]["message"]
    assert "Hieroglyphs" not in answer.text
