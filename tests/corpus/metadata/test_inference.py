"""Inference of title, series, edition and covered years: right on the test publications, or unknown."""

from __future__ import annotations

import re
import shutil
from pathlib import Path, PurePosixPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.ingest import plan, read
from corpus.metadata.cover import cover_lines, read_cover
from corpus.metadata.file_names import NameFacts, infer_from_names
from corpus.metadata.inference import NAMES, declared_metadata, infer_metadata, is_supported_title
from corpus.metadata.years import SINGLE_YEAR, find_range_of_a_year, normalize_years, parse_period
from tests.factories.publications import OTHER_WORDINGS, WORDINGS, Wording, Years

YEARS = (1996, 2000, 2007, 2015, 2016, 2019, 2023)
"""Also the turn of a century, and years that the numbers strewn into the wordings look like."""

SHORT: list[tuple[str, int | None, Years]] = [
    (
        (
            "Ministry of Agriculture\nAnnual Report 2017\n\n"
            "This report covers the period from January to December 2016.\n\nRice yields rose in 2017 too.\n"
        ),
        2017,
        (2016, 2016),
    ),
    (
        (
            "Statistical Yearbook 2014\nNational Bureau of Statistics\n\n"
            "Data in this volume refer to 2013 unless otherwise indicated. Population was 2,014 thousand.\n"
        ),
        2014,
        (2013, 2013),
    ),
    (
        (
            "Budget Speech 2018\n\n"
            "Mr. Speaker, in 2017 our economy grew by 3 per cent. Inflation in 2017 averaged 2 per cent. In "
            "2017 we also built roads. In 2018, we will do more. We expect growth of 4 percent in 2018.\n"
        ),
        2018,
        (2017, 2017),
    ),
    (
        (
            "Kite Motor Corporation\nAnnual Report\nFiscal year 2019 (April 1, 2018 – March 31, 2019)\n\n"
            "Message from the president\n\nWe sold more cars.\n"
        ),
        2019,
        (2018, 2019),
    ),
    ("Environmental Report 2013 – Data for Fiscal 2012\n\nWe cut emissions.\n", 2013, (2012, 2012)),
    (
        "The Fisheries Yearbook\n\nThis 2016 edition of the Yearbook chronicles developments of 2015.\n",
        2016,
        (2015, 2015),
    ),
    (
        ("Annual Report to Parliament, 2010-2011\n\nIntroduction\n\nThe Commissioner received 300 complaints.\n"),
        2011,
        (2010, 2011),
    ),
    (
        (
            "Thirtieth Annual Report (2005)\n\n"
            "In 2005 the fund grew. During 2005, two loans were made. In 2004 there was one.\n"
        ),
        2005,
        (2005, 2005),
    ),
    ("港区消防年報\n\n平成30年度（2018年度）\n\n第1章 火災\n\n火災は41件であった。\n", 2018, (2018, 2018)),
    ("清水町教育要覧\n令和２年度\n\n学校は12校である。\n", 2020, (2020, 2020)),
    ("Hafenbericht 2016\n\nDer Umschlag stieg gegenüber 2015 um 3,1 %.\n", 2016, None),
    ("Rapport annuel 2019\n\nLes entrées ont augmenté de 4 % par rapport à 2018.\n", 2019, None),
    ("Relatório anual 2012\n\nMais 9 % do que em 2011.\n", 2012, None),
    ("The Mariner's Almanack 1998\n\nThe lights were relit in 1998.\n", 1998, (1998, 1998)),
    ("State of the Environment 2008\nSecond edition 2009\n\nThe air is clean.\n", 2009, None),
    (
        ("Tax Authority Annual Report 2013\n\nBetween April 2012 and March 2013 the Authority handled 300 cases.\n"),
        2013,
        (2012, 2013),
    ),
    (
        (
            "Annual Report 2015\n\n"
            "In 2014, a new law came into force. In 2014, reforms began. In 2015, a summit follows.\n"
        ),
        2015,
        (2014, 2014),
    ),
    (
        (
            "Development Review\n2016\n\n"
            "The year 2015 was a turning point. In September 2015 leaders adopted new goals. The 2015 "
            "conference drew 40 states. Looking ahead to 2016, challenges remain. In 2000, earlier goals "
            "had been set.\n"
        ),
        2016,
        (2015, 2015),
    ),
    ("White Paper on Trade, 2019\n\nThe white paper reviews developments in 2018.\n", 2019, (2018, 2018)),
    ("Jahresbericht für das Jahr 2015\n\nWir bauten.\n", 2015, (2015, 2015)),
    ("RAPPORT D'ACTIVITÉ 2012\n\nCe rapport porte sur l'année 2012.\n", 2012, (2012, 2012)),
    (
        (
            "Defense of Nowhere 2014\nAnnual White Paper\n\n"
            "This white paper primarily covers events from July 2013 to June 2014.\n"
        ),
        2014,
        (2013, 2014),
    ),
    ("Central Bank of Utopia\nAnnual Report 2009/10\n\nIn the year under review, growth slowed.\n", 2010, (2009, 2010)),
    (
        (
            "Health Statistics 2011 Edition\n\n"
            "The latest year for which complete data are available is 2009. In 2009, 300 nurses were "
            "trained. In 2009, beds rose. Mortality fell in 2009.\n"
        ),
        2011,
        (2009, 2009),
    ),
    (
        (
            "UNITED STATES\nSECURITIES AND EXCHANGE COMMISSION\nWashington, D.C. 20549\nFORM 10-K\n"
            "☒ ANNUAL REPORT PURSUANT TO SECTION 13 OR 15(d) OF THE SECURITIES EXCHANGE ACT OF 1934\n"
            "For the fiscal year ended September 28, 2019\nCommission File Number: 001-36743\nApricot Inc.\n"
            "(Exact name of Registrant as specified in its charter)\n\nItem 1. Business\n\n"
            "In 2018 and 2019 we sold phones.\n"
        ),
        2019,
        (2018, 2019),
    ),
    (
        ("Progress Report\n\nThe Committee met four times. Membership was stable. In May the chair resigned.\n"),
        None,
        None,
    ),
    (
        (
            "Education in Numbers 2021\nISBN 978-1-2015-2016-1\nTelephone: 020 2018 2019\n\n"
            "In the 2019/20 school year, enrolment rose. The 2019/20 budget was 2,020 million. 2019/20 was "
            "hard.\n"
        ),
        2021,
        (2019, 2020),
    ),
    ("Transport Outlook 2022\n\nThis edition looks back at 2021 and forward to 2030 and 2050.\n", 2022, (2021, 2021)),
    ("Report of the Auditor General\nfor the financial year 2015-16\n\nWe audited ten bodies.\n", 2016, (2015, 2016)),
    ("Museum of Clocks\nReview of the Year 2018\n\nVisitors came in numbers.\n", 2018, (2018, 2018)),
    (
        ("The History of the Canal\n\nIn 1869 the canal opened. In 1956 it was closed. In 1975 it reopened.\n"),
        None,
        None,
    ),
    ("Annual Report for FY 2020\n\nFY 2020 saw a pandemic. In FY 2020, we closed two sites.\n", 2020, (2020, 2020)),
    (
        (
            "Climate Report 2010\n\n"
            "This report describes the climate of 2009 in comparison with the 1961-1990 average. 2009 was "
            "warm. 2010 began cold.\n"
        ),
        2010,
        (2009, 2009),
    ),
    (
        (
            "Quarterly Bulletin, March 2016\n\n"
            "In the fourth quarter of 2015, prices fell. Exports in 2015 were up from 2014. Growth in 2015 "
            "was 1.2 per cent.\n"
        ),
        2016,
        (2015, 2015),
    ),
    ("Board Report\n\nThis report covers 1. April 2015 to 31. March 2016. It has tables.\n", None, (2015, 2016)),
    (
        "Board Report\n\nThis report describes our work, and the events of the year 2015. The Board met.\n",
        None,
        (2015, 2015),
    ),
    (
        "Yearbook 2016\n\nThis yearbook covers developments in Ruritania (as of 31 Dec. 2015) by land.\n",
        2016,
        (2015, 2015),
    ),
    ("Board Report\n\nThis report covers the activities of the Board\n2012 Gardens in bloom\n", None, None),
    ("Five-Year Development Plan 2016-2020\n\nThe plan sets goals.\n", None, (2016, 2020)),
    (
        (
            "Corporate Responsibility Report 2016\n\n"
            "Reporting scope: This report covers our activities in fiscal 2015 (October 1, 2014 to "
            "September 30, 2015).\n"
        ),
        2016,
        (2014, 2015),
    ),
    (
        (
            "Report on Human Rights Practices for 2018\n\n"
            "The country has a constitution adopted in 1997. Elections were held in 2016.\n"
        ),
        2018,
        (2018, 2018),
    ),
    ("Annual Report 2016\n1 January – 31 December 2016\n\nChairman's letter\n\nWell done.\n", 2016, (2016, 2016)),
    ("Notes of the Museum\nfrom 1 March 2011 to 29 February 2012\n\nPreface\n\nWe did it.\n", 2012, (2011, 2012)),
    ("Club of Divers\n\nReport for the period from October to September 2007.\n\nWe dived.\n", None, (2006, 2007)),
    ("Archive Report 2010\n\n1 July 2008 – 30 June 2009\n\nPreface\n\nIt was moved.\n", 2010, (2008, 2009)),
    ("Choir Review\n\nEvents from January 1 to December 31, 1998.\n\nWe sang.\n", None, (1998, 1998)),
    ("Bericht des Vereins\n\nvom 1. April 2003 bis 31. März 2004\n\nVorwort\n\nWir sangen.\n", 2004, (2003, 2004)),
    # told of something else
    ("Archive Report 2010\n\nThe tower was closed from 1 January to 31 December 2007.\n\nIt was moved.\n", 2010, None),
    ("2018 Report Card\nActivities of 2017\n\nWe did it.\n", 2018, (2017, 2017)),
    (
        (
            "Diplomatic White Book 2017\n\n"
            "In 2016 the ministry pursued talks. The Minister visited in March 2016. On November 3, 2016, "
            "they met. In January 2017, a new team began. Since 1965 ties grew. In 1998 and 2002 summits "
            "were held. 1998 was key; 1998 changed it. 1998!\n"
        ),
        2017,
        (2016, 2016),
    ),
    ("Yearbook of the Academy 2003–2004\n\nElected members.\n", 2004, (2003, 2004)),
    ("Energy Balance 2012 (published December 2013)\n\nTables.\n", 2012, None),
    ("Annual Accounts for the Year to 31 July 2014\n\nNotes.\n", 2014, (2013, 2014)),
    ("ANNUAL REPORT\n2 0 1 5\n\nWe met in 2015.\n", 2015, (2015, 2015)),
    ("Annual Report '15\n\nWe met.\n", None, None),
    ("本書について\n\n本白書は2018年度（2018年4月～2019年3月）の施策をまとめたものである。\n", None, (2018, 2019)),
    ("令和2年版 防災白書\n\n2019年の災害について記す。2019年には台風が来た。2019年10月に大雨。\n", 2020, (2019, 2019)),
]
"""Beginnings in wordings of their own: text, edition, years covered."""


