"""An allow-list of the libraries that a question in a new process loads, since each delays the answer."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.paths import ROOT

THIRD_PARTIES = {"click", "faiss", "numpy", "onnxruntime", "packaging", "platformdirs", "rich", "tantivy", "tokenizers"}
"""`packaging` is faiss's."""

SLOW = {"asyncio", "email", "http", "multiprocessing", "pydoc", "ssl", "tomllib", "unittest", "xml"}
"""Parts of the standard library that take long to import, or bring much."""

NOT_FOR_QUESTIONS = {
    "corpus.ingest",
    "corpus.readers",
    "index.building.build",
    "index.models.export",
    "index.models.sentence_transformers_process",
    "qa.evaluation.evaluate",
}

SCRIPT = """
import json, sys
from qa.cli import main
sys.argv = ["yearbook-qa", *json.loads(sys.argv[1])]
try:
    main()
except SystemExit as ended:
    code = ended.code
ours = lambda file: "site-packages" in file.replace(chr(92), "/").split("/")
loaded = {name: getattr(module, "__file__", None) or "" for name, module in list(sys.modules.items())}
third = sorted({name.partition(".")[0] for name, file in loaded.items() if ours(file)})
print(json.dumps({"code": code, "third": third, "all": sorted(loaded)}), file=sys.stderr)
"""


def loaded_by(*arguments: str) -> dict[str, list[str]]:
    """Which modules a command leaves loaded: `third` parties by package, and `all`."""
    run = subprocess.run(
        [sys.executable, "-c", SCRIPT, json.dumps(arguments)],
        cwd=ROOT,
        capture_output=True,
        encoding="utf-8",
        check=True,
        timeout=120,
    )
    values = json.loads(run.stderr.splitlines()[-1])
    assert values["code"] == 0, run.stderr
    # what belongs to how packages are installed, not to this program
    values["third"] = [
        text for text in values["third"] if not text.startswith(("__editable__", "_distutils", "_virtualenv"))
    ]
    return {"third": values["third"], "all": values["all"]}


@pytest.mark.parametrize("form", ["text", "json"])
def test_a_question_loads_no_library_but_those_it_needs(sample_index: Path, form: str) -> None:
    loaded = loaded_by("ask", "How many ships were escorted?", "--index", str(sample_index), "--format", form)
    assert set(loaded["third"]) - THIRD_PARTIES == set()
    assert {"faiss", "onnxruntime", "tantivy", "tokenizers"} <= set(loaded["third"])  # else the list proves nothing
    assert SLOW & set(loaded["all"]) == set()
    assert NOT_FOR_QUESTIONS & set(loaded["all"]) == set()


def test_json_output_does_not_import_rich(sample_index: Path) -> None:
    loaded = loaded_by("ask", "How many ships were escorted?", "--index", str(sample_index), "--format", "json")
    assert "rich" not in loaded["third"]


def test_help_loads_click_alone() -> None:
    assert loaded_by("--help")["third"] == ["click"]
