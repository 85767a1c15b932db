"""Links to documents: signed, for one document in one format, for a few minutes.

A link is its own permission, so that a browser can follow it without a token. Owns what is signed and how it is
checked. Does not own what a link leads to (printed.py) nor the path it is served at (app).
"""

import hmac
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from hashlib import sha256
from typing import Final
from urllib.parse import urlencode
from uuid import UUID

from domain.errors import InvalidInput
from domain.ids import PREFIXES, parse_public_id, public_id

PATH: Final = "/downloads"
DOCUMENTS: Final = ("Invoice", "CreditNote", "ConsolidatedInvoice")
"""The types of the graph that can be downloaded."""

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_SECOND: Final = timedelta(seconds=1)
_SECONDS: Final = re.compile(r"[0-9]{1,10}")
_SIGNATURE: Final = re.compile(r"[0-9a-f]{64}")


class DownloadFormat(StrEnum):
    """What a document is downloaded as."""

    PDF = "PDF"
    CSV = "CSV"


@dataclass(frozen=True, slots=True)
class Download:
    """Where a document can be fetched from, and until when."""

    url: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Claim:
    """What a link may be used for: one document of one account in one format."""

    type_name: str
    document_id: UUID
    account_id: UUID
    format: DownloadFormat


@dataclass(frozen=True, slots=True)
class Links:
    """Makes links and reads them again. `key` is secret and shared by every process behind one address.

    `base_url` goes before the path: empty where the reader knows the address, as a page of our own does.
    """

    key: bytes
    base_url: str = ""
    ttl_s: int = 300

    def make(self, claim: Claim, now: datetime) -> Download:
        """A link that works from now on for `ttl_s` seconds. `now` is real time: a link is used in the real world."""
        expires_s = (now - _EPOCH) // _SECOND + self.ttl_s
        query = urlencode(
            {
                "account": public_id(PREFIXES["Account"], claim.account_id),
                "expires": expires_s,
                "signature": self._sign(claim, expires_s),
            }
        )
        document = public_id(PREFIXES[claim.type_name], claim.document_id)
        url = f"{self.base_url}{PATH}/{document}.{claim.format.value.lower()}?{query}"
        return Download(url, _EPOCH + expires_s * _SECOND)

    def read(self, name: str, account: str, expires: str, signature: str, now: datetime) -> Claim | None:
        """What a link permits, None for one that is not ours, was changed, or is past its time; never says which.

        `name` is the last part of the path: the document's public id, a dot, the format.
        """
        if not _SECONDS.fullmatch(expires) or not _SIGNATURE.fullmatch(signature):
            return None
        claim = _claim(name, account)
        if claim is None:
            return None
        is_ours = hmac.compare_digest(self._sign(claim, int(expires)), signature)
        return claim if is_ours and now < _EPOCH + int(expires) * _SECOND else None

    def _sign(self, claim: Claim, expires_s: int) -> str:
        # none of the parts can hold a line break, so that no two claims are written alike
        parts = (claim.type_name, claim.document_id.hex, claim.account_id.hex, claim.format.value, str(expires_s))
        return hmac.new(self.key, "\n".join(("download-1", *parts)).encode(), sha256).hexdigest()


def _claim(name: str, account: str) -> Claim | None:
    document, _, ending = name.rpartition(".")
    formats = {each.value.lower(): each for each in DownloadFormat}
    try:
        type_name, document_id = parse_public_id(document)
        account_type, account_id = parse_public_id(account)
    except InvalidInput:
        return None
    if type_name not in DOCUMENTS or account_type != "Account" or ending not in formats:
        return None
    return Claim(type_name, document_id, account_id, formats[ending])
