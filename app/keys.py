"""The public keys that tokens are checked with.

Owns finding a key by its id, in a set given at start or in one fetched from the issuer's JWKS URL; the latter is kept,
refreshed when old, and asked again when a token names a key we do not know, but never more often than a floor allows:
a stranger with made-up key ids must not make us hammer the issuer.

Not owned here: what a token says (auth.py).
"""

import asyncio
import time
import urllib.request
from collections.abc import Callable, Mapping
from typing import Any, Final, Protocol
from urllib.parse import urlsplit

import orjson
from joserfc.errors import JoseError
from joserfc.jwk import Key, import_key
from typing_extensions import override

from app.observability import log

_FETCH_TIMEOUT_S: Final = 5.0
_LARGEST_SET_BYTES: Final = 256 * 1024
_KINDS: Final = ("RSA", "EC", "OKP")  # a symmetric key in a published set would let anybody sign


class KeysUnavailable(Exception):
    """No key set could be had at all, so nothing can be said about any token."""


class Keys(Protocol):
    """Where keys come from."""

    async def find(self, key_id: str | None) -> Key | None:
        """The key of this id; with None, the only key there is. None when there is none. Raises KeysUnavailable."""
        ...


def read_keys(jwks: object) -> dict[str, Key]:
    """The usable signing keys of a JWKS document, by id; keys of other kinds and uses are left out.

    Raises ValueError when it is no JWKS document.
    """
    if not isinstance(jwks, Mapping) or not isinstance(jwks.get("keys"), list):
        raise ValueError("A key set is a JSON object with a list `keys`.")
    keys: dict[str, Key] = {}
    for entry in jwks["keys"]:
        if not isinstance(entry, dict) or entry.get("kty") not in _KINDS or entry.get("use", "sig") != "sig":
            continue
        try:
            key = import_key(entry)
            keys.setdefault(entry.get("kid") or key.thumbprint(), key)
        except (JoseError, ValueError, TypeError, KeyError):
            log.warning("a key of the key set cannot be read and is left out", key_id=entry.get("kid"))
    return keys


def _pick(keys: Mapping[str, Key], key_id: str | None) -> Key | None:
    if key_id is None:
        return next(iter(keys.values())) if len(keys) == 1 else None
    return keys.get(key_id)


class StaticKeys:
    """Keys given at start."""

    def __init__(self, jwks: object) -> None:
        self._keys = read_keys(jwks)

    @property
    def key_ids(self) -> frozenset[str]:
        """The ids of all keys."""
        return frozenset(self._keys)

    async def find(self, key_id: str | None) -> Key | None:
        """See Keys."""
        return _pick(self._keys, key_id)


class RemoteKeys:
    """Keys of a JWKS URL. Safe for concurrent use: one fetch is under way at a time, the others wait for it.

    `max_age_s`: how long a set is trusted before it is asked for again. `floor_s`: the least time between two fetches,
    whatever tokens say. When the issuer cannot be reached the last set is used on.
    """

    def __init__(
        self,
        url: str,
        *,
        fetch: Callable[[str], Any] | None = None,
        max_age_s: float = 600.0,
        floor_s: float = 30.0,
        monotonic_s: Callable[[], float] = time.monotonic,
    ) -> None:
        self._url = url
        self._fetch = fetch or fetch_jwks
        self._max_age_s = max_age_s
        self._floor_s = floor_s
        self._monotonic_s = monotonic_s
        self._keys: dict[str, Key] | None = None
        self._fetched_s = float("-inf")  # when a set last arrived
        self._tried_s = float("-inf")  # when one was last asked for
        self._lock = asyncio.Lock()

    async def find(self, key_id: str | None) -> Key | None:
        """See Keys. An unknown id asks the issuer once more, so that a rotated key works at once."""
        if self._keys is None or self._monotonic_s() - self._fetched_s > self._max_age_s:
            await self._refresh()
        found = _pick(self._keys or {}, key_id)
        if found is None:
            await self._refresh()
            found = _pick(self._keys or {}, key_id)
        if self._keys is None:
            raise KeysUnavailable
        return found

    async def _refresh(self) -> None:
        asked_s = self._monotonic_s()
        async with self._lock:
            if self._tried_s >= asked_s or asked_s - self._tried_s < self._floor_s:
                return  # somebody else just did, or it is too soon
            self._tried_s = self._monotonic_s()
            try:
                keys = read_keys(await asyncio.to_thread(self._fetch, self._url))
            except Exception as error:  # noqa: BLE001 - whatever fails, the last set serves on
                log.warning("the key set could not be fetched", exc_info=error)
                return
            self._keys, self._fetched_s = keys, self._monotonic_s()


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """The key set is where we were told it is, or nowhere."""

    @override
    def redirect_request(self, *_args: Any, **_kwargs: Any) -> None:
        return None


def fetch_jwks(url: str) -> object:
    """Fetch and decode a key set; blocks, so it runs in a thread. Raises OSError, ValueError."""
    check_jwks_url(url)
    opener = urllib.request.build_opener(_NoRedirect)
    request = urllib.request.Request(url, headers={"accept": "application/json"})  # noqa: S310 - checked just above
    with opener.open(request, timeout=_FETCH_TIMEOUT_S) as answer:
        body = answer.read(_LARGEST_SET_BYTES + 1)
    if len(body) > _LARGEST_SET_BYTES:
        raise ValueError("The key set is larger than a key set can be.")
    decoded: object = orjson.loads(body)
    return decoded


def check_jwks_url(url: str) -> None:
    """Raise ValueError unless keys fetched from `url` can be trusted: https, or http on this very machine."""
    parts = urlsplit(url)
    is_local = parts.hostname in ("127.0.0.1", "::1", "localhost")
    if parts.scheme != "https" and not (parts.scheme == "http" and is_local):
        raise ValueError("The key set must come over https.")
