"""The examples of the guide for nginx and Caddy, run as they are written there."""

from __future__ import annotations

import re
import shutil
import socket
import subprocess
import textwrap
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import httpx2
import pytest

from qa.answering.library import Library
from qa.web.urls import parse_public_url
from tests.paths import ROOT

if TYPE_CHECKING:
    from tests.browser.conftest import Serve, Visit


pytestmark = [pytest.mark.browser, pytest.mark.long]

NGINX = """\
daemon off; pid {folder}/pid; error_log stderr; events {{}}
http {{
    access_log off;
    client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
    server {{ listen 127.0.0.1:{port};
{example}
    }}
}}
"""


def example(name: str) -> str:
    """The example of the guide for a server."""
    guide = (ROOT / "docs" / "guide.md").read_text(encoding="utf-8")
    found = re.search(rf"^{name}:\n\n((?:(?: {{4}}.*)?\n)+)", guide, re.MULTILINE)
    assert found is not None
    return textwrap.dedent(found[1])


def command(name: str, folder: Path, port: int, upstream: str) -> list[str]:
    """Write the configuration of a server and return the command that starts it."""
    config = folder / "config"
    written = example(name).replace("127.0.0.1:7860", upstream)
    if name == "nginx":
        config.write_text(NGINX.format(folder=folder, port=port, example=written), encoding="utf-8")
        return ["nginx", "-p", str(folder), "-c", str(config)]
    # without a certificate, and without the port of Caddy's own administration
    address = f"http://127.0.0.1:{port}"
    config.write_text("{\n admin off\n}\n" + written.replace("docs.example.org", address), encoding="utf-8")
    return ["caddy", "run", "--adapter", "caddyfile", "--config", str(config)]


@contextmanager
def proxied(name: str, folder: Path, serve: Serve, library: Library) -> Iterator[str]:
    """The form behind a server; gives the public address."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    public = f"http://127.0.0.1:{port}/yearbooks"
    with serve(library, public=parse_public_url(public)) as address:
        process = subprocess.Popen(command(name, folder, port, address.removeprefix("http://")))
        try:
            for _ in range(100):
                with socket.socket() as client:
                    if client.connect_ex(("127.0.0.1", port)) == 0:
                        break
                assert process.poll() is None
                time.sleep(0.1)
            yield public
        finally:
            process.kill()
            process.wait()


@pytest.mark.parametrize("name", ["nginx", "Caddy"])
def test_the_example_of_the_guide_serves_the_form(
    name: str, tmp_path: Path, serve: Serve, library: Library, visit: Visit
) -> None:
    if shutil.which(name.lower()) is None and shutil.which(f"/usr/sbin/{name.lower()}") is None:
        pytest.skip(f"{name} is not installed")
    with proxied(name, tmp_path, serve, library) as public:
        assert str(httpx2.get(public, follow_redirects=True).url) == f"{public}/"
        asked: list[str] = []
        page = visit(f"{public}/", asked=asked)
        page.fill("#yq-question textarea", "What happened in cyberspace in 2015?")
        page.press("#yq-question textarea", "Enter")
        page.wait_for_selector(".yq-card")
        page.click("#yq-tab-words-button")
        page.fill("#yq-tab-words [name=words]", "cyber*")
        page.click("#yq-tab-words button.yq-primary")
        page.wait_for_selector(".yq-lines")
        page.close()  # a server that ends waits for open streams
        assert [url for url in asked if not url.startswith((f"{public}/", "data:", "blob:"))] == []
