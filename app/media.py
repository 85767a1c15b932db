"""The two media types the gateway answers in, and the choice between them.

Owns reading `Accept` and `Content-Type` (RFC 9110 12.5.1, GraphQL over HTTP). Not owned here: bodies.
"""

from enum import Enum
from functools import lru_cache

_LONGEST_HEADER_CHARACTERS = 1_000
_WILDCARDS = ("application/*", "*/*")


class Media(Enum):
    """What an answer is written as. The first is the default: it is what clients expect that say nothing."""

    JSON = "application/json"
    GRAPHQL = "application/graphql-response+json"

    @property
    def content_type(self) -> str:
        """The header value, with the charset spelled out."""
        return f"{self.value}; charset=utf-8"


@lru_cache(maxsize=128)
def negotiate(accept: str | None) -> Media | None:
    """The media type to answer in, or None when the client accepts neither.

    The client's quality decides, then its own order; a missing header or a wildcard means JSON. A header too long to
    be honest counts as accepting neither, so that parsing (and this cache) stay small.
    """
    if accept is None or not accept.strip():
        return Media.JSON
    if len(accept) > _LONGEST_HEADER_CHARACTERS:
        return None
    quality: dict[str, float] = {}
    for part in accept.split(","):
        name, *parameters = (piece.strip().lower() for piece in part.split(";"))
        quality.setdefault(name, _quality(parameters))
    order = list(quality)
    best: tuple[float, int] | None = None
    chosen: Media | None = None
    for media in Media:
        matching = [name for name in (media.value, *_WILDCARDS) if name in quality]
        if not matching or quality[matching[0]] <= 0:
            continue
        rank = (quality[matching[0]], -order.index(matching[0]))
        if best is None or rank > best:
            best, chosen = rank, media
    return chosen


def _quality(parameters: list[str]) -> float:
    for parameter in parameters:
        if parameter.startswith("q="):
            try:
                return min(max(float(parameter[2:]), 0.0), 1.0)
            except ValueError:
                return 0.0
    return 1.0


@lru_cache(maxsize=128)
def is_json_request(content_type: str | None) -> bool:
    """Whether a POST body is JSON in UTF-8, by its header alone.

    Exactly `application/json`: a type that merely contains the words would let a browser form post across origins.
    """
    if content_type is None or len(content_type) > _LONGEST_HEADER_CHARACTERS:
        return False
    name, *parameters = (piece.strip().lower() for piece in content_type.split(";"))
    charsets = [parameter[8:].strip('"') for parameter in parameters if parameter.startswith("charset=")]
    return name == "application/json" and all(charset in ("utf-8", "utf8") for charset in charsets)
