"""References that reference managers' own parsers read back, whatever the documents are called."""

from __future__ import annotations

import json
import re
import unicodedata
from dataclasses import replace
from itertools import accumulate

import bibtexparser.entrypoint
import pytest
import rispy
from bibtexparser.model import Entry
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from qa.answering.library import Answer, AnswerSentence
from qa.output.citation_formats import export
from tests.factories.libraries import library_of

TITLE = "Catch & Quota: 100% of {nets} #1_a ~ 2012 \\ $5 <b>"


@pytest.fixture(scope="module")
def answer(tmp_path_factory: pytest.TempPathFactory) -> Answer:
    files = {
        "odd.txt": "1. Nets & lines\n\nNine nets *were* torn.\nTwo held.\n\n2. Boats\n\nBoats sank.\n",
        "corpus.toml": f"[[document]]\nfile = 'odd.txt'\ntitle = '{TITLE}'\nedition = 2012\ncovers = [2010, 2011]\n"
        "publisher = 'Ministry of Fish'\nurl = 'https://example.org/a%20b?c=1&d=2_3'\n",
    }
    return library_of(tmp_path_factory.mktemp("odd"), files).ask("How many nets were torn?", 3)


@pytest.fixture(scope="module")
def paged(answer: Answer) -> Answer:
    """The answer with its passages on the pages 4, 4 and 5, of which the answer quotes the last."""
    passages = tuple(
        replace(
            cited,
            hit=replace(
                cited.hit,
                stored=replace(cited.hit.stored, passage=replace(cited.hit.stored.passage, page=page)),
            ),
        )
        for cited, page in zip((*answer.passages, answer.passages[0]), (4, 4, 5), strict=False)
    )
    last = passages[-1].hit.stored.passage
    sentence = AnswerSentence(last.text, last.id, last.start, last.end)
    return replace(answer, passages=passages, answered=True, sentences=(sentence,))


def entries(text: str) -> list[Entry]:
    """The entries of a BibTeX file without faults; braces are counted as BibTeX does, after a backslash too."""
    library = bibtexparser.entrypoint.parse_string(text)
    assert library.failed_blocks == []
    for entry in library.entries:
        for field in entry.fields:
            depths = list(accumulate((sign == "{") - (sign == "}") for sign in str(field.value)))
            assert min(depths, default=0) >= 0
            assert depths[-1:] in ([], [0])
    return library.entries


def test_bibtex_is_read_back_whole(answer: Answer) -> None:
    (entry,) = entries(export(answer, "bibtex"))
    assert (entry.key, entry["year"]) == ("odd", "2012")
    assert entry["url"] == "https://example.org/a%20b?c=1&d=2_3"
    assert entry["title"] == (
        r"Catch \& Quota: 100\% of {\textbraceleft}nets{\textbraceright} \#1\_a {\textasciitilde} 2012 "
        r"{\textbackslash} \$5 <b>"
    )
    assert "covers 2010–2011" in entry["note"]
    assert len(answer.passages) >= 2
    assert all(cited.hit.id.replace("_", r"\_") in entry["note"] for cited in answer.passages)


TITLES = st.text(
    alphabet=st.one_of(st.sampled_from("{}\\%&_#$~^@\",='é%"), st.characters(exclude_categories=["Cs"])), max_size=40
)


@given(TITLES)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_title_is_read_back_from_each_format(answer: Answer, title: str) -> None:
    first = answer.passages[0]
    hit = replace(first.hit, document=replace(first.hit.document, title=title, url=f"https://example.org/{title}"))
    odd = replace(answer, passages=(replace(first, hit=hit),))
    kept = (sign for sign in title if unicodedata.category(sign) != "Cc" or sign.isspace())
    expected = " ".join("".join(sign for sign in kept if not is_noncharacter(sign)).split())
    (entry,) = entries(export(odd, "bibtex"))
    written = entry["title"] if expected else ""
    decoded = re.sub(r"\{\\(\w+)\}|\\([&%$#_])", lambda match: match[2] or DECODED[match[1]], written)
    assert decoded == expected
    lines = export(odd, "ris").split("\n")
    assert [line for line in lines if line and not re.match(r"[A-Z][A-Z0-9]  - ", line)] == []
    (item,) = json.loads(export(odd, "csl-json"))
    assert item["title"] == expected


