"""Answers over the sample documents, the whole way with the real default model."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from corpus.ingest import plan
from index.building.build import build
from index.models.encoder import load
from qa.answering.library import (
    Answer,
    Library,
    _confidence_of_ranking,
    are_near_duplicates,
    search_undated,
    with_common_names,
)
from qa.cli.index_location import SAMPLES
from qa.confidence.confidence import THRESHOLD, UNMENTIONED, YEAR_RISE
from qa.errors import EmptyQuestion
from qa.output.json_objects import answer_json, answer_line
from qa.question.filters import Filters, parse_filters
from tests.factories.hits import make_document, make_hit
from tests.factories.libraries import library_of

COUNCIL = (
    "The Council met four times in the year and adopted nine resolutions on fisheries, ports and the safety of crews."
)


@pytest.fixture(scope="module")
def library(sample_index: Path) -> Library:
    return Library(sample_index, load)


def sample_questions() -> list[dict[str, object]]:
    lines = (SAMPLES / "questions.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


@pytest.fixture(scope="module")
def answers(library: Library) -> list[tuple[dict[str, object], Answer]]:
    return [(question, library.ask(str(question["question"]))) for question in sample_questions()]


def test_every_quoted_span_is_exact(library: Library, answers: list[tuple[dict[str, object], Answer]]) -> None:
    for _, answer in answers:
        form = answer_json(answer)
        for passage in form["passages"]:
            text = library.index.document(passage["document"]).text
            assert text[passage["start"] : passage["end"]] == passage["text"]
            assert passage["id"] == f"{passage['document']}@{passage['start']}-{passage['end']}"
            assert passage["highlights"]
            for start, end in passage["highlights"]:
                assert passage["start"] <= start < end <= passage["end"]
                assert text[start:end].strip() == text[start:end]
        by_id = {passage["id"]: passage for passage in form["passages"]}
        for sentence in form["answer"]:
            passage = by_id[sentence["passage"]]
            assert (
                library.index.document(passage["document"]).text[sentence["start"] : sentence["end"]]
                == sentence["text"]
            )


def test_answers_of_the_samples_contain_their_evidence(
    answers: list[tuple[dict[str, object], Answer]],
) -> None:
    shown_evidence = 0
    answerable = [(question, answer) for question, answer in answers if question["evidence"]]
    for question, answer in answerable:
        evidence = question["evidence"]
        assert isinstance(evidence, list)
        shown = [hit.hit.stored.passage for hit in answer.passages]
        shown_evidence += any(item["doc"] == p.document and item["quote"] in p.text for item in evidence for p in shown)
    assert len(answerable) == 11
    assert shown_evidence >= 10


def test_the_json_form_has_the_keys_that_scripts_rely_on(library: Library) -> None:
    form = answer_line(
        library.ask("How many merchant ships were escorted in 2015?", id="x7"), {"type": "factoid", "id": 9}
    )
    assert list(form) == [
        "id", "question", "understood", "notices", "answered", "confidence", "change", "answer", "passages", "type",
    ]  # fmt: skip
    assert form["id"] == "x7"
    assert list(form["understood"]) == ["years", "editions", "series", "names", "compare", "filters"]
    assert list(form["passages"][0]) == [
        "rank", "id", "document", "title", "series", "edition", "covers", "part", "section", "kind", "language", "page",
        "page_label", "start", "end", "text", "url", "score", "scores", "highlights", "also_in", "citation",
    ]  # fmt: skip
    assert [passage["rank"] for passage in form["passages"]] == [1, 2, 3, 4, 5]
    assert 0 <= form["confidence"] <= 1
    assert json.loads(json.dumps(form)) == form


def test_a_year_prefers_and_never_excludes(library: Library) -> None:
    fifteen = library.ask("How many merchant ships were escorted in 2015?", 20)
    nineteen = library.ask("How many merchant ships were escorted in 2019?", 20)
    assert fifteen.passages[0].hit.document.covers == (2015, 2015)
    assert nineteen.passages[0].hit.document.covers == (2019, 2019)
    assert len({cited.hit.document.id for cited in fifteen.passages}) > 1


def test_a_filter_excludes_despite_preferences_of_the_question(library: Library) -> None:
    answer = library.ask("How many merchant ships were escorted in 2015?", 5, parse_filters(edition=["2020"]))
    assert {cited.hit.document.edition for cited in answer.passages} == {2020}
    assert answer.understood.as_json()["filters"] == {"edition": ["2020"]}


def test_a_filter_that_matches_nothing_says_so(library: Library) -> None:
    answer = library.ask("How many ships?", 5, parse_filters(edition=["1999"]))
    assert (answer.answered, answer.passages, answer.sentences) == (False, (), ())
    assert any("(edition 1999)" in notice for notice in answer.notices)


def test_a_year_without_an_edition_gets_a_notice(library: Library) -> None:
    assert "no edition here covers 2017" in library.ask("How many ships were escorted in 2017?").notices


def test_a_comparison_ranks_the_best_passage_of_each_edition_first_by_year(library: Library) -> None:
    answer = library.ask("How did escorts of merchant ships change between the 2016 and 2020 Bluebooks?")
    assert [cited.hit.document.edition for cited in answer.passages[:2]] == [2016, 2020]
    for cited in answer.passages:
        assert cited.hit.score == pytest.approx(sum(cited.hit.scores.values()), abs=1e-6)
    scores = [cited.hit.score for cited in answer.passages]
    assert scores == sorted(scores, reverse=True)


@pytest.fixture(scope="module")
def treasurers(tmp_path_factory: pytest.TempPathFactory) -> Library:
    """Four editions of a yearbook that say nearly the same, and another series."""
    folder = tmp_path_factory.mktemp("treasurers")
    for year, name in ((2019, "Ada Holm"), (2021, "Ben Roth"), (2022, "Cleo Marsh"), (2023, "Dan Voss")):
        (folder / f"club-yearbook-{year}.txt").write_text(
            f"Rowing Club Yearbook {year}\n\n1. Officers\n\nThe treasurer of the club is {name}.\n\n2. Boats\n\n"
            f"The club owns {year - 1990} boats.\n"
        )
    (folder / "harbour-2030.txt").write_text("Harbour Report 2030\n\n1. Cranes\n\nThe cranes were painted green.\n")
    build(folder / "index", plan([folder]), load())
    return Library(folder / "index", load)


@pytest.mark.parametrize("question", ["Who is the treasurer of the club?", "treasurer", "How many boats are there?"])
def test_without_a_time_the_newest_edition_comes_first(treasurers: Library, question: str) -> None:
    answer = treasurers.ask(question)
    assert answer.passages[0].hit.document.edition == 2023
    assert answer.sentences[0].passage == answer.passages[0].hit.id
    ranking = [one.hit.id for one in treasurers.ask(question, 9).passages]
    assert all([one.hit.id for one in treasurers.ask(question, k).passages] == ranking[:k] for k in (1, 2, 5))
    assert all(one.hit.score == pytest.approx(sum(one.hit.scores.values())) for one in answer.passages)


def test_a_question_without_its_year_is_ranked_as_if_it_had_none(treasurers: Library) -> None:
    plain = [cited.hit.id for cited in treasurers.ask("Who is the treasurer of the club?").ranking]
    (dated,) = treasurers.analyse([("Who is the treasurer of the club in 2021?", Filters())])
    undated = search_undated(treasurers.index, with_common_names(treasurers.index, dated), None)
    assert undated is not None
    assert [hit.id for hit in undated.hits] == plain
    assert undated.hits[0].document.edition == 2023


@pytest.mark.parametrize("question", ["What was the treasurer Ada Holm?", "Who was Ben Roth?"])
def test_a_passage_with_more_words_of_the_question_stays_before_a_newer_one(treasurers: Library, question: str) -> None:
    first = treasurers.ask(question).passages[0].hit
    assert first.document.edition in {2019, 2021}
    assert "latest" not in first.scores


@pytest.mark.parametrize("year", [2019, 2021, 2022])
def test_a_year_in_the_question_outweighs_the_newest_edition(treasurers: Library, year: int) -> None:
    answer = treasurers.ask(f"Who was the treasurer of the club in {year}?")
    assert answer.passages[0].hit.document.edition == year
    assert "latest" not in answer.passages[0].hit.scores


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("How many people came to the quarry in 2021?", "Altogether 9,340 people were shown round."),
        ("How long did repairs of the crusher take in 2021?", "The crusher was mended within eleven weeks."),
    ],
)
def test_a_sentence_that_only_names_the_year_does_not_come_before_the_answer(
    tmp_path: Path, question: str, answer: str
) -> None:
    for year, people, weeks in ((2020, "1,204", "nine"), (2021, "9,340", "eleven")):
        (tmp_path / f"quarry-report-{year}.txt").write_text(
            f"Quarry Report {year}\n\n1. Foreword\n\n{year} was a year of return for the quarry. Altogether "
            f"{people} people were shown round. The crusher was mended within {weeks} weeks. "
            f"All figures of {year} are provisional.\n"
        )
    build(tmp_path / "index", plan([tmp_path]), load())
    assert Library(tmp_path / "index", load).ask(question).sentences[0].text == answer


BANK = """# Annual Report {year}