@pytest.mark.parametrize("year", YEARS)
@pytest.mark.parametrize("wording", [*WORDINGS, *OTHER_WORDINGS], ids=lambda wording: wording.__name__)
def test_edition_and_covered_years_are_right_for_each_wording(wording: Wording, year: int) -> None:
    publication = wording(year)
    inferred = infer_metadata(publication.text)
    assert (inferred.edition, inferred.covers) == (publication.edition, publication.covers)
    if publication.series is not None:
        assert inferred.series == publication.series


@pytest.mark.parametrize(("text", "edition", "covers"), SHORT, ids=[text[:30].replace("\n", " ") for text, *_ in SHORT])
def test_edition_and_covered_years_are_right_for_short_texts(text: str, edition: int | None, covers: Years) -> None:
    inferred = infer_metadata(text)
    assert (inferred.edition, inferred.covers) == (edition, covers)


def test_the_seeds_get_the_right_years_without_a_catalogue(data: Path, tmp_path: Path) -> None:
    for file in (data / "seeds").glob("*.txt"):
        shutil.copy(file, tmp_path)
    documents = [read(source) for source in plan([tmp_path]).sources]
    assert [one.covers for one in documents] == [(2015, 2015), (2019, 2019), (2016, 2016)]
    assert [one.edition for one in documents] == [2016, 2020, None]
    assert [one.series for one in documents] == ["Diplomatic Bluebook", "Diplomatic Bluebook", None]
    assert {one.origins["covers"] for one in documents} == {"inferred"}
    assert {one.evidence["covers"] for one in documents} == {"text"}
    assert documents[2].origins["edition"] == "unknown"


@pytest.mark.parametrize("title", ["Jaarverslag en jaarrekening 2015", "Regnskab 2015: Rapport og årsberetning"])
def test_generic_titles_may_have_small_words_of_any_language(title: str) -> None:
    series = read_cover(f"Vrienden van de Lamp\n{title}\n\nVoorwoord\n").series
    assert series is not None
    assert series.startswith("Vrienden van de Lamp: ") == title.startswith("Jaar")


@pytest.mark.parametrize(
    "line", ["Abstract", "Contents", "• Boats", "- Boats", "Year | Boats", "발행일 2020년 4월 2일 발행처 해양부"]
)
def test_headings_items_rows_and_imprints_are_no_titles(line: str) -> None:
    inferred = infer_metadata(f"{line}\n\nThe board met in 2016 and thanked all who had helped with the boats.\n")
    assert (inferred.title, inferred.series) == (None, None)


def test_the_head_of_a_receipt_is_no_series() -> None:
    assert infer_metadata("Store 34 - Till 7, 11/23/2024 14:32:18\n\nThe board met and thanked all.\n").series is None


@pytest.mark.parametrize(
    "publisher",
    [
        "Ministry of Works", "City Library", "Harsund Constabulary", "Klinikum Talheim", "Stadtwerke Ahornbach",
        "Ayuntamiento de Vega", "Université de Corlay", "Comune di Valfredda", "北浜地方気象台",
        "High Court of Arvik", "Court of Auditors of Skarv", "Landesrechnungshof Moorland", "Tribunal de Commerce",
    ],
)  # fmt: skip
def test_a_generic_title_is_qualified_by_its_publisher(publisher: str) -> None:
    below = read_cover(f"Annual Report 2015\n{publisher}\n\nPreface\n")
    assert (below.title, below.publisher) == (f"{publisher}: Annual Report 2015", publisher)
    cover = read_cover(f"{publisher}\nAnnual Report\n2015\n\nPreface\n")
    assert cover.title == f"{publisher}: Annual Report 2015"
    assert cover.series == f"{publisher}: Annual Report"
    assert cover.publisher == publisher


