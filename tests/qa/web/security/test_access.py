"""Requests are checked for host, origin, size, files and password; pages may load only the form's own content."""

from __future__ import annotations

import asyncio
import base64
from pathlib import Path
from typing import Any

import pytest
from starlette.formparsers import MultiPartException

from qa.errors import PasswordFileError
from qa.web.security.access import AccessControl, HeaderSend
from qa.web.security.passwords import MAX_GUESSES, checker, hash_password, read, verify
from qa.web.security.request_limits import UploadRules
from qa.web.urls import StripPath, parse_public_url
from tests.factories.web.asgi import messages_from

LOCAL = frozenset({"127.0.0.1", "localhost", "::1"})


def request(
    *,
    headers: dict[str, str] | None = None,
    method: str = "GET",
    parts: list[bytes] | None = None,
    path: str = "/",
    content_type: str = "text/html",
    answer: bytes = b"<script>x</script><script src=a></script>",
    **options: Any,
) -> tuple[int, dict[str, str], bytes, list[str]]:
    """Return status, headers and body of the response, and the types of the messages that the application received.

    The last is "broken off" for an upload on which the application got an exception.
    """
    received: list[str] = []

    async def app(_scope: Any, receive: Any, send: Any) -> None:
        while True:
            try:
                message = await receive()
            except MultiPartException:
                received.append("broken off")
                raise
            received.append(message["type"])
            if not message.get("more_body"):
                break
        kind = (b"content-type", content_type.encode())
        await send({"type": "http.response.start", "status": 200, "headers": [kind, (b"content-length", b"1")]})
        await send({"type": "http.response.body", "body": answer[:9], "more_body": True})
        await send({"type": "http.response.body", "body": answer[9:]})

    all_headers = {"host": "localhost:7860"} | (headers or {})
    sent_headers = [(name.encode(), value.encode()) for name, value in all_headers.items()]
    guard = AccessControl(app, **({"hosts": LOCAL} | options))
    scope = {"method": method, "path": path, "headers": sent_headers}
    start, *bodies = messages_from(guard, scope, parts or [b""])
    found = {name.decode(): value.decode() for name, value in start["headers"]}
    return start["status"], found, b"".join(message["body"] for message in bodies), received


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST:7860", "127.0.0.1:1", "[::1]:7860"])
def test_the_form_answers_to_its_own_names(host: str) -> None:
    assert request(headers={"host": host})[0] == 200


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "localhost.evil.example:7860", ""])
def test_a_foreign_host_name_is_refused(host: str) -> None:
    status, _, _, received = request(headers={"host": host})
    assert status == 421
    assert received == []


def test_a_post_from_another_origin_is_refused() -> None:
    assert request(method="POST", headers={"origin": "http://evil.example"})[0] == 403
    for origin in (
        "null",
        "",
        "http://[::1",
        "http://localhost:7860@evil.example",
        "http://evil.example#localhost:7860",
    ):
        assert request(method="POST", headers={"origin": origin})[0] == 403
    assert request(method="POST", headers={"origin": "http://localhost:7860"})[0] == 200
    assert request(method="POST")[0] == 200  # a program, not a page


def test_the_policy_forbids_foreign_content_and_frames() -> None:
    status, headers, _, _ = request()
    policy = dict(part.strip().split(" ", 1) for part in headers["content-security-policy"].split(";"))
    assert status == 200
    assert policy["default-src"] == "'none'"
    assert policy["frame-ancestors"] == "'none'"
    assert policy["connect-src"] == "'self'"
    assert "unsafe" not in policy["script-src"]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"


def test_scripts_of_a_page_get_a_new_nonce_each_time() -> None:
    _, headers, body, _ = request()
    nonce = headers["content-security-policy"].partition("'nonce-")[2].partition("'")[0]
    assert body == f'<script nonce="{nonce}">x</script><script nonce="{nonce}" src=a></script>'.encode()
    assert headers["content-length"] == str(len(body))
    assert request()[1]["content-security-policy"] != headers["content-security-policy"]


def test_a_response_that_is_not_html_is_unchanged() -> None:
    _, headers, body, _ = request(content_type="application/json", answer=b'{"a": "<script>"}')
    assert body == b'{"a": "<script>"}'
    assert headers["content-length"] == "1"


def test_a_large_body_is_refused_with_or_without_a_stated_length() -> None:
    assert request(method="POST", headers={"content-length": "11"}, max_body=10)[0] == 413
    assert request(method="POST", headers={"content-length": "-1"}, max_body=10)[0] == 413
    assert request(method="POST", parts=[b"12345", b"67890"], max_body=10)[3] == ["http.request"] * 2
    assert request(method="POST", parts=[b"12345", b"678901"], max_body=10)[3] == [
        "http.request",
        "http.disconnect",
    ]