Savings Bank of Tollmark

Report of the directors on the working of the Savings Bank of Tollmark in {year}

## Interest

The directors kept the lending rate at {rate} per cent.

## Staff

The bank employed {staff} people at the end of the year, {women} of them women.

## Branches

Two branches were closed for repairs, and the one in Ness was opened again.

## Deposits

Deposits of households rose more slowly than those of companies.

## Building

The Savings Bank of Tollmark moved into its new building on the market square.
"""


@pytest.mark.parametrize("count", [1, 2])
@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("What is the lending rate of the Savings Bank of Tollmark?", "at 4.25 per cent"),
        ("How many people work at Tollmark's bank?", "employed 371 people"),
        ("Where did the Savings Bank of Tollmark move?", "new building on the market square"),
    ],
)
def test_the_name_of_a_publisher_is_not_searched_in_its_own_reports(
    tmp_path: Path, question: str, answer: str, count: int
) -> None:
    files = {
        f"annual-report-{year}.md": BANK.format(year=year, rate=rate, staff=staff, women=staff // 2)
        for year, rate, staff in ((2019, "3.75", 352), (2020, "4.25", 371))
    }
    if count == 2:  # beside the reports of another publisher
        other = "# Port Yearbook {}\n\nPort Office of Ness\n\n## Ships\n\nCranes are lent, and 512 people work here.\n"
        files |= {f"port-{year}.md": other.format(year) for year in (2018, 2019, 2020)}
    found = library_of(tmp_path, files, encoder=load()).ask(question)
    assert answer in found.sentences[0].text


def test_the_name_of_a_publisher_in_all_titles_is_not_searched_in_its_own_reports(tmp_path: Path) -> None:
    text = """# Annual Review {0}

