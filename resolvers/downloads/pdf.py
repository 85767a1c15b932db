"""A printed document as PDF, by typst. Every text goes in as data, never as markup, so that no text can run.

Needs the extra `pdf`; without it PdfNotInstalled says what to install. Typesetting takes a tenth of a second of a
processor: it runs in threads of its own, two at a time.
"""

import asyncio
import json
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, time
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from resolvers.downloads.printed import Printed

if TYPE_CHECKING:
    import typst

_TEMPLATE: Final = Path(__file__).with_name("document.typ")
_KEPT_FOR_YEARS: Final = "a-2u"
"""PDF/A: fonts inside, every text searchable, and an error where a glyph is missing instead of an empty box."""
_PRINTERS: Final = ThreadPoolExecutor(max_workers=2, thread_name_prefix="print")


class PdfNotInstalled(RuntimeError):
    """Documents are not printed by this installation; the message says what it needs."""

    def __init__(self) -> None:
        super().__init__("PDFs are not made here: install billing-gateway[pdf], or download CSV.")


class NoFont(RuntimeError):
    """A name is written in a script that no font here has; the message says what to install, and no name."""

    def __init__(self) -> None:
        super().__init__("No font of this machine has every character of the document: install one, such as Noto's.")


async def pdf(document: Printed) -> bytes:
    """The document's pages as PDF/A. The same document gives the same bytes. Raises PdfNotInstalled, NoFont."""
    return await asyncio.get_running_loop().run_in_executor(_PRINTERS, _typeset, document)


def _typeset(document: Printed) -> bytes:
    try:
        import typst
    except ModuleNotFoundError:
        raise PdfNotInstalled from None
    try:
        pages = typst.compile(
            _TEMPLATE.read_bytes(),
            format="pdf",
            font_paths=_fonts(),
            sys_inputs={"document": json.dumps(document.as_json())},
            timestamp=datetime.combine(document.issued_on, time(), UTC),
            pdf_standards=_KEPT_FOR_YEARS,
        )
    except typst.TypstError as error:
        if "could not be displayed" in error.message:
            raise NoFont from None
        raise
    assert isinstance(pages, bytes)
    return pages


@cache
def _fonts() -> "typst.Fonts":
    """The machine's fonts and typst's own, found once a process: scripts beyond Latin, Greek and Cyrillic need them."""
    import typst

    return typst.Fonts()