def test_open_streams_end_when_the_server_closes() -> None:
    closing = asyncio.Event()

    async def app(_scope: Any, receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"data", "more_body": True})
        assert (await receive())["type"] == "http.request"
        closing.set()
        assert (await receive())["type"] == "http.disconnect"
        await send({"type": "http.response.body", "body": b"cancelled", "more_body": True})

    sent = messages_from(AccessControl(app, hosts=LOCAL, closing=closing), stays=True)
    assert [message.get("body") for message in sent] == [None, b"data", b""]


def test_an_unanswered_request_gets_503_when_the_server_closes() -> None:
    closing = asyncio.Event()

    async def app(_scope: Any, receive: Any, _send: Any) -> None:
        assert (await receive())["type"] == "http.request"
        closing.set()
        assert (await receive())["type"] == "http.disconnect"

    sent = messages_from(AccessControl(app, hosts=LOCAL, closing=closing), stays=True)
    assert [message["type"] for message in sent] == ["http.response.start", "http.response.body"]
    assert sent[0]["status"] == 503


def upload(*names: str, content: bytes = b"words", boundary: str = "--edge") -> dict[str, Any]:
    """Build a request with files of these names, in chunks of seven bytes, so that no name arrives whole."""
    parts = [
        f'--{boundary}\r\nContent-Disposition: form-data; name="files"; filename="{name}"\r\n\r\n'.encode()
        + content
        + b"\r\n"
        for name in names
    ]
    body = b"".join(parts) + f"--{boundary}--\r\n".encode()
    headers = {"content-type": f"multipart/form-data; boundary={boundary}"}
    pieces = [body[at : at + 7] for at in range(0, len(body), 7)]
    return {"method": "POST", "path": "/gradio_api/upload", "headers": headers, "parts": pieces}


TWO_TEXTS = UploadRules(2, {".txt", ".csv"})


def test_allowed_files_are_accepted_whatever_they_contain() -> None:
    listed = b'\r\nContent-Disposition: form-data; name="files"; filename="inside.exe"\r\n\r\n'
    status, _, _, received = request(**upload("a.txt", "B.CSV", content=listed), uploads=TWO_TEXTS)
    assert status == 200
    assert set(received) == {"http.request"}


@pytest.mark.parametrize(
    ("names", "expected", "says"),
    [
        (["a.txt", "b.txt", "c.txt"], 413, "more than 2 files"),
        (["a.txt", "b.exe"], 415, "'b.exe' is not accepted here: must be one of .csv, .txt"),
        (["../../a.txt/b"], 415, "'b' is not accepted here"),
        (["a"], 415, "'a' is not accepted here"),
    ],
)
def test_too_many_files_and_other_suffixes_are_refused(names: list[str], expected: int, says: str) -> None:
    status, _, body, received = request(**upload(*names), uploads=TWO_TEXTS)
    assert status == expected
    assert says in body.decode()
    assert received[-1] == "broken off"  # so that nothing more is written, and what was is removed
    assert request(**{**upload(*names), "path": "/elsewhere"}, uploads=TWO_TEXTS)[0] == 200


def test_an_upload_that_is_not_multipart_is_refused() -> None:
    assert request(**{**upload("a.txt"), "headers": {}}, uploads=TWO_TEXTS)[0] == 415
    assert request(**{**upload("a.txt"), "parts": [b"no boundary here"]}, uploads=TWO_TEXTS)[0] == 400


def basic(name: str, password: str) -> str:
    return "Basic " + base64.b64encode(f"{name}:{password}".encode()).decode()


def test_with_passwords_every_request_needs_one() -> None:
    accepts = checker({"ana": hash_password("señal:1")})
    status, headers, _, received = request(accepts=accepts)
    assert (status, received) == (401, [])
    assert headers["www-authenticate"].startswith("Basic ")
    assert request(accepts=accepts, headers={"authorization": basic("ana", "señal:1")})[0] == 200
    assert request(accepts=accepts, headers={"authorization": basic("ana", "señal:1")})[0] == 200  # remembered


@pytest.mark.parametrize(
    "header", [basic("ana", "wrong"), basic("eva", "right"), "Basic !!", "Bearer right", "", "Basic", basic("", "")]
)
def test_a_wrong_authorization_header_is_not_accepted(header: str) -> None:
    accepts = checker({"ana": hash_password("right")})
    assert not accepts(header)
    assert not accepts(header)


