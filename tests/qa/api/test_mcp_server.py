"""The tools for language models return what their schemas promise."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from functools import cache
from typing import Any

import pytest
from click.testing import CliRunner
from mcp.client import Client
from mcp_types import CallToolResult

from qa.api.mcp_server import mcp_server
from qa.api.service import LibraryService
from qa.cli.cli import main
from qa.cli.index_location import SAMPLES
from tests.factories.libraries import library_of

QUESTION = "How many merchant ships did the destroyers escort in 2015?"


@pytest.fixture(scope="module")
def programs(tmp_path_factory: pytest.TempPathFactory) -> LibraryService:
    library = library_of(tmp_path_factory.mktemp("tools"), {}, SAMPLES)
    return LibraryService(lambda: library)


server_of = cache(mcp_server)


def talk(programs: LibraryService, what: Callable[[Client], Awaitable[Any]]) -> Any:
    """What comes of a conversation with a server in this process."""

    async def conversation() -> Any:
        async with Client(server_of(programs)) as client:
            return await what(client)

    return asyncio.run(conversation())


def call(programs: LibraryService, tool: str, **arguments: Any) -> CallToolResult:
    result = talk(programs, lambda client: client.call_tool(tool, arguments))
    assert isinstance(result, CallToolResult)
    return result


def test_every_tool_reads_only_and_describes_itself_its_arguments_and_its_result(programs: LibraryService) -> None:
    tools = {tool.name: tool for tool in talk(programs, lambda client: client.list_tools()).tools}
    assert set(tools) == {"ask", "documents", "section", "outline", "compare", "check"}
    for tool in tools.values():
        assert tool.annotations is not None
        assert (tool.annotations.read_only_hint, tool.annotations.open_world_hint) == (True, False)
        assert tool.description
        assert "\n  " not in tool.description
        assert all(item.get("description") for item in tool.input_schema["properties"].values())
        assert tool.output_schema is not None
    assert tools["ask"].output_schema is not None
    passage = tools["ask"].output_schema["$defs"]["PassageJson"]
    assert passage["properties"]["covers"]["description"].startswith("First and last year")


def test_tools_return_the_objects_of_the_service(programs: LibraryService) -> None:
    document = "digest-bluebook-2016"
    for tool, arguments, expected in (
        ("ask", {"question": QUESTION, "k": 2, "edition": [2016]}, programs.ask(QUESTION, 2, edition=[2016])),
        ("documents", {"series": ["Digest of the Diplomatic Bluebook"], "most": 1}, programs.documents(
            series=["Digest of the Diplomatic Bluebook"], most=1)),
        ("section", {"passage": f"{document}@200-300"}, programs.section(f"{document}@200-300")),
        ("outline", {"document": document}, programs.outline(document)),
        ("compare", {"topic": "merchant ships", "editions": [2016, 2020]}, programs.compare(
            "merchant ships", [2016, 2020])),
        ("compare", {"editions": [2016, 2020]}, programs.compare(editions=[2016, 2020])),
        ("check", {"draft": "He wrote “nineteen whales sang in the old harbour”."}, programs.check(
            "He wrote “nineteen whales sang in the old harbour”.")),
    ):  # fmt: skip
        result = call(programs, tool, **arguments)
        assert not result.is_error
        assert result.structured_content == expected


@pytest.mark.parametrize(
    ("tool", "arguments", "says"),
    [
        ("ask", {"question": "?!"}, "question is empty"),
        ("ask", {"question": "ships", "k": 0}, "k is 0: must be 1 to 100"),
        ("ask", {"question": "ships", "k": "five"}, "text='k is \"five\": must be a whole number, such as 5'"),
        ("ask", {"question": "ships", "year": 2016}, 'ask has no argument "year" (known: question, k, series,'),
        ("ask", {}, 'ask needs the argument question, such as "How many ships?"'),
        ("ask", {"question": "ships", "edition": ["soon"]}, "edition is 'soon'"),
        ("section", {"passage": "nothing@1-5"}, 'no document "nothing"'),
        ("section", {"passage": "nothing"}, "is not a passage id"),
        ("outline", {"document": "nothing"}, 'no document "nothing"'),
        ("compare", {}, "two years or more"),
        ("check", {"draft": ""}, "number of characters of the draft is 0: must be 1 to 100,000"),
    ],
)
def test_errors_of_a_call_are_returned_to_the_model(
    programs: LibraryService, tool: str, arguments: dict[str, Any], says: str
) -> None:
    result = call(programs, tool, **arguments)
    assert result.is_error
    assert says in str(result.content)


def test_without_the_package_the_command_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)
    result = CliRunner().invoke(main, ["serve", "--mcp"])
    assert result.exit_code == 1
    assert 'pip install "yearbook-qa[mcp]"' in result.stderr
