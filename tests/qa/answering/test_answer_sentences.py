"""The sentences of an answer: the one that answers first, and no more than needed."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from corpus.chunking.sentences import split_sentences
from corpus.records import Passage, Sentence
from index.lexical.analysis import terms
from index.models.similarity_scale import SimilarityScale
from index.ranking.search import Hit
from index.ranking.weights import WEIGHTS as RANKING_WEIGHTS
from qa.answering.answer_sentences import MAX_SENTENCES, select_sentences
from qa.answering.superlatives import superlative_direction
from qa.answering.table_rows import asks_for_part, find_extreme_rows
from qa.question.answer_type import answers_type, expected_answer_type
from tests.factories.hits import BLUE16, BLUE20, make_hit

SCALE = SimilarityScale(0.0, 1.0)
WEIGHTS = {"ferri": 2.0, "sail": 1.0}
LEADS = ("The ferry sails from the old quay.", 0.6)


def select(question: str, *sentences: tuple[str, float], compared: int = 0) -> list[str]:
    hits = [make_hit(document, *sentences) for document in (BLUE16, BLUE20)[: max(compared, 1)]]
    answer_type = expected_answer_type(question)
    return [one.text for one in select_sentences(question, answer_type, hits, WEIGHTS, SCALE, compared)]


def select_from(text: str, question: str, part: str, similarity: float) -> list[str]:
    """Return the answer from a passage, whose sentence with these words has the similarity, and others none."""
    spans = split_sentences(text, 0, len(text))
    passage = Passage("a", None, "section", (), "", text, 0, len(text), tuple(Sentence(*span) for span in spans))
    hit = make_hit(BLUE16, *((text[start:end], similarity * (part in text[start:end])) for start, end in spans))
    hit = replace(hit, stored=replace(hit.stored, passage=passage))
    chosen = select_sentences(question, expected_answer_type(question), [hit], {}, SCALE, 0)
    return [one.text for one in chosen]


def test_one_sentence_is_enough_if_it_is_far_ahead() -> None:
    assert select("Where does the ferry sail from?", LEADS, ("The weather was mild in May.", -0.4)) == [LEADS[0]]


def test_more_sentences_are_shown_if_several_may_answer() -> None:
    alike = [(f"The ferry sails to harbour number {number} at noon.", 0.6) for number in range(6)]
    assert len(select("Where does the ferry sail?", *alike)) == MAX_SENTENCES


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("How many times does the ferry sail?", "Every day it sails eleven times."),
        ("When did the ferry first sail?", "It sailed for the first time in 1911."),
    ],
)
def test_the_sentence_with_the_type_of_answer_comes_first(question: str, answer: str) -> None:
    assert select(question, LEADS, (answer, 0.55))[0] == answer


@pytest.mark.parametrize(
    ("language", "sentence", "answers"),
    [
        ("en", "No ferries sank.", True),
        ("de", "Keine Fähre ist gesunken.", True),
        ("fr", "Aucun bac n'a coulé.", True),
        ("nl", "Geen enkele veerboot zonk.", True),
        ("en", "No. The ferries were late.", False),
        ("es", "No se publicaron datos de los barcos.", False),
        ("pt", "No porto foram vendidos os barcos.", False),
    ],
)
def test_none_is_a_number_in_the_language_of_the_document(language: str, sentence: str, answers: bool) -> None:
    other = "The rest of the fleet sails on as it always did."
    hits = [make_hit(replace(BLUE20, language=language), (other, 0.5), (sentence, 0.45))]
    assert (select_sentences("How many ferries sank?", "number", hits, {}, SCALE)[0].text == sentence) == answers


def test_a_number_in_words_of_the_language_answers_how_many() -> None:
    dutch = replace(BLUE20, language="nl")
    many, words = ("De boten kwamen veel later aan dan gepland.", 0.5), ("Elf boten zonken in de haven.", 0.45)
    question = "Hoeveel boten zonken er?"
    assert select_sentences(question, "number", [make_hit(dutch, many, words)], {}, SCALE)[0].text == words[0]
    assert select_sentences(question, "number", [make_hit(BLUE20, many, words)], {}, SCALE)[0].text == many[0]


def test_a_line_that_only_repeats_the_question_answers_nothing() -> None:
    hits = [
        make_hit(BLUE20, ("The Ferry Board of Arvik", 0.9), ("Anna Holm, Chair", 0.2)),
        make_hit(BLUE16, ("Ben Berg, Chair of old", 0.1)),
    ]
    weights = dict.fromkeys(["chair", "ferri", "board", "arvik"], 1.0)
    chosen = select_sentences("Who is the chair of the Ferry Board of Arvik?", None, hits, weights, SCALE)
    assert chosen[0].text == "Anna Holm, Chair"


def test_a_sentence_of_the_words_of_the_question_answers_yes_or_no_but_not_which() -> None:
    hits = [make_hit(BLUE20, ("The board runs three ferries.", 0.6), ("They are Anna, Berta and Carla.", 0.4))]
    weights = dict.fromkeys(["board", "run", "three", "ferri"], 1.0)

    def first(question: str) -> str:
        return select_sentences(question, None, hits, weights, SCALE)[0].text

    assert first("Which three ferries does the board run?") == "They are Anna, Berta and Carla."
    assert first("Does the board run three ferries?") == "The board runs three ferries."


def test_a_passage_without_a_name_of_the_question_is_worth_less() -> None:
    hits = [
        make_hit(BLUE16, ("Fares on the line to Holm rose by 4 crowns.", 0.5)),
        make_hit(BLUE20, ("Fares on the line to Arvik stayed at 7 crowns.", 0.35)),
    ]
    question = "How much did fares on the line to Arvik rise?"
    assert select_sentences(question, "number", hits, {}, SCALE)[0].passage == 0
    assert select_sentences(question, "number", hits, {}, SCALE, names=["Arvik"])[0].passage == 1
    assert select_sentences(question, "number", hits, {}, SCALE, names=["Ness"])[0].passage == 0  # no passage has it


def test_what_the_question_names_itself_is_no_answer() -> None:
    assert not answers_type("In 2015 the 12 ferries sailed.", "number", "How often did the 12 ferries sail?")
    assert not answers_type("It sailed in 1911.", "date", "When did the ferry of 1911 sail?")
    assert answers_type("The 12 ferries sailed 300 times.", "number", "How often did the 12 ferries sail?")


def test_the_sentence_before_gives_context() -> None:
    before, alike = ("The ferry sails at noon.", 0.1), ("From there it goes to the market.", 0.5)
    answer = ("From there it goes to the islands.", 0.5)
    assert select("Where does the ferry go?", alike, before, answer)[0] == answer[0]


@pytest.mark.parametrize(
    ("asks", "answers"),
    [
        ("Q: May bicycles board the ferry?", "A: Only on weekdays, folded and clean."),
        ("問１　フェリーに自転車を持ち込みたい。", "答　折り畳んだものに限ります。"),
        ("May bicycles board the ferry?", "Yes."),
        ("¿Se admiten bicicletas en el ferry?", "Solo los días laborables, y plegadas."),
        ("Frage 3: Sind Fahrräder auf der Fähre erlaubt?", "Antwort: Nur gefaltet und sauber."),
        ("**Note: Can I bring my bicycle?**", "Only on weekdays, folded and clean."),
        ("__Hinweis: Darf das Fahrrad mit?__", "Nur werktags und nur gefaltet."),
    ],
)
def test_a_question_in_a_document_is_shown_with_its_answer(asks: str, answers: str) -> None:
    sentences = ((asks, 0.9), (answers, 0.1), ("The weather was mild in May.", 0.4))
    assert select("Can I take a bicycle on the ferry?", *sentences)[0] == f"{asks} {answers}"
    assert asks not in select("Can I take a bicycle on the ferry?", *sentences)


@pytest.mark.parametrize(
    ("question", "heading", "answer"),
    [
        ("What is a groyne?", "What a groyne is.", "A wall of stone that holds the sand of a beach."),
        ("Was ist eine Buhne?", "Was eine Buhne ist.", "Ein Damm aus Stein, der den Sand am Strand hält."),
        ("¿Qué es un espigón?", "Qué es un espigón.", "Un muro de piedra que retiene la arena de la playa."),
    ],
)
def test_a_heading_in_the_words_of_the_question_is_shown_with_the_sentence_after_it(
    question: str, heading: str, answer: str
) -> None:
    language = {"A": "en", "E": "de", "U": "es"}[answer[0]]
    hit = make_hit(replace(BLUE20, language=language), (heading, 0.9), (answer, 0.1), ("It rained in May again.", 0.3))
    weights = dict.fromkeys(terms(question, language), 1.0)
    assert select_sentences(question, None, [hit], weights, SCALE)[0].text == f"{heading} {answer}"


def test_the_answer_to_a_question_in_a_document_is_shown_alone_if_it_is_long() -> None:
    asks, answer = "Can I bring my bicycle?", f"Only folded, {'on weekdays, ' * 40}and clean."
    sentences = ((asks, 0.9), (answer, 0.1), ("The weather was mild in May.", 0.3))
    assert select("May a bicycle board the ferry?", *sentences)[0] == answer


@pytest.mark.parametrize(
    ("question", "before", "counting", "is_other"),
    [
        ("How many lamps failed?", "Buoys were counted in May.", "Nine of them had lamps that failed.", True),
        ("How many lamps failed?", "We tested all lamps in May.", "Nine of them had lamps that failed.", False),
        ("Wie viele Lampen fielen aus?", "Bojen gab es im Mai.", "Neun davon fielen aus, eine Lampe.", True),
        (
            "Wie viele Lampen fielen aus?",
            "Lampen prüften wir im Mai.",
            "Neun davon fielen aus, eine Lampe.",
            False,
        ),
    ],
)
def test_a_number_of_what_only_the_sentence_before_names_is_no_answer(
    question: str, before: str, counting: str, is_other: bool
) -> None:
    language = "de" if question.startswith("Wie") else "en"
    other = "Im Juni fielen 4 Lampen aus." if language == "de" else "In all, 4 lamps failed in June."
    hit = make_hit(replace(BLUE20, language=language), (before, 0.1), (counting, 0.75), (other, 0.3))
    weights = dict.fromkeys(terms(question, language), 1.0)
    chosen = select_sentences(question, "number", [hit], weights, SCALE)
    assert (chosen[0].text == other) == is_other


@pytest.mark.parametrize(
    ("question", "counted", "answer"),
    [
        ("How many buoys drift?", "Each year we note how many buoys drift in three days.", "In May it was 41 in all."),
        ("Wie viele Bojen treiben?", "Wir zählen, wie viele Bojen in drei Tagen treiben.", "Im Mai waren es 41."),
    ],
)
def test_a_sentence_that_asks_for_a_number_is_shown_with_the_number_after_it(
    question: str, counted: str, answer: str
) -> None:
    hit = make_hit(BLUE20, (counted, 0.6), (answer, 0.1))
    assert select_sentences(question, "number", [hit], {}, SCALE)[0].text == f"{counted} {answer}"


@pytest.mark.parametrize(
    ("language", "question", "event", "cause"),
    [
        ("en", "Why did the crane fall?", "The crane fell on 3 May.", "The cause was a worn bolt."),
        ("de", "Warum stürzte der Kran um?", "Der Kran stürzte am 3. Mai um.", "Grund war ein alter Bolzen."),
        ("es", "¿Por qué cayó la grúa?", "La grúa cayó el 3 de mayo.", "El motivo fue un perno gastado."),
        ("nl", "Waarom viel de kraan om?", "De kraan viel op 3 mei om.", "De oorzaak was een oude bout."),
    ],
)
def test_the_cause_of_what_the_sentences_before_say_answers_why(
    language: str, question: str, event: str, cause: str
) -> None:
    between = {"en": "Nobody was hurt.", "de": "Niemand kam zu Schaden.", "es": "No hubo heridos.",
               "nl": "Niemand raakte gewond."}[language]  # fmt: skip
    hit = make_hit(replace(BLUE20, language=language), (event, 0.6), (between, 0.2), (cause, 0.1))
    weights = dict.fromkeys(terms(question, language), 1.0)
    answer_type = expected_answer_type(question)
    assert select_sentences(question, answer_type, [hit], weights, SCALE)[0].text == cause
    assert event in select_sentences(event, None, [hit], weights, SCALE)[0].text


@pytest.mark.parametrize(
    ("question", "before", "naming"),
    [
        ("What is a groyne?", "A wall of stone holds the sand.", "This is called a groyne."),
        ("Was ist eine Buhne?", "Ein Damm aus Stein hält den Sand.", "Dies heißt Buhne."),
    ],
)
def test_a_sentence_that_only_names_what_is_before_it_is_shown_with_it(question: str, before: str, naming: str) -> None:
    language = "en" if question.startswith("What") else "de"
    hit = make_hit(replace(BLUE20, language=language), (before, 0.1), (naming, 0.6), ("Es regnete im Mai.", 0.1))
    weights = dict.fromkeys(terms(question, language), 1.0)
    assert select_sentences(question, None, [hit], weights, SCALE)[0].text == f"{before} {naming}"


@pytest.mark.parametrize(
    ("edition", "text", "comes_first"),
    [
        (2018, "The ferry cost four crowns.", False),  # cannot tell of 2019
        (2018, "The ferry will cost four crowns in 2019.", True),
        (2020, "The ferry cost four crowns.", True),
    ],
)
def test_an_edition_before_the_year_asked_about_does_not_tell_of_it(edition: int, text: str, comes_first: bool) -> None:
    other = replace(BLUE16, edition=edition, covers=None)
    hits = [make_hit(other, (text, 0.7)), make_hit(BLUE20, ("A crossing cost five crowns.", 0.4))]
    chosen = select_sentences("What did the ferry cost in 2019?", "number", hits, {}, SCALE)
    assert (chosen[0].text == text) == comes_first


@pytest.mark.parametrize(
    ("newer", "is_first"),
    [
        ("The opening of the ferry dock was put off to May 2024.", True),
        ("The ferry dock is dear, and the opening of the ferry dock has no date.", False),
        ("The opening of the fish hall was put off to May 2024.", False),
    ],
)
def test_the_date_in_the_newest_edition_comes_first_if_it_answers_as_well(newer: str, is_first: bool) -> None:
    question = "When will the ferry dock open?"
    older = "The ferry dock will open in March 2022."
    hits = [make_hit(BLUE16, (older, 0.6)), make_hit(BLUE20, (newer, 0.4))]
    weights = dict.fromkeys(terms("ferry dock open"), 1.0)
    chosen = select_sentences(question, "date", hits, weights, SCALE, newest_first=True)
    assert (chosen[0].text == newer) == is_first
    assert select_sentences(question, "date", hits, weights, SCALE)[0].text == older


def test_only_sentences_of_the_source_answer_that_a_question_names() -> None:
    hits = [make_hit(BLUE20, ("En mayo fueron 41 las boyas.", 0.1)), make_hit(BLUE16, ("In May 12 buoys sank.", 0.9))]
    question = "How many buoys sank?"
    assert select_sentences(question, "number", hits, {}, SCALE)[0].passage == 1
    assert select_sentences(question, "number", hits, {}, SCALE, source={BLUE20.id})[0].passage == 0
    assert select_sentences(question, "number", hits[::-1], {}, SCALE, source={BLUE20.id})[0].passage == 0


@pytest.mark.parametrize("mark", ["- ", "• ", "(a) ", "3. "])
def test_a_list_item_is_shown_whole(mark: str) -> None:
    line = f"{mark}Ferry at dawn, oil on canvas. Gift of Mrs Holm. Inv. 8"
    text = f"We acquired:\n{line}\n{mark}Quay, chalk. Bequest of Mr Berg."
    assert [select_from(text, "Who gave the ferry at dawn?", part, 0.9)[0] for part in ("oil on canvas.", "Gift")] == [
        *(line, line),
    ]  # fmt: skip
    prose = text.replace(mark, "")
    assert select_from(prose, "Who gave the ferry at dawn?", "Gift", 0.9)[0] == "Gift of Mrs Holm."


@pytest.mark.parametrize(
    ("introduction", "items", "after"),
    [
        ("Two ferries were sold:", "- the Heron\n- the Tern, to Mr Berg", "\nThe third sails on."),
        ("Two ferries were sold, namely", "\n1. the Heron,\n2. the Tern, which had\nlost her mast.", "\nOne sails."),
        ("Two ferries were sold:", "\nthe Heron\nthe Tern", "\nThe third ferry sails on as before."),
        ("Folgende Fähren wurden verkauft:", "• Heron.\n• Tern.", "\nEine fährt weiter."),
    ],
)
def test_the_introduction_of_a_list_is_shown_with_its_items(introduction: str, items: str, after: str) -> None:
    text = f"{introduction}\n{items}\n{after}"
    assert select_from(text, "Which ferries were sold?", introduction, 0.9)[0] == f"{introduction}\n{items}"
    if introduction.startswith("Two"):
        assert select_from(text, "How many ferries were sold?", introduction, 0.9)[0] == introduction


def test_an_introduction_of_a_list_says_something_though_its_words_are_those_of_the_question() -> None:
    text = "The ferries the board sold:  \n- the Heron\n- the Tern of Holm"
    spans = split_sentences(text, 0, len(text))
    passage = Passage("a", None, "section", (), "", text, 0, len(text), tuple(Sentence(*span) for span in spans))
    hit = make_hit(BLUE16, *((text[start:end], 0.6 if start == 0 else 0.2) for start, end in spans))
    hit = replace(hit, stored=replace(hit.stored, passage=passage))
    weights = dict.fromkeys(terms("ferries board sold"), 1.0)
    assert select_sentences("Which ferries were sold by the board?", None, [hit], weights, SCALE)[0].text == text


def test_as_many_items_of_a_list_are_shown_as_fit() -> None:
    items = [f"- the ferry number {number}, which was built for the service to the islands" for number in range(20)]
    text = "These were sold:\n" + "\n".join(items)
    answer = select_from(text, "Which ferries were sold?", "These", 0.9)[0]
    assert text.startswith(answer + "\n")
    assert answer.count("\n") == 8


@pytest.mark.parametrize(
    "text",
    [
        "The ferries were sold.\n- the Heron\n- the Tern",
        "- the Heron was sold\n- the Tern was kept\n- the Gull was lent",
        "The price of the ferries was this: four crowns.\nTern and Heron",
        "The board advised as follows:\n\nFigure 3: Harbour of Arvik",
        "These ferries were sold:\nHeron | 2019\nTern | 2020",
    ],
)
def test_a_sentence_that_introduces_no_list_is_shown_alone(text: str) -> None:
    first = text.split("\n", maxsplit=1)[0]
    assert select_from(text, "Which ferries were sold?", first, 0.9)[0] == first


@pytest.mark.parametrize("words", ["Q2 revenue of the ferries rose by a tenth.", "問題は解決されたと考えられる。"])
def test_a_statement_is_not_joined_to_the_next_sentence(words: str) -> None:
    assert select("What about the ferries?", (words, 0.9), ("It rained.", 0.1))[0] == words


def test_a_comparison_quotes_each_edition_even_if_one_is_far_ahead() -> None:
    hits = [make_hit(BLUE16, LEADS), make_hit(BLUE20, ("It sails no more these days.", -0.5))]
    chosen = select_sentences("Where does the ferry sail?", None, hits, WEIGHTS, SCALE, 2)
    assert [one.passage for one in chosen] == [0, 1]


def test_a_sentence_about_the_time_asked_for_comes_before_a_more_similar_one() -> None:
    other, asked = ("No one forgets the ferry fares of that year.", 0.5), ("The ferry cost four crowns.", 0.35)
    hits = [
        replace(make_hit(document, sentence), scores={"period": period * RANKING_WEIGHTS.period})
        for document, sentence, period in ((BLUE16, other, 0.2), (BLUE20, asked, 1.0))
    ]
    chosen = select_sentences("What were the ferry fares in 2019?", None, hits, WEIGHTS, SCALE)
    assert chosen[0].text == asked[0]
    timeless = [replace(hit, scores={}) for hit in hits]
    assert select_sentences("What were the ferry fares?", None, timeless, WEIGHTS, SCALE)[0].text == other[0]


@pytest.mark.parametrize(
    ("question", "words", "first"),
    [
        ("ferries 2019", ("ferri",), "All ports"),
        ("How many ferries were there in 2019?", ("ferri",), "All ports"),
        ("ferries in Arvik 2019", ("ferri", "arvik"), "Arvik"),
        ("Who owns the ferries?", ("ferri",), "Brevik"),
        ("Chi possiede i traghetti?", ("ferri",), "Brevik"),
        ("Hvem ejer færgerne?", ("ferri",), "Brevik"),
        ("Hvor mange færger var der i 2019?", ("ferri",), "All ports"),
    ],
)
def test_a_question_that_names_no_row_of_a_table_is_answered_by_its_total(
    question: str, words: tuple[str, ...], first: str
) -> None:
    rows = (("Arvik | 12", 0.4), ("Brevik | 31", 0.5), ("All ports | 43", 0.4))
    hit = make_hit(BLUE20, *rows)
    passage = hit.stored.passage
    sentences = tuple(replace(one, wording=passage.text_of(one)) for one in passage.sentences)
    table = replace(passage, prefix="Ferries by port\n", header="Table 2. Ferries\nPort | 2019", sentences=sentences)
    hits = [replace(hit, stored=replace(hit.stored, passage=table))]
    chosen = select_sentences(question, expected_answer_type(question), hits, dict.fromkeys(words, 1.0), SCALE)
    assert chosen[0].text.startswith(first)


def test_sentences_of_names_alone_are_no_counterparts() -> None:
    hits = [make_hit(BLUE16, ("Anna Holt", 0.62)), make_hit(BLUE20, ("Ben Sturdy", 0.6))]
    assert select_sentences("Who is it?", None, hits, {}, SCALE, newest_first=True)[0].text == "Anna Holt"


@pytest.mark.parametrize(
    ("text", "part", "answer"),
    [
        ("Ice came early. The quay was closed accordingly. Nobody was hurt.", "quay",
         "Ice came early. The quay was closed accordingly."),
        ("The quay was closed in May. This closure was due to ice. Nobody was hurt.", "quay",
         "The quay was closed in May. This closure was due to ice."),
        ("The board met. The quay was closed because of ice. Nobody was hurt.", "quay",
         "The quay was closed because of ice."),
        ("The quay was closed in May. Nobody was hurt because of that.", "quay", "The quay was closed in May."),
    ],
)  # fmt: skip
def test_a_reason_is_shown_with_what_it_explains(text: str, part: str, answer: str) -> None:
    assert select_from(text, "Why was the quay closed?", part, 0.6)[0] == answer
    assert part in select_from(text, "Was the quay closed?", part, 0.6)[0]
    assert len(select_from(text, "Was the quay closed?", part, 0.6)[0]) <= 40


@pytest.mark.parametrize(
    ("text", "question", "answer"),
    [
        ("A visitor left a gold ring. It fetched 940 crowns.", "How much did the ring bring?",
         "A visitor left a gold ring. It fetched 940 crowns."),
        ("The old ring was found in May. This ring fetched 940 crowns.", "How much did the ring bring?",
         "This ring fetched 940 crowns."),  # says itself what it is about
        ("A visitor left a gold ring. It was sold on 4 May 2019.", "When was the ring sold?",
         "It was sold on 4 May 2019."),
    ],
)  # fmt: skip
def test_a_number_or_a_date_is_shown_with_the_sentence_that_it_refers_to(text: str, question: str, answer: str) -> None:
    spans = [(sentence, 0.5 if "gold ring" in sentence else 0.3) for sentence in re.split(r"(?<=[.]) ", text)]
    hit, weights = make_hit(BLUE20, *spans), dict.fromkeys(["ring", "bring", "sold"], 1.0)
    chosen = select_sentences(question, expected_answer_type(question), [hit], weights, SCALE)
    assert chosen[0].text == answer


def test_a_reason_comes_before_a_sentence_with_no_more_words_of_the_question() -> None:
    without, reason = (
        ("The quay was closed again.", 0.7),
        ("As ice came early, the quay was closed because of it.", 0.4),
    )
    hits = [make_hit(BLUE16, without), make_hit(BLUE20, reason)]
    weights = {"quay": 1.0, "close": 1.0}
    question = "Why was the quay closed?"
    assert select_sentences(question, "reason", hits, weights, SCALE)[0].text == reason[0]
    more = {**weights, "again": 1.0}
    assert select_sentences(f"{question[:-1]} again?", "reason", hits, more, SCALE)[0].text == without[0]


def test_the_newest_sentence_that_says_the_same_and_no_more_comes_first() -> None:
    older, newer = "We received 18,940 complaints, most of them about money.", "We received 26,275 complaints."
    hits = [make_hit(BLUE16, (older, 0.6)), make_hit(BLUE20, (newer, 0.55))]
    chosen = select_sentences("How many complaints?", "number", hits, {"complaint": 1.0}, SCALE, newest_first=True)
    assert chosen[0].text == newer


@pytest.mark.parametrize(
    ("short", "is_answer"), [("Cancelled.", True), ("Not held.", True), ("Ferry", False), ("p. 9.", False)]
)
def test_one_word_with_a_full_stop_is_a_sentence(short: str, is_answer: bool) -> None:
    chosen = select("Did the ferry sail?", (short, 0.6), ("The old quay was painted in May.", -0.4))
    assert (chosen[0] == short) == is_answer


@pytest.mark.parametrize(
    ("sentence", "is_answer"),
    [("漁船は42隻です。", True), ("渔船共有42艘。", True), ("漁船の数", False), ("42隻。", False)],
)
def test_a_short_sentence_without_spaces_answers(sentence: str, is_answer: bool) -> None:
    chosen = select("漁船は何隻ですか。", (sentence, 0.6), ("Ferries | Boats | 5 | 7 of all the boats", -0.4))
    assert (chosen[0] == sentence) == is_answer


def test_the_newest_counterpart_of_the_best_sentence_comes_first() -> None:
    earlier = ("Ferries carried 310 cars.", 0.62), ("Barges carried 90 cars.", 0.1)
    later = make_hit(BLUE20, ("Ferries carried 290 cars.", 0.6), ("Barges carried 70 cars.", 0.1))
    without = make_hit(BLUE20, ("Barges carried 70 cars.", 0.6))
    for hit, first in ((later, "Ferries carried 290 cars."), (without, earlier[0][0])):
        hits = [make_hit(BLUE16, *earlier), hit]
        chosen = select_sentences("How many cars?", None, hits, {"ferri": 2.0}, SCALE, newest_first=True)
        assert chosen[0].text == first
        unordered = select_sentences("How many cars?", None, hits, {"ferri": 2.0}, SCALE)
        assert unordered[0].text == earlier[0][0]


@pytest.mark.parametrize(
    ("question", "earlier", "later"),
    [
        ("Who is the coxswain?", "The coxswain is Anna Holt.", "The coxswain is Ben Sturdy-Young."),
        (
            "Wer leitet das Museum?",
            "Das Haus leitet seit 2014 Dr. Jan Ohm.",
            "Das Haus leitet nun Dr. Eva Maria Stein.",
        ),
        ("Qui préside la société ?", "Le président est Jean Roc.", "Le président est Éva Lys."),
    ],
)
def test_names_may_differ_between_counterparts_where_the_question_asks_who(
    question: str, earlier: str, later: str
) -> None:
    hits = [make_hit(BLUE16, (earlier, 0.62)), make_hit(BLUE20, (later, 0.6))]
    assert select_sentences(question, None, hits, {}, SCALE, newest_first=True)[0].text == later
    assert select_sentences("How is it?", None, hits, {}, SCALE, newest_first=True)[0].text == earlier


@pytest.mark.parametrize(
    ("question", "direction"),
    [
        ("Which port landed the most cod?", 1),
        ("What was the largest catch?", 1),
        ("Where were prices lowest?", -1),
        ("Which ports landed at most 12 tons?", 0),
        ("What did most of the ports land?", 0),
        ("What is the most recent catch?", 0),
        ("How much cod was landed at the port?", 0),
        ("Welcher Hafen hatte die meisten Schiffe?", 1),
        ("Quel port a le moins de navires ?", -1),
        ("¿Qué puerto tuvo más barcos?", 1),
        ("¿Qué más dice el informe?", 0),
        ("Quel port a plus de navires que Brevik ?", 0),
        ("¿Cuál es el puerto con el mayor número de barcos?", 1),
        ("船が最も多い港はどこですか。", 1),
        ("Quale porto ha le tariffe più alte?", 1),
        ("Quale porto ha le tariffe più basse?", -1),
        ("Quel port a la rade la plus petite ?", -1),
        ("Qual é o porto mais pequeno?", -1),
        ("Welke haven had de meeste schepen?", 1),
        ("Welke haven was het minst druk?", -1),
        ("Który port ma najwięcej statków?", 1),
        ("Vilken hamn har minst antal fartyg?", -1),
        ("Which port made an operating loss?", -1),
        ("How large was the loss of the port?", 0),
        ("Which port had no loss?", 0),
        ("Welke haven had ten minste 5 schepen?", 0),
        ("¿Qué puerto tiene más basura?", 1),
        ("Wat is de grootste haven?", 1),
        ("¿Quiénes tuvieron más barcos?", 1),
        ("Wann war der höchste Wasserstand?", 1),
    ],
)
def test_a_superlative_is_recognised(question: str, direction: int) -> None:
    assert superlative_direction(question) == direction


def _landings(header: str, *rows: str) -> Hit:
    hit = make_hit(BLUE20, *((row, 0.4) for row in rows))
    passage = hit.stored.passage
    cells = header.split(" | ")
    sentences = []
    for sentence in passage.sentences:
        label, *values = passage.text_of(sentence).split(" | ")
        worded = "; ".join(f"{head}: {value}" for head, value in zip(cells[1:], values, strict=True))
        sentences.append(replace(sentence, wording=f"{label}, {worded}"))
    table = replace(passage, prefix="Landings by port\n", header=header, sentences=tuple(sentences))
    return replace(hit, stored=replace(hit.stored, passage=table))


@pytest.mark.parametrize(
    ("question", "first"),
    [
        ("Which port landed the most herring in 2019?", "Brevik"),
        ("Which port landed the most herring in 2018?", "Drammen"),
        ("Which port landed the most herring?", "Brevik"),  # in the latest year
        ("Which port landed the least herring in 2019?", "Arvik"),
    ],
)
def test_the_row_with_the_extreme_figure_answers_a_superlative(question: str, first: str) -> None:
    rows = ("Arvik | 9 | 1,200", "Brevik | 310 | 1,431", "Drammen | 500.5 | 1,299", "All ports | 819.5 | 3,930")
    hit = _landings("Port | 2018 | 2019", *rows)
    chosen = select_sentences(question, None, [hit], {"port": 1.0, "land": 2.0, "herring": 1.0}, SCALE)
    assert chosen[0].text.startswith(first)
    assert not any(sentence.text.startswith("All ports") for sentence in chosen[:2])


def test_two_rows_have_an_extreme_one_and_the_head_of_a_column_may_be_another_form_of_the_word() -> None:
    hit = _landings("Port | Ships a day | Punctuality", "Arvik | 3 | 94", "Brevik | 7 | 91")
    for question, word in (
        ("Which port was the least punctual?", "punctual"),
        ("Wat was minst punctueel?", "punctueel"),
    ):
        assert find_extreme_rows(question, {"port": 1.0, word: 3.0}, [hit]) == {0: 1}


def test_the_row_with_a_negative_figure_answers_who_made_a_loss() -> None:
    hit = _landings("Port | Income | Profit (loss)", "Arvik | 90 | 12", "Brevik | 70 | (8)", "Moss | 60 | 3")
    words = {"port": 1.0, "loss": 1.0}
    assert find_extreme_rows("Which port made a loss?", words, [hit]) == {0: 1}


def test_a_table_about_something_else_or_with_equal_figures_has_no_extreme_row() -> None:
    hits = [_landings("Port | 2019", "Arvik | 12", "Brevik | 12", "Drammen | 9")]
    words = {"port": 1.0, "land": 1.0}
    assert find_extreme_rows("Which port landed the most herring?", words, hits) == {}
    assert find_extreme_rows("Which port landed the least herring?", words, hits) == {0: 2}
    assert find_extreme_rows("Which port landed herring?", words, hits) == {}
    # words that ask and Japanese particles name nothing of the table
    rainfall = dict.fromkeys(("降水", "水量", "観測", "測所"), 0.3)
    rainfall |= dict.fromkeys(("量が", "最も", "多い", "所は"), 1.4)
    rows = _landings("観測所 | 年降水量", "川上 | 1,204", "北浜 | 2,310", "南原 | 1,880")
    rows = replace(rows, document=replace(rows.document, language="ja"))
    assert find_extreme_rows("降水量が最も多い観測所はどこですか", rainfall, [rows]) == {0: 1}
    unrelated = {"port": 1.0, "hous": 1.5, "rent": 1.0}
    assert find_extreme_rows("Which port has the lowest rent of houses?", unrelated, hits) == {}


def test_the_parts_of_a_table_have_one_extreme_row_together() -> None:
    first = _landings("Port | 2019", "Arvik | 12", "Brevik | 14", "Drammen | 9")
    second = _landings("Port | 2019", "Larvik | 41", "Moss | 12", "Narvik | 3")
    other = _landings("Port | 2018", "Larvik | 7", "Moss | 8", "Narvik | 9")
    words = {"port": 1.0, "land": 1.0}
    assert find_extreme_rows("Which port landed the most?", words, [first, second, other]) == {1: 0, 2: 2}


def test_a_sentence_of_the_year_asked_about_comes_before_one_that_is_as_near() -> None:
    others = ("Ferries carried 118 cars in six months.", 0.61), ("Ferries carried 3,896 cars in 2022.", 0.6)
    assert select("How many cars did ferries carry in 2022?", *others)[0] == others[1][0]
    assert select("How many cars did ferries carry?", *others)[0] == others[0][0]
    only_year = ("The year 2022 was a year of many cars.", 0.6)
    carried = ("They carried cars to the isles.", 0.61)
    assert select("What did ferries do in 2022?", carried, only_year)[0] == carried[0]


CONTENTS = """Foreword by the Chair 3
Fares and tickets 4
Repairs of the ferries 5
Accounts 9
The board sold three ferries in May.
Fares were raised twice in the year."""


def test_an_entry_of_the_contents_answers_nothing() -> None:
    assert select_from(CONTENTS, "Who wrote the foreword?", "Foreword", 0.9)[0].startswith("The board sold")
    leaders = "II.1 Fares . . . . . . . . . . . . . . . . 4\n\nFares were raised twice in the year.\n"
    assert select_from(leaders, "How did fares develop?", "II.1", 0.9)[0].endswith(
        "Fares were raised twice in the year."
    )
    rows = "Ferries sold in the year 9\nFerries repaired in the year 4\nFerries lost in the year 7\nFerries hired 2\n"
    assert select_from(rows, "How many ferries were repaired?", "repaired", 0.9)[0].startswith("Ferries repaired")
    years = "Ferries bought in 1998\nFerries repaired in 2004\nFerries lost in 2007\nFerries sold in 2010\n"
    assert select_from(years, "When were ferries repaired?", "repaired", 0.9)[0].startswith("Ferries repaired")


def test_lines_of_a_cover_answer_nothing_if_a_sentence_does() -> None:
    cover = "Ferry Board of Arvik\n\nReport of the directors on the work of the Ferry Board"
    hits = [
        make_hit(BLUE16, *((line, 0.9) for line in cover.split("\n\n"))),
        make_hit(BLUE20, ("The board employs forty people.", 0.2)),
    ]
    first = select_sentences("How many people work at the Ferry Board?", "number", hits, {}, SCALE)[0]
    assert first.text == "The board employs forty people."


@pytest.mark.parametrize(
    ("first", "position", "is_cover"),
    [
        ("Ferry Board of Arvik", 0, True),
        ("Ferry Board of Arvik", 1, False),  # a passage further down
        ("The Ferry Board has forty clerks.", 0, False),
        ("- forty clerks of the Ferry Board", 0, False),
    ],
)
def test_a_cover_is_a_first_passage_without_sentences_and_lists(first: str, position: int, is_cover: bool) -> None:
    cover = make_hit(BLUE16, (first, 0.9))
    passage = replace(cover.stored.passage, start=30, end=30 + len(first))  # below a title
    spans = (replace(passage.sentences[0], start=30, end=30 + len(first)),)
    cover = replace(cover, stored=replace(cover.stored, passage=replace(passage, sentences=spans), position=position))
    hits = [cover, make_hit(BLUE20, ("The board employs many people.", 0.2))]
    chosen = select_sentences("What does the Ferry Board have?", None, hits, {}, SCALE)[0]
    assert (chosen.text != first) == is_cover


def test_the_line_of_a_cover_answers_when_and_who() -> None:
    hits = [
        make_hit(BLUE16, ("Report of the Ferry Board of Arvik", 0.2), ("Approved on 30 June 2016", 0.6)),
        make_hit(BLUE20, ("The board met four times in 2016.", 0.2)),
    ]
    first = select_sentences("When was the report approved?", "date", hits, {}, SCALE)[0]
    assert first.text == "Approved on 30 June 2016"


def chosen(question: str, language: str, *sentences: tuple[str, float]) -> str:
    """Return the first answer sentence of a passage in a language; all words of the question weigh the same."""
    hit = make_hit(replace(BLUE20, language=language), *sentences)
    weights = dict.fromkeys(terms(question, language), 1.0)
    return select_sentences(question, expected_answer_type(question), [hit], weights, SCALE)[0].text


@pytest.mark.parametrize(
    ("language", "question", "plan", "fact"),
    [
        (
            "en",
            "How long was the Hill Pool closed?",
            "The Hill Pool will be closed for 3 weeks.",
            "The Hill Pool was closed for 5 weeks.",
        ),
        (
            "de",
            "Wie lange war das Bad gesperrt?",
            "Das Bad soll 3 Wochen gesperrt sein.",
            "Das Bad war 5 Wochen gesperrt.",
        ),
        ("fr", "Combien de jours a duré la foire ?", "La foire sera de 3 jours.", "La foire a duré 5 jours."),
        ("es", "¿Cuántos días duró el cierre?", "El cierre será de 3 días.", "El cierre duró 5 días."),
    ],
)
def test_a_plan_comes_after_what_was(language: str, question: str, plan: str, fact: str) -> None:
    assert chosen(question, language, (plan, 0.5), (fact, 0.4)) == fact


def test_a_plan_answers_what_will_be() -> None:
    plan, fact = "A new pool is to open in Elmtown.", "The new pool at Dale was opened."
    assert chosen("Where will the town open a new pool?", "en", (fact, 0.42), (plan, 0.4)) == plan


@pytest.mark.parametrize(
    ("language", "question", "effect", "cause"),
    [
        (
            "en",
            "Why was the ferry stopped?",
            "Fares rose because the ferry was stopped.",
            "The ferry was stopped after a collision.",
        ),
        (
            "de",
            "Warum fuhr die Fähre nicht?",
            "Busse waren voll, weil die Fähre nicht fuhr.",
            "Die Fähre fuhr nicht nach einem Brand.",
        ),
        ("es", "¿Por qué paró el tren?", "Hubo quejas porque paró el tren.", "El tren paró tras una avería."),
    ],
)
def test_what_followed_is_no_reason(language: str, question: str, effect: str, cause: str) -> None:
    assert chosen(question, language, (effect, 0.45), (cause, 0.44)) == cause


@pytest.mark.parametrize(
    ("language", "question", "event", "cause"),
    [
        ("en", "Why were fewer boats painted?", "Only 3 boats were painted.", "A lack of paint prevented more."),
        ("de", "Warum wurden weniger Boote gestrichen?", "3 Boote wurden gestrichen.", "Farbmangel verhinderte mehr."),
        ("fr", "Pourquoi a-t-on peint moins de bateaux ?", "On a peint 3 bateaux.", "Le gel a empêché davantage."),
        (
            "es",
            "¿Por qué van menos niños al taller?",
            "Al taller van 30 niños.",
            "«No es miedo, es distancia», dice Ana Ruiz.",
        ),
    ],
)
def test_what_prevented_more_is_the_reason_of_what_is_before_it(
    language: str, question: str, event: str, cause: str
) -> None:
    assert chosen(question, language, (event, 0.5), (cause, 0.1)) == cause


@pytest.mark.parametrize(
    ("question", "first"),
    [
        ("Which country was the most important buyer of herring?", "1. Norway, 5 tonnes of herring"),
        ("What did Iceland buy?", "2. Iceland, 4 tonnes of herring"),
    ],
)
def test_the_first_item_of_a_ranked_list_is_that_with_the_most(question: str, first: str) -> None:
    items = [
        ("1. Norway, 5 tonnes of herring", 0.3),
        ("2. Iceland, 4 tonnes of herring", 0.45),
        ("3. Faroes, 2 tonnes", 0.3),
    ]
    assert chosen(question, "en", ("The herring had important buyers.", 0.1), *items) == first


@pytest.mark.parametrize(
    ("question", "asks"),
    [
        ("Which pool had more swimmers than before?", True),
        ("Welche der Schulen wuchs?", True),
        ("Quelle commune a grandi ?", True),
        ("Which was the number of swimmers?", False),
        ("Which percentage of the pupils swam?", False),
        ("How many swimmers were there?", False),
        ("Welche Kosten entstanden insgesamt?", False),
    ],
)
def test_which_of_several_asks_for_no_total(question: str, asks: bool) -> None:
    assert asks_for_part(question) == asks


def test_the_year_asked_about_counts_more_in_a_document_about_another() -> None:
    named, other = "Catches were 41 tonnes (2015: 52 tonnes).", "Catches were 41 tonnes in spring and summer."
    hit = make_hit(BLUE20, (other, 0.45), (named, 0.4))
    question = "How many tonnes were the catches in 2015?"
    weights = dict.fromkeys(terms(question, "en"), 1.0)
    assert select_sentences(question, "number", [hit], weights, SCALE)[0].text == named