Lifeboat Trust of Varn

Contents

Foreword 2
Crews 3
Boats 5

## Crews

There were {1} crews on call.

## Boats

A second boat was launched.
"""
    library = library_of(
        tmp_path,
        {f"review-{year}.md": text.format(year, year - 1990) for year in (2021, 2022)},
        encoder=load(),
    )
    answer = library.ask("How many crews does the Lifeboat Trust of Varn have?")
    assert answer.sentences[0].text == "There were 32 crews on call."
    assert answer.confidence > 0.5


@pytest.mark.parametrize(
    ("question", "word"),
    [
        ("How many counterfeit medals were seized by the police in 2020?", "medals"),
        ("How many counterfeit stamps were seized by the police in 2020?", None),
        ("How many counterfeit stamps were seized in Brunnholm in 2020?", "Brunnholm"),
        ("How many counterfeit stamps did Police of Ness seize in 2020?", "Ness"),
        ("How many counterfiet stamsp were seized by the police in 2020?", None),  # misspelt
        ("How many fake stamps were seized by the police in 2020?", None),
    ],
)
def test_a_question_with_a_name_or_a_thing_counted_that_no_document_mentions_has_no_sure_answer(
    tmp_path: Path, question: str, word: str | None
) -> None:
    text = "# Police Report 2020\n\n## Fraud\n\nIn 2020 the police seized 1,204 counterfeit stamps in three towns.\n\n"
    answer = library_of(
        tmp_path, {"police-2020.md": f"{text}## Staff\n\nThe force has 88 officers.\n"}, encoder=load()
    ).ask(question)
    assert [notice for notice in answer.notices if "mentions" in notice] == (
        [f'no document here mentions "{word}"'] if word else []
    )
    assert (answer.confidence <= 0.5) == (word is not None)


@pytest.mark.parametrize(
    ("written", "asked", "is_mentioned"),
    [
        ("サーバ", "サーバー", True),
        ("サーバー", "サーバ", True),
        ("サーバー", "サーバー", True),
        ("サーバ", "プリンター", False),
    ],
)
def test_a_final_long_vowel_makes_no_other_japanese_word(
    tmp_path: Path, written: str, asked: str, *, is_mentioned: bool
) -> None:
    text = f"# 港湾年報2020\n\n## 設備\n\n港湾局の{written}の台数は12台である。\n\n## 職員\n\n職員は88人である。\n"
    answer = library_of(tmp_path, {"port-2020.md": text}, encoder=load()).ask(f"{asked}の台数は何台ですか")
    assert any("no document here mentions" in notice for notice in answer.notices) != is_mentioned


def test_an_answer_without_the_date_or_number_asked_for_is_a_possible_one(tmp_path: Path) -> None:
    text = "# Port Report 2020\n\n## Pilots\n\nThe port ratified the convention on pilots and explained it to seamen.\n"
    library = library_of(tmp_path, {"port-2020.md": text}, encoder=load())
    answer = library.ask("In what year did the port ratify the convention on pilots?")
    assert answer.confidence <= 0.5
    assert "the answer does not give the date asked for" in answer.notices
    assert library.ask("Did the port ratify the convention on pilots?").confidence > 0.5


@pytest.mark.parametrize(
    ("question", "notice"),
    [
        ("Who designed the crane of the port?", "the answer does not name the person or body asked for"),
        ("What is the mooring fee for yachts?", 'the passage that answers does not mention "yachts"'),
        ("What is the mooring fee for trawlers?", None),
    ],
)
def test_an_answer_without_the_name_asked_for_or_for_another_thing_is_a_possible_one(
    tmp_path: Path, question: str, notice: str | None
) -> None:
    fees = "## Fees\n\nThe mooring fee for trawlers is 9 crowns a day.\n\n## Guests\n\nSome 40 yachts came.\n"
    text = f"# Port Report 2020\n\n## Crane\n\nThe crane of the port got a new hook at the cost of 4 crowns.\n\n{fees}"
    answer = library_of(tmp_path, {"port-2020.md": text}, encoder=load()).ask(question)
    assert answer.answered
    assert (notice in answer.notices) == (notice is not None)
    assert (answer.confidence <= UNMENTIONED) == (notice is not None)


@pytest.mark.parametrize(("fish", "mentioned"), [("herring", True), ("turbot", False), ("herrings", True)])
def test_a_total_of_other_things_than_those_counted_is_a_possible_answer(
    tmp_path: Path, fish: str, mentioned: bool
) -> None:
    table = "| Fish | Tonnes landed |\n|---|---|\n| Herring | 4,120 |\n| Cod | 910 |\n| Total | 5,030 |\n"
    prices = "## Prices\n\nThe price of turbot fell.\n\n## Crews\n\nThe crews are paid by the week.\n"
    text = f"# Port Report 2020\n\n## Landings in tonnes\n\n{table}\n{prices}"
    answer = library_of(tmp_path, {"port-2020.md": text}, encoder=load()).ask(f"How many tonnes of {fish} were landed?")
    notice = f'the passage that answers does not mention "{fish}"'
    assert (notice not in answer.notices) == mentioned
    assert mentioned or answer.confidence <= UNMENTIONED


def test_the_passage_with_the_number_asked_for_comes_before_one_that_is_only_on_the_topic(tmp_path: Path) -> None:
    topic = "The fog signal of Brevik sounded more often than any other on the coast."
    number = "The signal of Brevik sounded on 61 days, most of them in March."
    text = f"# Light Report\n\n## Fog\n\n{topic}\n\n## Weather\n\n{number}\n"
    library = library_of(tmp_path, {"lights.md": text}, encoder=load())
    question = "On how many days did the fog signal of Brevik sound?"
    answer = library.ask(question)
    first, *others = (cited.hit for cited in answer.passages)
    assert "61 days" in first.stored.passage.text
    assert first.scores["answer"] > 0
    assert first.score == pytest.approx(sum(first.scores.values()))
    assert all(first.score > other.score for other in others)
    assert answer.sentences[0].passage == first.id
    assert library.ask(question, k=1).passages[0].hit.id == first.id
    assert library.ask(question, k=1).sentences == answer.sentences[:1]
    assert "answer" not in library.ask("Did the fog signal of Brevik sound?").passages[0].hit.scores


def test_an_answer_in_the_language_of_the_question_is_as_sure_as_its_own_passages(tmp_path: Path) -> None:
    files = {
        "hafen-2020.md": "# Hafenbericht 2020\n\n## Bojen\n\nIm Hafen sanken 41 Bojen, im Jahr davor 38 Bojen.\n",
        "port-2020.md": "# Port Report 2020\n\n## Staff\n\nThe report was written by 12 clerks in 3 weeks.\n",
    }
    library = library_of(tmp_path, files, encoder=load())
    english = library.ask("How many clerks wrote the report?", filters=parse_filters(document=["port-2020"]))
    assert library.ask("How many clerks wrote the report?").confidence == pytest.approx(english.confidence, abs=0.2)


def test_what_only_another_publication_mentions_has_no_sure_answer(tmp_path: Path) -> None:
    police = (
        "# Police Report 2020\n\n## Fraud\n\nIn 2020 the police seized 1,204 counterfeit stamps in three towns.\n\n"
    )
    mint = "# Mint Yearbook 2020\n\n## Medals\n\nThe mint struck medals for the jubilee of the town.\n"
    files = {"police-2020.md": f"{police}## Staff\n\nThe force has 88 officers.\n", "mint-2020.md": mint}
    library = library_of(tmp_path, files, encoder=load())
    answer = library.ask("How many counterfeit medals were seized by the police in 2020?")
    assert answer.confidence <= 0.5
    assert 'no document of Police Report mentions "medals"' in answer.notices


ISLANDS = """# Island Report 2021