def test_guessing_ends_with_429_and_a_user_at_another_address_still_gets_in() -> None:
    verified: list[str] = []

    def accepts(header: str) -> bool:
        verified.append(header)
        return header == basic("ana", "right")

    async def app(_scope: Any, _receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})

    control = AccessControl(app, hosts=None, accepts=accepts)

    def status(password: str, client: str) -> int:
        header = (b"authorization", basic("ana", password).encode())
        return int(messages_from(control, {"headers": [header], "client": (client, 1)})[0]["status"])

    statuses = [status(f"guess {number}", "192.0.2.1") for number in range(MAX_GUESSES + 5)]
    assert statuses == [401] * MAX_GUESSES + [429] * 5
    assert len(verified) == MAX_GUESSES
    assert status("right", "192.0.2.1") == 429
    assert [status("right", "192.0.2.2") for _ in range(30)] == [200] * 30
    assert len(verified) == MAX_GUESSES + 1


def test_a_hash_is_salted_and_verifies_only_its_password() -> None:
    one, other = hash_password("right"), hash_password("right")
    assert one != other
    assert verify("right", one)
    assert verify("right", other)
    assert not verify("Right", one)


def test_a_password_file_is_read_or_refused_with_its_line(tmp_path: Path) -> None:
    file = tmp_path / "users"
    hashed = hash_password("right")
    file.write_text(f"ana:{hashed}\n\neva:{hashed}\n", encoding="utf-8")
    assert set(read(file)) == {"ana", "eva"}
    file.write_text(f"ana:{hashed}\neva:plain\n", encoding="utf-8")
    with pytest.raises(PasswordFileError, match="line 2"):
        read(file)
    file.write_text("\n", encoding="utf-8")
    with pytest.raises(PasswordFileError, match="no name in it"):
        read(file)
    with pytest.raises(PasswordFileError, match="cannot be read"):
        read(tmp_path / "absent")


PUBLIC = parse_public_url("https://docs.example.org/yb/")


@pytest.mark.parametrize(
    ("headers", "method", "status"),
    [
        ({"host": "docs.example.org"}, "GET", 200),
        ({"host": "127.0.0.1:7860"}, "GET", 200),
        ({"host": "docs.example.org.evil.org"}, "GET", 421),
        ({"host": "docs.example.org:8443"}, "GET", 421),
        ({"host": "docs.example.org", "origin": "https://docs.example.org"}, "POST", 200),
        ({"host": "127.0.0.1:7860", "origin": "https://docs.example.org"}, "POST", 200),
        ({"host": "127.0.0.1:7860", "origin": "http://docs.example.org"}, "POST", 403),
        ({"host": "127.0.0.1:7860", "origin": "https://evil.org"}, "POST", 403),
        ({"host": "127.0.0.1:7860", "origin": "null"}, "POST", 403),
        ({"host": "evil.org", "x-forwarded-host": "docs.example.org"}, "GET", 421),
    ],
)
def test_the_public_host_and_origin_are_accepted_and_no_others(
    headers: dict[str, str], method: str, status: int
) -> None:
    assert request(headers=headers, method=method, public=PUBLIC)[0] == status


def test_cookies_are_secure_where_the_public_address_is() -> None:
    def sent_cookie(*, secure: bool, cookie: bytes) -> bytes:
        async def app(_scope: Any, _receive: Any, send: Any) -> None:
            start = {"type": "http.response.start", "status": 200, "headers": [(b"Set-Cookie", cookie)]}
            await HeaderSend(send, secure_cookies=secure)(start)

        (start,) = messages_from(app)
        value: bytes = next(value for name, value in start["headers"] if name.lower() == b"set-cookie")
        return value

    assert sent_cookie(secure=True, cookie=b"a=secure; Path=/") == b"a=secure; Path=/; Secure"
    assert sent_cookie(secure=True, cookie=b"a=1; secure; Path=/") == b"a=1; secure; Path=/"
    assert sent_cookie(secure=False, cookie=b"a=1") == b"a=1"


@pytest.mark.parametrize(
    ("path", "passed"),
    [("/yb/compare", "/compare"), ("/yb/", "/"), ("/compare", "/compare"), ("/ybx/compare", "/ybx/compare")],
)
def test_the_public_path_is_removed_where_the_proxy_passes_it_on(path: str, passed: str) -> None:
    paths: list[tuple[str, bytes]] = []

    async def app(scope: Any, _receive: Any, _send: Any) -> None:
        paths.append((scope["path"], scope["raw_path"]))

    scope = {"type": "http", "path": path, "raw_path": path.encode()}
    asyncio.run(StripPath(app, PUBLIC)(scope, None, None))  # type: ignore[arg-type]
    assert paths == [(passed, passed.encode())]


def test_the_public_address_without_its_slash_leads_to_the_form() -> None:
    async def app(*_: Any) -> None:
        pytest.fail("not redirected")

    scope = {"path": "/yb", "raw_path": b"/yb", "query_string": b"q=sea"}
    start = messages_from(StripPath(app, PUBLIC), scope)[0]
    assert (start["status"], dict(start["headers"])[b"location"]) == (308, b"https://docs.example.org/yb/?q=sea")
