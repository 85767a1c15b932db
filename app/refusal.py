"""A request refused as a whole, before anything ran: raised anywhere at the door, answered in one place.

Owns the exception and its HTTP answer. Not owned here: errors of a single field (masking.py).
"""

from collections.abc import Mapping

from starlette.responses import Response

from app.errors import STATUS, Code, error_body, json_error
from app.media import Media


class Refused(Exception):
    """The request gets one error and no `data`.

    `message` is read by a stranger, so it names what they sent and never what we run. `headers` join the answer:
    `Allow`, `WWW-Authenticate`, `Retry-After`. `more` joins `extensions`.
    """

    def __init__(self, code: Code, message: str, *, headers: Mapping[str, str] | None = None, **more: object) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.headers = dict(headers or {})
        self.more = more

    @property
    def status(self) -> int:
        """The HTTP status of the answer."""
        return STATUS.get(self.code, 400)

    def response(self, request_id: str, media: Media = Media.JSON) -> Response:
        """The answer in the media type the client asked for."""
        body = error_body(json_error(self.message, self.code, request_id, **self.more))
        headers = {"content-type": media.content_type, "cache-control": "no-store", **self.headers}
        return Response(body, self.status, headers)
