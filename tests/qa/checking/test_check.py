"""A draft is held against its sources: quotations under all marks, altered ones with their difference, figures."""

from __future__ import annotations

import json
from collections import Counter
from itertools import pairwise
from pathlib import Path

import docx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.ingest import plan
from index.building.build import build
from index.models.encoder import load
from index.ranking.search import Index
from qa.answering.library import Library
from qa.checking import quotation_pattern
from qa.checking.draft import find_quotations, from_text, read
from qa.checking.quotation_matching import QuotationMatch, QuotationSources, negation_change
from qa.checking.report import check_draft
from qa.cli.index_location import SAMPLES
from qa.editions.word_diff import segments
from qa.output.check_report import report_page, state_label, summary
from qa.output.json_objects import report_json
from qa.question.filters import Filters, parse_filters
from tests.benchmarks.checking import results
from tests.factories.command_line import run
from tests.factories.drafts import STATES
from tests.factories.editions.series_folder import series_library
from tests.factories.encoders import HashEncoder
from tests.paths import TEST_DATA

DIGEST = (SAMPLES / "digest-bluebook-2020.txt").read_text(encoding="utf-8")
GUARDED = "the destroyers kept 38 merchant ships safe"


def texts(draft: str) -> list[str]:
    return [quotation.text for quotation in find_quotations(from_text(draft))]


