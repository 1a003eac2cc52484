"""Requests that no browser sends, drawn from the schemas, routes and events of a running form.

A request is determined by its seed and number. Values are valid ones of other requests, and ones that are known to
break programs: paths, addresses, markup, formulas, templates, control characters, huge and deep values.
"""

from __future__ import annotations

import json
import random
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

INJECTED = "x-injected"
"""Name of a header that a response has only if it was split."""

_TEXTS = (
    *("", " ", "\0", "\ud800", "\u202egnp.exe", "a" * 5000, "\u0301" * 300, "\U0001f600", "é", "e\u0301", "\ufeff"),
    *("../../../../etc/passwd", "..%2f..%2fetc%2fpasswd", "/etc/passwd", "C:\\Windows\\win.ini", "\\\\host\\share"),
    *("file:///etc/passwd", "http://harbour.example/robots.txt", "http://169.254.169.254/latest/", "//harbour.example"),
    *("<script>pwned()</script>", '"><img src=x onerror=pwned()>', "javascript:pwned()", "</textarea><svg onload=a>"),
    *(
        "=HYPERLINK(1)",
        "+1+cmd|' /C calc'!A0",
        "@SUM(1)",
        "\t=1",
        "{{1337*7331}}",
        "${1337*7331}",
        "#{1337*7331}",
        "{{cycler.__init__.__globals__}}",
        "{% raw %}",
        "%s%n",
    ),
    *(f"a\r\n{INJECTED}: 1", f"a%0d%0a{INJECTED}:%201", f"a\n{INJECTED}: 1", f"a\u560d\u560a{INJECTED}: 1"),
    *("' OR '1'='1", "1; DROP TABLE passage", "title:foo AND (", '"' * 50, "(" * 500, "[" * 500, "*" * 200),
    *("boats@0-10", "boats@-5-10", "boats@10-0", "boats@0-99999999999999999999", "boats@0-9@0-9", "@0-1", "nobody@0-1"),
    *("2016", "2014..2020", "2020..2014", "..", "99999999999..1", "0", "-1", "1e9", "NaN", "٢٠١٦", "２０１６"),
    *("How many boats sailed in 2015?", "boats", "nets", "What changed between 1000 and 9999?", "true", "null", "[]"),
)
_VALUES: tuple[Any, ...] = (None, True, False, 0, 1, -1, 5, 10**30, -(2**63), 0.5, 1e308, float("nan"), float("inf"))
MAX_PATH = 16_000
"""Characters of a path: the server refuses more than 64 KB before all of it is sent, and disconnects."""

_METHODS = ("GET", "GET", "GET", "POST", "POST", "PUT", "HEAD", "DELETE", "OPTIONS", "PATCH")
_TYPES = ("application/json", "application/x-www-form-urlencoded", "multipart/form-data; boundary=b", "text/plain", "x")


@dataclass(frozen=True, slots=True)
class HostileRequest:
    """A request, and its description in a finding."""

    method: str
    path: str
    body: bytes | None = None
    headers: Mapping[str, str] = field(default_factory=dict)


def draw_value(draw: random.Random, examples: Sequence[Any] = (), depth: int = 0) -> Any:
    """Return an example, or a value of any type."""
    kind = draw.random()
    if examples and kind < 0.4:
        return draw.choice(examples)
    if kind < 0.75 or depth > 3:
        return draw.choice(_TEXTS)
    if kind < 0.85:
        return draw.choice(_VALUES)
    if kind < 0.93:
        return [draw_value(draw, examples, depth + 1) for _ in range(draw.choice((0, 1, 2, 50)))]
    if kind < 0.99:
        return {str(draw.choice(_TEXTS)): draw_value(draw, examples, depth + 1) for _ in range(draw.choice((0, 1, 3)))}
    return nested(draw.choice((50, 900)))


def nested(depth: int) -> Any:
    """Return lists in lists."""
    value: Any = []
    for _ in range(depth):
        value = [value]
    return value


def arguments_of(draw: random.Random, schema: Mapping[str, Any]) -> dict[str, Any]:
    """Return arguments drawn from a JSON schema: some missing, some unknown, some of another type."""
    arguments = {}
    for name, parameter in schema.get("properties", {}).items():
        if draw.random() < 0.7:
            arguments[name] = draw_value(draw, parameter.get("examples", []))
    if draw.random() < 0.05:
        arguments[str(draw.choice(_TEXTS))] = draw_value(draw)
    return arguments


