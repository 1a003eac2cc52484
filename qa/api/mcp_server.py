"""Offer a library to language models over the Model Context Protocol: six read-only tools.

Results are structured and carry citations, so that what a model quotes can be checked word by word. Needs the package
`mcp`, which comes with `yearbook-qa[mcp]`.
"""

from __future__ import annotations

import functools
import importlib.metadata
import inspect
import os
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from functools import partial
from typing import Any

from mcp.server import MCPServer
from mcp.server.mcpserver import Context
from mcp.server.mcpserver.exceptions import ToolError
from mcp.server.transport_security import TransportSecuritySettings
from mcp_types import CallToolResult, InputRequiredResult, ToolAnnotations
from pydantic import ValidationError
from starlette.responses import PlainTextResponse
from starlette.types import Receive, Scope, Send

from qa.api.concurrency import ConcurrencyLimit
from qa.api.service import Arguments, LibraryService
from qa.errors import USER_ERRORS, RequestError

MAX_CONCURRENT_CALLS = max(2, os.cpu_count() or 2)
MAX_QUEUED_CALLS = 100
"""Calls in the queue; further ones are rejected."""

_INSTRUCTIONS = """\
Searches publications that come out every year (annual reports, yearbooks, white papers) and quotes them verbatim. \
The same section comes back every year with other figures, so mind two things: `edition` is the year on the cover, \
`covers` the years whose events are described; a 2016 edition usually covers 2015. Call `documents` to see what is \
here, `ask` for passages that answer a question, `section` to read on around a passage, `outline` for a document's \
headings, `compare` for what changed between editions, `check` for the quotations of a text. Quote `text` as it \
stands and give `citation` with each quotation. Where `answered` is false, the \
documents do not seem to answer the question: say so."""
_TITLES = {
    "ask": "Ask the publications",
    "documents": "List the documents",
    "section": "Show a passage in its section",
    "outline": "Show the outline of a document",
    "compare": "Compare editions",
    "check": "Check the quotations of a draft",
}
"""Titles of the tools, by the methods of `LibraryService`."""

_SLOW = frozenset({"compare", "check"})
_READING = ToolAnnotations(read_only_hint=True, destructive_hint=False, idempotent_hint=True, open_world_hint=False)

SlowCall = Callable[..., dict[str, Any]]
"""Runs the method of `LibraryService` with this name and these arguments, perhaps in another process."""


class _Server(MCPServer[Any]):
    """A server that reports wrong arguments in plain messages."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.arguments: dict[str, Arguments] = {}

    async def call_tool(
        self, name: str, arguments: dict[str, Any], context: Context[Any, Any] | None = None
    ) -> CallToolResult | InputRequiredResult:
        """Call a tool. Raises ToolError."""
        wanted = self.arguments.get(name)
        try:
            if wanted is not None:
                wanted.check_names(arguments)  # the SDK ignores unknown arguments
            return await super().call_tool(name, arguments, context)
        except RequestError as error:
            raise ToolError(str(error)) from error
        except ToolError as error:
            if wanted is None or not isinstance(error.__cause__, ValidationError):
                raise
            raise ToolError(wanted.describe(error.__cause__, arguments)) from error


def mcp_server(service: LibraryService, slow_call: SlowCall | None = None) -> MCPServer[Any]:
    """Return the server with its tools; the first call opens the library if need be.

    Args:
        service: The library.
        slow_call: Runs comparisons and checks, which take seconds; in this process by default.
    """

    def run(name: str, **arguments: object) -> Any:
        if slow_call is not None and name in _SLOW:
            return slow_call(name, **arguments)
        return getattr(service, name)(**arguments)

    server = _Server(
        name="yearbook-qa",
        title="Yearbook QA",
        instructions=_INSTRUCTIONS,
        version=importlib.metadata.version("yearbook-qa"),
        log_level="WARNING",
        subscriptions=False,
    )
    limit = ConcurrencyLimit(
        MAX_CONCURRENT_CALLS,
        MAX_QUEUED_CALLS,
        f"{MAX_QUEUED_CALLS} calls are waiting already: please try again in a moment",
    )

    def tool(name: str) -> Callable[..., Awaitable[Any]]:
        method = getattr(service, name)

        @functools.wraps(method)
        async def call(**arguments: object) -> Any:
            try:
                return await limit(partial(run, name, **arguments))
            except USER_ERRORS as error:
                raise ToolError(str(error)) from error

        return call

    for name, title in _TITLES.items():
        function = tool(name)
        server.arguments[name] = Arguments(function)
        server.add_tool(function, title=title, description=inspect.getdoc(function), annotations=_READING)
    return server


class HttpTransport:
    """The server as an ASGI application (streamable HTTP); enter `run` once around it.

    Stateless, with one JSON object per call, so that no stream stays open when the server stops. Access control is up
    to the application around it.
    """

    def __init__(self, server: MCPServer[Any]) -> None:
        server.streamable_http_app(
            json_response=True,
            stateless_http=True,
            transport_security=TransportSecuritySettings(enable_dns_rebinding_protection=False),
        )
        self._manager = server.session_manager

    def run(self) -> AbstractAsyncContextManager[None]:
        """Return the context that owns the tasks of the calls."""
        return self._manager.run()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a call."""
        if scope["method"] != "POST":  # no streams to open, no sessions to end
            await PlainTextResponse("only POST", 405, {"allow": "POST"})(scope, receive, send)
            return
        await self._manager.handle_request(scope, receive, send)
