"""The running form resists hostile clients: private files, other sites, malformed, slow and numerous requests.

A real server on loopback with a small encoder; requests are raw bytes that no browser would send.
"""

from __future__ import annotations

import base64
import http.client
import json
import os
import select
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

import pytest
from click.testing import CliRunner

from qa.answering.library import Library
from qa.cli.cli import main
from qa.cli.commands.serving import is_loopback
from qa.errors import PasswordFileError
from qa.web import server
from qa.web.routes import documents
from qa.web.security import access, request_limits
from tests.browser.conftest import serving
from tests.factories.encoders import HashEncoder
from tests.factories.libraries import library_of, write_files

SECRET = "the harbour master's own words"  # noqa: S105 - no response may contain it
PAGE = b"<html><title>Boats</title><h1>1 Boats</h1><p>The boats sailed.</p><script>window.pwned=1</script></html>"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with two documents, their index, and a secret file beside them."""
    home = tmp_path_factory.mktemp("strangers")
    library_of(home, {"boats.html": PAGE, "nets.txt": "Nets 2016\n\n1. Nets\n\nNets dried in 2015.\n"})
    write_files(home, {"secret.txt": SECRET, "secret.svg": f"<svg><text>{SECRET}</text></svg>"})
    return home


@pytest.fixture(scope="module")
def address(folder: Path) -> Iterator[str]:
    with serving(Library(folder / "index", HashEncoder()), allow_changes=True) as found:
        yield urlsplit(found).netloc


def ask(
    address: str, path: str, method: str = "GET", body: bytes | None = None, **headers: str
) -> tuple[int, dict[str, str], bytes]:
    """Return status, headers and body; underscores in the names of headers become hyphens."""
    connection = http.client.HTTPConnection(address, timeout=20)
    try:
        connection.request(method, path, body, {name.replace("_", "-"): value for name, value in headers.items()})
        reply = connection.getresponse()
        return reply.status, {name.lower(): value for name, value in reply.getheaders()}, reply.read()
    finally:
        connection.close()


def test_no_path_leads_to_a_private_file(address: str, folder: Path) -> None:
    secret, index = str(folder / "secret.txt"), str(folder / "index" / "manifest.json")
    up = "..%2f" * 12
    for path in (
        f"/gradio_api/file={secret}",
        f"/gradio_api/file={index}",
        f"/gradio_api/file={folder}/files/../secret.txt",
        f"/gradio_api/file={folder / 'docs' / 'boats.html'}",
        "/gradio_api/file=pyproject.toml",
        "/gradio_api/file=/etc/passwd",
        "/gradio_api/file=//etc/passwd",
        "/gradio_api/file=file:///etc/passwd",
        f"/gradio_api/file=http://{address}/robots.txt",
        "/gradio_api/file=http://harbour.example/robots.txt",
        "/gradio_api/file=HTTPS://harbour.example/robots.txt",
        "/gradio_api/file=ftp%3A%2F%2Fharbour.example/robots.txt",
        f"/gradio_api/proxy=http://{address}/robots.txt",
        f"/source/boats/{up}{secret}",
        f"/source/{up}etc/passwd/x",
        "/source/../secret/secret.txt",
        f"/static-yq/{up}etc/passwd",
        "/static-yq/../app.py",
        f"/static/{up}etc/passwd",
        f"/assets/{up}etc/passwd",
        f"/svelte/{up}etc/passwd",
        f"/batch-file?id=..&name={up}etc/passwd",
        f"/batch-file?id=%00&name={quote(secret, safe='')}",
        f"/page.png?passage={quote(secret, safe='')}@0-5",
        f"/context?passage={quote(secret, safe='')}@0-5",
        f"/citations/{up}etc/passwd?q=boats",
    ):
        status, _, body = ask(address, path)
        assert status >= 300, path
        assert SECRET.encode() not in body, path
        assert b"root:" not in body, path


def test_no_event_reads_or_fetches_what_was_not_uploaded(address: str, folder: Path) -> None:
    """Each value of each event is replaced by the path of a file or an address."""
    config = json.loads(ask(address, "/config")[2])
    events = [event for event in config["dependencies"] if event["inputs"]]
    types = {component["id"]: component["type"] for component in config["components"]}
    assert any(types[place] == "uploadbutton" for event in events for place in event["inputs"]), "nothing to try"
    elsewhere = "http://harbour.example/robots.txt"  # a request for it fails the test (`network_attempts`)
    for path in (str(folder / "secret.txt"), str(folder / "secret.svg"), f"http://{address}/robots.txt", elsewhere):
        given: Any = {"path": path, "url": path, "orig_name": "q.txt", "meta": {"_type": "gradio.FileData"}}
        for event in events:
            for value in (given, [given]):
                said = run(address, event["id"], [value for _ in event["inputs"]])
                assert SECRET not in said, event
                assert "User-agent" not in said, event
        assert ask(address, f"/gradio_api/file={path}")[0] in {403, 404}
    files = [file for file in Path(os.environ["GRADIO_TEMP_DIR"]).rglob("*") if file.is_file()]
    assert [file for file in files if file.stem in {"secret", "robots"}] == []


def run(address: str, event: int, data: list[Any]) -> str:
    """Return the form's messages about an event that is called as its page would."""
    request = json.dumps({"data": data, "fn_index": event, "session_hash": "stranger"}).encode()
    status, _, body = ask(address, "/gradio_api/queue/join", "POST", request, content_type="application/json")
    assert status == 200, body
    said = ask(address, "/gradio_api/queue/data?session_hash=stranger")[2].decode()
    lines = [line for line in said.splitlines() if line.startswith("data: ") and "close_stream" not in line]
    return "\n".join(lines)


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/gradio_api/run/ask"),
        ("POST", "/gradio_api/api/ask"),
        ("POST", "/gradio_api/call/v2/ask"),
        ("POST", "/gradio_api/call/_filter"),
        ("POST", "/gradio_api/process_recording"),
        ("POST", "/gradio_api/component_server"),
        ("POST", "/gradio_api/vibe-edit"),
        ("GET", "/gradio_api/deep_link?session_hash=stranger"),
        ("GET", "/gradio_api/dev/reload"),
        ("GET", "/gradio_api/openapi.json"),
        ("GET", f"/gradio_api/proxy={quote('http://localhost/', safe='')}"),
        ("GET", "/gradio_api/file/etc/passwd"),
        ("GET", "/monitoring"),
        ("GET", "/openapi.json"),
    ],
)
def test_paths_of_gradio_that_the_page_does_not_need_are_closed(address: str, method: str, path: str) -> None:
    body = b'{"data": ["boats"], "fn_index": 0, "session_hash": "stranger"}' if method == "POST" else None
    status, _, said = ask(address, path, method, body, content_type="application/json")
    assert (status, said) == (404, b"no such page")