## Marrow

### Fishing

The fleet of 31 boats landed 4,120 tonnes of cod.

## Tressay

### Schools

The islanders opened a school.

## Ulvar

### Fishing

No boats were lost at sea.

### Schools

The school has 57 pupils.
"""


@pytest.mark.parametrize(
    ("question", "answer", "lacking"),
    [
        ("How many tonnes of cod were landed in Marrow?", "4,120 tonnes", None),
        ("How many tonnes of cod were landed in Tressay?", "4,120 tonnes", "Tressay"),
        ("How many boats were lost at sea in Ulvar?", "No boats", None),
        ("How many pupils has the school in Ulvar?", "57 pupils", None),
        ("How many tonnes of cod were landed in Marow?", "4,120 tonnes", None),  # misspelt
    ],
)
def test_an_answer_from_a_passage_without_a_name_of_the_question_is_not_sure(
    tmp_path: Path, question: str, answer: str, lacking: str | None
) -> None:
    found = library_of(tmp_path, {"island-report-2021.md": ISLANDS}, encoder=load()).ask(question)
    assert answer in found.sentences[0].text
    notices = [notice for notice in found.notices if "does not mention" in notice]
    assert notices == ([f'the passage that answers does not mention "{lacking}"'] if lacking else [])
    assert (found.confidence <= 0.5) == (lacking is not None)


def test_a_summary_in_the_language_of_the_question_needs_no_note_about_the_language(tmp_path: Path) -> None:
    german = "---\nlang: de\n---\n\n# Qualitätsbericht 2020\n\n"
    german += "## Geburten\n\nIm Jahr 2020 wurden in der Klinik 1.204 Kinder geboren.\n\n"
    german += "## Notaufnahme\n\nIn der Notaufnahme wurden 30.118 Menschen von den Ärzten der Klinik behandelt.\n\n"
    english = "## English Summary\n\nIn 2020 the hospital treated 27,418 patients, and it was open on all days.\n"
    library = library_of(tmp_path, {"bericht-2020.md": german + english}, encoder=load())
    summary, other = (
        library.ask(f"How many {what} in 2020?")
        for what in ("patients did the hospital treat", "children were born at the clinic")
    )
    assert "27,418 patients" in summary.sentences[0].text
    assert not any("language" in notice for notice in summary.notices)
    assert any("German" in notice for notice in other.notices)


def test_an_off_topic_question_is_refused_but_shows_passages(library: Library) -> None:
    answer = library.ask("What is the best recipe for a chocolate cake?")
    assert (answer.answered, answer.sentences) == (False, ())
    assert len(answer.passages) == 5


@pytest.mark.parametrize("question", ["", "   ", "?!", "\n\t"])
def test_an_empty_question_is_refused(library: Library, question: str) -> None:
    with pytest.raises(EmptyQuestion):
        library.ask(question)


@pytest.mark.parametrize("question", ["the of and", "what is it?", "x" * 100_000, "ships\x00 \ud800 <b>", "2015"])
def test_unusual_questions_get_passages(library: Library, question: str) -> None:
    assert len(library.ask(question).passages) == 5


def test_a_removed_preference_is_ignored(library: Library) -> None:
    answer = library.ask(
        "How many merchant ships were escorted in 2015?", adjust=lambda understood: replace(understood, years=())
    )
    assert answer.understood.years == ()
    assert all("year" not in cited.hit.scores for cited in answer.passages)


def test_folding_omits_only_passages_shown_for_another_edition(library: Library) -> None:
    answer = library.ask("piracy", 20)
    kept = answer.distinct_passages()
    hidden = {cited.hit.id for cited in answer.passages} - {cited.hit.id for cited in kept}
    folded_away = {other.passage for cited in kept for other in cited.also_in}
    assert hidden <= folded_away


def test_case_and_white_space_do_not_matter() -> None:
    assert are_near_duplicates(COUNCIL, COUNCIL.upper().replace(" ", "\n"))


def test_one_changed_figure_in_a_long_text_keeps_it_near() -> None:
    # 20 words give 18 shingles of 3; one changed word spoils 3 of them: 15 common of 21 in all, 0.714 >= 0.7
    assert are_near_duplicates(COUNCIL, COUNCIL.replace("nine", "twelve"))


def test_two_changed_words_apart_make_it_another_text() -> None:
    # 6 of 18 spoilt: 12 common of 24 in all, 0.5 < 0.7
    assert not are_near_duplicates(COUNCIL, COUNCIL.replace("nine", "twelve").replace("four", "seven"))


def test_a_part_is_not_near_the_whole() -> None:
    assert not are_near_duplicates(COUNCIL, COUNCIL[:50])


def test_a_moved_figure_sets_two_texts_apart() -> None:
    text = COUNCIL + " It spent 42.5 million on buoys and on the lights of harbours in every one of its districts."
    assert are_near_duplicates(text, text.replace("harbours", "ports"))
    assert not are_near_duplicates(text, text.replace("42.5", "43.5"))


FERRY = """# Ferry Report 2021

