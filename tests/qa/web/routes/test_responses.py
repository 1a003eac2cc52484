"""What a browser is shown where there is nothing: a page with a way back; programs get the line they always got."""

from __future__ import annotations

from urllib.parse import quote

import pytest
from fastapi.testclient import TestClient
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from qa.web.routes.responses import BrowserErrorPages, attachment, file_name

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


def answering(response: Response) -> ASGIApp:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await response(scope, receive, send)

    return app


def asked(response: Response, path: str = "/x", accept: str = BROWSER, method: str = "GET") -> tuple[int, str, str]:
    client = TestClient(BrowserErrorPages(answering(response)))
    received = client.request(method, path, headers={"accept": accept})
    return received.status_code, received.headers["content-type"], received.text


@pytest.mark.parametrize(
    ("response", "status", "title", "says"),
    [
        (PlainTextResponse("no such page", 404), 404, "Not found", "There is no page /x here."),
        (JSONResponse({"detail": "Not Found"}, 404), 404, "Not found", "There is no page /x here."),
        (PlainTextResponse("no <b>file</b>", 404), 404, "Not found", "No &lt;b&gt;file&lt;/b&gt;."),
        (PlainTextResponse("many wait", 503), 503, "Busy", "Many wait."),
        (
            JSONResponse({"detail": [{"loc": ["query", "at"], "msg": "no number"}]}, 422),
            422,
            "Unprocessable",
            "at: no number.",
        ),
        (JSONResponse([1], 400), 400, "Bad Request", "[1]."),
    ],
)
def test_a_browser_gets_a_page_with_the_status_of_a_refusal(
    response: Response, status: int, title: str, says: str
) -> None:
    code, kind, text = asked(response)
    assert (code, kind) == (status, "text/html; charset=utf-8")
    assert f"<h1>{title}" in text
    assert f'<p class="yq-message">{says}</p>' in text
    assert '<a href="./">' in text


@pytest.mark.parametrize(
    ("path", "up"), [("/x", "./"), ("/a/x", "../"), ("/a/b/", "../../"), ("/a%2Fx", "./"), ("/a//x?q=/", "../../")]
)
def test_the_way_back_and_the_styles_hold_in_any_folder(path: str, up: str) -> None:
    text = asked(PlainTextResponse("no such page", 404), path)[2]
    assert f'<a href="{up}">' in text
    assert f'href="{"" if up == "./" else up}static-yq/form.css"' in text


@pytest.mark.parametrize("accept", ["*/*", "application/json", ""])
def test_programs_keep_what_they_get(accept: str) -> None:
    given = asked(PlainTextResponse("no such page", 404), accept=accept)
    assert given == (404, "text/plain; charset=utf-8", "no such page")
    assert asked(PlainTextResponse("no", 404), method="POST")[2] == "no"


def test_an_address_of_many_folders_makes_no_long_page() -> None:
    assert "There is no page" in asked(PlainTextResponse("no such page", 404), "/x" * 21)[2]
    assert asked(PlainTextResponse("no such page", 404), "/x" * 22)[2] == "no such page"


@pytest.mark.parametrize("detail", [["a"], [{"loc": [], "msg": "x"}], [{"a": 1}]])
def test_a_detail_of_another_form_is_shown_as_it_is(detail: list[object]) -> None:
    assert "detail" in asked(JSONResponse({"detail": detail}, 422))[2]


def test_what_is_no_refusal_or_a_page_already_is_left_alone() -> None:
    assert asked(PlainTextResponse("fine"))[1:] == ("text/plain; charset=utf-8", "fine")
    page = Response("<p>gone</p>", 404, media_type="text/html")
    assert asked(page)[2] == "<p>gone</p>"


@pytest.mark.parametrize(
    ("title", "name"),
    [("Piers & quays", "Piers-quays"), ("港の統計 2022", "港の統計-2022"), ("../../etc", "etc"), ("…", "collection")],
)
def test_a_title_becomes_the_name_of_a_file(title: str, name: str) -> None:
    assert file_name(title, "collection") == name
    headers = attachment(f"{name}.csv")["content-disposition"]
    assert headers.isascii()
    assert headers == f'attachment; filename="{name}.csv"' or headers.endswith(f"UTF-8''{quote(name)}.csv")
