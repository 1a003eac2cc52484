"""Every JSON object that the program prints is the one that the schema defines."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from pydantic import TypeAdapter

from qa.cli.cli import main
from qa.output import schema
from tests.documentation import EXAMPLES, example_file, json_example, reference_page, without_scores
from tests.paths import ROOT

QUESTION = "How many ships were escorted off Somalia?"
DRAFT = "As it says, “147 merchant ships” sailed; “ships of no port at all” did not. The Bluebook 2020 counts 38 ships."


def test_the_json_reference_is_the_generated_page() -> None:
    assert (ROOT / "docs" / "json.md").read_text(encoding="utf-8") == reference_page()


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_examples_of_the_reference_are_what_the_program_prints(sample_index: Path, name: str) -> None:
    written = json.loads(example_file(name).read_text(encoding="utf-8"))
    assert without_scores(json_example(name, sample_index)) == without_scores(written)


def undefined_keys(value: Any, part: dict[str, Any], definitions: dict[str, Any]) -> set[str]:
    """Return the keys of a value that its JSON schema does not define."""
    if "$ref" in part:
        part = definitions[part["$ref"].rpartition("/")[2]]
    options = [option for option in part.get("anyOf", [part]) if option.get("type") != "null"]
    if isinstance(value, list) and "items" in options[0]:
        return set().union(*(undefined_keys(item, options[0]["items"], definitions) for item in value))
    if not isinstance(value, dict):
        return set()
    if "$ref" in options[0]:
        return undefined_keys(value, options[0], definitions)
    if "properties" not in options[0]:
        return set()
    properties = options[0]["properties"]
    found = set(value) - set(properties)
    return found.union(
        *(undefined_keys(value[key], properties[key], definitions) for key in set(value) & set(properties))
    )


@pytest.mark.parametrize(
    ("arguments", "of"),
    [
        (["ask", QUESTION], schema.AnswerJson),
        (["ask", "Where is the moon's embassy?"], schema.AnswerJson),
        (["show", "digest-bluebook-2016@10-60", "--section"], schema.ExcerptJson),
        (["info"], schema.InfoJson),
        (["info", "--limits"], list[schema.LimitJson]),
        (["compare", "escort operations against piracy off Somalia"], schema.ComparisonJson),
        (["compare", "--editions", "2016,2020"], schema.OutlinesJson),
        (["doctor"], schema.DiagnosisJson),
    ],
    ids=lambda value: value[0] if isinstance(value, list) else None,
)
def test_printed_objects_match_the_schema(sample_index: Path, arguments: list[str], of: Any) -> None:
    result = CliRunner().invoke(main, [*arguments, "--index", str(sample_index), "--format", "json"])
    assert result.exit_code == 0, result.output
    check_value(json.loads(result.stdout), of)


def test_a_checked_draft_and_an_outline_match_the_schema(sample_index: Path, tmp_path: Path) -> None:
    draft = tmp_path / "draft.txt"
    draft.write_text(DRAFT, encoding="utf-8")
    arguments = ["check", str(draft), "--index", str(sample_index), "--format", "json"]
    check_value(json.loads(CliRunner().invoke(main, arguments).stdout), schema.CheckedJson)
    arguments = ["outline", str(ROOT / "corpus" / "samples" / "digest-bluebook-2016.txt"), "--format", "json"]
    check_value(json.loads(CliRunner().invoke(main, arguments).stdout), list[schema.OutlineItemJson])


def check_value(value: Any, of: Any) -> None:
    """Validate types, required keys and the absence of other keys."""
    TypeAdapter(of).validate_python(value, strict=True)
    definition = schema.json_schema(of)
    assert undefined_keys(value, definition, definition.get("$defs", {})) == set()