## Foreword

The president thanked all who kept the ferry running. Our boats carried 44,120 passengers from the new pier, which was \
opened on 30 September. It was used by 17 cyclists a day.

Astrid Lunde, President

## Yard

The master of the yard is responsible for repairs. Mr Per Dahl became master of the yard in May.
"""


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("Who is the president?", "Astrid Lunde, President"),
        ("Who was the master of the yard?", "Mr Per Dahl became master"),
        ("How many cyclists used the new pier?", "17 cyclists a day"),
    ],
)
def test_a_name_beside_an_office_or_a_number_of_what_is_counted_answers(
    tmp_path: Path, question: str, answer: str
) -> None:
    found = library_of(tmp_path, {"ferry-report-2021.md": FERRY}, encoder=load()).ask(question)
    assert answer in found.sentences[0].text


@pytest.mark.parametrize(
    ("question", "years"),
    [
        ("How many pilots were trained in 2020?", None),
        ("How many pilots were trained in 2021?", "2020, not 2021"),
        ("How many lamps were mended in 2020?", "2021, not 2020"),
        ("How many lamps were mended?", None),
        ("How many crossings were there in 2020?", None),  # both editions tell
        ("How many sheds burned in 2020?", None),  # the passage names the year
    ],
)
def test_a_passage_about_another_year_is_no_sure_answer(tmp_path: Path, question: str, years: str | None) -> None:
    report = "---\ncovers: {0}\n---\n# Ferry Report {1}\n\n## Traffic\n\nThere were {2} crossings.\n\n## Work\n\n{3}\n"
    files = {
        "ferry-2021.md": report.format(2020, 2021, 412, "The school trained 38 pilots, all of whom passed."),
        "ferry-2022.md": report.format(
            2021, 2022, 435, "The keeper mended 9 lamps of the tower.\n\n## Fires\n\nIn 2020, three sheds burned."
        ),
    }
    found = library_of(tmp_path, files, encoder=load()).ask(question)
    assert found.answered
    notices = [notice for notice in found.notices if notice.startswith("the passage that answers is about")]
    assert notices == ([f"the passage that answers is about {years}"] if years else [])
    assert years is None or found.confidence <= UNMENTIONED


def test_years_that_no_edition_of_the_series_is_about_have_no_sure_answer(tmp_path: Path) -> None:
    grid = "# Grid Report {0}\n\n## Demand\n\nThe peak demand was {1} megawatts, in the winter.\n"
    files = {f"grid-report-{year}.md": grid.format(year, year * 4) for year in (2021, 2022)}
    files |= {f"ferry-report-{year}.md": FERRY.replace("2021", str(year)) for year in (2018, 2019)}
    library = library_of(tmp_path, files, encoder=load())
    notice = "no edition of Grid Report covers 2019"
    answer = library.ask("What was the peak demand in 2019?")
    assert "megawatts" in answer.sentences[0].text
    assert notice in answer.notices
    assert answer.confidence <= 0.5
    answer = library.ask("What was the peak demand in 2022?")
    assert answer.sentences[0].text.startswith("The peak demand was 8088")
    assert notice not in answer.notices


def test_the_edition_about_a_year_comes_before_one_that_compares_with_it(tmp_path: Path) -> None:
    port = "# Port Report {0}\n\n## Traffic\n\nThe total traffic was {1} tonnes, compared with {2}.\n"
    files = {f"port-report-{year}.md": port.format(year, year * 3, year - 1) for year in (2019, 2020, 2021)}
    answer = library_of(tmp_path, files, encoder=load()).ask("What was the total traffic in 2020?")
    assert answer.passages[0].hit.document.edition == 2020
    assert "6060 tonnes" in answer.sentences[0].text


@pytest.mark.parametrize(("title", "language"), [("Ferry Report", "en"), ("Fährbericht", "de")])
def test_the_year_in_the_heading_of_a_title_is_that_of_the_edition(tmp_path: Path, title: str, language: str) -> None:
    sentence = {
        "en": ("In 2020 there were 412 crossings.", "How many crossings were there in 2021?"),
        "de": ("Im Jahr 2020 gab es 412 Überfahrten.", "Wie viele Überfahrten gab es 2021?"),
    }[language]
    files = {
        "ferry.md": f"---\ncovers: 2020\n---\n# {title} 2021\n\n## Traffic\n\n{sentence[0]}\n",
        "port-report-2021.md": "# Port Report 2021\n\n## Ships\n\nIn 2021 the port had 90 ships.\n",
    }
    answer = library_of(tmp_path, files, encoder=load()).ask(sentence[1])
    assert any("covers 2021" in notice for notice in answer.notices)
    assert answer.confidence <= UNMENTIONED


@pytest.mark.parametrize("year", [1950, 2020, 2021, 2022])
@pytest.mark.parametrize("question", ["How many boats did Arvik get?", "How many cranes did Arvik buy?"])
def test_a_year_makes_an_unanswerable_question_no_surer(tmp_path: Path, question: str, year: int) -> None:
    files = {
        "port-2020.md": "# Port Report 2020\n\n## Gifts\n\nThe port talked with Arvik about boats that it may give.\n",
        "port-2021.md": "# Port Report 2021\n\n## Gifts\n\nIn 2021 the port gave Brevik 14 boats and 2 cranes.\n",
        "port-2022.md": "# Port Report 2022\n\n## Gifts\n\nIn 2022 the port sold Tressay 3 boats and a crane.\n",
    }
    library = library_of(tmp_path, files, encoder=load())
    dated = library.ask(f"{question.rstrip('?')} in {year}?").confidence
    assert dated <= round(library.ask(question).confidence + YEAR_RISE, 4)


@pytest.mark.parametrize(
    ("question", "confidence"),
    [
        ("How many merchant ships did the destroyers escort?", 0.3),
        ("How many merchant ships did the destroyers escort in 2015?", 0.3 + YEAR_RISE),
        ("2015", 0.9),  # nothing is left without the year
    ],
)
def test_the_confidence_of_a_question_with_a_year_is_hardly_above_that_without_it(
    library: Library, monkeypatch: pytest.MonkeyPatch, question: str, confidence: float
) -> None:
    monkeypatch.setattr(
        "qa.answering.library.estimate_confidence", lambda text, *_others: 0.9 if "2015" in text else 0.3
    )
    assert library.ask(question).confidence == pytest.approx(confidence)


@pytest.mark.parametrize("question", ["asdkjhasd", "qwer tzui opasd"])
def test_words_that_no_document_has_are_not_answered(tmp_path: Path, question: str) -> None:
    files = {"ferry-report-2021.md": FERRY, "police-2020.md": "# Police Report 2020\n\nThe force has 88 officers.\n"}
    answer = library_of(tmp_path, files, encoder=load()).ask(question)
    assert not answer.answered
    assert [notice for notice in answer.notices if "mentions" in notice]


def test_a_word_in_use_that_no_document_has_is_no_sure_answer(tmp_path: Path) -> None:
    files = {"jobs-2021.md": "# Jobs Report 2021\n\nUnemployment rose to 9 per cent.\n", "ferry-report-2021.md": FERRY}
    answer = library_of(tmp_path, files, encoder=load()).ask("Arbeitslosigkeit")
    assert 'no document here mentions "Arbeitslosigkeit"' in answer.notices
    assert answer.answered
    assert answer.confidence <= UNMENTIONED


@pytest.mark.parametrize(
    ("parts", "limit", "estimated", "expected"),
    [
        ({"passage": 0.3}, 1.0, 0.4, 0.7),  # the order is as before: the confidence, too
        ({"passage": 0.3, "answer": 0.1}, 1.0, 0.4, 0.4),
        ({"passage": 0.3, "answer": 0.1}, UNMENTIONED, 0.9, UNMENTIONED),
        ({"passage": 0.3, "answer": 0.1}, 1.0, 0.01, THRESHOLD),  # it has an answer, so that it is never refused
    ],
)
def test_the_confidence_is_that_of_the_ranking_shown(
    parts: dict[str, float], limit: float, estimated: float, expected: float
) -> None:
    hits = [replace(make_hit(make_document(), ("Ada Holm opened the lock.", 0.5)), scores=parts)]
    assert _confidence_of_ranking(0.7, limit, hits, lambda _: estimated) == expected