@pytest.mark.parametrize("kind", ["Activity Report", "Report on Activities", "Management Report", "Lagebericht"])
def test_reports_of_what_was_done_are_qualified_by_the_line_above_them(kind: str) -> None:
    assert (
        read_cover(f"Friends of the Tidal Mill\n{kind} 2018\n\nPreface\n").series
        == f"Friends of the Tidal Mill: {kind}"
    )


@pytest.mark.parametrize(
    "kind", ["Relatório de Contas", "Relatório de Gestão", "Relatório e Contas", "Informe de gestión"]
)
def test_accounts_in_portuguese_and_spanish_are_qualified_by_their_publisher(kind: str) -> None:
    text = f"{kind} 2011\n\nInstituto dos Faróis\n\nPreface\n\nThe lamps burnt through the winter as planned.\n"
    assert infer_metadata(text).series == f"Instituto dos Faróis: {kind}"


def test_a_filing_is_qualified_by_its_registrant() -> None:
    cover = read_cover("FORM 10-K\nFor the fiscal year ended June 30, 2019\nPlum Corp.\n(Exact name of registrant)\n\n")
    assert (cover.series, cover.edition) == ("Plum Corp.: FORM 10-K", 2019)


def test_a_known_title_is_kept_and_states_the_edition() -> None:
    inferred = infer_metadata("Annual Report 2015\n\nText.\n", "The 2014 Yearbook of Tides")
    assert (inferred.title, inferred.edition, inferred.series) == (
        "The 2014 Yearbook of Tides",
        2014,
        "Yearbook of Tides",
    )


def test_the_section_number_of_an_extract_is_not_in_its_title() -> None:
    assert infer_metadata("(3) Aid for Harbours\nIn 2015, aid was given to eleven harbours of the coast.\n").title == (
        "Aid for Harbours"
    )


@pytest.mark.parametrize("first", ["Anna Clay", "On the harbours of the north"])
def test_the_author_or_subject_of_a_dated_text_is_no_series(first: str) -> None:
    inferred = infer_metadata(f"{first}\n14 March 2016\n\nMy friends:\n\nBoats were built, and we thank all.\n")
    assert (inferred.series, inferred.edition) == (None, 2016)


@pytest.mark.parametrize("date", ["3 May 2012", "May 3, 2012", "Port Hall, 3rd of May 2012"])
def test_the_name_above_the_day_of_a_speech_is_no_series(date: str) -> None:
    inferred = infer_metadata(f"ANNA CLAY, WARDEN OF THE PORT\nEmbargoed until noon\n{date}\n\nThe quays are full.\n")
    assert (inferred.series, inferred.edition) == (None, 2012)
    assert infer_metadata(f"Port Review\nEmbargoed\n{date}\n\nThe quays are full.\n").series == "Port Review"
    assert infer_metadata("Tide Tables\nMinistry of Works\nMay 2012\n\nThe quays are full.\n").series == "Tide Tables"


@pytest.mark.parametrize("title", [None, "Annual Report 2016"])
def test_a_known_publisher_is_part_of_the_series_of_a_generic_title(title: str | None) -> None:
    inferred = infer_metadata("Annual Report 2016\n\nPreface\n\nText.\n", title, publisher="Acme Works")
    assert (inferred.series, inferred.edition) == ("Acme Works: Annual Report", 2016)


def test_a_part_is_named_by_a_separate_line() -> None:
    assert infer_metadata("Yearbook 2016\n\nChapter 3\n\nThe Sea\n").part == "Chapter 3"


def test_prose_has_no_cover() -> None:
    assert cover_lines("It was in 2015 that the harbour was opened to all ships, and much was written of it.\n") == []


def test_front_matter_is_no_cover() -> None:
    assert cover_lines("---\ntitle: x\ndate: 2011-01-01\n---\n# Yearbook 2016\n") == ["Yearbook 2016"]


CODES = "The harbour office reads the codes 1755 and 2022. " * 3 + "Ships are registered by name. " * 300


@pytest.mark.parametrize(
    "text", ["", " \n\t\n", "2015", "x", "\u3000", "12 34 5678", CODES, CODES.replace("1755", "2022")]
)
def test_covered_years_are_unknown_without_evidence(text: str) -> None:
    assert infer_metadata(text).covers is None


@pytest.mark.parametrize(
    ("phrase", "period"),
    [
        ("for the year ended 31 March 2018", (2017, 2018)),
        ("for the fiscal year ended December 31, 2018", (2018, 2018)),
        ("fiscal year ended January 3, 2016", (2015, 2015)),
        ("the twelve months to 30 June 1996", (1995, 1996)),
        ("1 April 2013 to 31 March 2014", (2013, 2014)),
        ("between January and December 1995", (1995, 1995)),
        ("July to June 2012", (2011, 2012)),
        ("from mid-2014 to mid-2015", (2014, 2015)),
        ("2015-16", (2015, 2016)),
        ("1999/00", (1999, 2000)),
        ("1999-2000", (1999, 2000)),
        ("fiscal 2015 (October 2014 to September 2015)", (2014, 2015)),
        ("exercice clos le 31 mars 2018", (2017, 2018)),
        ("1. April 2015 bis 31. März 2016", (2015, 2016)),
        ("entre enero y diciembre de 1996", (1996, 1996)),
        ("2018年度（2018年4月～2019年3月）", (2018, 2019)),
        ("31 December 2015", (2015, 2015)),
        ("2015-03-01", (2015, 2015)),
        ("no year at all", None),
    ],
)
def test_a_phrase_states_this_period(phrase: str, period: Years) -> None:
    assert parse_period(normalize_years(phrase)) == period


@pytest.mark.parametrize(
    ("line", "period"),
    [
        ("1 January to 31 December 2019", (2019, 2019)),
        ("from January 1 through December 31, 2019", (2019, 2019)),
        ("1 April 2019 to 31 March 2020", (2019, 2020)),
        ("1 April to 31 March 2020", (2019, 2020)),
        ("3 July 2016 – 1 July 2017", (2016, 2017)),
        ("October 2006 to September 2007", (2006, 2007)),
        ("du 1er janvier au 31 décembre 2019", (2019, 2019)),
        ("del 1 de enero al 31 de diciembre de 2019", (2019, 2019)),
        ("dal 1 gennaio al 31 dicembre 2019", (2019, 2019)),
        ("de 1 de julho de 2018 a 30 de junho de 2019", (2018, 2019)),
        ("van 1 juli 2018 tot en met 30 juni 2019", (2018, 2019)),
        ("fra 1. juli 2018 til 30. juni 2019", (2018, 2019)),
        ("od 1 lipca 2018 do 30 czerwca 2019", (2018, 2019)),
        ("1 July to 31 December 2019", None),
        ("1 April 2019 to 31 March 2022", None),
        ("31 December 2019 to 1 January 2019", None),
        ("12 to 31 December 2019", None),
    ],
)
def test_a_range_of_about_a_year_is_found(line: str, period: Years) -> None:
    dates = find_range_of_a_year(line)
    assert (None if dates is None else dates.period) == period