def called(address: str, name: str, data: list[Any]) -> str:
    """Call an endpoint by plain HTTP and return its stream."""
    path, body = f"/gradio_api/call/{name}", json.dumps({"data": data}).encode()
    status, _, said = ask(address, path, "POST", body, content_type="application/json")
    assert status == 200, said
    return ask(address, f"{path}/{json.loads(said)['event_id']}")[2].decode()


@pytest.mark.parametrize(
    ("name", "data", "told"),
    [
        ("ask", ["ships", "five", None, None, None, None], 'k is "five": must be a whole number, such as 5'),
        ("ask", ["ships", float("nan"), None, None, None, None], "k is NaN: must be a whole number, such as 5"),
        ("ask", ["ships", 10**99, None, None, None, None], f"k is 1{'0' * 14}\u2026: must be 1 to 100"),
        ("documents", ["x", None, None, None, 0, 100], 'series is "x": must be a list, such as ["Annual Report"]'),
        ("section", [None], 'passage is null: must be a string, such as "report-2016@200-300"'),
        ("evaluate", [{"question": "x"}, 10, None, None, None, None, None], 'questions is {"question": "x"}: must be'),
        ("compare", ["x", ["2016"], None, None, None], 'editions[0] is "2016": must be a whole number'),
        ("check", ["x", None, [[1]], None, None], "edition[0] is [1]: must be a string or a whole number"),
        ("section", [], "number of arguments of section is 0: must be 1 (passage)"),
        ("ask", [], "number of arguments of ask is 0: must be 1 to 6 (question, k=5, series=null,"),
        (
            "check",
            ["x", None, None, None, None, 1],
            "number of arguments of check is 6: must be 1 to 5 (draft, series=null",
        ),
    ],
)
def test_a_wrong_argument_gets_one_line_and_leaves_no_log(
    address: str, capfd: pytest.CaptureFixture[str], name: str, data: list[Any], told: str
) -> None:
    event, said, *_ = called(address, name, data).splitlines()
    assert event == "event: error"
    assert json.loads(said.removeprefix("data: "))["error"].startswith(told)
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("second", ["b.exe", None])
def test_an_upload_that_ends_early_leaves_no_file(address: str, second: str | None) -> None:
    part = '--end\r\nContent-Disposition: form-data; name="files"; filename="{}"\r\n\r\nWhy?\r\n'
    first, rest = part.format("a.txt").encode(), part.format(second).encode() + b"--end--\r\n"
    folder = Path(os.environ["GRADIO_TEMP_DIR"])
    before = set(folder.rglob("*"))
    host, port = address.split(":")
    with socket.create_connection((host, int(port)), timeout=20) as client:
        client.sendall(
            f"POST /gradio_api/upload HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n"
            f"Content-Type: multipart/form-data; boundary=end\r\nContent-Length: {len(first + rest)}\r\n\r\n".encode()
        )
        client.sendall(first)
        deadline = time.monotonic() + 20
        while set(folder.rglob("*")) == before and time.monotonic() < deadline:
            time.sleep(0.02)  # the file is begun before the upload is refused
        if second is not None:
            client.sendall(rest)
            assert client.recv(12) == b"HTTP/1.1 415"
    while set(folder.rglob("*")) != before and time.monotonic() < deadline:
        time.sleep(0.02)
    assert set(folder.rglob("*")) == before


