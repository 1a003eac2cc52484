"""Context that is embedded with passages and sentences: titles, headings and the sentences of notes."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from corpus.chunking.passages import Lengths, chunk, count_words, make_prefix
from corpus.chunking.sentences import split_sentences
from corpus.records import HEADED_KINDS, Document
from corpus.structure.outline import infer_outline
from tests.factories.encoders import word_counts

FORUM = (
    "Annual Report 2016\n\n"
    "1. Security\n\n"
    "Ministers met in the autumn. The Global Forum (GF)1 adopted a plan against smugglers. Ships were inspected.\n\n"
    "- 1 It consists of 29 countries and was proposed by the presidency.\n\n"
    "2. Fisheries\n\n"
    "Herring was scarce in the north. Quotas were cut by a third.\n"
)


def document(text: str) -> Document:
    return Document("report", "Annual Report 2016", text, infer_outline(text), "0" * 64, "report.txt")


def test_a_note_is_embedded_with_the_sentence_that_it_explains() -> None:
    found = chunk(document(FORUM), word_counts, Lengths())
    (note,) = (place for place, one in enumerate(found.passages) if "29 countries" in one.text)
    assert found.passages[note].kind == "notes"
    assert "The Global Forum (GF)1 adopted a plan" in found.passages[note].prefix
    assert "The Global Forum (GF)1 adopted a plan" in found.sentence_contexts[note]
    assert "Ships were inspected" not in found.passages[note].prefix


def test_passages_are_embedded_with_all_headings_sentences_with_the_last() -> None:
    found = chunk(document(FORUM), word_counts, Lengths())
    (fish,) = (place for place, one in enumerate(found.passages) if "Herring" in one.text)
    assert found.passages[fish].prefix == "Annual Report 2016. 2. Fisheries\n"
    assert found.sentence_contexts[fish] == "2. Fisheries. "


def test_without_headings_sentences_are_embedded_with_the_title() -> None:
    found = chunk(Document("a", "Normans", "They came by sea.", (), "0" * 64, "a.txt"), word_counts, Lengths())
    assert found.sentence_contexts == ("Normans. ",)


def test_sentences_are_embedded_with_the_first_words_of_a_heading() -> None:
    text = "1. A Heading That Goes On And On About Fish\n\nHerring was scarce. Cod was not.\n\n2. Tea\n\nTea rose.\n"
    contexts = chunk(document(text), word_counts, Lengths()).sentence_contexts
    assert contexts == ("1. A Heading That Goes On And On. ", "2. Tea. ")


words = st.lists(st.sampled_from(["cod", "came.", "Quotas", "fell;", "in", "1815", "the", "north", "(Note", "a."]))


@given(st.lists(words, max_size=12), st.integers(16, 64))
def test_every_character_is_in_one_passage_and_all_passages_fit(lines: list[list[str]], tokens: int) -> None:
    text = "\n\n".join(" ".join(line) for line in lines)
    lengths = Lengths(target=12, longest=20, tokens=tokens)
    one = document(text)
    found = chunk(one, word_counts, lengths)
    assert len(found.sentence_contexts) == len(found.passages)
    covered = [position for passage in found.passages for position in range(passage.start, passage.end)]
    assert len(covered) == len(set(covered))
    headings = {
        position
        for item in one.outline
        if item.kind in HEADED_KINDS
        for position in range(item.start, item.heading_end)
    }
    assert {position for position, character in enumerate(text) if not character.isspace()} - headings <= set(covered)
    for passage in found.passages:
        assert text[passage.start : passage.end] == passage.text
        assert count_words(passage.text) <= lengths.longest


@given(st.text(alphabet="ab c.", max_size=80), st.lists(st.text(alphabet="de f.", max_size=30), max_size=4))
def test_a_prefix_never_exceeds_its_share(title: str, path: list[str]) -> None:
    assert word_counts([make_prefix(title, path, word_counts, 6)])[0] <= 6


def test_middle_headings_are_dropped_first() -> None:
    assert make_prefix("Title", ["One", "Two", "Three"], word_counts, 3) == "Title. One. Three\n"


def test_tokenised_text_in_lower_case_has_sentences() -> None:
    text = "in the flow . the wall was hot . see fig . 3 for st . louis . he met d . baker"
    assert [text[a:b] for a, b in split_sentences(text, 0, len(text))] == [
        "in the flow .",
        "the wall was hot .",
        "see fig . 3 for st . louis .",
        "he met d . baker",
    ]
