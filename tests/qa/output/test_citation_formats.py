"""References that reference managers' own parsers read back, whatever the documents are called."""

from __future__ import annotations

import json

import bibtexparser.entrypoint
import pytest
import rispy

from corpus.ingest import plan
from index.building.build import build
from qa.answering.library import Answer, Library
from qa.output.citation_formats import export
from tests.factories.encoders import HashEncoder

TITLE = "Catch & Quota: 100% of {nets} #1_a ~ 2012 \\ $5 <b>"


@pytest.fixture(scope="module")
def answer(tmp_path_factory: pytest.TempPathFactory) -> Answer:
    corpus = tmp_path_factory.mktemp("corpus")
    (corpus / "odd.txt").write_text(
        "1. Nets & lines\n\nNine nets *were* torn.\nTwo held.\n\n2. Boats\n\nBoats sank.\n", "utf-8"
    )
    (corpus / "corpus.toml").write_text(
        f"[[document]]\nfile = 'odd.txt'\ntitle = '{TITLE}'\nedition = 2012\ncovers = [2010, 2011]\n"
        "publisher = 'Ministry of Fish'\nurl = 'https://example.org/a%20b?c=1&d=2_3'\n",
        "utf-8",
    )
    folder = tmp_path_factory.mktemp("index")
    build(folder, plan([corpus]), HashEncoder())
    return Library(folder, HashEncoder()).ask("How many nets were torn?", 3)


def test_bibtex_is_read_back_whole(answer: Answer) -> None:
    library = bibtexparser.entrypoint.parse_string(export(answer, "bibtex"))
    assert library.failed_blocks == []
    assert len(library.entries) == len(answer.passages) >= 2
    for entry, one in zip(library.entries, answer.passages, strict=True):
        assert entry.key == one.hit.id.replace("@", "-")
        assert entry["year"] == "2012"
        assert entry["url"] == "https://example.org/a%20b?c=1&d=2_3"
        assert (
            entry["title"]
            == r"Catch \& Quota: 100\% of \{nets\} \#1\_a \textasciitilde{} 2012 \textbackslash{} \$5 <b>"
        )
        assert "covers 2010–2011" in entry["note"]


def test_ris_is_read_back_whole(answer: Answer) -> None:
    entries = rispy.loads(export(answer, "ris"))
    assert len(entries) == len(answer.passages)
    for entry, one in zip(entries, answer.passages, strict=True):
        assert (entry["title"], entry["year"], entry["type_of_reference"]) == (TITLE, "2012", "RPRT")
        assert entry["publisher"] == "Ministry of Fish"
        assert any(one.hit.id in note for note in entry["notes"])
        assert entry["urls"] == ["https://example.org/a%20b?c=1&d=2_3"]


def test_csl_json_has_what_its_schema_requires(answer: Answer) -> None:
    items = json.loads(export(answer, "csl-json"))
    assert [item["id"] for item in items] == [one.hit.id.replace("@", "-") for one in answer.passages]
    for item in items:
        assert (item["type"], item["title"], item["issued"]) == ("report", TITLE, {"date-parts": [[2012]]})


def test_markdown_quotes_each_passage_and_escapes_its_marks(answer: Answer) -> None:
    text = export(answer, "markdown")
    assert r"> Nine nets \*were\* torn." in text
    assert "<b>" not in text
    for one in answer.passages:
        assert f"`{one.hit.id}`" in text


def test_an_unknown_format_is_refused(answer: Answer) -> None:
    with pytest.raises(ValueError, match="markdown, bibtex, ris, csl-json"):
        export(answer, "endnote")