def test_arguments_with_a_default_may_be_omitted(address: str) -> None:
    assert called(address, "ask", ["ships"]) == called(address, "ask", ["ships", 5, None, None, None, None])


def test_an_unknown_call_gets_an_error_and_leaves_no_log(address: str, capfd: pytest.CaptureFixture[str]) -> None:
    assert b"404: Not Found" in ask(address, "/gradio_api/call/ask/nobody")[2]
    assert b"session_not_found" in ask(address, "/gradio_api/queue/data?session_hash=nobody")[2]
    assert capfd.readouterr() == ("", "")


def test_a_missing_page_is_html_for_browsers_and_a_line_for_programs(address: str) -> None:
    for path in ("/nothing", "/context?passage=x", "/page?passage=x", "/document?id=x", "/batch?id=x", "/source/a/b"):
        status, headers, body = ask(address, path, accept="text/html,*/*;q=0.8")
        assert status == 404
        assert headers["content-type"].startswith("text/html")
        assert b"<h1>Not found</h1>" in body
        assert b'class="yq-home"' in body
    assert ask(address, "/nothing", accept="application/json")[2] == b"no such page"


def test_a_document_is_downloaded_and_never_shown_as_a_page(address: str) -> None:
    status, headers, body = ask(address, "/source/boats/boats.html", accept="text/html")
    assert (status, body) == (200, PAGE)
    assert headers["content-type"] == "application/octet-stream"
    assert headers["content-disposition"].startswith("attachment;")
    assert headers["x-content-type-options"] == "nosniff"


