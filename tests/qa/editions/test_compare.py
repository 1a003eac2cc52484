"""`compare` as a user meets it, on the embedded digests: a passage an edition, exact quotations, figures."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from corpus.ingest import plan
from index.building.build import build
from index.models.encoder import load
from index.ranking.search import Index
from qa.answering.library import Library
from qa.editions import alignment
from qa.editions.alignment import lower_across_sections
from qa.editions.other_words import TopicVariants
from qa.editions.sections import editions
from qa.editions.topic_comparison import timelines
from qa.editions.topic_words import TopicWords
from qa.output.comparison_html import topic_html
from qa.question.filters import parse_filters
from tests.factories.command_line import run
from tests.factories.editions.edited_editions import edited
from tests.factories.editions.series_folder import series_library
from tests.factories.encoders import HashEncoder

TOPIC = "escort operations against piracy off Somalia"


@pytest.fixture(scope="module")
def compared(sample_index: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(run("compare", TOPIC, "--index", sample_index, "--format", "json").stdout)
    return found


def test_each_edition_stands_in_the_order_of_years_with_its_passage(compared: dict[str, Any]) -> None:
    assert [one["edition"] for one in compared["editions"]] == [2016, 2016, 2020]
    bluebooks = [one for one in compared["editions"] if "bluebook" in one["document"]]
    assert all(one["treated"] for one in bluebooks)
    assert all("escort" in one["passages"][0]["text"] for one in bluebooks)


def test_every_quotation_is_a_span_of_its_document(compared: dict[str, Any], sample_index: Path) -> None:
    index = Index(sample_index)
    texts = {one.id: index.document(one.id).text for one in index.documents}
    for item in compared["editions"]:
        for passage in item["passages"]:
            assert texts[passage["document"]][passage["start"] : passage["end"]] == passage["text"]
    sides = [side for change in compared["changes"] for side in (change["from"], change["to"]) if side]
    assert sides
    for side in sides:
        assert texts[side["passage"].rpartition("@")[0]][side["start"] : side["end"]] == side["text"]
    values = [value for row in compared["figures"] for value in row["values"]]
    assert values
    for value in values:
        assert texts[value["document"]][value["start"] : value["end"]] == value["text"]
        assert value["text"] in value["sentence"]


def test_a_change_says_what_it_is(compared: dict[str, Any]) -> None:
    kinds = {"kept": (True, True), "changed": (True, True), "added": (False, True), "dropped": (True, False)}
    for change in compared["changes"]:
        assert (change["from"] is not None, change["to"] is not None) == kinds[change["kind"]]
        assert bool(change["words"]["from"] or change["words"]["to"]) == (change["kind"] == "changed")


def test_an_edition_that_does_not_treat_the_topic_is_said_not_to(sample_index: Path) -> None:
    found = json.loads(run("compare", "reindeer", "--index", sample_index, "--format", "json").stdout)
    assert [one["passages"] for one in found["editions"] if not one["treated"]] == [[], [], []]
    assert {(one["state"], one["nearest"]) for one in found["editions"]} == {("not_mentioned", None)}
    assert run("compare", "reindeer", "--index", sample_index).stdout == (
        "Not mentioned (neither its words nor similar ones occur) in: Digest of the Diplomatic Bluebook (2016, 2020); "
        "Digest of the White Paper on Development Cooperation (2016)\n"
    )
    assert found["changes"] == found["figures"] == []


def test_a_section_about_one_word_of_the_topic_is_found_beside_the_others(sample_index: Path) -> None:
    found = json.loads(run("compare", "escorts off Somalia", "--index", sample_index, "--format", "json").stdout)
    bluebook = next(one for one in found["editions"] if one["document"] == "digest-bluebook-2020")
    assert (bluebook["treated"], bluebook["state"]) == (True, "treats")
    assert bluebook["passages"][0]["section"][-1] == "b Escorts"
    for one in found["editions"]:
        assert (one["confidence"] >= 0.5) == one["treated"] == bool(one["passages"]) == (one["nearest"] is None)


EDITIONS = {
    2001: "# 1 Pilots\n\nTwelve women were trained as pilots.\n\n"
    "# 2 Light\n\nThe lamp of the tower burned oil, and the keeper trimmed the lamp each night.\n\n"
    "# 3 Wrecks\n\nThe Coastal Rescue Service (CRS) saved nine crews. The climate of the talks was good.\n\n"
    "# 4 Yard\n\nThe harbour bought a bulldozer.",
    2002: "# 1 Pilots\n\nOne woman was trained as a pilot, and the school opened a class.\n\n"
    "# 2 Light\n\nThe keeper of the tower trimmed it each night, and the oil was paid for.\n\n"
    "# 3 Wrecks\n\nThe CRS saved four crews. Much will change in the coming years, the board said.",
    2003: "# 1 Pilots\n\nNobody was trained as a pilot, and the school was closed in the spring.\n\n"
    "# 2 Dredging\n\nThe channel was dredged to nine metres.\n\n"
    "# 3 Wrecks\n\nOne crew was saved. There was nothing else to report.",
}


@pytest.fixture(scope="module")
def harbour(tmp_path_factory: pytest.TempPathFactory) -> Library:
    return series_library(tmp_path_factory.mktemp("harbour"), "Harbour Report", EDITIONS, load())


@pytest.mark.parametrize(
    ("topic", "states"),
    [
        ("women", "treats treats not_mentioned"),
        ("woman", "treats treats not_mentioned"),
        ("bulldozers", "treats not_mentioned not_mentioned"),
        ("training of pilots", "treats treats treats"),
        ("Training of Pilots", "treats treats treats"),
        ("opera", "not_mentioned not_mentioned not_mentioned"),
        ("Coastal Rescue Service", "treats treats nothing_found"),
        ("CRS", "treats treats not_mentioned"),
        ("climate change", "nothing_found nothing_found not_mentioned"),
        ("lamp of the tower", "treats treats not_mentioned"),
        ("formation de pilotes de phare", "treats treats treats"),
    ],
)
def test_the_words_of_a_topic_decide_whether_an_edition_treats_it(harbour: Library, topic: str, states: str) -> None:
    assert [match.state for match in harbour.compare(topic).matches] == states.split()


ALIGNED_SECTIONS = {
    "en": {
        2001: "# 1 Safety\n\nGuide dogs were trained for blind passengers, and eleven of the guide dogs now travel "
        "free. The guards were given whistles.\n\n# 2 Lines\n\nThe line to the ridge was closed in winter.",
        2002: "# 1 Safety\n\nAt Mill Halt two dogs strayed onto the line, and the train had to stop.\n\n"
        "# 2 Lines\n\nThe line to the ridge was open all winter.",
    },
    "de": {
        2001: "# 1 Sicherheit\n\nDie Schaffner erhielten neue Funkgeräte, und an den Wagen wurden rote Lampen "
        "angebracht.\n\n# 2 Strecken\n\nDie Strecke zum Kamm war im Winter gesperrt.",
        2002: "# 1 Sicherheit\n\nIm Tunnel wurde die Beleuchtung erneuert, und zwei Weichen wurden getauscht.\n\n"
        "# 2 Strecken\n\nDie Strecke zum Kamm war den ganzen Winter offen.",
    },
}


@pytest.fixture(scope="module")
def trams(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Library]:
    return {
        language: series_library(tmp_path_factory.mktemp(f"tram-{language}"), "Tram Report", texts, load(), language)
        for language, texts in ALIGNED_SECTIONS.items()
    }


@pytest.mark.parametrize(
    ("language", "topic", "state"),
    [
        ("en", "guards", "not_mentioned"),
        ("en", "blind passengers", "not_mentioned"),
        ("de", "Funkgeräte", "not_mentioned"),
        ("de", "Schaffner", "not_mentioned"),
        ("en", "guide dogs", "nothing_found"),
    ],
)
def test_a_section_that_corresponds_treats_no_topic_that_it_lacks(
    trams: dict[str, Library], language: str, topic: str, state: str
) -> None:
    assert [match.state for match in trams[language].compare(topic).matches] == ["treats", state]


@pytest.mark.parametrize("topic", ["Frauen", "灯台", "phares"])
def test_a_foreign_word_that_is_absent_denies_nothing(harbour: Library, topic: str) -> None:
    assert "not_mentioned" not in {match.state for match in harbour.compare(topic).matches}


@pytest.mark.parametrize(
    ("topic", "is_told"),
    [("Leuchttürme", True), ("cours de pilotage", True), ("灯台", True), ("lighthouses", False), ("bulldozers", False)],
)
def test_a_topic_in_another_language_is_told_to_be_one(harbour: Library, topic: str, is_told: bool) -> None:
    notices = [notice for notice in harbour.compare(topic).notices if "another language than Harbour Report" in notice]
    assert len(notices) == is_told


@pytest.mark.parametrize("topic", ["opéra comique", "Opernhaus", "vuelos espaciales", "canal de riego"])
def test_a_topic_with_a_word_of_both_languages_denies_nothing(harbour: Library, topic: str) -> None:
    assert "not_mentioned" not in {match.state for match in harbour.compare(topic).matches}


def test_first_and_last_rest_on_editions_without_the_words(harbour: Library) -> None:
    (line,) = timelines(harbour.compare("bulldozers").matches)
    assert line.introduced is not None
    assert line.dropped is not None
    assert line.introduced_basis == "there is no earlier edition here"
    assert line.dropped_basis == "its words are absent from 2002, 2003"
    (line,) = timelines(harbour.compare("Coastal Rescue Service").matches)
    assert (line.dropped, line.dropped_basis) == (None, "")  # nothing found in 2003 proves nothing


@pytest.mark.parametrize("form", ["text", "markdown", "html"])
def test_each_format_names_the_editions_and_their_places(sample_index: Path, form: str) -> None:
    shown = run("compare", TOPIC, "--index", sample_index, "--format", form).stdout
    assert "Digest of the Diplomatic Bluebook 2016" in shown
    assert "Digest of the Diplomatic Bluebook 2020" in shown
    assert re.search(r"digest-bluebook-2020@\d+-\d+", shown)


def test_the_page_asks_for_nothing_from_elsewhere(sample_index: Path) -> None:
    page = run("compare", "<script>piracy</script>", "--index", sample_index, "--format", "html").stdout
    assert "<script" not in page
    assert not re.search(r"(?:src|href)=|url\((?!\"data:)|@import", page)
    assert "default-src 'none'" in page


def test_the_page_plots_only_what_was_found(harbour: Library) -> None:
    found, missing = (topic_html(harbour.compare(topic)) for topic in ("bulldozers", "quantum gravity cheese"))
    assert "<svg" in found
    assert "<svg" not in missing
    only = topic_html(harbour.compare("bulldozers", parse_filters(edition=["2001"])))
    assert "in the only document." in only


def test_outlines_stand_side_by_side(sample_index: Path) -> None:
    found = json.loads(run("compare", "--editions", "2016,2020", "--index", sample_index, "--format", "json").stdout)
    assert found["series"] == "Digest of the Diplomatic Bluebook"
    assert found["editions"] == [2016, 2020]
    kinds = {one["kind"] for one in found["pairs"]}
    assert {"kept", "new"} <= kinds <= {"kept", "renamed", "moved", "split", "merged", "new", "dropped"}
    for one in found["pairs"]:
        assert (one["from"] is None) == (one["kind"] == "new")
        assert (one["to"] is None) == (one["kind"] == "dropped")
        assert 0 <= one["similarity"] <= 1
        assert 0 <= one["kept"] <= 1
    some = run("compare", "--editions", "2016,2020", "--section", "outer space", "--index", sample_index).stdout
    assert "text kept" in some.splitlines()[0]
    assert all(not line.startswith("kept") for line in some.splitlines())
    assert "Outer Space" in some
    assert "Trafficking" not in some


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        ([], 2, "give a TOPIC"),
        (["--editions", "soon"], 2, "must be years"),
        (["--editions", "2016"], 1, "two years or more"),
        (["--editions", "2016,2018"], 1, "no series has the editions 2016, 2018"),
        (["--editions", "2016", "2020"], 2, "did you mean --editions 2016,2020?"),
        (["--editions", "2016,2018", "2019", "2020/21"], 2, "did you mean --editions 2016,2018,2019,2020/21?"),
        (["piracy", "--section", "3"], 2, "--section is for whole editions"),
        (["piracy", "--series", "Nothing"], 1, "no document matches the filter"),
        (["--editions", "2016,2020", "--section", "Whales"], 1, 'contains "Whales"'),
    ],
)
def test_a_fault_is_told_in_one_line(sample_index: Path, arguments: list[str], code: int, message: str) -> None:
    result = run("compare", *arguments, "--index", sample_index, code=code)
    assert message in result.stderr
    assert "Traceback" not in result.output


def test_alignments_are_stored_once_and_go_with_their_editions(tmp_path: Path) -> None:
    edited(104).write(tmp_path / "files")
    build(tmp_path / "index", plan([tmp_path / "files"]), HashEncoder())
    index = Index(tmp_path / "index")
    assert alignment.update_cache(index) == 1
    assert alignment.update_cache(index) == 0
    one, other = editions(index.documents)
    kept = alignment.load_alignment(index, one, other)
    (file,) = (tmp_path / "index" / alignment.CACHE_FOLDER).iterdir()
    whole = file.read_bytes()
    digit = whole.index(b"0.")  # of a likeness: still a number when its last bit is another
    for place in (0, whole.index(b"sha256") + 12, digit, len(whole) // 2, len(whole) - 1):
        file.write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
        assert alignment.load_alignment(index, one, other) == kept
        assert alignment.update_cache(index) == 1
        assert file.read_bytes() == whole
    third = (tmp_path / "files" / "yearbook-2019.md").read_text(encoding="utf-8").replace("2019", "2020")
    (tmp_path / "files" / "yearbook-2020.md").write_text(third, encoding="utf-8")
    build(tmp_path / "index", plan([tmp_path / "files"]), HashEncoder())
    assert alignment.update_cache(Index(tmp_path / "index")) == 1
    build(tmp_path / "index", plan([]), HashEncoder(), remove=["yearbook-2019"])
    assert alignment.update_cache(Index(tmp_path / "index")) == 1  # 2018 and 2020 are neighbours now
    assert len(list((tmp_path / "index" / alignment.CACHE_FOLDER).iterdir())) == 1


def test_a_question_writes_nothing_into_the_index(sample_index: Path, tmp_path: Path) -> None:
    copy = shutil.copytree(sample_index, tmp_path / "index")
    before = {path: path.stat().st_mtime_ns for path in copy.rglob("*") if path.is_file() and path.suffix != ".lock"}
    run("compare", TOPIC, "--index", copy)
    run("compare", "--editions", "2016,2020", "--index", copy)
    after = {path: path.stat().st_mtime_ns for path in copy.rglob("*") if path.is_file() and path.suffix != ".lock"}
    assert after == before


def test_a_question_about_two_editions_is_told_which_figures_moved(sample_index: Path) -> None:
    question = "How many merchant ships did the destroyers guard in the 2016 and in the 2020 Bluebook?"
    found = json.loads(run("ask", question, "--index", sample_index, "--format", "json").stdout)
    told = [re.fullmatch(r"from 2016 to 2020: (.+) → (\S+).* \((\S+), (\S+)\)", one) for one in found["notices"]]
    ships = next(one for one in told if one is not None and one[1] == "147")
    assert ships[2] == "38"
    index = Index(sample_index)
    for amount, place in ((ships[1], ships[3]), (ships[2], ships[4])):
        document, _, span = place.rpartition("@")
        start, end = map(int, span.split("-"))
        assert index.document(document).text[start:end] == amount
    assert found["change"]["text"] == "2015: 147 merchant ships; 2019: 38 merchant ships"
    for figure in found["change"]["figures"]:
        assert index.document(figure["document"]).text[figure["start"] : figure["end"]] == figure["text"]
        assert figure["passage"] in {passage["id"] for passage in found["passages"]}
    assert [each["document"] for each in found["change"]["figures"]] == [
        each["passage"].partition("@")[0] for each in found["answer"][:2]
    ]
    question = "How did escort operations change between the 2016 and 2020 Bluebooks?"
    other = json.loads(run("ask", question, "--index", sample_index, "--format", "json").stdout)
    assert other["change"]["text"] == "2015: 78 escort operations; 2019: 30 escort operations"
    for asked in (
        "How did escort operations change between 2016 and 2020?",
        "How many escort operations were there compared with 2016?",
        "¿Cuántas operaciones de escolta hubo en 2015 y en 2019?",
    ):
        by_years = json.loads(run("ask", asked, "--index", sample_index, "--format", "json").stdout)
        assert by_years["change"]["text"] == other["change"]["text"]
    for asked in (
        "Comment a évolué le nombre de navires marchands escortés de 2016 à 2020 ?",
        "Wie hat sich die Zahl der begleiteten Handelsschiffe zwischen 2015 und 2019 verändert?",
        "護衛した商船の数は2015年から2019年にかけてどう変わりましたか。",
    ):
        by_years = json.loads(run("ask", asked, "--index", sample_index, "--format", "json").stdout)
        assert by_years["change"]["text"] == found["change"]["text"]
    one = json.loads(run("ask", "How many ships were guarded?", "--index", sample_index, "--format", "json").stdout)
    assert not any("→" in notice for notice in one["notices"])
    assert one["change"] is None


@pytest.mark.parametrize(
    ("topic", "text", "share"),
    [
        ("terrorism", "Terrorists attacked the port.", 1.0),
        ("slavery", "The slave was freed.", 1.0),
        ("AIDS", "Financial aid was given.", 0.0),
        ("AIDS", "The fight against AIDS goes on.", 1.0),
        ("financial aid", "Financial aid was given.", 1.0),
        ("woman", "Women led it.", 1.0),
        ("Iran", "The Iranian parliament met.", 1.0),
        ("Somalia", "Somali courts were built.", 1.0),
        ("China", "Chinese vessels came.", 1.0),
        ("Afghanistan", "Afghan troops left.", 1.0),
        (
            "climate change",
            "A change came; bands played marches, children watched soldiers. The climate is mild.",
            0.5,
        ),
    ],
)
def test_related_forms_count_and_other_words_do_not(topic: str, text: str, share: float) -> None:
    assert TopicWords.of(topic, "en", {}, 100).weight_in(text, "") == pytest.approx(share)


@pytest.mark.parametrize(
    ("topic", "stems"),
    [
        ("anti-piracy off Somalia", {"piraci", "somalia"}),
        ("Counter-terrorism", {"terror"}),
        ("pre-war and non‑proliferation", {"war", "prolifer"}),
        ("low-income families", {"low", "incom", "famili"}),
        ("pre-G7", {"pre", "g7"}),
        ("antiques", {"antiqu"}),
    ],
)
def test_a_hyphenated_prefix_hides_no_topic(topic: str, stems: set[str]) -> None:
    assert set(TopicWords.of(topic, "en", {}, 100).weights) == stems


def test_an_acronym_that_stands_for_something_else_in_a_document_says_nothing() -> None:
    words = TopicWords.of("International Criminal Court", "en", {}, 100)
    assert words.adapted_to("A trial of the International Criminal Court (ICC).").weight_in("The ICC met.", "") == 1.0
    assert words.adapted_to("The International Chamber of Commerce (ICC).").weight_in("The ICC met.", "") == 0.0


@pytest.mark.parametrize(
    ("topic", "text", "share"),
    [
        ("housing", "I greet the House and the Senate.", 0.0),
        ("the position of women", "Women vote.", 1 / 1.3),
        ("moon", "Secretary-General Ban Ki-moon spoke.", 0.0),
        ("moon", "Ban Ki-moon spoke of the moon.", 1.0),
        ("piracy", "Measures against Anti-piracy operations.", 1.0),
        ("housing", "I greet the House. Each house needs a roof.", 1.0),
        ("housing", "A Department of Urban Affairs and Housing is needed.", 1.0),
        ("Marshall Plan", "They marshal their ships.", 0.0),
        ("Marshall Plan", "From the Marshall plan to this day.", 1.0),
        ("Iranian refugees", "The Iranian refugee is safe.", 1.0),
        ("United Nations", "As a nation united we meet other nations.", 0.0),
        ("United Nations", "These United States are a young and free Nation.", 0.5),
        ("United Nations", "It speaks before the united nations of the world.", 1.0),
        ("Strait of Malacca", "The Malacca and Singapore Straits are narrow.", 1.0),
        ("child care", "They stay home to care for a sick child.", 0.5),
        ("space exploration", "The exploration of space goes on.", 1.0),
        ("space exploration", "The exploration of outer space goes on.", 1.0),
        ("nuclear power", "Nuclear arms make it a great power.", 0.5),
        ("nuclear power", "It has nuclear arms. Power is dear.", 0.5),
        ("nuclear power", "Nuclear, wind and solar power are dear.", 1.0),
        ("nuclear power", "The nuclear electric power of France.", 1.0),
        ("tax cuts", "They cut the taxes.", 1.0),
        ("crime victims", "Victims of violent crime are heard.", 1.0),
        ("crime victims", "Crime fell, and victims of floods were paid.", 0.5),
        ("old-age pensions", "Pensions for old age were raised.", 1.0),
    ],
)
def test_a_name_and_a_common_word_with_its_stem_are_told_apart(topic: str, text: str, share: float) -> None:
    assert TopicWords.of(topic, "en", {}, 100).adapted_to(text).weight_in(text, "") == pytest.approx(share)


@pytest.mark.parametrize(
    ("topic", "text", "is_near"),
    [
        ("disarmament", "They agreed on the limitation of armaments.", True),
        ("unemployment", "More people are employed.", True),
        ("Abrüstung", "Die Rüstung wird begrenzt.", True),
        ("volcanic eruptions", "They fight corruption.", False),
        ("insurance", "The coast is safe.", False),
        ("farmers", "They signed the farm bill.", True),
        ("arms control", "The armaments race goes on.", True),
    ],
)
def test_a_word_that_begins_with_half_of_a_long_word_is_near(topic: str, text: str, is_near: bool) -> None:
    assert TopicWords.of(topic, "en", {}, 100).any_word_in(text) == is_near


@pytest.mark.parametrize(("topic", "is_near"), [("Hezbollah", True), ("Khartoum", True), ("Hamburg", False)])
def test_another_spelling_of_a_name_is_near(topic: str, is_near: bool) -> None:
    text = "Support for Hizballah ended. The talks at Khartum began."
    assert TopicWords.of(topic, "en", {}, 100).any_word_in(text) == is_near


def test_a_closed_compound_has_the_word_that_it_begins_with() -> None:
    words = TopicWords.of("high-speed rail", "en", {}, 100, TopicVariants({"railroad": "rail"}))
    assert words.weight_in("Workers will break ground on a high-speed railroad.", "") == pytest.approx(1.0)


SPEECHES = {
    2001: "Our tolls fund a high-speed railroad to the coast. I can pay for it myself, said the mayor, and nobody "
    "laughed. The road is older.",
    2002: "# Savings\n\n"
    + "The harbour fund and the pilots’ savings will run dry when the keepers retire, as all of us know by now. " * 6
    + "\n\n"
    + "We must reform what we have promised, and I ask the council for its own proposals before the summer. " * 6,
}


@pytest.fixture(scope="module")
def speeches(tmp_path_factory: pytest.TempPathFactory) -> Library:
    return series_library(tmp_path_factory.mktemp("speeches"), "Speech", SPEECHES, HashEncoder())


@pytest.mark.parametrize(
    ("topic", "treated"),
    [
        ("high-speed rail", [2001]),
        ("pilots savings reform", [2002]),
        ("equal pay", []),
        ("railroad to the coast", [2001]),
    ],
)
def test_compounds_and_the_next_passage_count_and_a_chance_word_does_not(
    speeches: Library, topic: str, treated: list[int]
) -> None:
    assert [match.document.edition for match in speeches.compare(topic).matches if match.treated] == treated


def test_figures_of_other_subjects_in_the_same_passage_are_not_shown(tmp_path: Path) -> None:
    text = "In the last year the harbour bought {} cranes. The schools of the island taught {} pupils in all classes."
    library = series_library(
        tmp_path, "Speech", {2001: text.format(14, 310), 2002: text.format(16, 290)}, HashEncoder()
    )
    for topic, amounts in (("cranes", ["14", "16"]), ("pupils", ["310", "290"])):
        (row,) = library.compare(topic).figures
        assert [value.figure.quantity.text for value in row.values] == amounts


def test_rows_of_a_table_are_shown_where_they_or_its_caption_name_the_topic(tmp_path: Path) -> None:
    def report(cranes: int, pilots: int, fees: int) -> str:
        return (
            f"# Port\n\nTable 1. Equipment\n\n"
            f"| Item | Number |\n|---|---|\n| Cranes | {cranes} |\n| Pilots | {pilots} |\n"
            f"\nTable 2. Charges\n\n| Charge | Amount |\n|---|---|\n| Anchorage | {fees} |\n| Towage | {fees + 7} |\n"
        )

    library = series_library(tmp_path, "Port", {2001: report(14, 31, 52), 2002: report(16, 29, 55)}, HashEncoder())
    assert [row.what for row in library.compare("cranes").figures] == ["Cranes"]
    assert {row.what for row in library.compare("charges").figures} == {"Anchorage", "Towage"}


def test_only_the_items_about_the_topic_of_a_list_in_a_sentence_are_shown(tmp_path: Path) -> None:
    text = (
        "The expenses of the port were: For lamps ${},000 For pilots {},200 For cranes {},450 For mails {},900 in all."
    )
    library = series_library(
        tmp_path, "Speech", {2001: text.format(14, 31, 52, 70), 2002: text.format(16, 29, 55, 66)}, HashEncoder()
    )
    assert [row.what for row in library.compare("pilots").figures] == ["pilots"]
    assert len(library.compare("expenses of the port").figures) == 4


def test_a_sentence_that_every_section_has_is_compared_within_its_section(tmp_path: Path) -> None:
    def report(values: dict[str, int]) -> str:
        return "".join(
            f"# {port}\n\nThe pilots guided {value} ships of every flag through the strait.\n\n"
            for port, value in values.items()
        )

    years = {2001: {"Arvik": 310, "Brevik": 47, "Corvin": 128}, 2002: {"Corvin": 131, "Arvik": 52, "Brevik": 305}}
    library = series_library(
        tmp_path, "Pilots", {year: report(values) for year, values in years.items()}, HashEncoder()
    )
    rows = library.compare("pilots").figures
    pairs = {tuple(value.figure.quantity.text.split()[0] for value in row.values) for row in rows}
    assert pairs == {("310", "52"), ("47", "305"), ("128", "131")}
    assert all(any(port in row.what for port in years[2001]) for row in rows)


@pytest.mark.parametrize(
    ("earlier", "later", "factor"),
    [
        ("June", "March", 0.5),
        ("June", "June", 1.0),
        ("3. June 2001", "4. June 2002", 1.0),
        ("June", "Summer", 1.0),
        ("Foreword", "March", 1.0),
        ("", "March", 1.0),
    ],
)
def test_sentences_of_two_sections_that_both_editions_have_are_less_similar(
    earlier: str, later: str, factor: float
) -> None:
    headings = {"march", "june", "foreword"}, {"march", "june", "summer"}
    similarities = np.full((2, 1), 0.8)
    lowered = lower_across_sections(similarities, ["March", earlier], [later], headings)
    assert lowered[1, 0] == pytest.approx(0.8 * factor)


def _quay_library(folder: Path, undated: dict[str, str]) -> Library:
    """Return a library of a series on quays, and texts without series or edition."""
    for year in (2018, 2019):
        (folder / f"quay-report-{year}.txt").write_text(
            f"Quay Report {year}\n\n1. Cranes\n\nThe cranes were painted.\n"
        )
    for name, text in undated.items():
        (folder / f"{name}.txt").write_text(f"{text}\n")
    build(folder / "index", plan([folder]), HashEncoder())
    return Library(folder / "index", HashEncoder())


@pytest.mark.parametrize(
    ("undated", "count", "named"),
    [
        ({}, "", []),
        ({"remarks": "Some remarks on cranes."}, "1 document without", []),
        ({"remarks": "Some remarks on the salt mines."}, "1 document without", ["remarks"]),
        (
            {f"note-{letter}": f"In {letter} a salt mine was closed." for letter in "abcde"},
            "5 documents without",
            [""] * 3,
        ),
    ],
)
def test_documents_without_edition_that_have_the_topic_are_named(
    tmp_path: Path, undated: dict[str, str], count: str, named: list[str]
) -> None:
    library = _quay_library(tmp_path, undated)
    notices = [notice for notice in library.compare("salt mines").notices if "without series or edition" in notice]
    assert len(notices) == bool(undated)
    ids = [document.id for document in library.index.documents if document.id in undated]
    assert all(notice.startswith(count) for notice in notices)
    assert sum(f"({identifier})" in notice for notice in notices for identifier in ids) == len(named)
    assert not any("without series" in notice for notice in library.compare("salt mines in the Quay Report").notices)


def test_the_page_of_a_section_is_no_figure_that_moved(tmp_path: Path) -> None:
    texts = {
        year: f"Foreword {page}\n\nSewers {page + 1}\n\nLow emission zone {page + 2}\n\nAccounts {page + 9}\n\n"
        f"# 1 Low emission zone\n\nThe low emission zone was watched by {cameras} cameras in the year.\n\n"
        "# 2 Accounts\n\nThe accounts were closed."
        for year, page, cameras in ((2001, 2, 24), (2002, 5, 37))
    }
    library = series_library(tmp_path, "Town Report", texts, load())
    figures = library.compare("low emission zone").figures
    assert [[value.figure.quantity.text for value in row.values] for row in figures] == [["24", "37"]]