@pytest.mark.parametrize(
    "text",
    [
        *("$2015", "€ 2,015", "2,015 ships", "2015 tonnes", "some 2015 people", "They hired 2015 teachers.", "20.15"),
        *("Act of 2015", "Law No. 7 of 2015", "Resolution 2015 (2014)", "Regulation 2015/849", "Order 2015"),
        *(
            "ISBN 978-1-2015-2016-3",
            "Tel. +44 2015 2016",
            "(408) 555-2015",
            "https://example.org/2015/04",
            "a.b@2015.org",
        ),
        *(
            "Vision 2030",
            "the 2030 Agenda",
            "Room 2015",
            "ISO 2015",
            "1-2015",
            "No. 2015",
            "2015%",
            "p. 2015",
            "the 2010s",
        ),
    ],
)
def test_a_number_that_is_no_year_is_hidden(text: str) -> None:
    assert SINGLE_YEAR.findall(normalize_years(text)) == []


@pytest.mark.parametrize(
    "text",
    [
        *(
            "2015",
            "in 2015",
            "In 2015, 300 ships",
            "the 2015 elections",
            "May 2015",
            "31.12.2015",
            "2015-04-01",
            "mid-2015",
        ),
        *(
            "2015 marks a turn",
            "FY2015",
            "(2015)",
            "２０１５年",
            "平成27年",
            "Heisei 27",
            "2015 (Heisei 27)",
            "2015年度",
        ),
    ],
)
def test_a_year_is_recognised_in_every_form(text: str) -> None:
    assert SINGLE_YEAR.findall(normalize_years(text)) == ["2015"]


@given(st.text(st.sampled_from("2015690-/,.()%$ \nabAct of to年月平成ISBN"), max_size=80))
def test_inference_from_any_text_has_ordered_years(text: str) -> None:
    covers = infer_metadata(text).covers
    assert covers is None or covers[0] <= covers[1]


def _paged(head: str, foot: str) -> str:
    prose = "The fleet grew by nine vessels, and the harbour was dredged once more."
    return "\n\n".join(
        f"{head.format(page=page)}\n\n{prose} {page}.\n\n{foot.format(page=page)}" for page in range(41, 45)
    )


@pytest.mark.parametrize("head", ["Harbours and Boats   {page}", "{page} | Harbours and Boats", "Harbours and Boats"])
def test_a_running_head_is_no_title(head: str) -> None:
    assert infer_metadata(_paged(head, "")).title is None
    inferred = infer_metadata(f"Yearbook of the Sea 2016\n\n{_paged(head, '')}")
    assert (inferred.title, inferred.edition) == ("Yearbook of the Sea 2016", 2016)


def test_a_running_head_that_names_the_publication_stands_for_a_cover() -> None:
    inferred = infer_metadata(_paged("HARBOUR BOARD", "Annual Report 2015 | {page}"))
    assert (inferred.title, inferred.series, inferred.edition) == (
        "HARBOUR BOARD: Annual Report 2015",
        "HARBOUR BOARD: Annual Report",
        2015,
    )
    assert inferred.evidence["edition"] == inferred.evidence["title"] == "running head"


def test_a_source_below_each_table_is_no_running_head() -> None:
    assert infer_metadata(_paged("{page} Boats", "Source: Annual Report 2012")).edition is None


@pytest.mark.parametrize(
    ("title", "names", "series", "place"),
    [
        ("Performance Report", NameFacts(2017, series="EPA: Performance Report", owner="EPA"), None, NAMES),
        ("Annual Report", NameFacts(2017, series="Acme", owner="Acme"), "Acme: Annual Report", f"cover, {NAMES}"),
        ("Tide Tables", NameFacts(2017, series="Tables"), "Tide Tables", "cover"),
    ],
)
def test_a_series_says_whether_the_cover_or_the_names_tell_it(
    title: str, names: NameFacts, series: str | None, place: str
) -> None:
    inferred = infer_metadata(f"{title}\n\nFiscal Year 2017\n\nThe board met as planned.\n", names=names)
    assert (inferred.series, inferred.evidence["series"]) == (series or names.series, place)


@pytest.mark.parametrize(
    ("name", "cover", "edition", "part"),
    [
        ("Rate book 19", "Rate Book 2019", 2019, None),
        ("Rate book 19", "Rate Book\n\nApril 2019", 2019, None),
        ("Annals vol 08", "Annals of the Port 2008", 2008, None),
        ("Annals vol 8", "Annals of the Port 2019", 2019, "Volume 8"),
        ("Rate book 3", "Rate Book 2019", 2019, "Book 3"),
    ],
)
def test_the_short_year_of_the_edition_is_no_part(name: str, cover: str, edition: int, part: str | None) -> None:
    path = PurePosixPath(f"{name}.txt")
    inferred = infer_metadata(
        f"{cover}\n\nThe board met in {edition} as planned.\n", names=infer_from_names([path])[path]
    )
    assert (inferred.edition, inferred.part) == (edition, part)


def _series_of_files(names: str, title: str) -> list[str | None]:
    """Return the series of files whose cover is a title and the year in their names."""
    paths = [PurePosixPath(f"{name}.txt") for name in names.split()]
    facts = infer_from_names(paths)
    texts = [f"{title} {re.sub('[^0-9]', '', path.stem)}\n\nPreface\n\nThe board met as planned.\n" for path in paths]
    return [infer_metadata(text, names=facts[path]).series for path, text in zip(paths, texts, strict=True)]


@pytest.mark.parametrize(
    "names",
    [
        "TM2011 TM2012 tide-memo-2013",
        "tides-2009 tides-2010 water-2011",
        "TM_2011_final TM_2012 survey_of_tides_2013",
    ],
)
def test_files_renamed_over_the_years_are_one_series(names: str) -> None:
    assert set(_series_of_files(names, "Survey of Tides and Currents")) == {"Survey of Tides and Currents"}


def test_files_of_one_year_with_one_title_are_several_series() -> None:
    names = "tees-2011 tees-2012 wear-2011 wear-2012"
    assert len(set(_series_of_files(names, "Survey of Tides and Currents"))) == 2


def test_a_generic_title_is_qualified_by_the_owner_in_the_name_of_the_file() -> None:
    assert len(set(_series_of_files("tees-2009 tees-2010 wear-2011", "Annual Report"))) == 2


@pytest.mark.parametrize(
    ("title", "series"),
    [
        ("Minutes of the {nth} Annual Meeting\nheld at Port Hall on 4 May {year}", "Minutes of the Annual Meeting"),
        ("Prüfbericht\nPort Hall\nMai {year}", "Prüfbericht"),
        ("海港市{year}年政府工作报告\n海港市人民政府", "海港市 政府工作报告"),
        ("海港市{year}年渔业公报\n海港市渔业局", "海港市 渔业公报"),
    ],
)
def test_the_year_in_differing_names_of_files_confirms_the_series_of_the_cover(title: str, series: str) -> None:
    paths = [PurePosixPath(name) for name in ("a 2011 copy.txt", "b_2012_v3.txt", "2013 web c.txt")]
    facts = infer_from_names(paths)
    for path, year, nth in zip(paths, (2011, 2012, 2013), ("8th", "9th", "Tenth"), strict=True):
        cover = title.format(year=year, nth=nth)
        inferred = infer_metadata(f"{cover}\n\nPreface\n\nThe board met as planned.\n", names=facts[path])
        assert (inferred.series, inferred.edition) == (series, year)
        assert str(inferred.title).startswith(cover.partition("\n")[0])


def test_a_date_of_another_year_than_that_of_the_file_confirms_no_series() -> None:
    paths = [PurePosixPath(name) for name in ("a 2011 copy.txt", "b_2012_v3.txt")]
    text = "Prüfbericht\nPort Hall\nMai 2014\n\nVorwort\n\nDer Rat tagte.\n"
    assert infer_metadata(text, names=infer_from_names(paths)[paths[0]]).series is None


