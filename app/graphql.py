"""GraphQL over HTTP: Strawberry's ASGI view, made to answer as the specification says.

Owns one request from its headers to its bytes: the media type, the actor, the body, the context resolvers get (always
closed again), the status. Stock Strawberry ignores `Accept`, answers some refusals in plain text and nested JSON with
a 500.

Not owned here: limits and the schema gate (operation.py), tokens (auth.py), which error is shown (masking.py).
Subscriptions have no transport yet and are refused; there is no WebSocket.
"""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Final, cast

from cross_web import AsyncHTTPRequestAdapter, StarletteRequestAdapter
from graphql import GraphQLError
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send
from starlette.websockets import WebSocket
from strawberry.asgi import GraphQL
from strawberry.http import GraphQLHTTPResponse, GraphQLRequestData
from strawberry.http.base import BaseRequestProtocol
from strawberry.schema import BaseSchema
from strawberry.schema.exceptions import CannotGetOperationTypeError, InvalidOperationTypeError
from strawberry.types import ExecutionResult
from strawberry.types.execution import PreExecutionError
from strawberry.types.graphql import OperationType
from typing_extensions import override

from app.answer import answer_of, not_served, response_of
from app.body import ClientGone, read_body
from app.context import MakeContext, OperationContext
from app.documents import Documents
from app.errors import MASKED, Code
from app.exchange import Exchange, exchange_of
from app.media import Media, is_json_request, negotiate
from app.observability import report_surprise
from app.refusal import Refused
from app.request import from_json, from_query_string
from domain.actor import Actor

Authenticate = Callable[[str | None, datetime], Awaitable[Actor]]
"""From the `Authorization` header and the time to the actor. Raises Refused (UNAUTHENTICATED, UNAVAILABLE)."""

_ALLOWED: Final = {"GET": {OperationType.QUERY}, "POST": {OperationType.QUERY, OperationType.MUTATION}}


class _Adapter(StarletteRequestAdapter):
    """Strawberry's view of a request; ours gives the request back."""

    def __init__(self, request: Request) -> None:
        super().__init__(request)
        self.request = request


class _Pending(Response):
    """The half-made response Strawberry carries along; ours remembers the exchange."""

    def __init__(self, exchange: Exchange) -> None:
        super().__init__()
        self.exchange = exchange


