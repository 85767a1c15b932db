"""`GET /downloads/…`: a document as a file, for whoever holds a link that was signed a few minutes ago.

Owns the path, the headers, and what each failure says: a link that is not valid says nothing more, a document that is
not there neither. The link is the permission: no token is asked for, and none of the query is logged. Does not own what
is signed (resolvers.downloads.links) nor what stands in the file.
"""

import os
import re
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from app.context import MakeContext
from app.errors import Code
from app.exchange import exchange_of
from app.refusal import Refused
from app.settings import Settings
from domain.actor import StaffRole, staff
from resolvers.context import RequestContext
from resolvers.downloads.document import Document, document
from resolvers.downloads.links import PATH, Claim, Links
from resolvers.downloads.pdf import NoFont, PdfNotInstalled

_NOT_FOR_A_NAME: Final = re.compile(r"[^A-Za-z0-9._-]+")
Handler = Callable[[Request], Awaitable[Response]]


def links_of(settings: Settings) -> Links:
    """What makes and reads links. Without a key (demo mode only) one is made up, good until the process ends."""
    key = settings.download_key.encode() if settings.download_key else os.urandom(32)
    return Links(key, settings.public_url, settings.download_ttl_s)


def download_routes(links: Links | None, make_context: MakeContext, clock: Callable[[], datetime]) -> list[BaseRoute]:
    """The one route of documents; none without links."""
    return [] if links is None else [Route(PATH + "/{name}", _handler(links, make_context, clock), methods=["GET"])]


def _handler(links: Links, make_context: MakeContext, clock: Callable[[], datetime]) -> Handler:
    async def handler(request: Request) -> Response:
        exchange = exchange_of(request.scope)
        exchange.route = "downloads"
        now = clock()
        account, expires, signature = (
            request.query_params.get(name, "") for name in ("account", "expires", "signature")
        )
        claim = links.read(request.path_params["name"], account, expires, signature, now)
        if claim is None:
            return _refused(request, Refused(Code.FORBIDDEN, "This link is not valid, or not any more."), 403)
        # the signature is the permission, given to somebody who could see the document; the claim bounds what is read
        context = make_context(actor=staff(StaffRole.SYSTEM), request_id=exchange.request_id, now=now)
        assert isinstance(context, RequestContext)
        try:
            found = await document(context, claim)
        except (PdfNotInstalled, NoFont) as problem:
            return _refused(request, Refused(Code.BAD_REQUEST, str(problem)), 422)
        finally:
            exchange.statements = context.statements
            await context.close()
        if found is None:
            return _refused(request, Refused(Code.BAD_REQUEST, "There is no such document."), 404)
        return _file(claim, found)

    return handler


def _file(claim: Claim, found: Document) -> Response:
    name = _NOT_FOR_A_NAME.sub("-", found.number).strip("-.") or claim.type_name.lower()
    return Response(
        found.content,
        media_type=found.media_type,
        headers={
            "content-disposition": f'attachment; filename="{name}.{claim.format.value.lower()}"',
            "cache-control": "no-store",
            "x-content-type-options": "nosniff",
            "x-robots-tag": "noindex, nofollow",
        },
    )


def _refused(request: Request, refused: Refused, status: int) -> Response:
    exchange = exchange_of(request.scope)
    exchange.codes.append(refused.code)
    response = refused.response(exchange.request_id)
    response.status_code = status
    return response