def is_noncharacter(sign: str) -> bool:
    return ord(sign) & 0xFFFE == 0xFFFE or 0xFDD0 <= ord(sign) <= 0xFDEF


@pytest.mark.parametrize(
    ("publisher", "written"),
    [
        ("Ministry of Economy and Finance", "{Ministry of Economy and Finance}"),
        ("Fish AND Sons & Co.", r"{Fish AND Sons \& Co.}"),
        ("Landesamt Brandenburg", "Landesamt Brandenburg"),
    ],
)
def test_the_name_of_an_institution_is_not_divided(answer: Answer, publisher: str, written: str) -> None:
    first = answer.passages[0]
    hit = replace(first.hit, document=replace(first.hit.document, publisher=publisher))
    (entry,) = entries(export(replace(answer, passages=(replace(first, hit=hit),)), "bibtex"))
    assert entry["institution"] == written


def test_keys_that_differ_by_case_only_are_told_apart(answer: Answer) -> None:
    first = answer.passages[0]
    hits = [replace(first.hit, document=replace(first.hit.document, id=name)) for name in ("Report", "report")]
    both = replace(answer, passages=tuple(replace(first, hit=hit) for hit in hits))
    assert [entry.key for entry in entries(export(both, "bibtex"))] == ["Report", "report-2"]


DECODED = {
    "textbackslash": "\\",
    "textbraceleft": "{",
    "textbraceright": "}",
    "textasciitilde": "~",
    "textasciicircum": "^",
}


def test_there_is_one_record_per_source_and_page(paged: Answer) -> None:
    both = entries(export(paged, "bibtex"))
    assert [(entry.key, entry["pages"]) for entry in both] == [("odd-p4", "4"), ("odd-p5", "5")]
    assert [item["page"] for item in json.loads(export(paged, "csl-json"))] == ["4", "5"]
    assert [entry["start_page"] for entry in rispy.loads(export(paged, "ris"))] == ["4", "5"]


def test_only_what_the_answer_quotes_is_exported_on_request(paged: Answer, answer: Answer) -> None:
    quoted = {sentence.passage for sentence in paged.sentences}
    pages = {str(cited.hit.stored.passage.page) for cited in paged.passages if cited.hit.id in quoted}
    assert {item["page"] for item in json.loads(export(paged, "csl-json", "cited"))} == pages
    silent = replace(answer, answered=False, sentences=())
    assert json.loads(export(silent, "csl-json", "cited")) == []


def test_ris_is_read_back_whole(answer: Answer) -> None:
    (entry,) = rispy.loads(export(answer, "ris"))
    assert (entry["title"], entry["year"], entry["type_of_reference"]) == (TITLE, "2012", "RPRT")
    assert entry["publisher"] == "Ministry of Fish"
    assert all(cited.hit.id in entry["notes"][0] for cited in answer.passages)
    assert entry["urls"] == ["https://example.org/a%20b?c=1&d=2_3"]


def test_csl_json_has_what_its_schema_requires(answer: Answer) -> None:
    (item,) = json.loads(export(answer, "csl-json"))
    assert item["id"] == "odd"
    assert (item["type"], item["title"], item["issued"]) == ("report", TITLE, {"date-parts": [[2012]]})


def test_markdown_quotes_each_passage_and_escapes_its_marks(answer: Answer) -> None:
    text = export(answer, "markdown")
    assert r"> Nine nets \*were\* torn." in text
    assert "<b>" not in text
    for cited in answer.passages:
        assert f"`{cited.hit.id}`" in text


def test_an_unknown_format_is_refused(answer: Answer) -> None:
    with pytest.raises(ValueError, match="markdown, bibtex, ris, csl-json"):
        export(answer, "endnote")


@pytest.mark.parametrize("name", ["bibtex", "ris", "csl-json"])
def test_no_record_has_a_noncharacter_for_which_biber_refuses_the_file(answer: Answer, name: str) -> None:
    (first, *_) = answer.passages
    odd = replace(first.hit.document, title="A\uffffB\ufdd0C\U0001fffe", url="https://example.org/\uffff{")
    written = export(replace(answer, passages=(replace(first, hit=replace(first.hit, document=odd)),)), name)
    assert not any(map(is_noncharacter, written))
    assert "ABC" in written