def encode(value: Any) -> bytes:
    """Return a value as JSON, with NaN and lone surrogates as a careless program writes them."""
    return json.dumps(value).encode()


def endpoint_call(draw: random.Random, endpoints: Mapping[str, Any]) -> HostileRequest:
    """Call an endpoint of `/gradio_api/info` with drawn arguments, sometimes too few or too many."""
    name = draw.choice(sorted(endpoints))
    parameters = endpoints[name]["parameters"]
    data = [draw_value(draw, [parameter.get("example_input")]) for parameter in parameters]
    data = data[: draw.choice((len(data), len(data), draw.randint(0, len(data))))] + [0] * draw.choice((0,) * 9 + (1,))
    body = encode({"data": data}) if draw.random() < 0.95 else encode(draw_value(draw))
    return HostileRequest("POST", f"/gradio_api/call{name}", body, {"content-type": "application/json"})


def tool_call(draw: random.Random, tools: Sequence[Mapping[str, Any]]) -> HostileRequest:
    """Call a tool of the Model Context Protocol over HTTP."""
    tool = draw.choice(tools)
    message: Any = {
        "jsonrpc": "2.0",
        "id": draw_value(draw, [1, "a"]) if draw.random() < 0.1 else 1,
        "method": draw.choice(("tools/call",) * 8 + ("tools/list", "initialize", "resources/read", "nothing")),
        "params": {"name": tool["name"], "arguments": arguments_of(draw, tool["inputSchema"])},
    }
    if draw.random() < 0.1:
        message[draw.choice(sorted(message))] = draw_value(draw)
    accept = {"accept": "application/json, text/event-stream", "content-type": "application/json"}
    return HostileRequest("POST", "/mcp", encode(message), accept)


def event_call(draw: random.Random, events: Sequence[Mapping[str, Any]]) -> HostileRequest:
    """Trigger an event of the page with drawn values for its components."""
    event = draw.choice(events)
    data = [draw_value(draw) for _ in event["inputs"]]
    fn = event["id"] if draw.random() < 0.95 else draw_value(draw)
    body = {"data": data, "fn_index": fn, "session_hash": draw_value(draw, ["stranger"])}
    return HostileRequest("POST", "/gradio_api/queue/join", encode(body), {"content-type": "application/json"})


def page_request(
    draw: random.Random, routes: Sequence[str], names: Sequence[str], ids: Sequence[str]
) -> HostileRequest:
    """Request one of the routes with drawn values in its path, query, headers and body."""

    def text(safe: str = "") -> str:
        value = draw_value(draw, ids)
        value = value if isinstance(value, str) else json.dumps(value)
        return quote(value.encode("utf-8", "surrogatepass"), safe=safe)

    method = draw.choice(_METHODS)
    path = re.sub(r"\{[^}]*\}", lambda _: text(), draw.choice(routes))
    if draw.random() < 0.8:
        path += "?" + "&".join(f"{draw.choice(names)}={text()}" for _ in range(draw.choice((1, 1, 2, 5))))
    headers = {"accept": draw.choice(("text/html", "*/*", "application/json", "text/html;q=x"))}
    for name in ("accept-language", "cookie", "x-forwarded-host", "x-forwarded-for", "range", "referer"):
        if draw.random() < 0.1:
            headers[name] = draw.choice(("ja", "en;q=9", "lang=ja", "a=" + "b" * 300, "bytes=0-1,5-", "evil.example"))
    body = None
    if method in {"POST", "PUT", "PATCH"}:
        headers["content-type"] = draw.choice(_TYPES)
        value = {draw.choice(names): draw_value(draw, ids) for _ in range(3)}
        body = draw.choice((encode(value), encode(draw_value(draw)), "&".join(f"{n}={text()}" for n in value).encode()))
        if headers["content-type"].startswith("multipart"):
            name = draw.choice(("q.txt", "../../q.txt", "a\0.txt", "x" * 300 + ".csv", "q.exe", "", "ü.docx"))
            head = f'--b\r\ncontent-disposition: form-data; name="files"; filename="{name}"\r\n\r\n'.encode()
            body = head + body + draw.choice((b"\r\n--b--\r\n", b"", b"\r\n--b"))
    return HostileRequest(method, path[:MAX_PATH], body, headers)