class GraphQLOverHttp(GraphQL[OperationContext, None]):
    """The endpoint. One instance a process; it keeps nothing of a request."""

    request_adapter_class = _Adapter

    def __init__(
        self,
        schema: BaseSchema,
        *,
        authenticate: Authenticate,
        make_context: MakeContext,
        documents: Documents,
        body_limit_bytes: int,
        suggest: bool = False,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        super().__init__(schema, graphql_ide=None, subscription_protocols=())
        self._authenticate = authenticate
        self._make_context = make_context
        self._documents = documents
        self._body_limit_bytes = body_limit_bytes
        self._suggest = suggest
        self._clock = clock
        self._closing: set[asyncio.Future[None]] = set()  # closings that outlive a cancelled request

    @override
    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one HTTP request. Whatever happens, the client gets JSON and the context is closed before the first
        byte leaves, so that a slow reader holds no database connection."""
        exchange = exchange_of(scope)
        exchange.route = "graphql"
        try:
            response = await self._answer(Request(scope, receive), exchange)
        except ClientGone:
            return
        except Refused as refused:
            exchange.codes.append(refused.code)
            response = refused.response(exchange.request_id, exchange.media)
        except Exception as error:  # noqa: BLE001 - the last door: masked for the client, whole in the log
            report_surprise(error, exchange.request_id)
            exchange.codes.append(Code.INTERNAL)
            response = Refused(Code.INTERNAL, MASKED).response(exchange.request_id, exchange.media)
        await response(scope, receive, send)

    async def _answer(self, request: Request, exchange: Exchange) -> Response:
        if request.method not in _ALLOWED:
            allow = {"allow": "GET, POST"}
            raise Refused(Code.METHOD_NOT_ALLOWED, "GraphQL is served over GET and POST.", headers=allow)
        media = negotiate(request.headers.get("accept"))
        if media is None:
            accepted = " or ".join(media.value for media in Media)
            raise Refused(Code.NOT_ACCEPTABLE, f"The answer can be {accepted}; `Accept` allows neither.")
        exchange.media = media
        now = self._clock()
        actor = await self._authenticate(request.headers.get("authorization"), now)
        exchange.actor_kind = actor.kind.value
        exchange.may_suggest = self._suggest and actor.can_read_schema
        context = self._make_context(actor=actor, request_id=exchange.request_id, now=now)
        try:
            return await self.run(request, context=context)
        finally:
            await self._close(context, exchange)

    async def _close(self, context: OperationContext, exchange: Exchange) -> None:
        """Close the context even when the request is being cancelled, and never let a failing close spoil an answer."""
        closing = asyncio.ensure_future(context.close())
        self._closing.add(closing)
        closing.add_done_callback(self._closing.discard)
        try:
            await asyncio.shield(closing)
        except Exception as error:  # noqa: BLE001 - the answer is already known; the log must still hear of it
            report_surprise(error, exchange.request_id)
        exchange.statements = context.statements

    # from here on: hooks of Strawberry's view, in the order it calls them

    @override
    async def get_sub_response(self, request: Request | WebSocket) -> Response:
        """The carrier of the exchange to `create_response`, which is given no request."""
        return _Pending(exchange_of(request.scope))

    @override
    def should_render_graphql_ide(self, request: BaseRequestProtocol) -> bool:
        """Never: this endpoint serves no HTML."""
        return False

    @override
    async def parse_http_body(self, request: AsyncHTTPRequestAdapter) -> GraphQLRequestData:
        """Read the request, within the limit. Raises Refused and ClientGone."""
        http = cast(_Adapter, request).request
        if http.method == "GET":
            query_string: bytes = http.scope.get("query_string", b"")
            if len(query_string) > self._body_limit_bytes:
                raise Refused(Code.BODY_TOO_LARGE, "The query string is too long.", allowed=self._body_limit_bytes)
            return from_query_string(query_string)
        if not is_json_request(http.headers.get("content-type")):
            raise Refused(Code.UNSUPPORTED_MEDIA_TYPE, "Send the request as application/json in UTF-8.")
        return from_json(await read_body(http.headers, http.receive, self._body_limit_bytes))

    @override
    async def execute_single(
        self,
        request: Request,
        request_adapter: AsyncHTTPRequestAdapter,
        sub_response: Response,
        context: OperationContext,
        root_value: None,
        request_data: GraphQLRequestData,
    ) -> ExecutionResult:
        """Run one operation. A mutation over GET is a 405; subscriptions are not served over plain HTTP."""
        exchange = cast(_Pending, sub_response).exchange
        name = request_data.operation_name
        try:
            result = await self.schema.execute(
                request_data.query,
                variable_values=request_data.variables,
                context_value=context,
                operation_name=name,
                allowed_operation_types=_ALLOWED[request.method],
                operation_extensions=request_data.extensions,
            )
        except CannotGetOperationTypeError:
            what = "The document has no operation" + ("." if name is None else " of the name given in `operationName`.")
            error = GraphQLError(what, extensions={"code": Code.OPERATION_NOT_FOUND.value})
            return PreExecutionError(data=None, errors=[error])
        except InvalidOperationTypeError as error:
            raise not_served(error.operation_type) from None
        self._note_operation(exchange, request_data)
        if context.extensions:
            result.extensions = {**(result.extensions or {}), **context.extensions}
        return result

    def _note_operation(self, exchange: Exchange, request_data: GraphQLRequestData) -> None:
        """Name the operation for log and metrics; only a document that was valid is trusted with that."""
        document = self._documents.peek(request_data.query or "")
        if document is not None:
            name = request_data.operation_name or next(iter(document.operations), "")
            exchange.operation_name, exchange.operation_type = name or None, document.operations.get(name)

    @override
    async def process_result(self, request: Request, result: ExecutionResult) -> GraphQLHTTPResponse:
        """The answer as a mapping; see answer.py."""
        return cast(GraphQLHTTPResponse, answer_of(result, exchange_of(request.scope)))

    @override
    def create_response(
        self, response_data: GraphQLHTTPResponse | list[GraphQLHTTPResponse], sub_response: Response
    ) -> Response:
        """The answer as bytes; there are no batches, so it is one mapping."""
        return response_of(cast(dict[str, object], response_data), cast(_Pending, sub_response).exchange)
