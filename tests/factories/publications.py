"""Generated publications: invented texts in many wordings with known edition and covered years.

Each wording is a function of the year, so that it serves for several years and across the turn of a century. The rules
were written with `WORDINGS`; `OTHER_WORDINGS` were written independently and check that the rules generalise. `edition`
is the year on the cover: the last year of a span, and the year in which a fiscal year ends. `covers` are the first and
last calendar year described. Both are None if the text does not state them.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import dataclass

Years = tuple[int, int] | None


@dataclass(frozen=True, slots=True)
class Publication:
    """A text with its true metadata. `series` is None if the wording does not test series."""

    text: str
    edition: int | None
    covers: Years
    series: str | None = None


Wording = Callable[[int], Publication]

_EVENTS = (
    "In {month} {year} the new harbour office opened its doors to the public.",
    "The second round of talks was held in {year}, and both sides signed a memorandum.",
    "During {year} inspectors visited every district of the northern province.",
    "A training course for forty judges ended in {month} {year}.",
    "The reservoir at the upper valley was completed in {year} after long delays.",
    "Exports of timber recovered in the third quarter of {year}.",
    "On 14 {month} {year}, the assembly passed the amended statute on fisheries.",
    "Rainfall in {year} stayed below the long-term mean in most regions.",
    "The {year} census of birds counted more herons than any before.",
    "Two hospitals were refurbished in {year} with support of the regional fund.",
    "Negotiators met again in {month} {year} and settled the question of tariffs.",
    "By the end of {year} all schools of the capital were connected.",
)
_MONTHS = ("February", "March", "May", "June", "September", "October", "November")
_PLAIN = (
    "The committee thanks all partners for their patience and their advice.",
    "Small farms remain the backbone of the local economy, as visitors soon notice.",
    "Cooperation with neighbouring countries deepened in several fields.",
    "Staff numbers were stable, and the turnover of drivers fell.",
    "Roads, bridges and ferries need steady maintenance to stay safe.",
    "Public consultations drew a lively response in the towns along the river.",
)
_HISTORY = (
    "The service was founded in 1871 and moved to its present seat in 1903.",
    "Under the Ports Act of 1934 the board was given its own budget.",
    "After the floods of 1953 the dykes were raised by two metres.",
    "The treaty of 1962 and the protocol of 1978 remain the legal base.",
    "In 1945 the archive was burnt, and what was saved came back in 1951.",
    "A first survey was made in 1923, a second in 1947 and a third in 1968.",
    "The railway reached the coast in 1889, as the reports of 1890 relate with pride.",
    "Independence in 1962 changed the task of the service for good.",
)


def events(year: int, count: int) -> str:
    """Return sentences about events of a year, with one mention each."""
    return _prose(
        event.format(year=year, month=month)
        for event, month in itertools.islice(zip(itertools.cycle(_EVENTS), itertools.cycle(_MONTHS)), count)
    )


def plain(count: int) -> str:
    """Return sentences without a year."""
    return _prose(itertools.islice(itertools.cycle(_PLAIN), count))


def history(count: int) -> str:
    """Return sentences about the distant past."""
    return _prose(itertools.islice(itertools.cycle(_HISTORY), count))


def _prose(sentences: object) -> str:
    parts = list(sentences)  # type: ignore[call-overload]
    return "\n\n".join(" ".join(parts[at : at + 3]) for at in range(0, len(parts), 3))


def _text(*blocks: str) -> str:
    return "\n\n".join(blocks) + "\n"


def _two(year: int) -> str:
    return f"{year % 100:02d}"


# Wordings with which the rules were written.


def annual_report(y: int) -> Publication:
    text = _text(f"Annual Report {y}", "1. Introduction", plain(4), "2. The year in brief", events(y, 6), history(2))
    return Publication(text, y, (y, y), "Annual Report")


def year_first(y: int) -> Publication:
    text = _text(f"{y} Annual Report", "Overview", events(y, 5), plain(3), events(y - 1, 2))
    return Publication(text, y, (y, y), "Annual Report")


def bluebook(y: int) -> Publication:
    text = _text(
        f"Foreign Affairs Yearbook {y}", "Chapter 2", "A World in Motion", events(y - 1, 12), events(y, 3), history(2)
    )
    return Publication(text, y, (y - 1, y - 1), "Foreign Affairs Yearbook")


def span_in_title(y: int) -> Publication:
    text = _text(f"Report for {y - 1}-{_two(y)}", "Foreword", plain(3), events(y - 1, 4), events(y, 3))
    return Publication(text, y, (y - 1, y), "Report")


def fiscal_abbreviation(y: int) -> Publication:
    text = _text(
        "ORCHARD FACTS", f"FY{y} Annual Report to Shareholders", "Letter to shareholders", plain(4), events(y, 5)
    )
    return Publication(text, y, (y, y))


def year_ended_in_march(y: int) -> Publication:
    text = _text(
        "Coastal Lighthouse Trust",
        "Annual report and accounts",
        f"for the year ended 31 March {y}",
        "Trustees' report",
        plain(4),
        events(y - 1, 4),
        events(y, 2),
    )
    return Publication(text, y, (y - 1, y))


def edition_behind(y: int) -> Publication:
    text = _text(f"Handbook of Regional Statistics: {y} Edition", f"All data refer to {y - 2} unless stated.", plain(5))
    return Publication(text, y, (y - 2, y - 2), "Handbook of Regional Statistics")


def second_edition(y: int) -> Publication:
    text = _text("Atlas of Inland Waters", f"Second Edition, {y}", "Preface", plain(4), history(3))
    return Publication(text, y, None, "Atlas of Inland Waters")


def filing(y: int) -> Publication:
    text = _text(
        "UNITED STATES SECURITIES AND EXCHANGE COMMISSION",
        "FORM 10-K",
        "ANNUAL REPORT PURSUANT TO SECTION 13 OR 15(d) OF THE SECURITIES EXCHANGE ACT OF 1934",
        f"For the fiscal year ended December 31, {y}",
        "Commission file number 1-2015",
        "Registrant's telephone number: (408) 555-2016",
        "Item 1. Business",
        plain(4),
        f"Net sales in {y} were $4.1 billion, compared with $3.9 billion in {y - 1}. Costs in {y} "
        f"rose to $2,014 million "
        f"from $2,011 million in {y - 1}. In {y - 1} a charge of $2012 thousand was taken.",
        events(y - 1, 4),
    )
    return Publication(text, y, (y, y))


def budget_speech(y: int) -> Publication:
    text = _text(
        f"BUDGET SPEECH {y}-{_two(y + 1)}",
        "delivered by the Minister of Finance",
        "Madam Speaker,",
        f"In {y} the economy will grow by three percent. We shall lay 2,015 kilometres of road and hire 2015 teachers.",
        plain(4),
        f"By {y + 10} every village will have light. Our plan for {y + 5}-{y + 10} follows.",
    )
    return Publication(text, y + 1, (y, y + 1), "BUDGET SPEECH")


def title_over_lines(y: int) -> Publication:
    text = _text(
        f"REPUBLIC OF THE ISLANDS\nMinistry of Works\n\nSTATE OF THE ROADS\nREPORT\n\n{y}",
        "ISBN 978-92-2014-2018-3   ISSN 2013-2017",
        "Tel. +44 2015 2016   Fax +44 2015 2017",
        "Contents",
        "Preface",
        plain(3),
        events(y - 1, 7),
    )
    return Publication(text, y, (y - 1, y - 1))


def only_in_the_body(y: int) -> Publication:
    text = _text(
        "Work of the River Commission", plain(2), f"This report describes what the Commission did during {y}.", plain(6)
    )
    return Publication(text, None, (y, y))


def nothing_said(y: int) -> Publication:
    text = _text("Notes on Harbour Management", plain(8), f"Of {y} boats, 2011 were small. Call 2015-2016 for help.")
    return Publication(text, None, None)


def stated_over_months(y: int) -> Publication:
    text = _text(
        f"White Paper on Fisheries {y}",
        "About this paper",
        f"The present paper covers the period from 1 April {y - 2} to 31 March {y - 1}. It was published in {y}.",
        events(y, 4),
        history(2),
    )
    return Publication(text, y, (y - 2, y - 1), "White Paper on Fisheries")


def two_years(y: int) -> Publication:
    text = _text(f"Biennial Report {y - 1}–{y}", "Highlights", events(y - 1, 5), events(y, 5))
    return Publication(text, y, (y - 1, y), "Biennial Report")


def much_history(y: int) -> Publication:
    text = _text(f"Report of the Customs Museum {y}", "Our past", history(24), "The year", events(y, 4))
    return Publication(text, y, (y, y), "Report of the Customs Museum")


def plan(y: int) -> Publication:
    text = _text(f"National Forest Strategy {y}-{y + 10}", "Vision", plain(4), f"By {y + 10} cover will double.")
    return Publication(text, None, (y, y + 10))


def running_heads(y: int) -> Publication:
    pages = [f"Maritime Yearbook {y}\n\n{plain(2)}\n\n{events(y - 1, 2)}\n\n{page}" for page in range(1, 16)]
    return Publication(_text(*pages), y, (y - 1, y - 1), "Maritime Yearbook")


def table_of_years(y: int) -> Publication:
    head = "Cargo (tonnes)  " + "  ".join(str(year) for year in range(y - 9, y + 1))
    rows = "\n".join(f"{year}  {year * 7 % 1999:,}  {year % 13}.{year % 7}" for year in range(y - 9, y - 1))
    text = _text(f"Statistical Abstract {y}", "Table 1", f"{head}\n{rows}", events(y - 1, 4), plain(3), head, head)
    return Publication(text, y, (y - 1, y - 1), "Statistical Abstract")


def french(y: int) -> Publication:
    text = _text(
        "Office national des forêts",
        f"Rapport annuel {y}",
        "Avant-propos",
        f"Le présent rapport rend compte des activités de l'office au cours de l'année {y}.",
        f"En {y}, le réseau a été étendu. Les ventes de {y - 1} avaient été faibles. Depuis 1966, "
        f"l'office gère 2014 sites.",
    )
    return Publication(text, y, (y, y), None)


def german(y: int) -> Publication:
    text = _text(
        f"Geschäftsbericht {y - 1}/{_two(y)}",
        "Vorwort",
        f"Im Herbst {y - 1} wurde das neue Werk eröffnet. Seit 1923 besteht die Gesellschaft. Im "
        f"Frühjahr {y} folgte der "
        f"Umzug. Der Umsatz stieg auf 2.015 Millionen Euro.",
    )
    return Publication(text, y, (y - 1, y), "Geschäftsbericht")


def japanese(y: int) -> Publication:
    text = _text(
        f"{y}年版 海上安全白書",
        "第1章 概観",
        f"本書は、{y - 1}年1月から12月までの動きを記述する。",
        f"{y - 1}年3月、新たな協定が結ばれた。{y - 1}年には訓練が三回行われた。1951年の条約に基づく。",
    )
    return Publication(text, y, (y - 1, y - 1))


def era_name_beside(y: int) -> Publication:
    text = _text(
        f"Defence of the Coast {y} (Heisei {y - 1988})",
        f"Volume {_roman(y)}",
        "Part II",
        f"In {y - 1} (Heisei {y - 1989}), drills were held. In August {y - 1}, a summit took place. {plain(2)}",
        events(y - 1, 3),
    )
    return Publication(text, y, (y - 1, y - 1))


def _roman(number: int) -> str:
    signs = ((1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"), (50, "L"), (40, "XL"))
    text = ""
    for value, sign in (*signs, (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I")):
        count, number = divmod(number, value)
        text += sign * count
    return text


def published_later(y: int) -> Publication:
    text = _text(
        "Sea Level Monitor",
        f"{y} edition",
        f"Published in March {y + 1}",
        "First published 1998. Reprinted 2021.",
        f"© {y + 1} Board of Tides",
        f"This edition reports on {y}. The previous edition reported on {y - 1}.",
        plain(4),
        events(y - 1, 3),
    )
    return Publication(text, y, (y, y), "Sea Level Monitor")


def an_event_in_the_title(y: int) -> Publication:
    text = _text(
        "After the Water: Lessons of the 1953 Flood",
        history(3),
        plain(3),
        f"The panel met in Room 2014 at 20:15. {plain(1)}",
    )
    return Publication(text + f"It sat for the last time on 3 May {y}.\n", None, None)


WORDINGS: tuple[Wording, ...] = (
    *(annual_report, year_first, bluebook, span_in_title, fiscal_abbreviation, year_ended_in_march, edition_behind),
    *(second_edition, filing, budget_speech, title_over_lines, only_in_the_body, nothing_said, stated_over_months),
    *(two_years, much_history, plan, running_heads, table_of_years, french, german, japanese, era_name_beside),
    *(published_later, an_event_in_the_title),
)


# Wordings that were written independently of the rules.


def calendar_year_volume(y: int) -> Publication:
    text = _text(
        "THE HARBOURS OF THE NORTH",
        f"Yearbook, {y}",
        f"What follows is a record of calendar year {y - 1}. Later developments are mentioned only in passing.",
        plain(3),
        events(y, 5),
        events(y - 1, 2),
    )
    return Publication(text, y, (y - 1, y - 1))


def twelve_months_to_june(y: int) -> Publication:
    text = _text(
        f"Ombudsman: Annual Review {y}",
        f"This review sets out the work of the office in the twelve months to 30 June {y}.",
        plain(5),
        events(y, 2),
    )
    return Publication(text, y, (y - 1, y))


def slash_span(y: int) -> Publication:
    text = _text(f"University of the Fens — Accounts {y - 1}/{y}", "Report of the treasurer", plain(6), events(y, 1))
    return Publication(text, y, (y - 1, y))


def fiscal_year_words(y: int) -> Publication:
    text = _text(
        "City of Larch",
        f"Comprehensive Financial Report for the Fiscal Year Ended June 30, {y}",
        "Introductory section",
        plain(4),
        f"The city was incorporated in 1852. Revenue grew in fiscal {y} from fiscal {y - 1}.",
    )
    return Publication(text, y, (y - 1, y))


def january_to_december(y: int) -> Publication:
    text = _text(
        f"Human Rights Digest {y}",
        f"The volume looks back at events between January and December {y - 1}, and is the twentieth since 1996.",
        plain(4),
        events(y, 3),
        events(y - 1, 3),
    )
    return Publication(text, y, (y - 1, y - 1), "Human Rights Digest")


def unlike_its_predecessor(y: int) -> Publication:
    text = _text(
        f"Energy Outlook and Review, {y} Edition",
        f"Unlike its predecessor, which dealt with {y - 2}, this issue is about {y - 1}.",
        plain(3),
        events(y - 2, 4),
    )
    return Publication(text, y, (y - 1, y - 1))


def spoken_of_most(y: int) -> Publication:
    text = _text(
        "Minerals Yearbook",
        str(y),
        "Gold",
        f"Output in {y - 2} was 2,013 kilograms. World output was 2014 tonnes in {y - 2}, against "
        f"1998 tonnes in {y - 3}.",
        events(y - 2, 5),
        f"A mine may open in {y + 2}, another in {y + 4}, a third in {y + 6}.",
    )
    return Publication(text, y, (y - 2, y - 2), "Minerals Yearbook")


def spring_statement(y: int) -> Publication:
    text = _text(
        f"Financial Statement, {y}",
        "HC 2013",
        f"Mr Speaker, growth in {y} is forecast at 1.9%. Receipts in {y} will exceed spending. In "
        f"{y} we shall build homes.",
        plain(3),
        f"The target for {y + 15} stands. Resolution 2012 (1998) and ISO 2014 apply. Our vision for {y + 30} is clear.",
    )
    return Publication(text, y, (y, y), "Financial Statement")


def month_and_year_on_cover(y: int) -> Publication:
    text = _text(
        "Report on Financial Stability", f"October {y}", "Executive summary", plain(4), events(y, 4), history(3)
    )
    return Publication(text, y, (y, y), "Report on Financial Stability")


def spanish(y: int) -> Publication:
    text = _text(
        f"Memoria anual {y}",
        "Presentación",
        f"Esta memoria recoge las actividades realizadas entre enero y diciembre de {y}.",
        "El instituto fue fundado en 1987 y atiende a 2015 familias.",
    )
    return Publication(text, y, (y, y), "Memoria anual")


def japanese_era(y: int) -> Publication:
    text = _text(
        f"平成{y - 1988}年版 水産白書",
        "はじめに",
        f"平成{y - 1989}年度の動向を述べる。",
        f"平成{y - 1989}年6月に法律が改正された。昭和26年に始まった。{y - 1}年の漁獲量は減った。",
    )
    return Publication(text, y, (y - 1, y - 1))


def full_width(y: int) -> Publication:
    digits = str(y).translate(str.maketrans("0123456789", "０１２３４５６７８９"))
    text = _text(
        f"外交年鑑　{digits}",
        "概説",
        f"{y - 1}年、首脳会談が行われた。{y - 1}年末には合意に達した。{y - 1}年の貿易は増えた。",
    )
    return Publication(text, y, (y - 1, y - 1), "外交年鑑")


def accounts_of_a_company(y: int) -> Publication:
    text = _text(
        "BRAMBLE PLC",
        "Annual Report & Financial Statements",
        f"Year ended 31 December {y}",
        "Company registration number 2014201 (England and Wales)",
        "Strategic report",
        f"Turnover was £2,016m ({y - 1}: £1,998m). Profit was £201m ({y - 1}: £187m). Debt was £55m ({y - 1}: £60m).",
        plain(3),
    )
    return Publication(text, y, (y, y))


def nth_report(y: int) -> Publication:
    text = _text(
        "Fifty-second Report of the Board of Trade and Transport",
        f"The Board presents its report for {y}.",
        plain(4),
        f"Trade grew. The tramway, begun in {y - 3}, was opened in {y}. A bridge is to follow in {y + 2}.",
    )
    return Publication(text, None, (y, y))


def progress_of_a_plan(y: int) -> Publication:
    text = _text(
        f"Agenda 2063: Progress Report {y}",
        "Where we stand",
        events(y - 1, 6),
        "The Agenda 2063 goals for 2023-2033 and the Vision 2040 targets are unchanged. Agenda 2063 guides us.",
        "Agenda 2063 aims high. Vision 2040 does as well. The 2030 Agenda adds to it.",
    )
    return Publication(text, y, (y - 1, y - 1))


def school_year(y: int) -> Publication:
    text = _text(
        "Education at Large", f"School Year {y - 1}–{_two(y)}", "Key facts", plain(5), "Enrolment rose to 2018 pupils."
    )
    return Publication(text, y, (y - 1, y), "Education at Large")


def markdown_with_table(y: int) -> Publication:
    years = range(y - 4, y + 1)
    text = _text(
        f"# Fisheries Bulletin {y}",
        "## Landings",
        "| Port | "
        + " | ".join(map(str, years))
        + " |\n|---|"
        + "---|" * 5
        + "\n| North | 1,998 | 2,001 | 2,010 | 2,012 | 2,014 |",
        f"Landings fell in {y - 1}. The quota for {y - 1} was not used up, though the season of {y - 1} was long.",
    )
    return Publication(text, y, (y - 1, y - 1))


def reporting_period_line(y: int) -> Publication:
    text = _text(
        "Sustainability Report",
        "Green Ferries Ltd",
        f"Reporting period: 1 July {y - 1} – 30 June {y}",
        "About us",
        plain(6),
        f"Since {y - 20} we have sailed the straits. Contact: Suite 2010, 2014 Harbour Road; "
        f"www.example.org/2017/2018.",
    )
    return Publication(text, y, (y - 1, y))


def bibliography(y: int) -> Publication:
    names = ("Abel", "Brook", "Cairns", "Dunn", "Ewart", "Frost", "Grahame", "Hale")
    references = "\n".join(f"{name}, J. ({y - 2}). On rivers. Journal of Water, 20(14), 2011-2018." for name in names)
    text = _text(f"State of the Rivers {y}", "Findings", events(y, 5), plain(2), "References", references)
    return Publication(text, y, (y, y), "State of the Rivers")


def of_no_year(y: int) -> Publication:
    text = _text("Guide to Good Governance", "Third, revised edition", plain(8), history(4), f"Print run: {y} copies.")
    return Publication(text, None, None)


def anniversary(y: int) -> Publication:
    text = _text(
        f"Celebrating fifty years: {y - 50}-{y}",
        f"Annual Report of the Seed Bank, {y}",
        "Chair's message",
        events(y, 5),
        f"It began in {y - 50}. In {y - 50} there were three of us. In {y - 49} we were nine.",
    )
    return Publication(text, y, (y, y))


def dated_speech(y: int) -> Publication:
    text = _text(
        "Address on the State of the Union of Towns",
        f"delivered on 12 January {y}",
        plain(3),
        f"In {y - 1} we built forty bridges. In {y - 1} no town was flooded. The storm of {y - 1} did little harm.",
        plain(2),
    )
    return Publication(text, y, (y - 1, y - 1))


OTHER_WORDINGS: tuple[Wording, ...] = (
    *(calendar_year_volume, twelve_months_to_june, slash_span, fiscal_year_words, january_to_december),
    *(unlike_its_predecessor, spoken_of_most, spring_statement, month_and_year_on_cover, spanish, japanese_era),
    *(full_width, accounts_of_a_company, nth_report, progress_of_a_plan, school_year, markdown_with_table),
    *(reporting_period_line, bibliography, of_no_year, anniversary, dated_speech),
)
