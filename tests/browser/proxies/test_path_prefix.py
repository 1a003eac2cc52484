"""The form behind a reverse proxy, under a path of another address, as a person sees it."""

from __future__ import annotations

import http.client
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest

from qa.answering.library import Library
from qa.web.urls import parse_public_url

if TYPE_CHECKING:
    from tests.browser.conftest import Serve, Visit


pytestmark = pytest.mark.browser

PREFIX = "/yearbooks"


class _Proxy(BaseHTTPRequestHandler):
    """Passes requests on as nginx does by default: `Host` is that of the server behind it."""

    server: _Server

    def _pass_on(self) -> None:
        upstream = http.client.HTTPConnection(self.server.upstream, timeout=60)
        body = self.rfile.read(int(self.headers.get("content-length", 0)))
        headers = {name: value for name, value in self.headers.items() if name.lower() not in {"host", "connection"}}
        path = self.path.removeprefix(PREFIX) if self.server.strips else self.path
        upstream.request(self.command, path, body, headers)
        response = upstream.getresponse()
        self.send_response(response.status)
        for name, value in response.getheaders():
            if name.lower() not in {"transfer-encoding", "connection", "date", "server"}:
                self.send_header(name, value)
        self.send_header("connection", "close")
        self.end_headers()
        while part := response.read1():
            self.wfile.write(part)
            self.wfile.flush()
        upstream.close()
        self.close_connection = True

    do_GET = do_POST = _pass_on  # noqa: N815 - the names that http.server calls

    def log_message(self, *_: object) -> None:
        """Log nothing."""


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    upstream = ""
    strips = True

    def handle_error(self, *_: object) -> None:
        """Say nothing where a browser leaves a stream."""


@contextmanager
def proxied(serve: Serve, library: Library, *, strips: bool) -> Iterator[str]:
    with _Server(("127.0.0.1", 0), _Proxy) as proxy:
        public = f"http://127.0.0.1:{proxy.server_port}{PREFIX}"
        threading.Thread(target=proxy.serve_forever, daemon=True).start()
        with serve(library, public=parse_public_url(public)) as address:
            proxy.upstream, proxy.strips = urlsplit(address).netloc, strips
            yield public
        proxy.shutdown()


@pytest.mark.parametrize("strips", [True, False], ids=["path removed by the proxy", "path passed on"])
def test_the_form_works_under_a_path_of_a_public_address(
    visit: Visit, serve: Serve, library: Library, *, strips: bool
) -> None:
    with proxied(serve, library, strips=strips) as public:
        asked: list[str] = []
        page = visit(f"{public}/", asked=asked)
        page.fill("#yq-question textarea", "piracy")
        page.press("#yq-question textarea", "Enter")
        page.wait_for_selector(".yq-card")
        page.click(".yq-card .yq-context >> nth=0")
        page.wait_for_selector("#yq-dialog[open] #passage")
        page.keyboard.press("Escape")
        page.click("#yq-tab-words-button")
        page.fill("[name=words]", "ships")
        page.press("[name=words]", "Enter")
        page.wait_for_selector(".yq-lines")
        assert page.url == f"{public}/?words=ships#words"
        page.go_back()
        page.go_back()
        page.wait_for_url(f"{public}/?q=piracy")
        assert [url for url in asked if not url.startswith(("data:", "blob:", f"{public}/"))] == []
