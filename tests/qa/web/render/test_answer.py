"""Answers as HTML: every character as it stands in the document, at its place, whatever it is."""

from __future__ import annotations

import re
from collections.abc import Sequence
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.records import Passage, Sentence
from index.ranking.search import Hit
from index.storage.reader import DocumentInfo, StoredPassage
from qa.answering.compared_editions import change_notice
from qa.answering.library import Answer, AnswerSentence
from qa.citation import AlsoIn, CitedPassage
from qa.editions.figures.changed_figures import ChangedFigure
from qa.editions.figures.quantities import Quantity
from qa.editions.figures.sentence_figures import Figure
from qa.editions.sections import LocatedSentence
from qa.output import console
from qa.question.analysis import Interpretation
from qa.templating import code, escape, is_web, marked
from qa.web.render.answer import answer_html, card, quotation, spans_to_mark
from qa.web.urls import QuestionRequest

EVIL = '<img src=x onerror="alert(1)"> & </article><script>alert(2)</script> **b** `c` $$x$$'


class Reader(HTMLParser):
    """What a browser makes of HTML: the text, the marked spans, the tags and attributes."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.text, self.marks, self.tags, self.attributes = "", [""], [], []  # type: tuple[str, list[str], list[str], list[str]]
        self._in_mark = False
        self.feed(str(html))  # Markup would escape what the parser joins
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [name for name, _ in attrs]
        if tag == "mark":
            self._in_mark = True
            self.marks.append("")

    def handle_endtag(self, tag: str) -> None:
        if tag == "mark":
            self._in_mark = False

    def handle_data(self, data: str) -> None:
        self.text += data
        if self._in_mark:
            self.marks[-1] += data


def document(number: int = 1, **fields: object) -> DocumentInfo:
    given_fields = {
        "number": number,
        "id": f"report-{number}",
        "title": "Annual Report 2016",
        "series": "Annual Report",
        "publisher": None,
        "edition": 2016,
        "covers": (2015, 2015),
        "published": None,
        "part": None,
        "url": None,
        "language": "en",
        "source": "report.txt",
        "sha256": "",
        "identity": "",
        "origins": {},
        "passage_count": 1,
        "long_sentences": 0,
    }
    return DocumentInfo(**(given_fields | fields))  # type: ignore[arg-type]


def cited(
    text: str,
    spans: Sequence[tuple[int, int]] = ((0, 4),),
    *,
    start: int = 100,
    rank: int = 1,
    of: DocumentInfo | None = None,
    also_in: tuple[AlsoIn, ...] = (),
    path: tuple[str, ...] = ("1 Ships", "(2) Tugs"),
) -> CitedPassage:
    """A passage that begins at offset `start` of its document; `spans` count from its own beginning."""
    of = of or document()
    sentences = tuple(Sentence(start + a, start + b) for a, b in spans)
    passage = Passage(of.id, 0, "section", path, "", text, start, start + len(text), sentences)
    stored = StoredPassage(1, of.number, 0, passage, (), 0, (0,))
    hit = Hit(stored, of, 0.5, {"passage": 0.3, "lexical": 0.2}, (0.9,) * len(sentences))
    highlights = tuple((start + a, start + b) for a, b in spans)
    return CitedPassage(rank, hit, "Annual Report 2016 (covers 2015), 1 Ships", highlights, also_in)


def answer(passages: Sequence[CitedPassage], **fields: object) -> Answer:
    first = passages[0].hit.stored.passage if passages else None
    sentences = (AnswerSentence(first.text[:4], first.id, first.start, first.start + 4),) if first is not None else ()
    given_fields = {
        "id": "q1",
        "question": "Which ships?",
        "understood": Interpretation(),
        "answered": True,
        "confidence": 0.9,
        "sentences": sentences,
        "passages": tuple(passages),
    }
    return Answer(**(given_fields | fields))  # type: ignore[arg-type]


def shown_text(html: str) -> str:
    """The text of the passage in a card."""
    found = re.search(r'<blockquote class="yq-text"[^>]*>(.*?)</blockquote>', html, re.DOTALL)
    assert found is not None
    return Reader(found[1]).text


@given(st.text(max_size=60), st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60)), max_size=5))
def test_marking_neither_loses_nor_adds_a_character(text: str, spans: list[tuple[int, int]]) -> None:
    visible = re.sub(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]", "\N{REPLACEMENT CHARACTER}", text)
    html = marked(text, 1000, sorted((1000 + a, 1000 + b) for a, b in spans))
    assert Reader(html).text == visible
    assert set(Reader(html).tags) <= {"mark"}


def test_marks_lie_at_the_offsets_of_the_document() -> None:
    # "Tugs pull. Ships sail." from offset 40 on: [51, 62) is "Ships sail."
    reader = Reader(marked("Tugs pull. Ships sail.", 40, [(51, 62)]))
    assert reader.marks[1:] == ["Ships sail."]
    assert reader.text == "Tugs pull. Ships sail."


def test_a_span_beyond_the_text_is_cut_and_one_inside_another_is_marked_once() -> None:
    assert Reader(marked("abcdef", 10, [(8, 12), (11, 13), (15, 99)])).marks[1:] == ["ab", "c", "f"]


def test_html_stays_on_one_line_so_that_markdown_leaves_it_alone() -> None:
    html = escape("a\n\n    b\t<c>\r\n\u2028d")
    assert not re.search(r"[\n\r\t\u2028]", html)
    assert Reader(f"<p>{html}</p>").text == "a\n\n    b\t<c>\r\n\u2028d"


def test_every_text_of_a_document_is_shown_as_text() -> None:
    evil = document(title=EVIL, part=EVIL, language='"><script>', series=EVIL, url="javascript:alert(1)")
    one = cited(EVIL, of=evil, path=(EVIL, EVIL), also_in=(AlsoIn(EVIL, None, f"{EVIL}@1-2"),))
    html = answer_html(answer([one], question=EVIL, notices=(EVIL,)), QuestionRequest(EVIL))
    reader = Reader(html)
    assert {"img", "script", "b"}.isdisjoint(reader.tags)
    assert not [name for name in reader.attributes if name.startswith("on")]
    assert reader.text.count('<img src=x onerror="alert(1)">') >= 4
    assert 'href="javascript' not in html


def test_the_text_of_a_card_is_that_of_the_passage() -> None:
    text = "  Tugs pull.\n\n\tShips  sail & sink. <EOF>"
    assert shown_text(card(cited(text, [(2, 12)]), 1, [(102, 112)])) == text


def test_what_is_quoted_above_is_marked_below() -> None:
    one = cited("Tugs pull. Ships sail. Cranes lift.", [(0, 10)])
    quoted = AnswerSentence("Ships sail.", one.hit.id, 111, 122)
    elsewhere = AnswerSentence("Cranes lift.", "other@123-135", 123, 135)
    assert spans_to_mark(one, [quoted, elsewhere]) == [(100, 110), (111, 122)]


def test_spans_that_overlap_are_marked_as_one() -> None:
    one = cited("Tugs pull. Ships sail.", [(0, 10)])
    assert spans_to_mark(one, [AnswerSentence("pull. Ships", one.hit.id, 105, 116)]) == [(100, 116)]


def test_a_quotation_is_verbatim_and_shows_its_gaps() -> None:
    one = cited("Tugs pull. Ships sail. Cranes lift. Rats leave.", [(0, 10)])
    assert quotation(one, [(100, 110), (111, 122), (136, 147)]) == (
        "“Tugs pull. Ships sail. […] Rats leave.” (Annual Report 2016 (covers 2015), 1 Ships)"
    )


def test_edition_and_covered_years_are_named_apart_and_unknown_ones_said_to_be() -> None:
    known = Reader(card(cited("Ships sail.", of=document(covers=(2014, 2015))), 1, []))
    assert "edition 2016 covers 2014–2015" in known.text
    unknown = Reader(card(cited("Ships sail.", of=document(edition=None, covers=None)), 1, []))
    assert "edition unknown covered years unknown" in unknown.text


def test_the_path_of_a_card_does_not_repeat_its_title() -> None:
    html = card(cited("Ships sail.", path=("ANNUAL REPORT 2016", "1 Ships")), 1, [])
    assert '<p class="yq-path">1 Ships</p>' in html


def test_sentences_refer_to_the_card_with_their_number() -> None:
    first, second = cited("Ships sail.", rank=1), cited("Tugs pull.", rank=2, start=300)
    quoted = AnswerSentence("Tugs pull.", second.hit.id, 300, 310)
    html = answer_html(answer([first, second], sentences=(quoted,)), QuestionRequest("Which?"))
    assert 'href="#passage-2"' in html
    assert re.search(r'id="passage-2".*?<mark class="yq-cited">Tugs pull\.</mark>', html)


def test_a_refusal_quotes_nothing_and_shows_the_nearest_passages() -> None:
    html = answer_html(
        answer([cited("Ships sail.")], answered=False, sentences=(), confidence=0.05), QuestionRequest("Why?")
    )
    assert "do not seem to answer this" in html
    assert "Nearest passages" in html
    assert "too low to answer" in html
    assert "<q " not in html


@pytest.mark.parametrize(("confidence", "heading"), [(0.59, "Possible answer"), (0.61, "Answer")])
def test_an_answer_of_low_confidence_is_called_possible(
    confidence: float, heading: str, capsys: pytest.CaptureFixture[str]
) -> None:
    given = answer([cited("Ships sail.")], confidence=confidence)
    assert f"<h2>{heading}</h2>" in answer_html(given, QuestionRequest("Why?"))
    console.answer(given)
    assert capsys.readouterr().out.startswith(f"{heading} (confidence ")


def test_a_passage_repeated_in_another_edition_is_folded() -> None:
    repeated = cited("Ships sail.", rank=2, of=document(2, edition=2020, covers=(2019, 2019)))
    first = cited("Ships sail.", also_in=(AlsoIn("report-2", 2020, repeated.hit.id),))
    assert answer([first, repeated]).distinct_passages() == [first]
    assert (
        "Nearly the same also in 2020" in Reader(answer_html(answer([first, repeated]), QuestionRequest("Which?"))).text
    )


def test_what_the_question_names_or_the_answer_quotes_is_never_folded() -> None:
    repeated = cited("Ships sail.", rank=2, of=document(2, edition=2020, covers=(2019, 2019)))
    first = cited("Ships sail.", also_in=(AlsoIn("report-2", 2020, repeated.hit.id),))
    both = [first, repeated]
    assert answer(both, understood=Interpretation(editions=(2020,))).distinct_passages() == both
    assert answer(both, understood=Interpretation(years=(2019,))).distinct_passages() == both
    assert answer(both, sentences=(AnswerSentence("Ships", repeated.hit.id, 100, 105),)).distinct_passages() == both


def test_notices_shown_elsewhere_are_not_repeated() -> None:
    found = answer([cited("Ships sail.")], notices=("these are samples", "no edition here covers 2031"))
    html = answer_html(found, QuestionRequest("Which?"), hide=["these are samples"])
    assert "samples" not in html
    assert "<li>No edition here covers 2031.</li>" in html


def test_only_addresses_of_the_web_become_links() -> None:
    assert not any(is_web(url) for url in ("javascript:alert(1)", "data:text/html,x", None, "", "http://["))
    linked = card(cited("Ships sail.", of=document(url="https://a.example/?b=1&c=2")), 1, [])
    assert 'href="https://a.example/?b=1&amp;c=2"' in linked


def test_commands_in_a_notice_look_like_commands() -> None:
    assert code("run `yearbook-qa index <PATH>`") == "run <code>yearbook-qa index &lt;PATH&gt;</code>"


def test_what_changed_leads_with_links_instead_of_a_notice_with_ids() -> None:
    def figure(document: str, text: str, amount: str) -> Figure:
        start = text.index(amount)
        sentence = LocatedSentence(document, f"{document}@0-99", 40, 40 + len(text), text, 0)
        return Figure(sentence, 0, Quantity("count", 0, "ship", "ships", amount, start, start + len(amount)))

    first, last = (cited("Ships.", of=document(edition=year)).hit for year in (2016, 2020))
    change = ChangedFigure(first, last, figure("a", "In all 152 ships.", "152"), figure("b", "Only 38 ships.", "38"))
    html = answer_html(
        answer([cited("Ships.")], changes=(change,), notices=(change_notice(change), "Read it.")),
        QuestionRequest("Which?"),
    )
    reader = Reader(html)
    assert "152 ships edition 2016 → 38 ships edition 2020" in reader.text
    assert "a@47-50" not in reader.text
    assert "Read it." in reader.text
    assert 'href="context?passage=a%4040-57&amp;mark=47-50"' in html
    assert html.index("What changed") < html.index(">Answer<")


def test_cited_and_similar_sentences_are_marked_apart() -> None:
    one = cited("Ships sail. Tugs pull. Cranes lift.", spans=((0, 11), (12, 22)))
    quoted = AnswerSentence("Tugs pull.", one.hit.id, 112, 122)
    html = answer_html(answer([one], sentences=(quoted,)), QuestionRequest("Which?"))
    assert '<mark>Ships sail.</mark> <mark class="yq-cited">Tugs pull.</mark>' in html