def test_an_uploaded_page_is_never_shown_as_a_page(address: str) -> None:
    edge = "edge"
    body = (
        f'--{edge}\r\ncontent-disposition: form-data; name="files"; filename="../../evil.html"\r\n\r\n'.encode()
        + PAGE
        + f"\r\n--{edge}--\r\n".encode()
    )
    kind = f"multipart/form-data; boundary={edge}"
    status, _, said = ask(address, "/gradio_api/upload", "POST", body, content_type=kind)
    assert status == 200
    (path,) = json.loads(said)
    assert ".." not in path
    status, headers, _ = ask(address, f"/gradio_api/file={path}")
    assert status != 200 or headers["content-disposition"].startswith("attachment"), headers


@pytest.mark.parametrize(
    ("method", "headers", "status"),
    [
        ("GET", {"host": "evil.example"}, 421),
        ("GET", {"host": "evil.example:7860"}, 421),
        ("GET", {"host": "127.0.0.1.evil.example"}, 421),
        ("POST", {"origin": "http://evil.example"}, 403),
        ("POST", {"origin": "null"}, 403),
        ("POST", {"origin": "http://127.0.0.1:1"}, 403),
        ("GET", {"sec-fetch-site": "cross-site", "sec-fetch-mode": "no-cors"}, 403),
        ("GET", {"sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate"}, 200),
        ("GET", {"sec-fetch-site": "same-origin", "sec-fetch-mode": "cors"}, 200),
    ],
)
def test_other_sites_and_host_names_are_refused(
    address: str, method: str, headers: dict[str, str], status: int
) -> None:
    path = "/gradio_api/queue/join" if method == "POST" else "/static-yq/form.css"
    body = b'{"data": [], "fn_index": 0, "session_hash": "x"}' if method == "POST" else None
    found, sent, _ = ask(address, path, method, body, **headers)
    assert found == status
    assert "access-control-allow-origin" not in sent


def connect(address: str) -> socket.socket:
    host, port = address.split(":")
    return socket.create_connection((host, int(port)), timeout=20)


def test_clients_that_never_end_their_headers_are_disconnected(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server, "HEADER_TIMEOUT", 0.5)
    slow = [connect(address) for _ in range(60)]
    again = connect(address)
    again.sendall(
        b"GET /static-yq/form.css HTTP/1.1\r\nHost: localhost\r\n\r\nGET /sta"
    )  # an incomplete second request
    for number, client in enumerate(slow):
        client.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\n"[: number % 30])
    assert ask(address, "/static-yq/form.css")[0] == 200
    for client in (*slow, again):
        while client.recv(65536):
            pass  # disconnected: otherwise the socket's timeout fails the test
        client.close()


