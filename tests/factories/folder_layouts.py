"""Folders of yearly publications in many naming habits, each file with the metadata that it should get."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from html import escape
from typing import NamedTuple

import docx

from tests.factories.rendered.pages import draw_all, draw_lines, draw_pages

_PROSE = (
    "The board met as planned and thanked all who had helped.",
    "Boats were built on the coast, and the harbour was dredged.",
    "Catches were as good as the weather allowed.",
)


@dataclass(frozen=True, slots=True)
class LaidOutFile:
    """A file: its path below the folder, its text or bytes, and what is right. An edition of None must stay unknown.

    `series` names the group of files that are one series; any name may be inferred for it. None must stay unknown.
    """

    path: str
    text: str | bytes
    edition: int | None
    series: str | None
    covers: tuple[int, int] | None = None
    part: str | None = None
    title: str = ""
    """Words that the title must have."""


@dataclass(frozen=True, slots=True)
class FolderLayout:
    """The name of a folder and its files."""

    name: str
    files: tuple[LaidOutFile, ...]


def _speech(salutation: str) -> str:
    return f"{salutation}\n\nIt is an honour to speak to you. {' '.join(_PROSE)}\n\n{_PROSE[1]} {_PROSE[2]}\n"


def _review(year: int) -> str:
    return (
        f"Fisheries Review {year}\n\n1. The year\n\n"
        f"In {year - 1} the harbour grew. In {year - 1} boats were built. {_PROSE[0]}\n"
    )


def _dated_prose(year: int) -> str:
    return f"{_PROSE[0]} In {year - 1} boats were built, and in {year} more will follow. {_PROSE[1]}\n"


def _chapter(number: int, year: int) -> str:
    return f"Chapter {number}\n\nHarbours and Boats\n\n{_dated_prose(year)}"


def _registrant(name: str, year: int) -> str:
    return (
        f"FORM 10-K\n\nANNUAL REPORT\n\nFor the fiscal year ended December 31, {year}\n\n{name}\n"
        f"(Exact name of registrant as specified in its charter)\n\nItem 1. Business\n\n{_PROSE[0]}\n"
    )


_SPEAKERS = ("Ames", "Ames", "Brook", "Clay", "Clay", "Dale", "Eaton", "Ford")
_YEARS = range(2009, 2017)


def _strangers_layouts() -> Iterator[FolderLayout]:
    """Yield folders as institutions name them: chapters in folders, topics of one work, names that change."""
    years = (2018, 2019, 2020)
    yield FolderLayout(
        "Ministry of Ports",
        tuple(
            LaidOutFile(
                f"Annual Report {year}/{number:02}_{topic.lower()}.txt",
                f"Chapter {number}\n\n{topic}\n\n{_PROSE[0]} In {year} it grew. "
                f"In {year} ships were sold, and {year} was better than {year - 1}.\n",
                year,
                "a",
                (year, year),
                f"Chapter {number}",
            )
            for year in years
            for number, topic in enumerate(("Harbours", "Ferries"), 1)
        ),
    )
    yield FolderLayout(
        "court-stats",
        tuple(
            LaidOutFile(
                f"{kind}_cases_{year}.txt",
                f"{kind.title()} Cases\n\nStatistics of the District Court, {year}\n\n{_PROSE[0]} "
                f"In {year} there were 1,204 {kind} cases. In {year} judges sat on 200 days, in {year} on weekdays.\n",
                year,
                kind,
                (year, year),
            )
            for year in years
            for kind in ("civil", "criminal", "family")
        ),
    )
    german = ("Jahresbericht_2018", "JB2019_final", "Jahresbericht-2020-Endfassung")
    yield FolderLayout(
        "Hafenamt",
        tuple(
            LaidOutFile(
                f"{name}.txt",
                f"Hafenamt Musterstadt\n\nJahresbericht {year}\n\nVorwort\n\nIm Jahr {year} wuchs die Flotte. "
                f"Der Hafen wurde {year} ausgebaggert. Die Fänge des Jahres {year} waren gut.\n",
                year,
                "a",
                (year, year),
            )
            for year, name in zip(years, german, strict=True)
        ),
    )
    french = ("Rapport annuel 2018 - Office des ports", "RA_2019_office_ports", "Rapport annuel 2020")
    yield FolderLayout(
        "rapports",
        tuple(
            LaidOutFile(
                f"{name}.txt",
                f"Office des ports\n\nRapport annuel {year}\n\nAvant-propos\n\nL'année {year} a été bonne. "
                f"En {year}, neuf navires ont été construits. En {year}, le port a été dragué.\n",
                year,
                "a",
                (year, year),
            )
            for year, name in zip(years, french, strict=True)
        ),
    )
    yield FolderLayout(
        "水産白書",
        tuple(
            LaidOutFile(
                f"令和{year - 2018 if year > 2019 else '元'}年版/第{number}章.txt",
                f"第{number}章　漁業の動向\n\n第1節　生産\n\n{year - 1}年の漁獲量は四百万トンであった。"
                f"{year - 1}年には漁船が減少した。{year - 1}年度の予算は増額された。\n",
                year,
                "a",
                (year - 1, year - 1),
                f"第{number}章",
            )
            for year in (2019, 2020, 2021)
            for number in (1, 2)
        ),
    )
    yield FolderLayout(
        "letters to shareholders",
        tuple(
            LaidOutFile(
                f"{year}ltr.txt",
                f"BERGEN SHIPPING INC.\n\nTo the Shareholders of Bergen Shipping Inc.:\n\nOur gain during {year} was "
                f"$6.2 billion. In {year} we bought nine ships. {_PROSE[0]}\n\nIn {year} freight rates fell.\n",
                year,
                "a",
                (year, year),
            )
            for year in years
        ),
    )
    yield FolderLayout(
        "gov",
        tuple(
            LaidOutFile(f"Budget {year - 1}-{year % 100}/{name}.txt", text, year, "a")
            for year in years
            for name, text in (
                ("speech", f"Budget {year - 1}-{year % 100}\n\nSpeech of the Minister of Finance\n\n{_PROSE[0]}\n"),
                ("annex", f"Annex to the Speech\n\n{_PROSE[1]}\n"),
            )
        ),
    )
    yield FolderLayout(
        "bulletin",
        tuple(
            LaidOutFile(
                f"{year}-Q{quarter} Port Bulletin.txt",
                f"Port Bulletin\n\nIssue {quarter}/{year}\n\n{_PROSE[0]} {_PROSE[1]}\n",
                year,
                "a",
                None,
                f"Q{quarter}",
            )
            for year in years
            for quarter in (1, 2, 3)
        ),
    )
    yield FolderLayout(
        "Governor",
        tuple(
            LaidOutFile(
                f"{year}-02-{year % 28 + 1:02} Speech by Governor {who}.txt",
                f"Speech by Governor {who}\n\nDinner of the Pilots, {year % 28 + 1} February {year}\n\n{_PROSE[0]}\n",
                year,
                "a",
            )
            for year, who in zip(_YEARS, _SPEAKERS, strict=True)
        ),
    )
    yield FolderLayout(
        "speeches",
        tuple(
            LaidOutFile(
                f"{year} {who}.txt",
                f"My friends:\n\nLast year boats were built. {_PROSE[0]} This year we will build more.\n",
                year,
                "a",
                (year - 1, year),
            )
            for year, who in zip(_YEARS, _SPEAKERS, strict=True)
        ),
    )


def _pdf(text: str) -> bytes:
    title, *lines = filter(None, text.split("\n"))
    below = (draw_lines(line, y=660 - 40 * number, size=9) for number, line in enumerate(lines))
    return draw_pages(draw_all(draw_lines(title, size=20, font="Helvetica-Bold"), *below))


def _html(text: str, title: str, author: str = "") -> bytes:
    heading, *lines = filter(None, text.split("\n"))
    body = "".join(f"<p>{escape(line)}</p>" for line in lines)
    meta = f'<meta name="author" content="{author}">' if author else ""
    head = f"<meta charset='utf-8'><title>{escape(title)}</title>{meta}"
    return f"<html><head>{head}</head><body><main><h1>{escape(heading)}</h1>{body}</main></body></html>".encode()


def _docx(text: str) -> bytes:
    document = docx.Document()
    heading, *lines = filter(None, text.split("\n"))
    document.add_heading(heading)
    for line in lines:
        document.add_paragraph(line)
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


class _Written(NamedTuple):
    """A series: folder, path and text ("|" divides paragraphs), years, covered years after the edition, and title."""

    folder: str
    path: str
    text: str
    years: range
    covers: tuple[int, int] | None
    title: str


_WRITTEN = (
    _Written(
        "umwelt",
        "umweltbericht_{y}_de.txt",
        "Umweltbericht {y}|Umweltamt Musterland|Vorwort|Im Jahr {p} sank der Ausstoß. {p} wuchs der Wald. {p}!",
        range(2014, 2018),
        (-1, -1),
        "Umweltbericht",
    ),
    _Written(
        "umwelt",
        "umweltbericht_{y}_en.txt",
        "Environment Report {y}|Foreword|In {p} emissions fell. In {p} forests grew; {p} was a good year.",
        range(2014, 2018),
        (-1, -1),
        "Environment Report",
    ),
    _Written(
        "Reserve Bank",
        "FY{p}-{yy:02}/Q1_Economic_Review.txt",
        "Reserve Bank of Utopia|Quarterly Economic Review|April to June {p}|Output rose by 2 per cent.",
        range(2020, 2024),
        (-1, -1),
        "Economic Review",
    ),
    _Written(
        "scans",
        "IMG_{number}.txt",
        "HARBOUR BOARD|SIXTY-{ordinal} ANNUAL REPORT|For the year ended 30th June, {y}|To the Members|Boats.",
        range(1952, 1957),
        (-1, 0),
        "annual report",
    ),
    _Written(
        "scans de",
        "scan{number}.txt",
        "Hafenamt|{n}. Jahresbericht {y}|Vorwort|Im Jahr {y} wuchs die Flotte. {y} sank der Zoll, {y} die Pacht.",
        range(2016, 2020),
        (0, 0),
        "Jahresbericht",
    ),
    _Written(
        "commissioner",
        "COM-{number}-A{n}.txt",
        "Report of the Fisheries Commissioner|14 March {y}|To the Assembly|In {p} we heard 300 "
        "complaints. In {p} half were upheld; {p} was a calm year.",
        range(2011, 2016),
        (-1, -1),
        "Fisheries Commissioner",
    ),
    _Written(
        "statements",
        "{y}-05-12_Statement.txt",
        "Statement of the Governor|12 May {y}|Boats were built.",
        range(2015, 2019),
        None,
        "Statement",
    ),
    _Written(
        "city hall",
        "Budget Message 02-{n}-{y}.txt",
        "Budget Message of the Mayor|February {n}, {y}|Members of the Council:|Boats were built.",
        range(2010, 2019),
        None,
        "Budget Message",
    ),
    _Written(
        "Statistikamt",
        "Jahrbuch {y}/02 Handel/kapitel2.txt",
        "Kapitel 2|Handel|Die Angaben beziehen sich auf das Jahr {p}. Seit {y} gilt ein neuer Zoll.",
        range(2012, 2015),
        (-1, -1),
        "Handel",
    ),
    _Written(
        "防衛白書",
        "H{era}_01.txt",
        "第1章　装備|{p}年度の予算は増額された。{p}年には演習が行われた。{p}年の人員は減少した。",
        range(2014, 2018),
        (-1, -1),
        "防衛白書",
    ),
    _Written(
        "Debates",
        "Session {p}-{yy:02}/Budget Debate {yy} February {y}.txt",
        "Budget Debate|{yy} February {y}|Madam Speaker:|Boats were built.",
        range(2015, 2019),
        None,
        "Budget Debate",
    ),
    _Written(
        "contas",
        "Relatorio_e_Contas_{y}-12-31.txt",
        "Banco do Mar, S.A.|Relatório e Contas {y}|Presidente|O ano de {y} foi bom. Em {y} crescemos; em {y}, mais.",
        range(2016, 2019),
        (0, 0),
        "Relatório e Contas",
    ),
    _Written(
        "A",
        "A_{n}_1.txt",
        "A/{n}/1|United Nations|Report on the work of the Organization|Supplement No. 1|New York, {y}|Boats.",
        range(2015, 2019),
        None,
        "Report on the work",
    ),
    _Written(
        "Ministers",
        "minutes {y}.txt",
        "Minutes of the Board|4 December {y}|On 3 October {y} the quay was opened, and on 9 November {y} "
        "the lock. The board will meet in {q} again.",
        range(2015, 2019),
        (0, 0),
        "",
    ),
)


def _written_layouts() -> Iterator[FolderLayout]:
    """Yield folders as agencies, banks and parliaments write them, in several languages and orders of the date."""
    files: dict[str, list[LaidOutFile]] = {}
    ordinals = "SECOND THIRD FOURTH FIFTH SIXTH".split()
    for folder, path, text, years, covers, title in _WRITTEN:
        for number, y in enumerate(years):
            values = {
                "y": y,
                "p": y - 1,
                "q": y + 1,
                "yy": y % 100,
                "era": y - 1988,
                "n": number + 12,
                "number": 4711 + 31 * number,
                "ordinal": ordinals[number % 5],
            }
            span = None if covers is None else (y + covers[0], y + covers[1])
            part = {"Reserve Bank": "Q1", "Statistikamt": "Kapitel 2"}.get(folder)
            written = text.format(**values).replace("|", "\n\n") + "\n"
            file = LaidOutFile(path.format(**values), written, y, path, span, part, title)
            files.setdefault(folder, []).append(file)
    for folder, laid_out in files.items():
        yield FolderLayout(folder, tuple(laid_out))


def _mixed_layouts() -> Iterator[FolderLayout]:
    """Yield folders with files of several formats, owners in metadata, subtitles, volumes and dates."""
    years = (2016, 2017, 2018, 2019)

    def series(folder: str, path: str, text: Callable[[int], str | bytes]) -> FolderLayout:
        names = {
            year: path.format(year=year, short=year % 100, before=year % 100 - 1, decade=year // 10 * 10, n=year - 1990)
            for year in years
        }
        return FolderLayout(folder, tuple(LaidOutFile(names[year], text(year), year, "a") for year in years))

    def report(year: int) -> str:
        return f"Annual Report {year}\n\n{_dated_prose(year)}"

    harbour = {year: f"Harbour Yearbook {year}\n\nForeword\n\n{_dated_prose(year)}" for year in years}
    yield FolderLayout(
        "docs",
        (
            LaidOutFile("harbour-yearbook-2016.pdf", _pdf(harbour[2016]), 2016, "a"),
            LaidOutFile("harbour-yearbook-2017.html", _html(harbour[2017], "Harbour Yearbook 2017 | Ports"), 2017, "a"),
            LaidOutFile("harbour-yearbook-2018.docx", _docx(harbour[2018]), 2018, "a"),
            LaidOutFile("harbour-yearbook-2019.txt", harbour[2019], 2019, "a"),
        ),
    )
    owned = f"Annual Report 2016\nPort Authority of Muster\n\nForeword\n\n{_dated_prose(2016)}"
    yield FolderLayout(
        "docs",
        (
            LaidOutFile("ar2016.pdf", _pdf(owned), 2016, "a"),
            LaidOutFile(
                "ar2017.html", _html(report(2017), "Annual Report 2017", "Port Authority of Muster"), 2017, "a"
            ),
            LaidOutFile("ar2018.html", _html(report(2018), "Annual Report 2018 | Port Authority of Muster"), 2018, "a"),
        ),
    )
    for title, author in (("{title}", "{owner}"), ("{title} | {owner}", ""), ("{owner} - {title}", "")):
        yield FolderLayout(
            "docs",
            tuple(
                LaidOutFile(
                    f"page{number}{year % 10}.html",
                    _html(
                        report(year),
                        title.format(title=f"Annual Report {year}", owner=owner),
                        author.format(owner=owner),
                    ),
                    year,
                    owner,
                )
                for number, owner in enumerate(("Acme Works plc", "Borg Ferries Ltd", "Ministry of Ports"))
                for year in years
            ),
        )
    subtitles = ("Harbours in Crisis", "Fish for All", "Work and Tides", "A Sea of Data")
    for separator in (": ", " – ", "\n"):
        yield series(
            "docs",
            "whr{short}.txt",
            lambda year, separator=separator: (  # type: ignore[misc]
                f"World Harbour Report {year}{separator}{subtitles[year % 4]}\n\nForeword\n\n{_dated_prose(year)}"
            ),
        )
    yield series(
        "annals", "annals-{n}.txt", lambda year: f"Annals of Tides\n\nVolume {year - 1990}, {year}\n\n{_PROSE[0]}"
    )
    yield series(
        "Lage", "Lagebericht_31.12.{year}.txt", lambda year: f"Lagebericht zum 31. Dezember {year}\n\n{_PROSE[0]}"
    )
    yield series(
        "외교백서",
        "{year}년 외교백서.txt",
        lambda year: f"{year}년 외교백서\n\n머리말\n\n{year - 1}년에는 정상회담이 있었다.\n",
    )
    yield series(
        "archive",
        "{decade}s/{year}/Pilots.pdf",
        lambda year: _pdf(f"Report of the Pilots {year}\n\n{_dated_prose(year)}"),
    )
    yield series(
        "dept",
        "ar_{before}{short}.docx",
        lambda year: _docx(f"Office of Ports\nAnnual Report {year - 1}/{year % 100}\n{_PROSE[0]}"),
    )
    yield FolderLayout(
        "Pilots",
        tuple(
            LaidOutFile(
                f"{year}/{month}/bulletin.txt",
                f"Bulletin of the Pilots\n\n{month} {year}\n\n{_PROSE[0]}",
                year,
                "a",
                None,
                month,
            )
            for year in years
            for month in ("March", "October")
        ),
    )


def folder_layouts() -> Iterator[FolderLayout]:
    """Yield the folders."""
    yield from _mixed_layouts()
    yield from _written_layouts()
    habits: list[tuple[str, str, str | Callable[[int], str]]] = [
        ("inaugural_addresses", "{year}_{who}", "My fellow citizens:"),
        ("budget speeches", "{who} - {year}", "Mr. Speaker,"),
        ("docs", "budget-speech-{year}-{who}", "Mr. President:"),
        ("docs", "DiplomaticBluebook{year}", _dated_prose),
        ("docs", "ar-fy{short:02}", _dated_prose),
        ("docs", "jb_{before}_{short:02}", _dated_prose),
        ("docs", "平成{era}年版白書", _dated_prose),
        ("docs", "survey/{year}/survey_final", _dated_prose),
        ("harbour board", "{year}/report", _dated_prose),
        ("docs", "acme-{year}1231", _dated_prose),
        ("docs", "agenda-2030-progress-{year}", _dated_prose),
        ("docs", "Haushaltsrede {year} ({who})", "Meine Damen und Herren,"),
        ("docs", "rapport-annuel_{year}_VF", _dated_prose),
        ("docs", "scan{short:03}", _review),
        ("letters", "{short:02}", "To the members:"),
        ("docs", "resolution-{year}", "The Council,"),
    ]
    for folder, name, text in habits:
        known = not name.startswith(("{short", "resolution"))
        files = []
        for year, who in zip(_YEARS, _SPEAKERS, strict=True):
            path = name.format(year=year, before=year - 1, short=year % 100, era=year - 1988, who=who)
            body = _speech(text) if isinstance(text, str) else text(year)
            covers = (year - 1, year - 1) if text is _review else None
            files.append(LaidOutFile(f"{path}.txt", body, year if known else None, "a" if known else None, covers))
        yield FolderLayout(folder, tuple(files))
    yield FolderLayout(
        "docs",
        tuple(
            LaidOutFile(
                f"white-paper-{year}/ch{chapter}.txt", _chapter(chapter, year), year, "a", None, f"Chapter {chapter}"
            )
            for year in (2015, 2016, 2017)
            for chapter in (1, 2, 3)
        ),
    )
    yield FolderLayout(
        "yearbooks",
        tuple(
            LaidOutFile(f"{year}/part-{part}.txt", _chapter(part, year), year, "a", None, f"Chapter {part}")
            for year in (2014, 2015, 2016)
            for part in (1, 2)
        ),
    )
    for pattern in (
        "{issuer}-{year}",
        "{issuer}/{year}",
        "{issuer}/annual-report-{year}",
        "annual-report-{issuer}-{year}",
    ):
        yield FolderLayout(
            "docs",
            tuple(
                LaidOutFile(f"{pattern.format(issuer=issuer, year=year)}.txt", _dated_prose(year), year, issuer)
                for issuer in ("nbo", "shq", "Kettle Works")
                for year in (2017, 2018, 2019)
            ),
        )
    yield FolderLayout(
        "docs",
        tuple(
            LaidOutFile(f"{issuer[:4].lower()}{year % 100}.txt", _registrant(issuer, year), year, issuer, (year, year))
            for issuer in ("North Bay Orchards, Inc.", "South Hill Quarries Co.", "Muster Holding AG", "Acme Works plc")
            for year in (2017, 2018, 2019)
        ),
    )
    yield from _strangers_layouts()
    yield FolderLayout(  # topics or issuers: only their year is certain
        "docs",
        tuple(
            LaidOutFile(f"{year}/{topic}.txt", _dated_prose(year), year, None)
            for year in (2015, 2016, 2017)
            for topic in ("fisheries", "trade")
        ),
    )