@pytest.mark.parametrize("years", ["2021/22", "2021-22", "2021–2022"])
@pytest.mark.parametrize("kind", ["Prospectus", "Season Guide", "Annual Report"])
def test_a_title_keeps_the_two_years_that_it_names(kind: str, years: str) -> None:
    paths = [PurePosixPath(f"{kind.lower()}-{first}-{first - 1999}.txt") for first in (2021, 2022)]
    names = infer_from_names(paths)[paths[0]]
    inferred = infer_metadata(f"{kind} {years}\n\nPreface\n\nThe board met as planned in {years}.\n", names=names)
    assert (inferred.title, inferred.series, inferred.edition) == (f"{kind} {years}", kind, 2022)


@pytest.mark.parametrize(
    "correction",
    [
        "The figure for 2014 has been corrected from 71 to 74 boats.",
        "The revised value of 2014 is 74 boats.",
        "Los datos de 2014 han sido corregidos.",
    ],
)
def test_a_correction_of_an_earlier_year_adds_no_year_covered(correction: str) -> None:
    lines = ("Harbour Statistics 2015", "The tolls of 2015 were 92 crowns.", correction, "There were 177 vessels.\n")
    text = "\n\n".join(lines)
    assert infer_metadata(text).covers == (2015, 2015)


@pytest.mark.parametrize(
    ("names", "title", "series"),
    [
        (
            "wardens-digest-2011 wardens-digest-2012 tide-memo-2011 tide-memo-2012",
            "The Warden’s Digest",
            "Warden’s Digest",
        ),
        (
            "lannuaire-du-port-2011 lannuaire-du-port-2012 cale-2011 cale-2012",
            "L'annuaire du port",
            "L'annuaire du port",
        ),
        ("annuaire-port-2011 annuaire-port-2012 cale-2011 cale-2012", "L’annuaire du port", "L’annuaire du port"),
        ("digest-wardens-2011 digest-wardens-2012 tide-2011 tide-2012", "Digest of the Warden", "Digest of the Warden"),
    ],
)
def test_a_name_of_a_file_in_another_spelling_is_no_second_name(names: str, title: str, series: str) -> None:
    assert _series_of_files(names, title)[:2] == [series, series]


def test_two_publications_under_one_title_have_the_names_of_their_files_however_spelt() -> None:
    names = "wardens-digest-2011 wardens-digest-2012 pilots-digest-2011 pilots-digest-2012"
    assert len(set(_series_of_files(names, "The Warden’s Digest"))) == 2


@pytest.mark.parametrize(
    "cover",
    ["Annual Report {year}\n\n{owner}", "{owner}\n\nAnnual Report {year}", "Annual Report – season {year}\n\n{owner}"],
)
@pytest.mark.parametrize(
    ("short", "owner"),
    [
        ("PMB", "Pro Musica Brenn"),
        ("WUL", "Wardens under Lamp"),
        ("WL", "Wardens’ Lamp League"),
        ("ÉBP", "Étoile des Bois Purs"),
    ],
)
def test_initials_in_the_name_of_the_file_show_the_publisher_on_the_cover(cover: str, short: str, owner: str) -> None:
    paths = [PurePosixPath(f"{name}-{year}.txt") for name in (f"{short}-report", "tides") for year in (2011, 2012)]
    text = cover.format(year=2011, owner=owner) + "\n\nPreface\n\nThe lamps burnt through the winter as planned.\n"
    inferred = infer_metadata(text, names=infer_from_names(paths)[paths[0]])
    is_publisher = len(short) > 2
    is_owner = is_publisher or cover.startswith("{owner}")
    assert (inferred.series == f"{owner}: Annual Report") == is_owner
    assert inferred.publisher == (owner if is_owner else None)


@pytest.mark.parametrize("short", ["abts", "ABTS"])
def test_initials_in_small_letters_are_no_second_name(short: str) -> None:
    paths = [
        PurePosixPath(f"{name}-{year}.md") for name in (f"{short}-annual-review", "tides") for year in (2011, 2012)
    ]
    text = "# Ardmore Blood and Tissue Service\n\n## Annual Review 2011\n\n## Foreword\n\nDonors gave more.\n"
    inferred = infer_metadata(text, names=infer_from_names(paths)[paths[0]])
    assert inferred.series == "Ardmore Blood and Tissue Service: Annual Review"
    assert inferred.publisher == "Ardmore Blood and Tissue Service"


@pytest.mark.parametrize(
    ("cover", "title", "series", "edition"),
    [
        ("Bank of Arvik\nAnnual Survey of Prices 2016", "Bank of Arvik: Annual Survey of Prices 2016",
         "Bank of Arvik: Annual Survey of Prices", 2016),
        ("HARBOUR WATCH\n\nANNUAL REPORT ON PIERS 2017: EVENTS OF 2016",
         "HARBOUR WATCH: ANNUAL REPORT ON PIERS 2017: EVENTS OF 2016", "HARBOUR WATCH: ANNUAL REPORT ON PIERS", 2017),
        ("Hafenamt Arvik\n\nJahresbericht zum Lotsenwesen 2016", "Hafenamt Arvik: Jahresbericht zum Lotsenwesen 2016",
         "Hafenamt Arvik: Jahresbericht zum Lotsenwesen", 2016),
        ("Ministry of Piers\n\nPier Yearbook 2016", "Pier Yearbook 2016", "Pier Yearbook", 2016),
    ],
)  # fmt: skip
def test_an_annual_report_on_something_is_named_with_its_publisher(
    cover: str, title: str, series: str, edition: int
) -> None:
    inferred = infer_metadata(f"{cover}\n\nPreface\n\nThe lamps burnt through the winter as planned.\n")
    assert (inferred.title, inferred.series, inferred.edition) == (title, series, edition)


@pytest.mark.parametrize(
    ("declared", "fits"),
    [("Port Trust of Arvik", False), ("Annual Report", True), ("Annual Report 2016", True), ("Arvik", True)],
)
def test_the_name_of_the_publisher_is_no_title_above_a_better_one(declared: str, fits: bool) -> None:
    assert is_supported_title(declared, "Port Trust of Arvik\n\nAnnual Report 2016\n\nPreface\n\nIt was.\n") == fits


def test_words_of_the_name_of_a_file_may_be_joined() -> None:
    names = "arvik-factbook-2011 arvik-factbook-2012 tide-2011 tide-2012"
    assert _series_of_files(names, "Arvik Fact Book")[:2] == ["Arvik Fact Book"] * 2


@pytest.mark.parametrize("header", ["Ships at port {2} | {0} | {1}", "Port {2} | Ships {1} | Ships {0} | Change"])
def test_the_year_that_a_table_compares_with_is_not_covered(header: str) -> None:
    rows = "Arvik | 12 | 14\nSkarv | 7 | 5\n"
    tables = [f"Table {number}\n{header.format(2016, 2017, 'ABC'[number - 1])}\n{rows}" for number in range(1, 4)]
    text = "Harbour Board\nAnnual Report 2017\n\nForeword\n\nTraffic grew by 4 per cent on 2016.\n\n" + "\n".join(
        tables
    )
    assert infer_metadata(text).covers == (2017, 2017)
    seasons = text.replace("2016", "2015/16").replace("2017\n\nF", "2016/17\n\nF").replace("| 2017", "| 2016/17")
    assert infer_metadata(seasons).covers == (2016, 2017)


