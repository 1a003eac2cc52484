"""Passages keep every character once, stay within their limits, and are cut at good places."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from corpus.chunking import row_embedding_text
from corpus.chunking.passages import Chunks, Lengths, chunk, count_words, make_prefix
from corpus.chunking.sentences import split_sentences
from corpus.ingest import plan, read
from corpus.records import HEADED_KINDS, Document, PageSpan, Section, StructureMark
from corpus.structure.outline import infer_outline, outline_from_marks

_TOKEN = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]|[^\W_]{1,5}|[^\w\s]|_")


def tokens(texts: Sequence[str]) -> list[int]:
    """As a word-piece model counts: marks and wide characters alone, words in pieces of five letters."""
    return [len(_TOKEN.findall(text)) for text in texts]


SMALL = Lengths(target=12, longest=20, tokens=64)


def document(text: str, outline: Sequence[Section] | None = None, title: str = "Boats", **more: object) -> Document:
    outline = infer_outline(text) if outline is None else outline
    return Document("d", title, text, tuple(outline), "", "/d.txt", **more)  # type: ignore[arg-type]


def under(heading: str, body: str) -> Document:
    """A document of one section."""
    text = f"{heading}\n{body}"
    return document(text, outline_from_marks(text, [StructureMark("section", 0, 0, len(heading))]))


def texts(made: Chunks) -> list[str]:
    return [passage.text for passage in made.passages]


def check(one: Document, made: Chunks, lengths: Lengths) -> None:
    """The laws that hold for every document."""
    owners = bytearray(len(one.text))
    for section in one.outline:
        if section.kind in HEADED_KINDS:
            owners[section.start : section.heading_end] = b"h" * (section.heading_end - section.start)
    rest = one.text
    for item in one.outline:
        if item.kind == "caption":
            rest = rest[: item.start] + " " * (item.heading_end - item.start) + rest[item.heading_end :]
    labels = [
        one.text[line.start : line.end]
        for item in one.outline
        if item.kind == "table"
        for line in row_embedding_text.read_table(one.text, item.start, item.end, item.table).lines
        if line.kind in ("header", "label")
    ]
    cursor = 0
    for passage in made.passages:
        assert cursor <= passage.start < passage.end, "in text order, and none over another"
        cursor = passage.end
        assert passage.text == one.text[passage.start : passage.end] == passage.text.strip()
        assert passage.id == f"d@{passage.start}-{passage.end}"
        assert passage.path == one.path(passage.section)
        for position in range(passage.start, passage.end):
            assert not owners[position] or one.text[position].isspace(), "no heading in a passage"
            owners[position] = owners[position] or ord("p")
        assert count_words(passage.text) <= lengths.longest
        whole = tokens([passage.prefix])[0] + tokens([passage.text])[0] + lengths.special_tokens
        assert whole <= lengths.tokens
        fronts = [item.heading_end for item in one.outline if item.kind == "front"]
        above = [end for end in fronts if passage.start < end < passage.end and end <= passage.sentences[0].start]
        reached = max(above, default=passage.start)  # front matter is no answer
        for sentence in passage.sentences:
            titles = list(filter(None, map(str.strip, rest[reached : sentence.start].split("\n"))))
            if reached > passage.start:
                titles = [title for title in titles if title not in labels]  # the rows below are found with them
            assert not titles or (passage.kind == "table" and reached == passage.start), "all text is in a sentence"
            assert all(map(row_embedding_text.only_announces, titles)), (
                "but for the name of a table, found with its rows"
            )
            assert one.text[sentence.start : sentence.end].strip() == one.text[sentence.start : sentence.end] != ""
            reached = sentence.end
        assert passage.sentences[-1].end >= passage.end
    for position, character in enumerate(one.text):
        assert owners[position] or character.isspace(), f"{character!r} at {position} is lost"


def test_dates_authors_and_places_are_no_passages_of_their_own() -> None:
    top = "Budget Speech\n\nDelivered by Anna Clay\n\nSpringfield\n\n14 March 2016"
    body = "The harbour was dredged, and nine boats were built."
    for front in (top, "January 8, 1790", "海事白書2016\n\n東京\n\n平成28年3月14日"):
        (passage,) = chunk(document(f"{front}\n\n{body}\n")).passages
        assert (passage.text, passage.kind) == (f"{front}\n\n{body}", "section")
        assert [passage.text[s.start : s.end] for s in passage.sentences] == [body]
    (cover, first) = chunk(document(f"{top}\n\n1. Boats\n\n{body}\n\n2. Nets\n")).passages
    assert (cover.text, first.text) == (top, body)


@pytest.mark.parametrize("byline", ["By Anna Clay", "Springfield, 14 March 2016", "Published on 14.03.2016\n\nTokyo"])
def test_bylines_below_a_declared_title_are_no_answers(byline: str) -> None:
    body = "The harbour was dredged, and nine boats were built."
    text = f"Harbour Report\n\n{byline}\n\n{body}\n"
    (passage,) = chunk(document(text, outline_from_marks(text, [StructureMark("section", 0, 0, 14)]))).passages
    assert passage.text == f"{byline}\n\n{body}"
    assert [text[s.start : s.end] for s in passage.sentences] == [body]


@pytest.mark.parametrize("cover", ["Ministry of Ports", "Ministry of Ports\n\nISSN 1234-5678"])
def test_lines_above_a_declared_title_are_front_matter(cover: str) -> None:
    body = "The harbour was dredged, and nine boats were built."
    text = f"{cover}\n\nHarbour Report\n\n{body}\n"
    start = text.index("Harbour")
    front, section = chunk(
        document(text, outline_from_marks(text, [StructureMark("section", 0, start, start + 14)]))
    ).passages
    assert (front.text, front.kind, section.text, section.kind) == (cover, "front", body, "section")


LINES = st.one_of(
    st.sampled_from(
        [
            *(
                "1. Boats",
                "2. Nets",
                "(1) Oars",
                "(2) Sails",
                "A. Wood",
                "Chapter 3",
                "第1章 船",
                "<The Crew>",
                "| Masts",
            ),
            *("* Keel", "Note 1: of oak", "1 See the annex.", "Photo: a boat", "Column", "Source: the board.", "", ""),
            "- an item",
        ]
    ),
    st.lists(
        st.sampled_from(
            [
                *(
                    "boat",
                    "Boat",
                    "sails",
                    "the",
                    "sea,",
                    "wind;",
                    "oar.",
                    "Mast.",
                    "U.S.",
                    "3.5",
                    "2015",
                    "(it",
                    "was)",
                ),
                *("“so”", "船", "港は開かれた。", "x" * 90, "—", "\u3000", "💧", "\u2028", "\x0c", "\t"),
            ]
        ),
        max_size=40,
    ).map(" ".join),
)
TEXTS = st.lists(LINES, max_size=25).map("\n".join)
KINDS = st.sampled_from(["section", "inset", "notes", "table", "caption", "body"])


@given(TEXTS)
@example("")
@example("\n \n")
@example("1. Boats")
@example("boat \u3000 3.5 \u3000 boat\n1. Boats\nboat \u3000 3.5")
@example("x" * 3000)
@example("船" * 700)
@example("\u2028".join(["boat"] * 100))
@example("1. Boats\n" + "x" * 90 + " " + "y" * 400 + "\n2. Nets\n\n\n3. Oars")
def test_every_character_is_in_exactly_one_passage_that_fits(text: str) -> None:
    one = document(text)
    check(one, chunk(one, tokens, SMALL), SMALL)


@given(st.lists(st.tuples(KINDS, LINES), max_size=20))
@example([("caption", "(1) Oars"), ("table", "| Masts")])
@example([("section", "1. Boats"), ("body", "(1) Oars"), ("table", "| Masts")])
def test_every_character_is_kept_with_declared_structure(blocks: list[tuple[str, str]]) -> None:
    text, marks = "", []
    for kind, line in blocks:
        if kind != "body" and line.strip():
            level = 0 if kind == "section" else None
            marks.append(StructureMark(kind, level, len(text), len(text) + len(line)))  # type: ignore[arg-type]
        text += line + "\n"
    one = document(text, outline_from_marks(text, marks))
    check(one, chunk(one, tokens, SMALL), SMALL)


@given(TEXTS, st.integers(5, 60), st.integers(0, 60), st.integers(24, 300))
def test_every_character_is_kept_for_any_lengths(text: str, target: int, more: int, most: int) -> None:
    lengths = Lengths(target=target, longest=target + more, tokens=most)
    one = document(text, title="Of boats and of the men who sail in them, of nets and oars and masts")
    check(one, chunk(one, tokens, lengths), lengths)


def test_passages_of_the_seeds_are_slices_of_their_texts_and_fit(data: Path) -> None:
    lengths = Lengths()
    for source in plan([data / "seeds"]).sources:
        one = read(source)
        made = chunk(one, tokens, lengths)
        words = [count_words(passage.text) for passage in made.passages if passage.kind == "section"]
        for passage in made.passages:
            assert one.text[passage.start : passage.end] == passage.text
            for sentence in passage.sentences:
                assert one.text[sentence.start : sentence.end].strip()
            assert tokens([passage.prefix + passage.text])[0] + lengths.special_tokens <= lengths.tokens
        assert max(words) <= lengths.longest
        assert sum(count >= 60 for count in words) > 0.7 * len(words), "most are of 60 words or more"
        covered = sum(sum(not c.isspace() for c in passage.text) for passage in made.passages)
        headings = sum(
            sum(not c.isspace() for c in section.text) for section in one.outline if section.kind in HEADED_KINDS
        )
        assert covered + headings == sum(not c.isspace() for c in one.text)


class TestWhereItIsCut:
    def test_a_short_section_is_one_passage(self) -> None:
        made = chunk(under("1. Boats", "One boat. Two boats.\n\nThree boats."), tokens, SMALL)
        assert texts(made) == ["One boat. Two boats.\n\nThree boats."]

    def test_passages_never_cross_a_heading(self) -> None:
        text = "1. Boats\nOne boat.\n2. Nets\nOne net."
        marks = [StructureMark("section", 0, 0, 8), StructureMark("section", 0, 19, 26)]
        made = chunk(document(text, outline_from_marks(text, marks)), tokens, SMALL)
        assert [(passage.path, passage.text) for passage in made.passages] == [
            (("1. Boats",), "One boat."),
            (("2. Nets",), "One net."),
        ]

    def test_the_section_continues_after_an_inset(self) -> None:
        text = "1. Boats\nBefore.\nColumn: Oars\nWithin.\nAfter."
        marks = [StructureMark("section", 0, 0, 8), StructureMark("inset", None, 17, 37)]
        made = chunk(document(text, outline_from_marks(text, marks)), tokens, SMALL)
        assert [(passage.path[-1], passage.text) for passage in made.passages] == [
            ("1. Boats", "Before."),
            ("Column: Oars", "Within."),
            ("1. Boats", "After."),
        ]

    def test_sentences_that_fit_are_not_cut(self) -> None:
        # Nine words a sentence; the target of 12 and the limit of 20 take two of them, never two and a half.
        sentence = "The boat that came first went home last today."
        made = chunk(under("1. Boats", " ".join([sentence] * 6)), tokens, SMALL)
        assert {text.count(sentence) for text in texts(made)} <= {1, 2}
        assert all(text.replace(sentence, "").strip() == "" for text in texts(made))

    def test_no_stub_is_left_at_the_end_of_a_section(self) -> None:
        # Seven sentences of five words in passages of 12: greedy cutting leaves one alone, the best cut does not.
        made = chunk(under("1. Boats", " ".join(["The boat goes home now."] * 7)), tokens, SMALL)
        assert min(count_words(text) for text in texts(made)) >= 10

    def test_cuts_prefer_the_end_of_a_paragraph(self) -> None:
        # Eleven words each: three passages near the target of 12 are better than two of 16 and 17.
        paragraph = "The boat goes home at noon. The net is dry now."
        made = chunk(under("1. Boats", "\n\n".join([paragraph] * 3)), tokens, SMALL)
        assert texts(made) == [paragraph] * 3

    def test_a_long_sentence_is_cut_at_a_clause_and_stays_one_sentence(self) -> None:
        sentence = "So " + "the boat that came first went home at noon, " * 4 + "and stayed."
        made = chunk(under("1. Boats", sentence), tokens, SMALL)
        assert len(made.passages) > 1
        assert made.long_sentences == 1
        assert all(text.endswith(",") for text in texts(made)[:-1])
        assert {passage.sentences for passage in made.passages} == {made.passages[0].sentences}
        only = made.passages[0].sentences[0]
        assert only.end - only.start == len(sentence)

    def test_a_long_sentence_without_clauses_is_cut_between_words(self) -> None:
        made = chunk(under("1. Boats", "boat " * 99 + "boat."), tokens, SMALL)
        assert {word for text in texts(made) for word in text.split()} == {"boat", "boat."}
        assert made.long_sentences == 1

    def test_a_word_that_is_too_long_is_cut(self) -> None:
        made = chunk(under("1. Boats", "x" * 1000), tokens, SMALL)
        assert "".join(texts(made)) == "x" * 1000
        assert made.long_sentences == 1

    def test_text_without_spaces_is_cut_by_its_characters(self) -> None:
        made = chunk(under("1. 船", "船" * 100), tokens, SMALL)
        assert "".join(texts(made)) == "船" * 100
        assert max(map(count_words, texts(made))) <= SMALL.longest

    def test_a_text_with_only_a_heading_has_no_passage(self) -> None:
        made = chunk(under("1. Boats", ""), tokens, SMALL)
        assert (made.passages, made.long_sentences) == ((), 0)

    def test_a_passage_has_the_page_on_which_it_begins(self) -> None:
        pages = (PageSpan(0, 9, 7, "i"), PageSpan(9, 99, 8, "ii"))
        made = chunk(document("One boat.\n\nTwo boats.", (), pages=pages), tokens, Lengths(target=2, longest=3))
        assert [(passage.page, passage.page_label) for passage in made.passages] == [(7, "i"), (8, "ii")]


class TestPrefix:
    def test_a_prefix_has_title_and_headings_in_order(self) -> None:
        assert make_prefix("Boats 2016", ("3. Nets", "(1) Knots."), tokens, 99) == "Boats 2016. 3. Nets. (1) Knots\n"

    def test_middle_headings_are_dropped_first(self) -> None:
        # Three words and the two full stops between them are five tokens.
        path = ("first", "second", "third", "last")
        assert make_prefix("title", path, tokens, 5) == "title. first. last\n"

    @given(st.text("ab .\n船"), st.lists(st.text("ab .船", max_size=40), max_size=6), st.integers(0, 20))
    def test_a_prefix_never_exceeds_its_limit(self, title: str, path: list[str], limit: int) -> None:
        assert tokens([make_prefix(title, path, tokens, limit)])[0] <= limit

    def test_a_prefix_has_at_most_a_quarter_of_the_tokens(self) -> None:
        heading = "1. " + "Of boats and nets and oars and masts " * 9
        made = chunk(under(heading, "One boat. " * 50), tokens, SMALL)
        assert SMALL.prefix_tokens == 64 // 4
        assert all(tokens([passage.prefix])[0] <= 16 for passage in made.passages)


@pytest.mark.parametrize(
    ("text", "words"),
    [("", 0), ("one two", 2), ("U.S. 3.5%", 2), ("船", 1), ("船が来た", 2), ("the 船 came", 3), ("港は開 x", 3)],
)
def test_two_wide_characters_count_as_a_word(text: str, words: int) -> None:
    assert count_words(text) == words


def test_a_passage_has_the_sentences_of_its_text() -> None:
    one = under("1. Boats", "One boat came. Two boats left. Three boats sank in the storm of the year.")
    made = chunk(one, tokens, Lengths(target=3, longest=9))
    found = [(sentence.start, sentence.end) for passage in made.passages for sentence in passage.sentences]
    assert found == split_sentences(one.text, 9, len(one.text))
