"""The states of watched answers: unchanged only for the same wording in the same place, everything else a change."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner

from qa.answering.library import Library
from qa.cli.cli import main
from qa.errors import CompareError
from qa.output import schema, watch_report
from qa.output.json_objects import watch_json
from qa.question.filters import parse_filters
from qa.watching import SavedQuestion, WatchedQuestion, normalized_words, watch
from tests.factories.libraries import library_of
from tests.qa.output.test_schema import check_value

FERRY = "The ferry to Eastholm sails twice a day from the eastern quay. Tickets are sold by the purser on board."
PIER = "The northern pier is 312 metres long and was painted green by Ada Rowe. It is closed to anglers in winter."
LAMP = "The lighthouse lamp burns whale oil and is lit by the keeper at dusk. Its beam reaches the Skerries."
NORTH = "The northern customs house received merchant vessels. It counted 12 merchant vessels in the year."
SOUTH = "The southern customs house received merchant vessels. It counted 15 merchant vessels in the year."

Library_ = Callable[..., Library]


@pytest.fixture
def editions(tmp_path: Path) -> Library_:
    def make(**sections: tuple[str | None, str | None]) -> Library:
        """A library of two editions; each section has its text in either, None where it is missing."""
        files, catalogue = dict[str, str | bytes](), ""
        for side, year in enumerate((2016, 2020)):
            body = [f"{name}\n\n{texts[side]}" for name, texts in sections.items() if texts[side] is not None]
            numbered = "\n\n".join(f"{number}. {section}" for number, section in enumerate(body, 1))
            files[f"harbour-{year}.txt"] = f"Harbour Yearbook {year}\n\n{numbered}\n"
            catalogue += f'[[document]]\nfile = "harbour-{year}.txt"\nseries = "Harbour Yearbook"\nedition = {year}\n'
        return library_of(tmp_path, {**files, "corpus.toml": catalogue})

    return make


def ask(library: Library, question: str) -> WatchedQuestion:
    (watched,) = watch(library, [SavedQuestion("q", question)]).questions
    return watched


FERRY_QUESTION = "How often does the ferry to Eastholm sail from the eastern quay?"


@pytest.mark.parametrize(
    ("later", "state"),
    [
        (FERRY, "unchanged"),
        (FERRY.replace("sails", "sails,").replace("The", "THE"), "unchanged"),  # marks and case
        (FERRY.replace("twice", "three times"), "changed"),
        (FERRY.replace("are sold", "are not sold"), "changed"),  # also next to the sentence that answers
        (FERRY.replace("from", "to"), "changed"),
        (FERRY.replace("sails", "sailed"), "changed"),
        (f"{FERRY} It has not sailed since May.", "changed"),
    ],
)
def test_an_answer_is_unchanged_only_with_the_same_wording(editions: Library_, later: str, state: str) -> None:
    assert ask(editions(Boats=(FERRY, later), Piers=(PIER, PIER)), FERRY_QUESTION).state == state


def test_a_change_in_another_paragraph_or_section_changes_no_answer(editions: Library_) -> None:
    library = editions(
        Boats=(f"{FERRY}\n\nA tug came in May.", f"{FERRY}\n\nA dredger left in June."),
        Piers=(PIER, PIER.replace("312", "340")),
    )
    assert ask(library, FERRY_QUESTION).state == "unchanged"


def test_a_list_item_is_an_answer_of_its_own(editions: Library_) -> None:
    rules = "- The net fee for herring boats is 40 crowns.\n- The berth fee for steam yachts is {} crowns."
    library = editions(Rules=(rules.format(70), rules.format(75)), Boats=(FERRY, FERRY))
    assert ask(library, "How many crowns is the net fee for herring boats?").state == "unchanged"
    assert ask(library, "How many crowns is the berth fee for steam yachts?").state == "changed"


def test_the_same_words_in_another_section_are_not_the_same_answer(editions: Library_) -> None:
    library = editions(
        North=(NORTH, NORTH.replace("12", "15")),
        South=(SOUTH, SOUTH.replace("15", "12")),
        Boats=(FERRY, FERRY),
    )
    assert ask(library, "How many merchant vessels did the northern customs house count?").state == "changed"


def test_an_answer_of_one_edition_only_is_new_or_gone(editions: Library_) -> None:
    library = editions(Boats=(FERRY, FERRY), Piers=(PIER, None), Lamp=(None, LAMP))
    asked = [
        SavedQuestion("p", "Who painted the northern pier green, and how many metres long is it?"),
        SavedQuestion("l", "Which oil does the lighthouse lamp burn, lit by the keeper at dusk?"),
        SavedQuestion("e", "?"),
    ]
    watched = watch(library, asked)
    assert [question.state for question in watched.questions] == ["gone", "new", "not_answered"]
    assert watched.counts == {"new": 1, "changed": 0, "gone": 1, "unchanged": 0, "not_answered": 1}
    (series,) = watched.questions[0].series
    (passage,) = series.earlier.passages
    assert (passage.text, series.later.passages) == (PIER, ())
    assert library.index.document("harbour-2016").text[passage.start : passage.end] == PIER


def test_moved_figures_are_listed_with_both_values(editions: Library_) -> None:
    (series,) = ask(
        editions(Piers=(PIER, PIER.replace("312", "340")), Boats=(FERRY, FERRY)),
        "How many metres long is the northern pier painted green by Ada Rowe?",
    ).series
    moved = [[value.figure.quantity.value for value in row.values] for row in series.figures if row.moved]
    assert (series.state, moved) == ("changed", [[312, 340]])


def test_a_year_in_the_question_prefers_no_edition(editions: Library_) -> None:
    library = editions(Boats=(FERRY, FERRY), Piers=(PIER, PIER))
    assert ask(library, f"In the 2016 Harbour Yearbook: {FERRY_QUESTION}").state == "unchanged"


def test_since_chooses_the_earlier_edition(editions: Library_) -> None:
    library = editions(Boats=(FERRY, FERRY))
    saved = [SavedQuestion("q", FERRY_QUESTION)]
    assert watch(library, saved, since=2018).pairs[0][0].year == 2016
    with pytest.raises(CompareError, match=r"no edition of 2015 or before of .* \(newest edition: 2020\)"):
        watch(library, saved, since=2015)
    with pytest.raises(CompareError, match=r"no earlier edition of .* \(newest edition: 2016\)"):
        watch(library, saved, filters=parse_filters(edition=["2016"]))
    (own,) = watch(library, [SavedQuestion("q", FERRY_QUESTION, parse_filters(document=["harbour-2016"]))]).questions
    assert (own.state, own.notices) == ("not_answered", ("the filters leave fewer than two editions to compare",))


def test_reports_quote_both_editions_and_escape_them(editions: Library_) -> None:
    library = editions(Piers=(f"<b> {PIER}", f"<b> {PIER.replace('312', '340')}"), Boats=(FERRY, FERRY))
    watched = watch(library, [SavedQuestion("q", "How many metres long is the northern pier? <i>")])
    page = watch_report.html(watched)
    assert "<b>" not in page
    assert "<i>" not in page
    assert "<del>312</del>" in page
    assert "<ins>340</ins>" in page
    markdown = watch_report.markdown(watched)
    assert rf"> \<b\> {PIER}" in markdown
    assert "~~312~~" in markdown
    check_value(watch_json(watched), schema.WatchJson)


def test_the_command_exits_with_1_when_something_changed(sample_index: Path, tmp_path: Path) -> None:
    saved, out = tmp_path / "saved.txt", tmp_path / "report.json"
    saved.write_text("How many merchant ships were escorted?\n", encoding="utf-8")
    arguments = ["watch", str(saved), "--index", str(sample_index)]
    result = CliRunner().invoke(main, [*arguments, "-o", str(out)])
    value = json.loads(out.read_text(encoding="utf-8"))
    assert (result.exit_code, value["questions"][0]["state"]) == (1, "changed")
    check_value(value, schema.WatchJson)
    saved.write_text("Who bought the volcano on Mars?\n", encoding="utf-8")
    result = CliRunner().invoke(main, arguments)
    assert result.exit_code == 0, result.output
    assert "1 not answered" in result.stdout
    result = CliRunner().invoke(main, [*arguments, "--since", "1900"])
    assert (result.exit_code, result.stderr.count("\n")) == (1, 1)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("It is positioned as one of the issues.", "and positions it as one of the issues"),
        ("The “centre”, as organised", "The “center” as organized"),
        ("Japan’s co-operation", "Japan's  co‑operation"),
    ],
)
def test_marks_spelling_and_auxiliaries_may_differ(first: str, second: str) -> None:
    assert normalized_words(first, "en") == normalized_words(second, "en")


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("12 ships", "13 ships"),
        ("12%", "12"),
        ("$5", "£5"),
        ("-1.2 per cent", "1.2 per cent"),
        ("it sails", "it never sails"),
        ("supports the centre", "supported the centre"),
        ("will open", "opens"),
        ("from Norway to Japan", "from Japan to Norway"),
        ("a vessel", "vessels"),
        ("more than ten", "less than ten"),
        ("ships and boats", "ships or boats"),
    ],
)
def test_what_may_change_the_meaning_differs(first: str, second: str) -> None:
    assert normalized_words(first, "en") != normalized_words(second, "en")


def test_other_languages_may_differ_in_marks_only() -> None:
    assert normalized_words("船が、12隻出た。", "ja") == normalized_words("船が12隻出た", "ja")
    assert normalized_words("12隻の船", "ja") != normalized_words("13隻の船", "ja")
    assert normalized_words("Das Schiff fährt", "de") != normalized_words("Die Schiffe fahren", "de")