@pytest.mark.parametrize(
    ("edition", "year"),
    [
        ("2016", 2016),
        ("2015/16", 2016),
        ("2015-16", 2016),
        ("2015–2016", 2016),
        ("1999/2000", 2000),
        (2016, 2016),
        ("3rd", None),
        ("16", None),
        ("2016, revised", None),
        ("2016/15", None),
        ("April 2016", None),
    ],
)
def test_a_declared_edition_is_a_year_or_ends_with_the_second_of_two(edition: object, year: int | None) -> None:
    assert declared_metadata({"edition": edition}).get("edition") == year


@pytest.mark.parametrize(
    ("covers", "years"),
    [
        ("2015", (2015, 2015)),
        ("2015/16", (2015, 2016)),
        ("1999-00", (1999, 2000)),
        ("2011 to 2013", (2011, 2013)),
        ("[2011, 2013]", (2011, 2013)),
        ([2011, 2013], (2011, 2013)),
        ("FY2016", (2016, 2016)),
        ("2011, 2012 and 2013", None),
        ("2016/15", None),
        ("2015-04-01", None),
        ("recent years", None),
    ],
)
def test_declared_years_covered_are_one_year_or_the_ends_of_a_span(covers: object, years: Years) -> None:
    assert declared_metadata({"covers": covers}).get("covers") == years


COVERS: list[tuple[str, int | None, Years, str | None]] = [
    (
        "Jahrbuch der Fischerei, 12. Jahrgang\n\nBerichtsjahr 2004, herausgegeben im März 2005",
        2004,
        (2004, 2004),
        "Jahrbuch der Fischerei",
    ),
    ("Annuario del porto, vol. XIV\n\nAnno 2003 – Pubblicato a maggio 2004", 2003, (2003, 2003), "Annuario del porto"),
    ("Memoria del faro\n\nAño 2009 — Presentada al Consejo el 3 de mayo de 2010", 2009, (2009, 2009), None),
    ("Rapport de la Chambre des quais\n\nAnnée 2011, déposé au Sénat le 2 mars 2012", 2011, (2011, 2011), None),
    ("Jaarverslag van de Loodsen\n\nVerslagjaar 2006 (vastgesteld op 4 april 2007)", 2006, (2006, 2006), None),
    ("Årsberetning for Fyrvæsenet\n\nÅr 2013, godkendt 4. marts 2014", 2013, (2013, 2013), None),
    ("Handbook of Tides\n\n2006/07 triennial edition", 2007, (2006, 2007), "Handbook of Tides"),
    ("Register of Pilots\n\n2011 Spring edition", 2011, None, "Register of Pilots"),
    ("Theater am Kai\n\nBericht der Leitung\n\nSpielzeit 2010/11", 2011, (2010, 2011), None),
    ("Ópera del Puerto\n\nMemoria\n\nTemporada 2010-2011", 2011, (2010, 2011), None),
    ("港務局年報\n\n民國98年\n\n中華民國99年5月出版", 2009, (2009, 2009), "港務局年報"),
    ("港務局年報 民國98年\n\n民國97年度統計", 2009, (2008, 2008), "港務局年報"),
    (
        "Lighthouse Trust\n\nAnnual Report\n\n1 April 2005 to 31 March 2006",
        2006,
        (2005, 2006),
        "Lighthouse Trust: Annual Report",
    ),
    ("Kajverein\n\nTätigkeitsbericht\n\n1. Juli 2005 – 30. Juni 2006", 2006, (2005, 2006), None),
    ("Association du Quai\n\nRapport d'activité\n\ndu 1er octobre 2005 au 30 septembre 2006", 2006, (2005, 2006), None),
    ("漁港年報 2012\n\n（2011年の実績）", 2012, (2011, 2011), "漁港年報"),
    ("漁港年報 2012（2011年の実績）", 2012, (2011, 2011), "漁港年報"),
    ("港湾白書 平成20年版\n\n（平成19年度の動向）", 2008, (2007, 2007), "港湾白書"),
    ("港湾白書 平成20年版\n\n（平成19年4月～平成20年3月の実績）", 2008, (2007, 2008), "港湾白書"),
    ("港湾年報 令和4年版\n\n対象期間：令和3年1月～12月の活動", 2022, (2021, 2021), "港湾年報"),
    ("항만연감 2014\n\n(2013년 현황)", 2014, (2013, 2013), "항만연감"),
    ("항만연감 2014\n\n2013년도의 주요 활동", 2014, (2013, 2013), "항만연감"),
    ("港口年鉴 2014\n\n（2013年度的工作）", 2014, (2013, 2013), "港口年鉴"),
    ("Yearbook of Ports 2014\n\n(2013 data)", 2014, (2013, 2013), "Yearbook of Ports"),
    ("Jahrbuch der Häfen 2014\n\n(Daten für das Jahr 2013)", 2014, (2013, 2013), None),
    ("Annuaire des ports 2014\n\nDonnées de l'année 2013", 2014, (2013, 2013), None),
    ("Anuario de los puertos 2014\n\n(Datos de 2013)", 2014, (2013, 2013), None),
    ("Annuario dei porti 2014\n\n(dati relativi all'anno 2013)", 2014, (2013, 2013), None),
    ("RELATÓRIO DE ATIVIDADES 2008\n\nAprovado em reunião de 12 de Março de 2009", 2008, (2008, 2008), None),
    ("Annual Report 2008\n\nAdopted by the Council on 3 June 2009", 2008, (2008, 2008), None),
    ("Tätigkeitsbericht 2008\n\nVom Rat am 3. Juni 2009 genehmigt", 2008, None, None),
    ("Rapport annuel 2008\n\nApprouvé le 3 juin 2009", 2008, (2008, 2008), None),
    ("Geschäftsbericht 2008\n\nVeröffentlicht im Mai 2009", 2008, (2008, 2008), None),
    ("Yearbook of Ports 2008\n\nPublished in May 2009", 2008, None, None),
    ("統計年報 2008\n\n2009年3月発行", 2008, None, None),
    ("漁港年報 平成20年版\n\n平成21年3月発行", 2008, None, None),
    ("Annual Report 2008\n\nApproved on 3 June 2008", 2008, None, None),
    ("Annual Report 2008\n\nSubmitted in 2014", 2008, None, None),
    ("White Paper on Ports 2008\n\nPresented to Parliament in May 2009", 2008, None, None),
    ("Report on Ports 2008\n\nPresented to Parliament in May 2009", 2008, (2008, 2008), None),
    ("Tide Tables\n\nFY2008", 2008, (2008, 2008), None),
    ("Pier Exhibition\n\n3 April 2018 to 9 May 2019", None, None, None),
    ("2015 Report\n\n2014年の記録", 2015, (2014, 2014), None),
]
"""Covers in wordings of their own: lines, edition, years covered, and the series where it is not the first line."""


@pytest.mark.parametrize(
    ("lines", "edition", "covers", "series"), COVERS, ids=[row[0].replace("\n\n", " / ") for row in COVERS]
)
def test_a_cover_states_the_edition_and_the_years_described(
    lines: str, edition: int | None, covers: Years, series: str | None
) -> None:
    inferred = infer_metadata(f"{lines}\n\nPreface\n\nThe lamps burnt through the winter as planned.\n")
    assert (inferred.edition, inferred.covers) == (edition, covers)
    if series is not None:
        assert inferred.series == series


