"""Other programs at the form's address: `gradio_client`, and language models over MCP. No browser is needed."""

from __future__ import annotations

import asyncio
import base64
import os
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import httpx2
import pytest
from gradio_client import Client  # type: ignore[import-untyped]  # carries no types
from gradio_client.exceptions import AppError  # type: ignore[import-untyped]
from mcp.client import Client as ToolClient
from mcp.client.streamable_http import streamable_http_client

from qa.answering.library import Library
from qa.api.service import LibraryService
from qa.web.security.access import hash_password

Serve = Callable[..., AbstractContextManager[str]]

QUESTION = "How many merchant ships did the destroyers escort in 2015?"


@pytest.fixture(scope="module")
def open_to_tools(library: Library, serve: Serve) -> Iterator[str]:
    with serve(library, mcp=True) as found:
        yield found


@pytest.fixture(scope="module")
def client(open_to_tools: str) -> Client:
    return Client(open_to_tools, verbose=False, analytics_enabled=False)


def test_six_endpoints_are_offered_with_types_and_texts_and_nothing_else(client: Client) -> None:
    offered = client.view_api(return_format="dict", print_info=False)
    assert list(offered["named_endpoints"]) == ["/ask", "/documents", "/section", "/evaluate", "/compare", "/check"]
    assert offered["unnamed_endpoints"] == {}
    for endpoint in offered["named_endpoints"].values():
        assert len(endpoint["description"]) > 50
        assert all(one["python_type"]["type"] != "Any" for one in endpoint["parameters"])


def test_gradio_client_gets_a_cited_answer(client: Client, library: Library) -> None:
    found = client.predict(QUESTION, api_name="/ask")
    assert found == LibraryService(lambda: library).ask(QUESTION)
    assert "147 merchant ships" in found["answer"][0]["text"]
    cited = next(one for one in found["passages"] if one["id"] == found["answer"][0]["passage"])
    assert cited["citation"].startswith("Digest of the Diplomatic Bluebook 2016 (covers 2015)")
    passages = client.predict("cyberspace", k=3, edition=["2020"], api_name="/ask")["passages"]
    assert [one["edition"] for one in passages] == [2020, 2020, 2020]


def test_an_upload_beyond_the_limits_is_refused_by_the_server_and_leaves_nothing(open_to_tools: str) -> None:
    def sent(*names: str) -> httpx2.Response:
        files = [("files", (name, b"Why?")) for name in names]
        return httpx2.post(f"{open_to_tools}/gradio_api/upload", files=files, timeout=20)

    folder = Path(os.environ["GRADIO_TEMP_DIR"])
    before = {one for one in folder.rglob("*") if one.is_file()}
    for names, status, says in (
        (["page.html"], 415, "'page.html' is not accepted here"),
        (["a.txt", "b.txt"], 413, "more than 1 files"),
    ):
        answer = sent(*names)
        assert (answer.status_code, says in answer.text) == (status, True)
    deadline = time.monotonic() + 30
    while {one for one in folder.rglob("*") if one.is_file()} != before and time.monotonic() < deadline:
        time.sleep(0.05)  # a refused file is removed when its request has ended
    assert {one for one in folder.rglob("*") if one.is_file()} == before
    taken = sent("a.txt")
    assert taken.status_code == 200
    assert Path(taken.json()[0]).is_relative_to(folder)


def test_documents_and_sections_are_given(client: Client, library: Library) -> None:
    programs = LibraryService(lambda: library)
    assert client.predict(most=2, api_name="/documents") == programs.documents(most=2)
    passage = programs.ask(QUESTION)["passages"][0]["id"]
    assert client.predict(passage, api_name="/section") == programs.section(passage)


def test_a_list_of_questions_is_answered_and_measured(client: Client) -> None:
    judged = {"id": "a", "question": QUESTION, "evidence": [{"doc": "digest-bluebook-2016", "quote": "147 merchant"}]}
    found = client.predict([judged, {"question": "Who sang?"}], k=2, api_name="/evaluate")
    assert [one["id"] for one in found["answers"]] == ["a", "q2"]
    assert found["metrics"]["measures"]["Success@1"]["value"] == 1


def test_editions_are_compared_and_a_draft_is_checked(client: Client, library: Library) -> None:
    programs = LibraryService(lambda: library)
    assert client.predict("piracy", api_name="/compare") == programs.compare("piracy")
    assert client.predict(editions=[2016, 2020], api_name="/compare") == programs.compare(editions=[2016, 2020])
    assert client.predict("“147 merchant ships”", api_name="/check")["counts"]["verbatim"] == 1


@pytest.mark.parametrize(
    ("endpoint", "arguments", "says"),
    [
        ("/ask", ["?!"], "question is empty"),
        ("/ask", ["ships", 1000], "k is 1,000: must be 1 to 100"),
        ("/compare", [""], "two years or more"),
        ("/section", ["nothing@0-5"], 'no document "nothing"'),
        ("/evaluate", [["ships"]], r'questions\[0\] is "ships": must be an object'),
    ],
)
def test_what_is_wrong_with_a_request_is_said(client: Client, endpoint: str, arguments: list[Any], says: str) -> None:
    with pytest.raises(AppError, match=says):
        client.predict(*arguments, api_name=endpoint)


def ask_over_http(address: str, **headers: str) -> Any:
    """The structured answer that an MCP client gets."""

    async def conversation() -> Any:
        async with (
            httpx2.AsyncClient(headers=headers) as http,
            ToolClient(streamable_http_client(f"{address}/mcp", http_client=http)) as tools,
        ):
            assert len((await tools.list_tools()).tools) == 6
            return (await tools.call_tool("ask", {"question": QUESTION})).structured_content

    return asyncio.run(conversation())


def test_a_model_gets_a_cited_answer_over_http(open_to_tools: str, library: Library) -> None:
    found = ask_over_http(open_to_tools)
    assert found == LibraryService(lambda: library).ask(QUESTION)
    assert "147 merchant ships" in found["answer"][0]["text"]


def test_the_tools_stand_behind_the_same_guard_as_the_form(
    open_to_tools: str, address: str, library: Library, serve: Serve, tmp_path: Path
) -> None:
    with httpx2.Client() as http:
        assert http.post(f"{open_to_tools}/mcp", headers={"host": "evil.example"}).status_code == 421
        assert http.post(f"{open_to_tools}/mcp", headers={"origin": "http://evil.example"}).status_code == 403
        assert http.get(f"{open_to_tools}/mcp").status_code == 405
        assert http.post(f"{address}/mcp", json={}).status_code in {404, 405}  # nobody asked for tools there
    users = tmp_path / "users"
    users.write_text(f"ana:{hash_password('right')}\n", encoding="utf-8")
    with serve(library, mcp=True, auth_file=users) as guarded:
        with httpx2.Client() as http:
            assert http.post(f"{guarded}/mcp", json={}).status_code == 401
        credentials = base64.b64encode(b"ana:right").decode()
        assert ask_over_http(guarded, authorization=f"Basic {credentials}")["answered"]