@pytest.mark.parametrize("marks", ["港「", "“„", "“", "``", "``a'' ", "“‘", "「『", "> x\n“a” ", "'"])
@pytest.mark.parametrize("end", ["", "”"])
def test_unclosed_quotation_marks_take_linear_time(marks: str, end: str) -> None:
    """The time was cubic once: with such a regression this test does not end."""
    draft = from_text(marks * (60_000 // len(marks)) + end)
    assert all(draft.text[quotation.start : quotation.end] == quotation.text for quotation in find_quotations(draft))


@pytest.mark.parametrize(
    ("draft", "expected"),
    [
        ("He said “so it is” and left.", ["so it is"]),
        ('He said "so it is" and "no more".', ["so it is", "no more"]),
        ("Er sagte „so ist es“ und »mehr nicht«.", ["so ist es", "mehr nicht"]),
        ("Il dit « c’est ainsi » et «rien de plus».", [" c’est ainsi ", "rien de plus"]),
        ("He said ‘Japan’s ships’ and 'no more'.", ["Japan’s ships", "no more"]),
        ("大臣は「『平和』を守る」と言った。", ["『平和』を守る"]),
        ("“The so-called ‘piracy cases’ fell,” he said.", ["The so-called ‘piracy cases’ fell,"]),
        ('It is "known as the “Constitution” of the seas" here.', ["known as the “Constitution” of the seas"]),
        ("``as in TeX'' it was", ["as in TeX"]),
        ("Han sade ”så är det” och gick.", ["så är det"]),
        ("Japan’s ships and the ministers' talks of '15.", []),
        ("> It is so.\n> And so.\n\nIt is.", ["> It is so.\n> And so."]),
        ("“One paragraph\n\n“and the next.”", ["One paragraph", "and the next."]),
    ],
)
def test_quotations_are_found_under_all_usual_marks(draft: str, expected: list[str]) -> None:
    assert texts(draft) == expected


@given(st.text(alphabet="ab .,\n>“”\"'‘’«»„「」『』[]…", max_size=80))
def test_every_quotation_is_a_span_of_the_draft_and_none_lies_in_another(text: str) -> None:
    draft = from_text(text)
    quotations = find_quotations(draft)
    assert all(draft.text[quotation.start : quotation.end] == quotation.text for quotation in quotations)
    assert all(a.end <= b.start for a, b in pairwise(quotations))


@pytest.mark.parametrize(
    ("quotation", "source", "stands"),
    [
        ("three ships sank", "In May three ships sank.", True),
        ("three … sank", "In May three ships sank.", True),
        ("three [...] sank", "In May three ships sank.", True),
        ("[T]hree ships", "In May three ships sank.", True),
        ("In May [the navy’s] ships sank", "In May three ships sank.", True),
        ("three of the award", "three of the award3", True),
        ("law enforcement", "law-enforcement", True),
        ("Japan's “view”", "Japan’s 'view'", True),
        ("three sank", "In May three ships sank.", False),
        ("four ships sank", "In May three ships sank.", False),
        ("ships … three", "In May three ships sank.", False),
        ("The government of the well-known port", "The govern-\nment of the well-\nknown port", True),
        ("government of", "The govern-\nment of", True),
        ("The governments of", "The govern-\nment of", False),
        ("of the national board", "Of the National Board", True),
        ("Muscle Shoals", "MUSCLE SHOALS", True),
        ("sold to us", "sold to US", False),
        ("May twenty-two ships", "May twenty two ships", True),
        ("On May 22 ships", "On May 20 two ships", False),
        ("the ship Seeadler13 sank", "the ship Seeadler11 sank", False),
        ("the ship Seeadler11 sank", "the ship Seeadler11 sank", True),
    ],
)
def test_ellipses_brackets_and_marks_are_read(quotation: str, source: str, stands: bool) -> None:
    runs = quotation_pattern.parse_quotation(quotation_pattern.unbracket_letters(quotation))
    assert (quotation_pattern.find_runs(runs, quotation_pattern.tokenize(source)) is not None) == stands


@pytest.mark.parametrize(
    ("source", "quotation", "language", "change"),
    [
        ("The board did not meet.", "The board did meet.", "en", "dropped"),
        ("The board did meet.", "The board never did meet.", "en", "added"),
        ("Resolution No. 5 on the pier", "Resolution on the pier", "en", ""),
        ("Resolution no 5 on the pier", "Resolution on the pier", "en", ""),
        ("raised the sin tax", "raised the tax", "en", ""),
        ("non-profit groups", "groups", "en", ""),
        ("zarpó sin carga", "zarpó con carga", "es", "dropped"),
        ("Das Boot lief nicht aus.", "Das Boot lief aus.", "de", "dropped"),
        ("船は出なかった", "船は出た", "ja", "dropped"),
        ("The boat did not sail.", "The boat did sail.", None, "dropped"),
    ],
)
def test_negations_are_those_of_the_language(source: str, quotation: str, language: str | None, change: str) -> None:
    assert negation_change(source, quotation, language) == change


@pytest.fixture(scope="module")
def library(sample_index: Path) -> Library:
    return Library(sample_index, load())


@pytest.fixture(scope="module")
def sources(library: Library) -> QuotationSources:
    return QuotationSources(library.index, Filters())


def place(match: QuotationMatch) -> str:
    assert match.place is not None
    return match.place.text


def test_a_quotation_is_found_where_it_stands(sources: QuotationSources) -> None:
    match = sources.find(GUARDED)
    assert match.status == "verbatim"
    assert match.place is not None
    assert match.place.document.id == "digest-bluebook-2020"
    assert DIGEST[match.place.start : match.place.end] == match.place.text == GUARDED


def test_a_quotation_over_the_end_of_a_passage_is_found(sources: QuotationSources) -> None:
    for at in range(1000, len(DIGEST) - 400, 900):
        line = DIGEST[at : at + 300].split("\n")[0]
        words = line.split()[1:-1]
        if len(words) >= 8:
            assert sources.find(" ".join(words)).status == "verbatim"


def test_an_altered_quotation_is_shown_with_what_it_was(sources: QuotationSources) -> None:
    match = sources.find("the destroyers kept 39 merchant ships safe")
    assert (match.status, place(match)) == ("altered", GUARDED)
    match = sources.find("the destroyers kept merchant ships safe")
    assert (match.status, place(match)) == ("altered", GUARDED)


@pytest.mark.parametrize(
    ("quotation", "source"),
    [
        ("They lit the lamp at dusk and slept until early.", "They lit the lamp at dusk and slept until late."),
        ("Nobody lit the lamp at dusk and slept", "They lit the lamp at dusk and slept"),
        ("the lamp at dusk and slept until very early", "the lamp at dusk and slept until late"),
        # what follows is another sentence
        ("They lit the lamp at dusk and slept until late indeed", "They lit the lamp at dusk and slept until late"),
        ("So did the keeper of the southern tower twice", "did the keeper of the southern tower twice"),
    ],
)  # fmt: skip
def test_a_word_replaced_at_an_end_is_shown_with_the_word_that_it_replaced(
    tmp_path: Path, quotation: str, source: str
) -> None:
    (tmp_path / "light-2020.txt").write_text(
        "Lighthouse Report 2020\n\n1. The lamp\n\nThey lit the lamp at dusk and slept until late. Nobody called. "
        "Did the keeper of the southern tower twice? He did.\n"
    )
    build(tmp_path / "index", plan([tmp_path / "light-2020.txt"]), HashEncoder())
    match = QuotationSources(Index(tmp_path / "index"), Filters()).find(quotation)
    assert (match.status, place(match).casefold()) == ("altered", source.casefold())


def test_passages_with_equally_many_common_words_are_ranked_by_spelling(tmp_path: Path) -> None:
    sentence = "The fleet landed {} tonnes of herring, most of it in the northern district."
    for year, tonnes in ((2018, "12,400"), (2022, "9,850"), (2024, "14,200")):
        (tmp_path / f"fish-{year}.txt").write_text(
            f"Fisheries Report {year}\n\n1. Catches\n\n{sentence.format(tonnes)}\n"
        )
    build(tmp_path / "index", plan([tmp_path]), HashEncoder())
    match = QuotationSources(Index(tmp_path / "index"), Filters()).find(sentence.format("9,950"))
    assert (match.status, place(match)) == ("altered", sentence.format("9,850"))


def test_the_edition_named_beside_a_quotation_comes_first_of_those_that_contain_it(tmp_path: Path) -> None:
    for year, tonnes in ((2018, "12,400"), (2022, "9,850")):
        (tmp_path / f"fish-{year}.txt").write_text(
            f"Fisheries Report {year}\n\n1. Catches\n\nCod remained scarce in all of the districts. "
            f"The fleet landed {tonnes} tonnes of herring in all.\n"
        )
    build(tmp_path / "index", plan([tmp_path]), HashEncoder())
    library = Library(tmp_path / "index", HashEncoder())
    for year in (2018, 2022):
        draft = (
            f"It fell. The Fisheries Report {year} says “cod remained scarce in all of the districts”. So it went on."
        )
        (quotation,) = check_draft(library, from_text(draft)).quotations
        assert quotation.match.place is not None
        assert quotation.match.place.document.edition == year
        assert [copy.document.edition for copy in quotation.match.also] == [4040 - year]
        block = f"So the Fisheries Report {year} says:\n\n> Cod remained scarce in all of the districts.\n"
        (quotation,) = check_draft(library, from_text(block)).quotations
        assert quotation.match.place is not None
        assert quotation.match.place.document.edition == year
        altered = draft.replace("cod remained scarce in all of the", "the fleet landed 7,777 tonnes of herring in all")
        (quotation,) = check_draft(library, from_text(altered.replace(" districts", ""))).quotations
        assert quotation.match.status == "altered"
        assert quotation.match.place is not None
        assert quotation.match.place.document.edition == year


def test_what_nobody_wrote_is_not_found_and_a_word_in_marks_is_no_quotation(sources: QuotationSources) -> None:
    assert sources.find("the submarine cable to the moon was laid by penguins").status == "not found"
    assert sources.find("zyxwv vutsr qponm lkjih").place is None
    assert sources.find("good news").status == "short"
    assert sources.find("cyberspaces").place is None  # a word that looks like it says nothing
    assert sources.find("…").status == "short"


def test_an_ordinal_is_no_figure_and_one_of_anything_is_said_so(library: Library) -> None:
    draft = (
        "The third pillar of the Diplomatic Bluebook 2020 is new. It says “the submarine cable to the moon was laid”."
    )
    report = check_draft(library, from_text(draft))
    assert report.figures == ()
    assert summary(report) == "1 quotation: 0 verbatim, 0 altered, 1 not found"
    report = check_draft(
        library, from_text("The Diplomatic Bluebook 2020 counts 38 merchant ships kept safe by destroyers.")
    )
    assert summary(report).endswith("; 1 figure with a source: 1 agrees, 0 differ, 0 not found")


def test_a_filter_leaves_out_the_other_sources(library: Library) -> None:
    only = QuotationSources(library.index, Filters(edition=((2016, 2016),)))
    assert only.find(GUARDED).status != "verbatim"


def test_generated_quotations_get_their_states(library: Library) -> None:
    checked = results(library, [1, 2, 3])
    assert Counter(result.expected.state for result in checked) == dict.fromkeys(STATES, 12)
    assert sum(result.is_right for result in checked) >= 0.97 * len(checked), [
        result for result in checked if not result.is_right
    ]


DRAFT = f"""“{GUARDED}”, says the digest, and “the destroyers kept 39 merchant ships safe”.

The destroyers kept 41 merchant ships safe (Digest of the Diplomatic Bluebook 2020).
"""


def test_the_exit_code_says_whether_something_is_wrong(sample_index: Path, tmp_path: Path) -> None:
    draft = tmp_path / "draft.md"
    draft.write_text(f"“{GUARDED}”", encoding="utf-8")
    assert "1 verbatim" in run("check", draft, "--index", sample_index).stdout
    draft.write_text(DRAFT, encoding="utf-8")
    shown = run("check", draft, "--index", sample_index, code=1).stdout
    assert "[-38-] {+39+}" in shown
    assert "figure differs  41" in shown
    assert "altered" in run("check", "-", "--index", sample_index, code=1, stdin=DRAFT).stdout


def test_the_report_as_json_quotes_draft_and_source_exactly(sample_index: Path, tmp_path: Path) -> None:
    draft = tmp_path / "draft.txt"
    draft.write_text(DRAFT, encoding="utf-8")
    report = json.loads(run("check", draft, "--index", sample_index, "--format", "json", code=1).stdout)
    assert report["counts"]["verbatim"] == report["counts"]["altered"] == report["counts"]["figures differs"] == 1
    for quotation in report["quotations"]:
        assert DRAFT[quotation["start"] : quotation["end"]] == quotation["text"]
        assert DIGEST[quotation["source"]["start"] : quotation["source"]["end"]] == quotation["source"]["text"]
    altered = report["quotations"][1]
    assert [DIGEST[a:b] for a, b in altered["words"]["source"]] == ["38"]
    assert [DRAFT[a:b] for a, b in altered["words"]["draft"]] == ["39"]
    (figure,) = report["figures"]
    assert (figure["text"], figure["source"]["text"], figure["line"]) == ("41", "38", 3)


def test_the_page_escapes_the_draft(sample_index: Path) -> None:
    page = run(
        "check", "-", "--index", sample_index, "--format", "html", code=1, stdin="“<script>alert</script> it is”"
    )
    assert "<script" not in page.stdout
    assert "default-src 'none'" in page.stdout


def test_block_quotes_of_a_docx_file_are_found_by_their_style(tmp_path: Path) -> None:
    document = docx.Document()
    document.add_paragraph("The digest says:")
    document.add_paragraph(GUARDED, style="Intense Quote")
    document.add_paragraph("and “good news”.")
    document.save(str(tmp_path / "draft.docx"))
    quotations = find_quotations(read(tmp_path / "draft.docx"))
    assert [(quotation.text, quotation.block) for quotation in quotations] == [(GUARDED, True), ("good news", False)]


def test_a_draft_that_cannot_be_read_is_told_in_one_line(sample_index: Path, tmp_path: Path) -> None:
    (tmp_path / "draft.xyz").write_text("“so it is”", encoding="utf-8")
    result = run("check", tmp_path / "draft.xyz", "--index", sample_index, code=1)
    assert "cannot read .xyz files" in result.stderr


FLEET = {
    2019: "The fleet did not leave the port in 2019, and the change in landings was -1.2 per cent.\n\n"
    "Landings rose .5 percent to 7 tonnes, the “Harbour Board” said, and twenty-one boats were sold.\n\n"
    "The pilots’ school trained nine crews from well-known villages in a self-financed course.",
    2020: "The fleet left the port twice in 2020, and the change in landings was 1.2 per cent.\n\n"
    "Nine lamps of the tower were mended by the keeper, who had asked for new glass for years.",
}


@pytest.mark.parametrize(
    ("one", "other", "equal"),
    [
        ("4,120 ships", "4120 ships", True),
        ("4\u202f120 ships", "4’120 ships", True),
        ("two thousand ships", "2,000 ships", True),
        ("one hundred and twenty-one ships", "121 ships", True),
        ("4,120 ships", "4.120 ships", False),
        ("several thousand ships", "several 1,000 ships", False),
        ("two hundred ships", "2,000 ships", False),
        ("4, 120 ships", "4,120 ships", False),
    ],
)
def test_the_form_of_a_number_is_no_alteration(one: str, other: str, *, equal: bool) -> None:
    words = [[token.word for token in quotation_pattern.tokenize(text)] for text in (one, other)]
    assert (words[0] == words[1]) is equal


@pytest.fixture(scope="module")
def fleet(tmp_path_factory: pytest.TempPathFactory) -> Library:
    return series_library(tmp_path_factory.mktemp("fleet"), "Fleet Report", FLEET, HashEncoder())


@pytest.mark.parametrize(
    ("draft", "state", "detail"),
    [
        ("The Fleet Report 2019 says “the change in landings was -1.2 per cent.”", "verbatim", ""),
        ("The Fleet Report 2019 says “the change in landings was −1.2 per cent”.", "verbatim_but_for", ""),
        ("The Fleet Report 2019 says “the change in landings was 1.2 per cent”.", "misattributed", ""),
        ("We read “Landings rose 5 percent to 7 tonnes”.", "altered", ""),
        ("We read “Landings rose .5 percent to seven tonnes”.", "verbatim_but_for", ""),
        ("We read “and 21 boats were sold”.", "verbatim_but_for", ""),
        ("We read “Landings rose .5 percent to 17 tonnes”.", "altered", ""),
        ("We read “Landings rose .5 percent to 7 kilograms”.", "altered", ""),
        ("We read “the 'Harbour Board' said, and twenty-one boats”.", "verbatim_but_for", ""),
        ("We read “the pilots' school trained nine crews”.", "verbatim_but_for", ""),
        ("We read “The pilots’ school trained nine crews”.", "verbatim", ""),
        ("We read “the fleet did leave the port in 2019”.", "altered", "dropped"),
        ("We read “the fleet did … leave the port in 2019”.", "altered", "dropped"),
        ("We read “the fleet did not leave … in 2019”.", "verbatim", ""),
        ("We read “Leave the port in 2019”.", "altered", "dropped"),
        ("We read “leave the port in 2019”.", "verbatim", ""),
        ("We read “nine lamps of the tower were not mended by the keeper”.", "altered", "added"),
        ("The Fleet Report 2020 says “nine lamps of the tower were mended by the keeper”.", "verbatim", ""),
        ("The Fleet Report 2019 says “nine lamps of the tower were mended by the keeper”.", "misattributed", ""),
        ("“Nine lamps of the tower were mended by the keeper.” (Fleet Report 2019)", "misattributed", ""),
        ("“Nine lamps of the tower were mended by the keeper.” [Fleet Report 2019] More.", "misattributed", ""),
        ("“Nine lamps of the tower were mended by the keeper.” (Fleet Report 2020) Boats left.", "verbatim", ""),
        ("“Nine lamps of the tower were mended by the keeper.”\n\n(Fleet Report 2019) is a source.", "verbatim", ""),
        ("The Fleet Report 2011 says “whales sang under the harbour all winter long”.", "cannot_be_checked", "source"),
        ("We read “the boats”.", "cannot_be_checked", "short"),
        ("On dit « la flotte est restée au port pour toute la saison et les marins le regrettent ».",
         "cannot_be_checked", "translation"),
        ("We read “灯台の灯が消えた夜の話である”.", "cannot_be_checked", "translation"),
        ("We read “a submarine cable was laid to the moon by penguins in the summer”.", "not_found", ""),
        ("So:\n\n> Nine lamps of the tower were mended by the keeper\n> — Fleet Report 2020, p. 3\n", "verbatim", ""),
        ("So:\n\n> Nine lamps of the tower were mended by the keeper\n\n— Fleet Report 2019\n", "misattributed", ""),
        ("So:\n\n> Nine lamps of the tower were mended by the keeper.\n> (Fleet Report 2020)\n", "verbatim", ""),
    ],
)  # fmt: skip
def test_each_kind_of_claim_gets_its_state(fleet: Library, draft: str, state: str, detail: str) -> None:
    report = check_draft(fleet, from_text(draft))
    (checked,) = report.quotations
    assert (checked.match.state, checked.match.negation or checked.match.reason) == (state, detail)
    assert state_label(checked.match).startswith("negation removed") == (detail == "dropped")
    assert report.has_faults == (state in ("altered", "misattributed", "not_found"))


PORTS = {
    "hafenbericht-2019": "Die Fänge stiegen um 3,5 Prozent auf 1.250 Tonnen, teilte die Behörde mit. Der Leuchtturm "
    "wurde im Berichtsjahr nicht renoviert. Die Behörde gab 2,4 Mio. Euro für Boote aus und nahm 12 Lotsen auf. "
    "Die Temperatur fiel auf −4 Grad, und die Schifffahrt ruhte zehn Tage.",
    "hafenbericht-2020": "Die Fänge sanken um 3,5 Prozent auf 1.206 Tonnen, teilte die Behörde mit. Der Leuchtturm "
    "wurde im Berichtsjahr renoviert.",
    "漁業白書-2019": "漁獲量は前年より3.5パーセント増加し、1,250トンとなった。灯台の改修は行われなかった。"
    "港湾局は新しい船に2億4,000万円を支出した。水先人の養成には12名が参加し、全員が修了した。",
    "漁業白書-2020": "漁獲量は前年より3.5パーセント減少し、1,206トンとなった。灯台の改修は完了した。",
    "port-report-2019": "The lighthouse wasn't repaired during the year. The port spent £2.4 million on boats. "
    "Nobody was hurt in the storm of 4–5 March.",
    "port-report-2020": "The lighthouse was repaired during the year. The port spent £2.6 million on boats.",
}


@pytest.fixture(scope="module")
def ports(tmp_path_factory: pytest.TempPathFactory) -> Library:
    folder = tmp_path_factory.mktemp("ports")
    for name, text in PORTS.items():
        title = name.replace("-", " ").title()
        (folder / f"{name}.txt").write_text(f"{title}\n\n{text}\n", "utf-8")
    build(folder / "index", plan([folder]), HashEncoder())
    return Library(folder / "index", HashEncoder())


@pytest.mark.parametrize(
    ("draft", "state", "detail"),
    [
        ("Im Hafenbericht 2019 steht: „Die Fänge stiegen um 3,5 Prozent auf 1.250 Tonnen“.", "verbatim", ""),
        ("Im Hafenbericht 2019 steht: „Die Fänge stiegen um 35 Prozent auf 1.250 Tonnen“.", "altered", ""),
        ("Im Hafenbericht 2019 steht: „Die Fänge stiegen um 3,5 Prozentpunkte auf 1.250 Tonnen“.", "altered", ""),
        ("Im Hafenbericht 2019 steht: »Der Leuchtturm wurde im Berichtsjahr renoviert«.", "misattributed", ""),
        ("«Die Behörde gab 2,4 Mio. Euro für Boote aus und nahm zwölf Lotsen auf».", "verbatim_but_for", ""),
        ("„Die Behörde gab 2,4 Mrd. Euro für Boote aus“.", "altered", ""),
        ("„Die Temperatur fiel auf 4 Grad, und die Schifffahrt ruhte zehn Tage“.", "altered", ""),
        ("「漁獲量は前年より３．５パーセント増加し、１，２５０トンとなった」と述べる。", "verbatim_but_for", ""),
        ("漁業白書2019年版は「漁獲量は前年より3.5パーセント増加し、1,260トンとなった」と述べる。", "altered", ""),
        ("白書は「灯台の改修は行われた」とする。", "altered", "dropped"),
        ("白書は「港湾局は新しい船に2億4,000万ドルを支出した」とする。", "altered", ""),
        ("白書は『水先人の養成には12名が参加し、…修了した』とする。", "verbatim", ""),
        ("We read “The lighthouse was not repaired during the year”.", "altered", ""),
        ("We read “The port spent $2.4 million on boats”.", "altered", ""),
        ("We read “Nobody was hurt in the storm of 4-5 March”.", "verbatim_but_for", ""),
        ("We read “Somebody was hurt in the storm of 4–5 March”.", "altered", "dropped"),
        ("„Die Fänge sanken um 3,5 Prozent auf 1.250 Tonnen“", "altered", ""),
        ("»Die Behörde gab 2,4 Millionen Euro für Boote aus«", "verbatim_but_for", ""),
        ("「漁獲量は前年より3.5ポイント増加し、1,250トンとなった」とする。", "altered", ""),
        ("漁業白書2020年版は「灯台の改修は行われなかった」とする。", "misattributed", ""),
        ("「水先人の養成には十二名が参加し、全員が修了した」という。", "verbatim_but_for", ""),
        ("“The port spent £2.6 billion on boats”", "altered", ""),
        ("Im Hafenbericht 2020 heißt es: „Der Leuchtturm wurde im Berichtsjahr nicht renoviert“.", "misattributed", ""),
        (
            "漁業白書2019年版には “Three lighthouses were rebuilt before the winter storms came” とある。",
            "cannot_be_checked",
            "translation",
        ),
        ("The Port Report 2020 has “The Lighthouse was repaired during the Year”.", "verbatim_but_for", ""),
    ],
)
def test_claims_in_three_languages_get_their_state(ports: Library, draft: str, state: str, detail: str) -> None:
    (checked,) = check_draft(ports, from_text(draft)).quotations
    assert (checked.match.state, checked.match.negation or checked.match.reason) == (state, detail)


@pytest.mark.parametrize(
    ("draft", "statuses"),
    [
        ("Harbour Report 2020, 1. Traffic, p. 2.", []),
        ("See the Harbour Report 2020, 2.1. Dues and fees.", []),
        ("Harbour Report 2020 (2020), 2\n\nMore.", []),
        ("Harbour Report 2020 (2020), 2. Edition 2020, 1. Traffic.", []),
        ("Harbour Board, Harbour Report 2020 (2020), 12–14; then 2.1. Dues and fees.", []),
        ("By the Harbour Report 2020 (2020), 790 cargo ships were received.", ["agrees"]),
        ("By the Harbour Report 2020 the harbour received 791 cargo ships (1. Traffic).", ["differs"]),
    ],
)
def test_sections_and_pages_of_a_citation_are_no_figures(tmp_path: Path, draft: str, statuses: list[str]) -> None:
    text = (
        "# 1. Traffic\n\nThe harbour received 790 cargo ships.\n\n# 2. Finances\n\n## 2.1. Dues and fees\n\nDues rose."
    )
    harbour = series_library(tmp_path, "Harbour Report", {2020: text}, HashEncoder())
    assert [figure.status for figure in check_draft(harbour, from_text(draft)).figures] == statuses


@pytest.mark.parametrize("marks", ["《》", "«»", "“”"])
def test_a_title_in_quotation_marks_names_a_source(fleet: Library, marks: str) -> None:
    quoted = "nine lamps of the tower were mended"
    checked = check_draft(fleet, from_text(f"The {marks[0]}Fleet Report 2019{marks[1]} says “{quoted}”.")).quotations
    assert [(quotation.quotation.plain_text(), quotation.match.state) for quotation in checked] == [
        (quoted, "misattributed")  # it is in that of 2020
    ]


def test_words_of_another_quotation_name_no_source(fleet: Library) -> None:
    owls = "owls of the Fleet Report 2019 hunted beyond distant winter hills and valleys"
    draft = f"We read “{owls}” and “nine lamps of the tower were mended”."
    assert [quotation.match.state for quotation in check_draft(fleet, from_text(draft)).quotations] == [
        "not_found",
        "verbatim",
    ]


def test_a_misattributed_quotation_names_where_it_stands(fleet: Library) -> None:
    draft = from_text("The Fleet Report 2019 says “nine lamps of the tower were mended by the keeper”.")
    (checked,) = check_draft(fleet, draft).quotations
    assert checked.match.place is not None
    assert checked.match.place.document.edition == 2020


@pytest.mark.parametrize(
    ("draft", "statuses"),
    [
        ("1. The Fleet Report 2019 counts a change of -1.2 per cent in landings.", ["agrees"]),
        ("- 3) In the Fleet Report 2019 landings rose to 7 tonnes, the Harbour Board said.", ["agrees"]),
        ("In the Fleet Report 2019 landings rose to seven tonnes, the Harbour Board said on 3 March 2019.", ["agrees"]),
        ("Landings rose to 7 tonnes, the Harbour Board said. (Fleet Report 2019)", ["agrees"]),
        ("Landings rose to 8 tonnes, the Harbour Board said. (Fleet Report 2019)", ["differs"]),
        ("In the Fleet Report 2019 landings fell to 7 tonnes, the Harbour Board said.", ["differs"]),
        ("In the Fleet Report 2019 the change in landings was 1.2 per cent.", ["differs"]),
        ("In the Fleet Report 2019 the change in landings was -1.2 percentage points.", ["differs"]),
    ],
)
def test_list_numbers_and_dates_are_no_figures(fleet: Library, draft: str, statuses: list[str]) -> None:
    assert [figure.status for figure in check_draft(fleet, from_text(draft)).figures] == statuses


@pytest.mark.parametrize(
    ("draft", "statuses"),
    [
        ("In the Pier Report 2020, wages and staff costs were 79 million crowns.", ["agrees"]),
        ("In the Pier Report 2020, wages and staff costs were 97 million crowns.", ["differs"]),
        ("In the Pier Report 2020, the result of the year was 12 million crowns.", ["differs"]),
        ("In the Pier Report 2020, the result of the year was -12 million crowns.", ["agrees"]),
        ("By the Pier Report 2020, the old pier was closed to all ships for 164 days.", ["agrees"]),
        ("By the Pier Report 2020, the old pier was closed to all ships for 146 days.", ["differs"]),
        ("By the Pier Report 2020, gulls have nested in the harbour for 30 years.", []),
    ],
)
def test_costs_in_brackets_scales_of_tables_and_lengths_of_time(
    tmp_path: Path, draft: str, statuses: list[str]
) -> None:
    rows = "| Wages and staff costs | (79) |\n| Result of the year | (12) |"
    table = f"Accounts (million crowns)\n\n| Item | 2020 |\n|---|---|\n{rows}"
    text = f"# Pier\n\nThe old pier was closed to all ships for 164 days.\n\n# Accounts\n\n{table}"
    pier = series_library(tmp_path, "Pier Report", {2020: text}, HashEncoder())
    assert [figure.status for figure in check_draft(pier, from_text(draft)).figures] == statuses


@pytest.mark.parametrize(
    ("draft", "status", "source"),
    [
        ("In the Fire Report 2020, 218 fires in kitchens were put out in 2020.", "differs", "367"),
        ("In the Fire Report 2020, 367 fires in kitchens were put out in 2020.", "agrees", "367"),
        ("In the Fire Report 2020, 304 calls came from Dockside in 2020.", "agrees", "304"),
        ("In the Fire Report 2020, 218 calls came from Dockside in 2020.", "differs", "304"),
    ],
)
def test_an_equal_number_in_a_row_that_the_draft_does_not_mention_is_of_something_else(
    tmp_path: Path, draft: str, status: str, source: str
) -> None:
    table = "| District | Calls 2019 | Calls 2020 |\n|---|---|---|\n| Dockside | 218 | 304 |\n| Priory | 391 | 388 |"
    text = f"# Calls\n\n{table}\n\n# Kitchens\n\nFires in kitchens that were put out numbered 367 in 2020."
    fires = series_library(tmp_path, "Fire Report", {2020: text}, load())
    (figure,) = check_draft(fires, from_text(draft)).figures
    assert figure.place is not None
    assert (figure.status, figure.place.text) == (status, source)


CLAIMS = [
    json.loads(line) for line in (TEST_DATA / "questions" / "claims.jsonl").read_text(encoding="utf-8").splitlines()
]


@pytest.mark.parametrize("claim", CLAIMS, ids=range(len(CLAIMS)))
def test_the_last_quotation_of_each_claim_has_the_judged_state(library: Library, claim: dict[str, str]) -> None:
    match = check_draft(library, from_text(claim["draft"])).quotations[-1].match
    assert (match.state, match.negation or match.reason) == (claim["state"], claim["detail"]), claim["draft"]


@pytest.mark.parametrize(
    "quotation",
    [
        "The aircraft flew 300 missions and passed on what they saw to foreign navies.",
        "The aircraft flew 300 missions and passed on what they saw.",
    ],
)
def test_the_full_stop_of_an_altered_quotation_is_no_difference(library: Library, quotation: str) -> None:
    (checked,) = check_draft(library, from_text(f"It says: “{quotation}”")).quotations
    assert checked.match.state == "altered"
    assert checked.match.place is not None
    changed = [text for kind, text in segments(checked.match.place.text, checked.compared_text) if kind == "inserted"]
    assert changed == ["300"]


@pytest.fixture(scope="module")
def clinics(tmp_path_factory: pytest.TempPathFactory) -> Library:
    folder = tmp_path_factory.mktemp("clinics")
    for year, (stay, before, admitted, left, wait, wait_before) in {
        2021: (219, 231, 447, 431, 47, 52),
        2022: (198, 219, 439, 455, 43, 47),
    }.items():
        (folder / f"clinic-report-{year}.md").write_text(
            f"# Clinic Report {year}\n\n## Patients\n\nThe average stay in the main ward was {stay} days, against "
            f"{before} days in {year - 1}. In the year {admitted} patients were admitted and {left} discharged.\n\n"
            f"## Indicators\n\nTable 1. Service\n\n| Indicator | {year} | {year - 1} |\n|---|---|---|\n"
            f"| Waiting time (minutes) | {wait} | {wait_before} |\n| Complaints in % | 2.5 | 2.7 |\n\n"
            "Table 2. Supplies\n\n| Item | Weight (tonnes) | Value (thousand pounds) |\n|---|---|---|\n"
            f"| Flour | {wait * 10} | 911 |\n"
        )
    build(folder / "index", plan([folder]), load())
    return Library(folder / "index", load)


@pytest.mark.parametrize(
    ("claim", "status", "stated"),
    [
        ("439 patients were discharged", "differs", "455"),
        ("455 patients were discharged", "agrees", "455"),
        ("439 patients were admitted", "agrees", "439"),
        ("the average stay in the main ward was 219 days", "differs", "198"),
        ("the average stay in the main ward was 198 days", "agrees", "198"),
        ("the average stay in the main ward was 219 days in 2021", "agrees", "219"),
        ("the waiting time was 47 minutes", "differs", "43"),
        ("the waiting time was 47 minutes in 2021", "agrees", "47"),
        ("the waiting time was 43 minutes", "agrees", "43"),
        ("complaints stood at 2.5 per cent", "agrees", "2.5"),
        ("430 tonnes of flour were used", "agrees", "430"),
        ("flour was bought for 911,000 pounds", "agrees", "911"),
    ],
)
def test_a_figure_agrees_only_with_one_of_its_year_of_which_the_same_is_said(
    clinics: Library, claim: str, status: str, stated: str
) -> None:
    draft = from_text(f"According to the Clinic Report 2022, {claim}.")
    (checked,) = [figure for figure in check_draft(clinics, draft).figures if figure.text in claim]
    assert checked.place is not None
    assert (checked.status, checked.place.text) == (status, stated)


@pytest.fixture(scope="module")
def tugs(tmp_path_factory: pytest.TempPathFactory) -> Library:
    folder = tmp_path_factory.mktemp("tugs")
    (folder / "tug-yearbook-2020.md").write_text(
        "# Tug Yearbook 2020\n\n## Escorts\n\nIn 2019, the tugs made 30 escort runs and guided 38 merchant ships. "
        "The pilots made 240 training flights in 2019.\n\n## Groundings\n\nThere were 60 grounding cases in the bay in "
        "2018 and 53 in 2019.\n\n## Money\n\nAfter a promise of 10 million euros in 2016, the port has paid a sum of "
        "52.5 million euros (2 million euros in 2019) into the rescue fund as of December 2019.\n"
    )
    build(folder / "index", plan([folder]), load())
    return Library(folder / "index", load)


@pytest.mark.parametrize(
    ("claim", "faults"),
    [
        ("the tugs guided 38 merchant ships in 2019", 0),
        ("the tugs guided 38 merchant ships on 30 escort runs in 2019", 0),
        ("the pilots made 240 training flights in 2019", 0),
        ("there were 60 grounding cases in 2018 and 53 in 2019", 0),
        ("the port has paid 52.5 million euros into the rescue fund as of December 2019", 0),
        ("the tugs guided 30 merchant ships", 1),
        ("the tugs made 38 escort runs in 2019", 1),
        ("the pilots made 38 training flights", 1),
        ("there were 53 grounding cases in 2018", 1),
    ],
)
def test_words_that_all_figures_of_a_sentence_share_do_not_tell_them_apart(
    tugs: Library, claim: str, faults: int
) -> None:
    checked = check_draft(tugs, from_text(f"According to the Tug Yearbook 2020, {claim}.")).figures
    assert checked
    assert [figure.status for figure in checked].count("differs") == faults


@pytest.fixture(scope="module")
def quays(tmp_path_factory: pytest.TempPathFactory) -> Library:
    folder = tmp_path_factory.mktemp("quays")
    for year, barges, share in ((2022, 52, 88), (2023, 61, 81)):
        (folder / f"quay-report-{year}.md").write_text(
            f"# Quay Report {year}\n\n## Barges\n\nThe cranes moved {barges} barges. "
            f"The share of steam tugs was {share} per cent. The dredgers fell from 14 to 9 in number.\n\n"
            f"## Accounts\n\n| | {year} | {year - 1} |\n|---|---|---|\n| Harbour dues | 1,079,520 | 755,454 |\n"
            "| Net result | (19,447) | 8,902 |\n"
        )
    (folder / "corpus.toml").write_text('[defaults]\nseries = "Quay Report"\npublisher = "Port of Arvik"\n')
    build(folder / "index", plan([folder]), load())
    return Library(folder / "index", load)


@pytest.mark.parametrize(
    ("claim", "statuses"),
    [
        ("The barges rose from 52 to 61 (Quay Report 2023).", "agrees, agrees"),  # 52 is in the edition before
        ("The cranes moved 61 barges after 52 the year before (Quay Report 2023).", "agrees, agrees"),
        ("The barges rose from 53 to 61 (Quay Report 2023).", "not found, agrees"),
        ("The share of steam tugs fell from 88 to 81 per cent (Quay Report 2023).", "agrees, agrees"),
        ("The number of dredgers fell from 14 to 9 (Quay Report 2023).", "agrees, agrees"),
        ("The number of dredgers moved from 9 to 14 (Quay Report 2023).", "differs, differs"),
        ("Harbour dues came to $1.08 billion in 2023 (Quay Report 2023).", "agrees"),
        ("Harbour dues came to $755 million in 2023 (Quay Report 2023).", "differs"),
        ("In 2023 the net result was a loss of $19.4 million (Quay Report 2023).", "agrees"),
        ("The Port of Arvik moved 61 barges, its 2023 report shows.", "agrees"),
        ("The Port of Arvik moved 16 barges, its 2023 report shows.", "not found"),
        ("The barges were 52 in 2022 (Quay Report 2023).", "agrees"),
        (
            "In 2023 the net result was a profit of $19.4 million after the loss of a crane (Quay Report 2023).",
            "not found",
        ),
        ("After 52 barges were moved, the dredgers rested (Quay Report 2023).", "not found"),
        ("The number of dredgers fell from 15 to 9 (Quay Report 2023).", "differs, agrees"),
    ],
)
def test_changes_scales_and_losses_are_read_as_people_write_them(quays: Library, claim: str, statuses: str) -> None:
    assert [figure.status for figure in check_draft(quays, from_text(claim)).figures] == statuses.split(", ")


@pytest.mark.parametrize(
    "statement",
    [
        "The Union of Harbours, in its 2023 survey, counted 1,204 ports.",
        "In the 2023 census, the town had 5,120 inhabitants.",
        "From the 2022 budget, 43 million euros went to schools.",
        "According to the police, the budget of the Port of Arvik is 93 million euros.",
        "Norway's 2023 budget gives the Port of Arvik 93 million euros.",
        "The Port of Arvik moved 70 barges, its 2025 report shows.",
        "The Port of Arvik moved 70 barges, its 2022/9999 report shows.",
    ],
)
def test_works_of_others_and_of_other_years_are_no_source(quays: Library, statement: str) -> None:
    statuses = {figure.status for figure in check_draft(quays, from_text(statement)).figures}
    assert statuses <= {"cannot be checked"}


@pytest.fixture(scope="module")
def speeches(tmp_path_factory: pytest.TempPathFactory) -> Library:
    folder = tmp_path_factory.mktemp("speeches")
    for name, year, words in (
        ("Anna_Holt", 1930, "The lamp is the oldest servant of the sailor. The town lit 812 lamps in the streets."),
        ("Anna_Holt", 1931, "Fog has taken more ships than war ever did. The town lit 830 lamps in the streets."),
        (
            "Ben_Ostby",
            1934,
            "A harbour without a bell is a house without a door. The town lit 911 lamps in the streets.",
        ),
    ):
        (folder / f"{year}_{name}.txt").write_text(f"Mayor's Address {year}\n\n{words}\n", encoding="utf-8")
    build(folder / "index", plan([folder]), load())
    return Library(folder / "index", load)


@pytest.mark.parametrize(
    ("claim", "state"),
    [
        ("In her 1930 address Holt said that “the lamp is the oldest servant of the sailor”.", "verbatim"),
        ("In 1934, said Ostby, “the lamp is the oldest servant of the sailor”.", "misattributed"),
        ("Ostby once wrote that “fog has taken more ships than war ever did”.", "misattributed"),
        ("Holt declared in 1930 that “fog has taken more ships than war ever did”.", "misattributed"),
        ("According to the 1934 address, “fog has taken more ships than war ever did”.", "misattributed"),
        ("Jens Holt wrote that “a harbour without a bell is a house without a door”.", "verbatim"),  # another Holt
        ("President Holt wrote that “a harbour without a bell is a house without a door”.", "misattributed"),
        ("A sailor told Holt that “a harbour without a bell is a house without a door”.", "verbatim"),
        ("Holt said in 1950 that “a harbour without a bell is a house without a door”.", "verbatim"),  # no such speech
        ("The sailors of Holt know that “fog has taken more ships than war ever did”.", "verbatim"),  # says nothing
        ("Holt reported in 1931 that the town lit 830 lamps.", "agrees"),
        ("Holt reported in 1931 that the town lit 803 lamps.", "differs"),
        ("According to the 1934 address, the town lit 911 lamps.", "agrees"),
    ],
)
def test_a_speaker_and_a_year_name_a_source(speeches: Library, claim: str, state: str) -> None:
    report = check_draft(speeches, from_text(claim))
    states = [*(quotation.match.state for quotation in report.quotations), *(f.status for f in report.figures)]
    assert states == [state]


LOGS = {
    "A1.txt": "Activities of the Lighthouse in 2018\n\nIntroduction\n\nIn 2018 the keeper trimmed 68 lamps.\n",
    "A2_final.txt": "Activities of the Lighthouse in 2019\n\nIntroduction\n\nIn 2019 the keeper trimmed 69 lamps.\n",
    "Lotsenbuch (Druck).txt": "Lagebericht\n\nGeschäftsjahr 2018\n\nSchiffe\n\nIm Hafen lagen 40 Boote.\n",
    "LB_Hafen_v2.txt": "Lagebericht\n\nGeschäftsjahr 2019\n\nSchiffe\n\nIm Hafen lagen 52 Boote.\n",
}


@pytest.fixture(scope="module")
def logs(tmp_path_factory: pytest.TempPathFactory) -> Library:
    """Return a library whose titles name the year, in files whose names tell nothing of a series."""
    folder = tmp_path_factory.mktemp("logs")
    for name, text in LOGS.items():
        (folder / name).write_text(text, "utf-8")
    build(folder / "index", plan([folder]), HashEncoder())
    return Library(folder / "index", HashEncoder())


@pytest.mark.parametrize(
    ("draft", "state", "reason"),
    [
        ("The Activities of the Lighthouse in 2018 say that “the keeper trimmed 69 lamps”.", "misattributed", ""),
        ("The Activities of the Lighthouse in 2019 say that “the keeper trimmed 69 lamps”.", "verbatim", ""),
        ("The Activities of the Lighthouse for 2018 say that “the keeper trimmed 69 lamps”.", "misattributed", ""),
        ("“The keeper trimmed 68 lamps.” (Activities of the Lighthouse, 2019)", "misattributed", ""),
        ("The Activities of the Lighthouse in 2011 say “the keeper trimmed 69 lamps”.", "cannot_be_checked", "source"),
        ("Im Lagebericht 2019 heißt es: „Im Hafen lagen 40 Boote.“", "misattributed", ""),
        ("Im Lagebericht, Geschäftsjahr 2019, heißt es: „Im Hafen lagen 40 Boote.“", "misattributed", ""),
        ("Im Lagebericht 2018 heißt es: „Im Hafen lagen 40 Boote.“", "verbatim", ""),
        ("Im Lagebericht der Werft heißt es: „Im Hafen lagen 40 Boote.“", "verbatim", ""),
        ("The keeper's letter of 2018 says that “the keeper trimmed 69 lamps”.", "verbatim", "year"),
        ("The keeper's letter of 2019 says that “the keeper trimmed 69 lamps”.", "verbatim", ""),
        ("The keeper said in 2018 and 2019 that “the keeper trimmed 69 lamps”.", "verbatim", ""),
    ],
)
def test_a_title_and_its_year_name_a_document(logs: Library, draft: str, state: str, reason: str) -> None:
    (checked,) = check_draft(logs, from_text(draft)).quotations
    assert (checked.match.state, checked.match.reason) == (state, reason)


@pytest.mark.parametrize(
    ("draft", "statuses"),
    [
        ("According to the Activities of the Lighthouse in 2018, the keeper trimmed 68 lamps.", ["agrees"]),
        ("According to the Activities of the Lighthouse in 2018, the keeper trimmed 86 lamps.", ["differs"]),
        ("Laut Lagebericht 2019 lagen im Hafen 52 Boote.", ["agrees"]),
        ("Laut Lagebericht 2019 lagen im Hafen 40 Boote.", ["differs"]),
    ],
)
def test_figures_are_compared_with_the_document_of_a_title(logs: Library, draft: str, statuses: list[str]) -> None:
    assert [figure.status for figure in check_draft(logs, from_text(draft)).figures] == statuses


@pytest.mark.parametrize(
    ("draft", "unchecked"),
    [
        ("According to the yearbook of the pilots for 2017, 230 ships were guided.", ["230"]),
        ("As reported by the Board of Pilots, 230 ships were guided and 14 were not.", ["230", "14"]),
        ("The survey of the pilots shows that 230 ships were guided.", ["230"]),
        ("Almanac No. 12 records that 230 ships were guided.", ["230"]),
        ("Laut Lotsenverband wurden 1.230 Schiffe geführt.", ["1.230"]),
        ("Nach Angaben des Verbandes wurden 1.230 Schiffe geführt.", ["1.230"]),
        ("Selon le syndicat, 230 navires ont été guidés.", ["230"]),
        ("Según el sindicato, 230 barcos fueron guiados.", ["230"]),
        ("Secondo il sindacato, 230 navi sono state guidate.", ["230"]),
        ("水先人会によると、230隻が案内された。", ["230"]),
        ("根据水先协会年报，230艘船得到引航。", ["230"]),
        ("In all 230 ships were guided (Pilots’ Yearbook 2017).", ["230"]),
        ("In all 230 ships were guided [Source: pilots].", ["230"]),
        ("In all 230 ships were guided (Pilots at Sea, p. 12).", ["230"]),
        ("According to the Activities of the Lighthouse in 2003, the keeper trimmed 55 lamps.", ["55"]),
        ("According to the Activities of the Lighthouse in 2018, the keeper trimmed 68 lamps.", []),
        ("In all 230 ships were guided.", []),
        ("In all 230 ships were guided (March 2017), 14 of them twice (in 2016).", []),
        ("All went according to plan with 230 ships.", []),
        ("Der Ruf war laut, und 230 Schiffe kamen.", []),
        ("Dopo un secondo 230 navi partirono.", []),
        ("According to the pilots, “230 ships were guided with the lamps of the tower”.", []),
    ],
)
def test_figures_of_a_source_that_is_not_recognised_are_counted(
    logs: Library, draft: str, unchecked: list[str]
) -> None:
    report = check_draft(logs, from_text(draft))
    attributed = [figure for figure in report.unchecked_figures if figure.has_source]
    assert [figure.text for figure in attributed] == unchecked
    assert [draft[figure.start : figure.end] for figure in attributed] == unchecked
    assert ("whose source was not recognised" in summary(report)) == bool(unchecked)
    assert sum("was not recognised" in notice for notice in report.notices) == bool(unchecked)
    assert report_json(report)["unrecognised_sources"] == len(unchecked)
    assert (f"{len(unchecked)} figure" in report_page(report)) == bool(unchecked)


def test_figures_of_a_document_that_a_filter_leaves_out_are_not_of_an_unknown_source(logs: Library) -> None:
    draft = from_text("According to the Activities of the Lighthouse in 2018, the keeper trimmed 68 lamps.")
    (other,) = (
        document.id for document in logs.index.documents if "2019" in document.title and document.language == "en"
    )
    assert check_draft(logs, draft, Filters(document=(other,))).unchecked_figures == ()


@pytest.fixture(scope="module")
def lakes(tmp_path_factory: pytest.TempPathFactory) -> Library:
    folder = tmp_path_factory.mktemp("lakes")
    (folder / "lake-survey-2020.md").write_text(
        "# Lake Survey 2020\n\n"
        "## Ostra\n\nThe wardens counted 84 swans. The level of the water fell by 12 centimetres.\n\n"
        "## Velmo\n\nThe wardens counted 57 swans. Three boats were lost.\n\n"
        "## Tarn Holm\n\nThe wardens counted 61 swans, as in Ostra before the flood. The ice was 31 cm thick.\n\n"
        "## Method\n\nAll lakes are counted on one day.\n"
    )
    build(folder / "index", plan([folder]), load())
    return Library(folder / "index", load)


@pytest.mark.parametrize(
    ("claim", "status"),
    [
        ("the wardens counted 84 swans in Ostra", "agrees"),
        ("the wardens counted 57 swans in Ostra", "differs"),
        ("the ice on Velmo was 31 cm thick", "differs"),
        ("the ice on Tarn Holm was 31 cm thick", "agrees"),
        ("by its method the ice was 31 cm thick", "agrees"),  # the heading "Method" is no name
    ],
)
def test_a_figure_belongs_to_the_section_named_after_its_place(lakes: Library, claim: str, status: str) -> None:
    (figure,) = check_draft(lakes, from_text(f"According to the Lake Survey 2020, {claim}.")).figures
    assert figure.status == status


@pytest.mark.parametrize(
    ("claim", "statuses", "unchecked"),
    [
        ("The Authority's 2022 annual report counts 52 ships.", ["agrees"], 0),
        ("According to the Port of Aldby's Annual Report 2022, 52 ships called.", ["agrees"], 0),
        ("The Lakeside Council's annual report 2022 counts 52 ships.", [], 1),
        ("According to the Bank of Norland's Annual Report 2022, 52 ships called.", [], 1),
    ],
)
def test_a_report_of_another_publisher_is_listed_as_unchecked(
    tmp_path: Path, claim: str, statuses: list[str], unchecked: int
) -> None:
    for year, ships in ((2021, 48), (2022, 52)):
        text = f"# Port of Aldby\n\n## Annual Report {year}\n\n### Traffic\n\nIn {year}, {ships} ships called.\n"
        (tmp_path / f"aldby-annual-report-{year}.md").write_text(text)
    build(tmp_path / "index", plan([tmp_path]), load())
    report = check_draft(Library(tmp_path / "index", load), from_text(claim))
    assert [figure.status for figure in report.figures] == statuses
    assert len(report.unchecked_figures) == unchecked


@pytest.fixture(scope="module")
def waterworks(tmp_path_factory: pytest.TempPathFactory) -> Library:
    folder = tmp_path_factory.mktemp("waterworks")
    for year, loss, share in ((2019, "6.2", 83), (2020, "4.7", 88)):
        (folder / f"elm-vale-water-{year}.md").write_text(
            f"# Elm Vale Water Annual Report {year}\n\n## Results\n\nThe loss for the year was {loss} million crowns. "
            f"{share} per cent of leaks were mended within a day.\n\n## Aims for {year + 1}\n\n"
            "- leaks mended within a day: 95 per cent\n"
        )
    build(folder / "index", plan([folder]), load())
    return Library(folder / "index", load)


@pytest.mark.parametrize(
    ("draft", "expected"),
    [
        ("Elm Vale Water lost 4.7 million crowns in 2020, its annual report shows.", ["agrees"]),
        ("Elm Vale Water lost 7.4 million crowns in 2020, its annual report shows.", ["differs"]),
        ("Elm Vale Water said in 2020 that 88 per cent of leaks were mended within a day.", ["agrees"]),
        ("In 2020 Elm Vale Water reported that it had lost 4.7 million crowns.", ["agrees"]),
        ("In 2020 the loss was 4.7 million crowns, according to the annual report of Elm Vale Water.", ["agrees"]),
        ("According to the ministry, Elm Vale Water lost 4.7 million crowns in 2020.", []),
        (
            (
                "The share of leaks that were mended within a day rose from 83 to 88 per cent, according to the Elm "
                "Vale Water Annual Reports 2019 and 2020."
            ),
            ["agrees", "agrees"],
        ),
        ("Elm Vale Water mended 95 per cent of leaks within a day, its 2020 annual report shows.", ["differs"]),
        ("The loss was 4.7 million crowns, Vale Water writes in its 2020 report.", ["agrees"]),
        ("The water company's 2020 report tells of a loss of 4.7 million crowns in Elm Vale.", ["agrees"]),
    ],
)
def test_a_publisher_is_the_source_of_what_it_says(waterworks: Library, draft: str, expected: list[str]) -> None:
    assert [figure.status for figure in check_draft(waterworks, from_text(draft)).figures] == expected


NAMED = "According to the Elm Vale Water Annual Report 2020, the loss was 4.7 million crowns."


@pytest.mark.parametrize(
    ("following", "expected", "unsourced"),
    [
        ("It says that 88 per cent of leaks were mended within a day.", "agrees", 0),
        ("The report adds that 77 per cent of leaks were mended within a day.", "differs", 0),
        ("88 per cent of leaks were mended within a day.", "agrees", 0),
        ("77 per cent of leaks were mended within a day.", "differs", 0),
        ("The mayor promised 20 new buses.", "", 1),
        ("A report by the Ministry of Roads says that 20 buses were bought.", "", 0),
    ],
)
def test_a_sentence_without_a_source_has_that_of_the_sentence_before(
    waterworks: Library, following: str, expected: str, unsourced: int
) -> None:
    report = check_draft(waterworks, from_text(f"{NAMED} {following}"))
    assert [figure.status for figure in report.figures[1:]] == expected.split("|") * bool(expected)
    assert report.unsourced_figures == unsourced == report_json(report)["unsourced_figures"]
    assert ("names no source" in summary(report)) == bool(unsourced)


RELIEF = {
    "relief-2022.md": (
        "# Relief Board Annual Report 2022\n\nHarlan Relief Board, Harlan\n\n## Parcels\n\nThe Board handed out 40,600 "
        "parcels in Harlan. It employed 51 drivers. The depot at Ember was shut for 31 days.\n"
    ),
    "relief-2023.md": (
        "# Relief Board Annual Report 2023\n\nHarlan Relief Board, Harlan\n\n## Parcels\n\nThe Board handed out 47,300 "
        "parcels in Harlan (2022: 40,600). It employed 58 drivers. The depot at Ember was shut for 12 days.\n"
    ),
    "tide-2023.md": (
        "# Tide Office Yearbook 2023\n\nTide Office of Corvale\n\n## Gauges\n\nThe Office read 212 gauges in Corvale. "
        "Nine gauges failed.\n"
    ),
}


@pytest.fixture(scope="module")
def relief(tmp_path_factory: pytest.TempPathFactory) -> Library:
    folder = tmp_path_factory.mktemp("relief")
    for name, text in RELIEF.items():
        (folder / name).write_text(text, "utf-8")
    build(folder / "index", plan([folder]), load())
    return Library(folder / "index", load)


CONFIRMED = ["agrees", "differs"]
"""A distinctive figure that agrees shows what the draft is about."""

LEAD = "The Harlan Relief Board handed out 47,300 parcels in 2023, its latest annual report shows."


@pytest.mark.parametrize(
    ("draft", "statuses"),
    [
        ("The Harlan Relief Board handed out 47,300 parcels in 2023.", ["agrees"]),
        ("In 2022 the Relief Board employed 51 drivers.", ["agrees"]),
        ("In 2022 the Relief Board employed 58 drivers.", ["differs"]),
        ("In 2023 the Harlan Relief Board planted 310 oaks.", ["cannot be checked"]),
        ("Harlan has 14 bakeries.", []),
        ("The Ashby Relief Board handed out 47,300 parcels in 2023.", []),
        (f"{LEAD} The depot at Ember was shut for 12 days.", ["agrees", "agrees"]),
        (f"{LEAD} In 2022 58 drivers were employed.", ["agrees", "differs"]),
        (f"{LEAD} That is 6,700 more than a year earlier.", ["agrees", "agrees"]),
        (f"{LEAD} That is 6,700 fewer than a year earlier.", ["agrees", "differs"]),
        (f"{LEAD} The neighbouring city of Tarn opened 19 schools.", ["agrees"]),
        (f"{LEAD} Nine gauges failed, says the Tide Office Yearbook 2023.", ["agrees", "agrees"]),
        ("The Harlan Relief Board gave away 47,300 parcels and had 58 drivers.", ["agrees", "agrees"]),
        (f"{LEAD} 58 drivers handed out 40,600 parcels.", ["agrees", "agrees", "differs"]),
        ("Corvale's tides\n\nThe Tide Office read 212 gauges in 2023.", ["agrees"]),
        ("In Harlan 47,300 parcels were handed out. In 2022 58 drivers were employed.", CONFIRMED),
        ("In Harlan many parcels were handed out. In 2022 58 drivers were employed.", ["cannot be checked"]),
        ("The Dalmore Food Council helped 900 people, its annual report says.", []),
    ],
)
def test_a_sentence_may_be_about_a_publisher_or_go_on_with_a_source(
    relief: Library, draft: str, statuses: list[str]
) -> None:
    assert [figure.status for figure in check_draft(relief, from_text(draft)).figures] == statuses


def test_a_number_that_ends_like_a_numbered_heading_is_checked(tmp_path: Path) -> None:
    (tmp_path / "gauge-yearbook-2023.txt").write_text(
        "Gauge Yearbook 2023\n\n1 STATIONS\n\nThe network had 91 stations.\n\n2 MONEY\n\nIt cost 7 million crowns.\n"
    )
    build(tmp_path / "index", plan([tmp_path]), load())
    library = Library(tmp_path / "index", load)
    draft = "According to the Gauge Yearbook 2023 (1 Stations), the network had 91 stations."
    assert [(figure.text, figure.status) for figure in check_draft(library, from_text(draft)).figures] == [
        ("91", "agrees")
    ]


def test_filters_name_the_source_of_a_whole_draft(relief: Library) -> None:
    draft = from_text("58 drivers were employed. The mayor bought 20 buses.")
    assert not check_draft(relief, draft).figures
    report = check_draft(relief, draft, parse_filters(document=["relief-2023"]))
    assert [figure.status for figure in report.figures] == ["agrees"]
    assert report.unsourced_figures == 1
    other = check_draft(relief, from_text("It employed 51 drivers."), parse_filters(document=["relief-2023"]))
    assert [figure.status for figure in other.figures] == ["differs"]


def test_the_edition_compared_with_is_no_source(waterworks: Library) -> None:
    draft = "According to the Elm Vale Water Annual Report 2020, 83 per cent of leaks were mended, more than in 2019."
    (figure,) = check_draft(waterworks, from_text(draft)).figures
    assert figure.status in ("differs", "not found")


def test_figures_of_a_draft_are_read_in_its_own_language(tmp_path: Path) -> None:
    text = "# Seeamt Jahresbericht 2020\n\n## Ausgaben\n\nFür Bojen gab das Amt im ganzen Jahr 688.000 Euro aus.\n"
    (tmp_path / "seeamt-jahresbericht-2020.md").write_text(text)
    build(tmp_path / "index", plan([tmp_path]), load())
    library = Library(tmp_path / "index", load)
    draft = "According to the Seeamt Jahresbericht 2020, the office spent {} euros on its buoys in the whole year."
    for amount, status in (("688,000", "agrees"), ("688", "cannot be checked")):
        (figure,) = check_draft(library, from_text(draft.format(amount))).figures
        assert figure.status == status


@pytest.fixture(scope="module")
def publishers(tmp_path_factory: pytest.TempPathFactory) -> Library:
    """Return reports of publishers in three languages, two of which have a common word for a report in their titles."""
    folder = tmp_path_factory.mktemp("publishers")
    for title, language, sentence in (
        ("Volksbad Erlenau: Jahresbericht {year}", "de", "Das Bad zählte {visits} Besuche."),
        ("Orlan Rail: Annual Report {year}", "en", "The line had {visits} visits."),
        ("Musée de Vernay : rapport annuel {year}", "fr", "Le musée a compté {visits} visites."),
    ):
        for year, visits in ((2021, 6120), (2022, 7340)):
            name = title.format(year=year)
            text = f"# {name}\n\n## 1\n\n{sentence.format(visits=visits)}\n"
            (folder / f"{language}-{year}.md").write_text(f"---\nlanguage: {language}\n---\n{text}")
    build(folder / "index", plan([folder]), load())
    return Library(folder / "index", load)


@pytest.mark.parametrize(
    ("claim", "source"),
    [
        ("Laut dem Jahresbericht 2022 der Orlan Rail gab es 7.340 Besuche.", "en-2022"),
        ("Selon le rapport annuel 2021 du Volksbad Erlenau, il y a eu 6 120 visites.", "de-2021"),
        ("Laut dem Jahresbericht des Volksbades Erlenau gab es 2022 7.340 Besuche.", "de-2022"),
        ("Im Jahr 2021 zählte das Bad dem Jahresbericht des Volksbads Erlenau zufolge 6.120 Besuche.", "de-2021"),
        ("According to the 2022 rapport annuel of the Musée de Vernay, it had 7,340 visits.", "fr-2022"),
    ],
)
def test_the_publisher_named_outranks_the_word_for_a_report(publishers: Library, claim: str, source: str) -> None:
    figures = [figure for figure in check_draft(publishers, from_text(claim)).figures if figure.text[-1:].isdigit()]
    assert {figure.place.document.id for figure in figures if figure.place is not None} == {source}
    assert {figure.status for figure in figures} == {"agrees"}