@pytest.mark.parametrize(
    ("cover", "title"),
    [
        ("Annuario del porto\n\nAnno 2003 – Pubblicato a maggio 2004", "Annuario del porto, Anno 2003"),
        ("Hafenbuch\n\nBerichtsjahr 2003 (erschienen 2004)", "Hafenbuch, Berichtsjahr 2003"),
        ("Annual Report\n\n1 April 2005 to 31 March 2006", "Annual Report, 1 April 2005 to 31 March 2006"),
    ],
)
def test_a_title_has_the_year_described_without_the_date_of_publication(cover: str, title: str) -> None:
    assert infer_metadata(f"{cover}\n\nPreface\n\nThe lamps burnt as planned.\n").title == title


@pytest.mark.parametrize("name", ["pt-1", "h2", "part 3", "vol-2"])
def test_a_cover_tells_the_series_also_of_a_file_that_seems_a_part(name: str) -> None:
    path = PurePosixPath(f"{name}.txt")
    text = "Tide Report 2011\n\nPreface\n\nThe lamps burnt through the winter as planned.\n"
    assert infer_metadata(text, names=infer_from_names([path])[path]).series == "Tide Report"


@pytest.mark.parametrize(
    ("publisher", "name", "year"),
    [
        ("Port Authority of Arvik", "Harbours in Figures", "2011"),
        ("Institut des quais", "Les quais en chiffres", "Édition 2011"),
        ("Statistisches Amt Moorland", "Moorland in Zahlen", "Ausgabe 2011"),
        ("Instituto de Pesca", "La pesca en cifras", "Edición 2011"),
        ("Stichting De Kade", "Havencijfers", "Editie 2011"),
        ("Bank of Arvik", "Prices and Wages", "2010/11"),
        ("港湾協会", "港のすがた", "2011年版"),
    ],
)
@pytest.mark.parametrize("separator", ["\n\n", " "])
def test_a_name_with_a_year_below_its_publisher_is_the_title(
    publisher: str, name: str, year: str, separator: str
) -> None:
    text = f"{publisher}\n\n{name}{separator}{year}\n\nPreface\n\nThe lamps burnt through the winter as planned.\n"
    names = infer_from_names([PurePosixPath(f"piers/hx{number}.docx") for number in (2011, 2012)])
    inferred = infer_metadata(text, names=names[PurePosixPath("piers/hx2011.docx")])
    assert inferred.series in {name, f"{publisher}: {name}"}
    assert (inferred.publisher, inferred.edition, inferred.evidence["series"]) == (publisher, 2011, "cover")
    assert name in str(inferred.title)
    assert not is_supported_title(publisher, text)
    assert is_supported_title(name, text)


@pytest.mark.parametrize(
    "line",
    [
        "Port Hall, 3 May 2012",
        "May 2012",
        "Bank of Skarv 2012",
        "The Flood of 2012",
        "By Anna Clay",
        # places
        "Oslo, 2012",
        "Long Beach, 2012",
        "Oslo, Norland, 2012",
        "Oslo\n\n2012",
        "東京、2012",
        "The Hague\n\n2012",
        # persons
        "Jane Doe\n\n2012",
        "J. R. Smith\n\n2012",
        "Jane van der Doe\n\n2012",
        "Joana dos Doe\n\n2012",
        "Jane Doe and John Smith\n\n2012",
    ],
)
def test_a_date_an_event_a_place_a_person_or_an_organisation_below_a_publisher_is_no_title(line: str) -> None:
    text = f"Port Authority of Arvik\n\n{line}\n\nPreface\n\nThe lamps burnt through the winter as planned.\n"
    inferred = infer_metadata(text)
    assert inferred.title != line
    assert line.partition("\n")[0].partition(",")[0] not in str(inferred.series)
    assert is_supported_title("Port Authority of Arvik", text)


@pytest.mark.parametrize("name", ["Port Figures", "Key Indicators", "Prices and Wages", "Harbours of Skarv"])
def test_capitalised_words_below_a_publisher_are_a_title_if_one_is_common_or_a_preposition_joins_them(
    name: str,
) -> None:
    text = f"Port Authority of Arvik\n\n{name}\n\n2012\n\nPreface\n\nThe lamps burnt through the winter.\n"
    assert infer_metadata(text).series == name


def test_file_names_with_a_kind_of_publication_name_the_series_rather_than_a_line_below_the_publisher() -> None:
    names = infer_from_names([PurePosixPath(f"port-yearbook-{year}.txt") for year in (2018, 2019)])
    text = "Ministry of Works\n\nHarbours of Mark King\n\n2018\n\nPreface\n\nThe lamps burnt as planned.\n"
    inferred = infer_metadata(text, names=names[PurePosixPath("port-yearbook-2018.txt")])
    assert (inferred.series, inferred.title) == ("Port Yearbook", "Port Yearbook 2018")


@pytest.mark.parametrize(
    ("title", "prose"),
    [
        (
            "Annual Report 2019",
            (
                "We let 14,210 berths, 6.1 per cent more than in\n2018. Income came to 12.4 million, after 11.9 "
                "million in 2018. The report of 2018 had promised a new crane. It arrived in March 2019."
            ),
        ),
        (
            "Jahresbericht 2019",
            (
                "Wir zählten 8.412 Ausleihen am Tag, deutlich mehr als\n2018. Die Einnahmen betrugen 4,2 Millionen "
                "Euro, 0,3 Millionen weniger als 2018. Der Bau hatte 2018 begonnen. Seit März 2019 ist er offen."
            ),
        ),
        (
            "Rapport annuel 2019",
            (
                "L'attente moyenne a été de 14 minutes, contre 16,5 minutes en\n2018. Les recettes (2018 : 4,1 "
                "millions) ont augmenté de 3 % par rapport à 2018. Le pont a rouvert en mars 2019."
            ),
        ),
    ],
)
def test_the_year_of_a_comparison_does_not_outweigh_that_of_the_title(title: str, prose: str) -> None:
    assert infer_metadata(f"{title}\n\nContents\n\n{prose}\n").covers == (2019, 2019)


def test_a_few_mentions_of_the_year_before_leave_the_years_of_an_annual_report_unknown() -> None:
    filling = "The harbour was quiet, and the boats lay at their moorings. " * 60
    mentions = "The quay was closed in May 2018. The pilots moved house in June 2018.\n"
    assert infer_metadata(f"Annual Report 2019\n\n{mentions}{filling}\n").covers is None
    assert infer_metadata(f"Annual Report 2019\n\n{mentions}\n").covers == (2018, 2018)


def test_a_statement_about_the_issue_of_another_year_is_none_about_the_text() -> None:
    earlier = "The survey of 2018 had counted 310 otters. In 2019 there were 322. By autumn 2019 two were ill.\n"
    assert infer_metadata(f"Otter Survey 2019\n\n{earlier}").covers == (2019, 2019)
    own = "The survey of 2018 covers all rivers. In 2019 there were 322 otters.\n"
    assert infer_metadata(f"Otter Survey 2019\n\n{own}").covers == (2018, 2018)


@pytest.mark.parametrize(
    ("declared", "heading"),
    [
        ("Annual Report 2015 | Elm Ferries", "Elm Ferries: Annual Report and Accounts 2015"),
        ("Annual Report 2015 - Elm Lights Service", "Elm Lights Service of Arvik: Annual Report 2015"),
        ("Jahresbericht 2015", "Jahresbericht 2015 der Fähren Olmen"),
    ],
)
def test_a_declared_title_gives_way_to_a_heading_with_all_its_words(declared: str, heading: str) -> None:
    assert not is_supported_title(declared, f"{heading}\n\nPreface\n\nIt was.\n")
    assert is_supported_title(declared, f"{declared}\n\nPreface\n\nIt was.\n")