def test_a_client_that_pauses_in_its_body_is_disconnected(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(request_limits, "BODY_TIMEOUT", 0.3)
    with connect(address) as slow:
        slow.sendall(
            b"POST /check HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n"
            b"Content-Type: application/x-www-form-urlencoded\r\n\r\ndraft="
        )
        reply = slow.recv(65536)
    assert reply.startswith(b"HTTP/1.1 408 ")


def test_slow_page_images_delay_only_page_images(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    begun, go_on = threading.Semaphore(0), threading.Event()

    def slow(*_: object) -> bytes:
        begun.release()
        assert go_on.wait(20)
        return b""

    monkeypatch.setattr(documents, "page_png", slow)
    monkeypatch.setattr(documents, "MAX_QUEUED_PAGES", 3)
    with serving(Library(folder / "index", HashEncoder())) as found:
        address = urlsplit(found).netloc
        waiting = [connect(address) for _ in range(9)]
        expected = len(waiting) - documents.MAX_CONCURRENT_PAGES - documents.MAX_QUEUED_PAGES
        for client in waiting:
            client.sendall(b"GET /page.png HTTP/1.1\r\nHost: localhost\r\n\r\n")
        for _ in range(documents.MAX_CONCURRENT_PAGES):
            assert begun.acquire(timeout=20)
        assert ask(address, "/source/boats/boats.html")[0] == 200
        deadline = time.monotonic() + 20
        while len(refused := select.select(waiting, [], [], 0.05)[0]) < expected and time.monotonic() < deadline:
            pass  # the server may be slow to read the last requests
        go_on.set()
        statuses = [client.recv(65536).split()[1] for client in waiting]
        for client in waiting:
            client.close()
    assert len(refused) == statuses.count(b"503") == expected


def test_endless_headers_are_refused(address: str) -> None:
    with connect(address) as greedy:
        greedy.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\nX: " + b"x" * 200_000)
        assert greedy.recv(65536).startswith(b"HTTP/1.1 400 ")


def test_malformed_requests_do_not_stop_the_server(address: str) -> None:
    for junk in (
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" * 20,
        b"GET / HTTP/1.1\r\nHost: localhost\r\nHost: evil.example\r\n\r\n",
        b"GET / HTTP/1.1\r\n\r\n",
        b"POST /check HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        b"POST /check HTTP/1.1\r\nHost: localhost\r\nContent-Length: -1\r\n\r\n",
        b"POST /check HTTP/1.1\r\nHost: localhost\r\nContent-Length: 99999999999\r\n\r\n",
        b"POST /gradio_api/upload HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\n\r\n{}",
        b"OPTIONS * HTTP/1.1\r\nHost: localhost\r\n\r\n",
        b"GET /compare?topic=%ff%fe&from=99999999999999999999&to=x HTTP/1.1\r\nHost: localhost\r\n\r\n",
        b"GET /context?passage=" + b"%00" * 2000 + b"@0-9 HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
    ):
        with connect(address) as connection:
            connection.sendall(junk)
            first = connection.recv(12)
        assert not first or first.split()[1] != b"500", junk[:80]
    assert ask(address, "/static-yq/form.css")[0] == 200


def test_wrong_passwords_do_not_delay_a_verified_user(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "users").write_text(f"ann:{access.hash_password('right')}\n", encoding="utf-8")
    right = "Basic " + base64.b64encode(b"ann:right").decode()
    library = Library(folder / "index", HashEncoder())
    with serving(library, auth_file=tmp_path / "users") as found:
        address = urlsplit(found).netloc
        assert ask(address, "/static-yq/form.css", authorization=right)[0] == 200
        guessing = [connect(address) for _ in range(30)]
        for number, client in enumerate(guessing):
            guess = base64.b64encode(b"ann:%d" % number)
            client.sendall(b"GET /config HTTP/1.1\r\nHost: localhost\r\nAuthorization: Basic " + guess + b"\r\n\r\n")
        begin = time.perf_counter()
        assert ask(address, "/static-yq/form.css", authorization=right)[0] == 200
        waited = time.perf_counter() - begin
        for client in guessing:
            assert client.recv(65536).split()[1] in {b"401", b"429"}
            client.close()
        # thirty hashes, two at a time, take far longer than the request that needs none
        assert waited < time.perf_counter() - begin


@pytest.mark.parametrize(
    "line", ["ann:scrypt$16384$8$1$s!lt$hash", "ann:scrypt$16385$8$1$c2Fs$aGFz", "ann:scrypt$4194304$8$1$c2Fs$aGFz"]
)
def test_an_unusable_hash_is_refused_at_the_start(line: str, tmp_path: Path) -> None:
    (tmp_path / "users").write_text(line + "\n", encoding="utf-8")
    with pytest.raises(PasswordFileError, match="line 1: must be name:hash"):
        access.read_passwords(tmp_path / "users")


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1", "example.org", "127.0.0.1.example.org"])  # noqa: S104
def test_other_machines_need_passwords_or_no_auth(host: str) -> None:
    refused = CliRunner().invoke(main, ["serve", "--host", host])
    assert refused.exit_code == 2
    assert f"--host {host} is open to other machines: give --auth-file FILE, or --no-auth" in refused.stderr


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "::1", "127.1.2.3"])
def test_loopback_addresses_need_no_password(host: str) -> None:
    assert is_loopback(host)
