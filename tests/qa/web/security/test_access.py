"""Requests are checked for host, origin, size, files and password; pages may load only the form's own content."""

from __future__ import annotations

import asyncio
import base64
import hmac
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from starlette.formparsers import MultiPartException

from qa.cli.cli import main
from qa.errors import PasswordFileError
from qa.web.security import access
from qa.web.security.access import (
    MAX_GUESSES,
    AccessControl,
    HeaderSend,
    hash_password,
    password_checker,
    read_passwords,
    verify_password,
)
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
    accepts = password_checker({"ana": hash_password("señal:1")})
    status, headers, _, received = request(accepts=accepts)
    assert (status, received) == (401, [])
    assert headers["www-authenticate"].startswith("Basic ")
    assert request(accepts=accepts, headers={"authorization": basic("ana", "señal:1")})[0] == 200
    assert request(accepts=accepts, headers={"authorization": basic("ana", "señal:1")})[0] == 200  # remembered


@pytest.mark.parametrize(
    "header", [basic("ana", "wrong"), basic("eva", "right"), "Basic !!", "Bearer right", "", "Basic", basic("", "")]
)
def test_a_wrong_authorization_header_is_not_accepted(header: str) -> None:
    accepts = password_checker({"ana": hash_password("right")})
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
    assert verify_password("right", one)
    assert verify_password("right", other)
    assert not verify_password("Right", one)


def test_a_password_file_is_read_or_refused_with_its_line(tmp_path: Path) -> None:
    file = tmp_path / "users"
    hashed = hash_password("right")
    file.write_text(f"ana:{hashed}\n\neva:{hashed}\n", encoding="utf-8")
    assert set(read_passwords(file)) == {"ana", "eva"}
    file.write_text(f"ana:{hashed}\neva:plain\n", encoding="utf-8")
    with pytest.raises(PasswordFileError, match="line 2"):
        read_passwords(file)
    file.write_text("\n", encoding="utf-8")
    with pytest.raises(PasswordFileError, match="no name in it"):
        read_passwords(file)
    with pytest.raises(PasswordFileError, match="cannot be read"):
        read_passwords(tmp_path / "absent")


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


@pytest.mark.parametrize("written", ["the harbour's\n", "the harbour's\r\n", "the harbour's", "the harbour's\nmore\n"])
def test_a_password_is_read_from_standard_input(written: str) -> None:
    given = CliRunner().invoke(main, ["hash-password", "ann"], input=written.encode())
    assert given.exit_code == 0
    assert given.stderr == ""
    name, _, hashed = given.stdout.rstrip("\n").partition(":")
    assert name == "ann"
    assert access.verify_password("the harbour's", hashed)


@pytest.mark.parametrize(
    ("written", "says"), [(b"", "the password is empty"), (b"\n", "the password is empty"), (b"\xff\n", "the password")]
)
def test_an_empty_or_undecodable_password_is_refused(written: bytes, says: str) -> None:
    refused = CliRunner().invoke(main, ["hash-password", "ann"], input=written)
    assert (refused.exit_code, refused.stdout) == (1, "")
    assert refused.stderr.startswith(f"yearbook-qa: {says}")


def test_no_option_accepts_a_password() -> None:
    refused = CliRunner().invoke(main, ["hash-password", "ann", "--password", "right"])
    assert (refused.exit_code, refused.stdout) == (2, "")


@pytest.mark.skipif(sys.platform == "win32", reason="no terminals of this kind")
def test_a_prompted_password_leaves_one_line_in_the_file(tmp_path: Path) -> None:
    ours, theirs = os.openpty()
    command = [sys.executable, "-m", "qa.cli", "hash-password", "ann"]
    with (
        (tmp_path / "users").open("wb") as users,
        # in a session of its own there is no /dev/tty: what is asked is asked by standard error
        subprocess.Popen(command, stdin=theirs, stdout=users, stderr=theirs, start_new_session=True) as process,
    ):
        os.close(theirs)
        said = b""
        for asked in (b"Password:", b"Repeat for confirmation:"):
            while asked not in said:
                said += os.read(ours, 1000)
            os.write(ours, b"right\n")
        assert process.wait(30) == 0
    os.close(ours)
    assert b"right" not in said
    assert access.verify_password("right", access.read_passwords(tmp_path / "users")["ann"])


def test_an_unknown_name_costs_one_hash_like_a_wrong_password(monkeypatch: pytest.MonkeyPatch) -> None:
    accepts = access.password_checker({"ann": access.hash_password("right")})
    asked: list[str] = []
    compared: list[tuple[bytes, bytes]] = []
    hashed, compare = access._scrypt, hmac.compare_digest

    def counted(password: str, *rest: object) -> bytes:
        asked.append(password)
        return hashed(password, *rest)  # type: ignore[arg-type]

    def in_constant_time(one: bytes, other: bytes) -> bool:
        compared.append((one, other))
        return compare(one, other)

    monkeypatch.setattr(access, "_scrypt", counted)
    monkeypatch.setattr(hmac, "compare_digest", in_constant_time)
    for pair, right in ((b"ann:right", True), (b"ann:wrong", False), (b"eve:any", False), (b":", False)):
        assert accepts("Basic " + base64.b64encode(pair).decode()) is right
    assert asked == ["right", "wrong", "any", ""]
    assert [one == other for one, other in compared] == [True, False, False, False]


def test_few_wrong_passwords_are_verified_for_a_name_and_an_address() -> None:
    now = 0.0
    guesses = access.Guesses(lambda: now)
    ann, ann_elsewhere, bob = ("192.0.2.1", "ann"), ("192.0.2.2", "ann"), ("192.0.2.1", "bob")

    def wait(who: tuple[str, str], number: int) -> int:
        return guesses.seconds_to_wait(who, b"%d" % number)

    assert [wait(ann, number) for number in range(access.MAX_GUESSES)] == [0] * access.MAX_GUESSES
    now = 10.0
    assert wait(ann, 99) == access.GUESS_SECONDS - 10
    assert wait(ann, 3) == 0  # tried before: each file of a page comes with the same password
    assert (wait(ann_elsewhere, 99), wait(bob, 99)) == (0, 0)
    now = access.GUESS_SECONDS
    assert wait(ann, 99) == 0
    guesses.forget(bob)
    assert [wait(bob, number) for number in range(access.MAX_GUESSES)] == [0] * access.MAX_GUESSES