def test_a_subtitle_with_the_year_is_part_of_a_title_without_one() -> None:
    assert declared_metadata({"title": "Elm Ferries", "subtitle": "Annual Report 2015"}) == {
        "title": "Elm Ferries: Annual Report 2015"
    }
    assert declared_metadata({"title": "Jahresbericht 2015", "subtitle": "Auf Kurs bis 2030"}) == {
        "title": "Jahresbericht 2015"
    }


COMPARING = (
    "It rained more than in {0}. There were three times as many boats as in {0}. Prices stood above the level of {0}. "
    "In {0} the bill had been lower. Traffic with the island ceased. It had stood at 3 boats in {0}.\n"
)


@pytest.mark.parametrize(
    ("title", "line"),
    [
        ("Elm Trust: Annual Report 2017", "Presented to the Board. Report for the calendar year 2017."),
        ("Elm Trust: Annual Report 2017", "Report of the trustees for the financial year 2017"),
        ("Elm Trust Yearbook 2018", "Report for the calendar year 2017."),
        ("Association du Val : rapport annuel 2017", "Rapport pour l'année 2017"),
        ("Association du Val : rapport annuel 2017", "Rapport d'activité relatif à l'exercice 2017."),
        ("Stadtwerke Ulmen: Geschäftsbericht 2017", "Geschäftsjahr 2017"),
        ("Stadtwerke Ulmen: Jahresbericht 2017", "Bericht über das Kalenderjahr 2017."),
        ("Stadtwerke Ulmen: Jahresbericht 2017", "vom 1. Januar bis 31. Dezember 2017"),
        ("Fundación Olmo: Memoria anual 2017", "Memoria correspondiente al ejercicio 2017"),
        ("Fundación Olmo: Informe anual 2017", "Informe sobre el año 2017."),
        ("Fondazione Olmo: Relazione annuale 2017", "Relazione sull'esercizio 2017."),
        ("Fundação Olmo: Relatório anual 2017", "Relatório referente ao exercício de 2017."),
        ("Stichting Iep: Jaarverslag 2017", "Verslag over het boekjaar 2017."),
    ],
)
def test_a_report_for_a_year_covers_it_whatever_years_the_text_mentions(title: str, line: str) -> None:
    text = f"{title}\n\n{line}\n\n" + COMPARING.format(2016) * 4
    assert infer_metadata(text).covers == (2017, 2017)
    assert infer_metadata(text.replace("2017", "2009").replace("2018", "2010")).covers == (2009, 2009)


@pytest.mark.parametrize(
    "line", ["See the annual report for the year 2013.", "The report for the year 2013 was adopted."]
)
def test_a_report_for_a_year_that_a_sentence_refers_to_is_another_one(line: str) -> None:
    text = f"Elm Trust: Annual Report 2017\n\n{line}\n\n" + "In 2017 all boats were sold. " * 9
    assert infer_metadata(text).covers == (2017, 2017)


def test_an_annual_report_covers_two_years_only_if_it_names_months_of_both() -> None:
    both = "In 2017 we dug. In 2016 we rested. In 2017 we sold. In 2016 we bought. In 2017 we sang. In 2016 we read.\n"
    assert infer_metadata(f"Elm Trust: Annual Report 2017\n\n{both}").covers == (2017, 2017)
    months = "The mill opened in October 2016, closed in December 2016, burnt in May 2017 and reopened in July 2017.\n"
    assert infer_metadata(f"Elm Trust: Annual Report 2017\n\n{both}{months}").covers == (2016, 2017)


def test_the_delivery_of_a_french_report_follows_its_year() -> None:
    text = "Bureau du Val : rapport annuel 2015\n\nRemis à la ministre le 3 mai 2016\n\nEn 2014, rien. En 2014, peu.\n"
    assert infer_metadata(text).covers == (2015, 2015)


FILLING = "The boats landed cod. " * 40


@pytest.mark.parametrize(
    ("cover", "covers"),
    [
        ("# Annual Report 2019\n\nElm Bay, April 2020\n", (2019, 2019)),
        ("# Jahresbericht 2019\n\nOlmen, im Mai 2020\n", (2019, 2019)),
        ("# Yearbook 2019\n\nElm Bay, April 2019\n", (2018, 2018)),
    ],
)
def test_place_and_month_below_the_title_date_the_publication(cover: str, covers: tuple[int, int]) -> None:
    body = "In 2018 the catch grew. By 2018 it had doubled. The year 2018 was mild. In 2019 it fell.\n"
    assert infer_metadata(f"{cover}\n## Catch\n\n{body}{FILLING}\n").covers == covers


def test_the_title_of_a_web_page_tells_the_years_that_its_text_does_not() -> None:
    text = f"Foreword\n\nIn 2019 the catch grew. In 2019 it doubled. The summer of 2019 was mild.\n{FILLING}\n"
    assert infer_metadata(text, "Elm Bay Trust – Annual Report 2019–20").covers == (2019, 2020)


def test_a_file_beside_others_gives_its_owner_without_the_kind_of_publication() -> None:
    names = NameFacts(edition=2020, series="Elm Bay Trust Annual Report", owner="Elm Bay Trust Annual Report")
    text = f"# Annual Report and Accounts 2019–20\n\nFor the year to 31 March 2020\n\n## Catch\n\n{FILLING}\n"
    assert infer_metadata(text, names=names).series == "Elm Bay Trust: Annual Report and Accounts"


@pytest.mark.parametrize(
    ("text", "covers"),
    [
        ("# Museum Report, Fiscal Year 2019\n\nBetween July 1, 2018 and June 30, 2019, many came.", (2018, 2019)),
        ("# Museum Report 2019\n\nFiscal year 2019 (July 1, 2018 through June 30, 2019) was mild.", (2018, 2019)),
        ("# Annual Report 2019\n\nFiscal 2019 ended on February 1, 2020. Sales fell.", (2019, 2020)),
        ("ANNUAL REPORT\n=====\n\nFY2018-19\n\nOur survey of 2015 showed that many read.", (2018, 2019)),
    ],
)
def test_a_fiscal_year_tells_the_years_that_a_text_covers(text: str, covers: tuple[int, int]) -> None:
    assert infer_metadata(f"{text}\n\n{FILLING}\n").covers == covers


@pytest.mark.parametrize(
    ("title", "cover", "is_supported"),
    [
        ("Annual Report 2016 (template)", "Annual Report 2019", False),
        ("Rapport", "Rapport d'activité des services, exercice 2019", False),
        ("Annual Report 2019", "Annual Report 2019", True),
        ("Harbour Notes 2016", "Annual Report 2019\n\nHarbour Notes 2016", True),
    ],
)
def test_the_title_of_another_edition_or_a_shorter_one_is_not_used(title: str, cover: str, is_supported: bool) -> None:
    assert is_supported_title(title, f"{cover}\n\n{FILLING}\n") == is_supported


def test_a_motto_in_large_type_is_no_title_beside_one_with_the_year() -> None:
    text = f"Lighting the Way\n\nAnnual Report 2019\n\nElm Bay Trust\n\n{FILLING}\n"
    assert infer_metadata(text, shown_title="Lighting the Way").series == "Elm Bay Trust: Annual Report"
