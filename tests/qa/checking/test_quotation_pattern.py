"""Quotations of recognised text are found despite what engines confuse; another word or figure is still another."""

from __future__ import annotations

from pathlib import Path

import pytest

from corpus.ingest import plan
from index.building.build import build
from index.ranking.search import Index
from qa.checking.quotation_matching import QuotationMatch, QuotationSources
from qa.checking.quotation_pattern import find_confused, parse_quotation
from qa.output.check_report import state_label
from qa.question.filters import Filters
from tests.factories.encoders import HashEncoder
from tests.factories.rendered.pages import draw_lines, draw_pages
from tests.factories.rendered.scanned_pdf import recognize_perfectly, scan


def spans(quotation: str, source: str) -> list[str] | None:
    spans = find_confused(quotation, parse_quotation(quotation), source)
    return None if spans is None else [source[start:end] for start, end in spans]


@pytest.mark.parametrize(
    ("quotation", "source"),
    [
        ("the modern Illinois port", "the modem lllinois port"),
        ("In 2010 there were 105 clerks", "ln 2O1O there were l05 derks"),
        ("security environment of the region", "securityenvironment of theregion"),
        ("a new wave", "a nevv wave"),
        ("ニュースはー般に", "二ュースは一般に"),
        ("輸出は1,250トン", "輸出は l,25Oト ン"),
    ],
)
def test_letters_and_spaces_that_engines_confuse_are_alike(quotation: str, source: str) -> None:
    assert spans(quotation, f"First, {source}. Then") == [source]


@pytest.mark.parametrize(
    ("quotation", "source"),
    [
        ("dues of 1,250 crowns", "dues of 1,260 crowns"),
        ("dues of 1,250 crowns", "dues of 1.250 crowns"),
        ("the harbour was open", "the harbour was not open"),
        ("the ships came", "the shops came"),
        ("oil", "the soiled quay"),
        ("first the ships … then the boats", "then the boats, first the ships"),
    ],
)
def test_other_words_and_figures_are_not_alike(quotation: str, source: str) -> None:
    assert spans(quotation, source) is None


def test_the_parts_of_a_quotation_are_found_in_order() -> None:
    source = "ln April the rnaster counted all the many ships that were there, and then the b0ats left."
    assert spans("In April the master … the boats left", source) == ["ln April the rnaster", "the b0ats left"]


class TestSources:
    @pytest.fixture
    def sources(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> QuotationSources:
        """A recognised scan with errors, and a text with the same errors that was typed."""
        recognised = draw_pages(draw_lines("The rnaster counted l05 ships of every flag in the northernbasin."))
        recognize_perfectly(monkeypatch, recognised)
        (tmp_path / "scan.pdf").write_bytes(scan(recognised))
        (tmp_path / "typed.txt").write_text("All 2O9 ferries left the southembasin at noon.\n", encoding="utf-8")
        build(tmp_path / "index", plan([tmp_path], ocr=True), HashEncoder())
        return QuotationSources(Index(tmp_path / "index"), Filters())

    @pytest.mark.parametrize(
        ("quotation", "state", "reason"),
        [
            ("counted 105 ships of every flag in the northern basin", "verbatim_but_for", "ocr"),
            ("The rnaster counted l05 ships", "verbatim", ""),
            ("counted 106 ships of every flag in the northern basin", "altered", ""),
            ("All 209 ferries left the southern basin at noon", "altered", ""),
        ],
    )
    def test_confusions_are_tolerated_in_recognised_text_only(
        self, sources: QuotationSources, quotation: str, state: str, reason: str
    ) -> None:
        match: QuotationMatch = sources.find(quotation)
        assert (match.state, match.reason) == (state, reason)
        assert ("OCR" in state_label(match)) == (reason == "ocr")
