"""Generated yearbooks in five languages: prose with notes, tables over several pages, lists and drop caps.

The prose mixes the hand-checked sentences of `tests/data/sentences` with generated ones that have a number of their
own, so that each block differs from all others. `rendered_yearbooks` renders them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count, cycle
from random import Random
from typing import Literal

from tests.paths import TEST_DATA

Part = Literal["front", "body", "annex"]
PORTS = (
    "Arvik Belmora Corran Dunholm Eskeby Farrow Glenmar Hestad Ivelund Jarnes Kelmore Lorvik Marstad Norsund".split()
)


@dataclass(frozen=True, slots=True)
class Wording:
    """What a language needs: title, foreword, chapters, annex, sentences of prose, table caption and columns, notes."""

    title: str
    foreword: str
    chapters: tuple[str, ...]
    annex: str
    sentences: tuple[str, ...]
    caption: str
    columns: tuple[str, ...]
    district: str
    item: str
    note: str


WORDINGS = {
    "en": Wording(
        "Harbour Yearbook 2018",
        "Foreword",
        ("Ports and pilots", "Landings of fish", "Trade with the islands"),
        "Detailed tables",
        (
            "In {port} the harbour office registered {n} vessels, most of them with timber for neighbouring countries.",
            "The desalination plant at {port} delivered {n} cubic metres to the municipal administration.",
            "The representatives of {port} considered the recommendations, and {n} applications were approved.",
            "In all, international cooperation on maritime transportation brought {n} visitors to {port}.",
        ),
        "Table {k}. Landings by district, tonnes",
        ("District", "Herring", "Mackerel", "Shellfish"),
        "District",
        "repair of {n} lamps at {port}",
        "Boats without a licence are included in the count of {port}: {n}.",
    ),
    "de": Wording(
        "Hafenjahrbuch 2018",
        "Vorwort",
        ("Häfen und Lotsen", "Anlandungen von Fisch", "Handel mit den Inseln"),
        "Ausführliche Tabellen",
        (
            "In {port} zählte das Hafenamt {n} Schiffe, die meisten davon mit Holzladungen für die Nachbarländer.",
            "Die Entsalzungsanlage in {port} lieferte {n} Kubikmeter Wasser an die Gemeindeverwaltung.",
            "Die Vertreter von {port} berieten die Empfehlungen, und anschließend wurden {n} Anträge genehmigt.",
            "Die internationale Zusammenarbeit im Seeverkehr brachte {n} Besucherinnen nach {port}.",
        ),
        "Tabelle {k}. Anlandungen nach Bezirken, Tonnen",
        ("Bezirk", "Hering", "Makrele", "Muscheln"),
        "Bezirk",
        "Ausbesserung von {n} Lampen in {port}",
        "Boote ohne Zulassung sind in der Zahl für {port} enthalten: {n}.",
    ),
    "fr": Wording(
        "Annuaire des ports 2018",
        "Avant-propos",
        ("Les ports et les pilotes", "Les débarquements de poisson", "Le commerce avec les îles"),
        "Tableaux détaillés",
        (
            "À {port}, la capitainerie a enregistré {n} navires, dont la plupart transportaient du bois.",
            "L’usine de dessalement de {port} a fourni {n} mètres cubes d’eau à l’administration municipale.",
            "Les représentants de {port} ont examiné les recommandations, et {n} demandes ont ensuite été acceptées.",
            "La coopération internationale des transports maritimes a conduit {n} visiteurs à {port}.",
        ),
        "Tableau {k}. Débarquements par district, en tonnes",
        ("District", "Hareng", "Maquereau", "Coquillages"),
        "District",
        "réparation de {n} lampes à {port}",
        "Les bateaux sans licence sont compris dans le nombre de {port} : {n}.",
    ),
    "es": Wording(
        "Anuario de los puertos 2018",
        "Prólogo",
        ("Puertos y prácticos", "Desembarques de pescado", "Comercio con las islas"),
        "Cuadros detallados",
        (
            "En {port} la capitanía registró {n} buques, la mayoría con madera para los países vecinos.",
            "La planta desalinizadora de {port} entregó {n} metros cúbicos de agua a la administración municipal.",
            "Los representantes de {port} examinaron las recomendaciones y se aprobaron {n} solicitudes.",
            "La cooperación internacional en el transporte marítimo llevó a {n} visitantes a {port}.",
        ),
        "Cuadro {k}. Desembarques por distrito, toneladas",
        ("Distrito", "Arenque", "Caballa", "Mariscos"),
        "Distrito",
        "reparación de {n} lámparas en {port}",
        "Los barcos sin licencia están incluidos en la cifra de {port}: {n}.",
    ),
    "ja": Wording(
        "港湾年鑑2018",
        "まえがき",
        ("港と水先人", "魚の水揚げ", "島々との貿易"),
        "詳細な表",
        (
            "{port}では港湾事務所が{n}隻の船舶を登録し、その大部分は近隣諸国向けの木材を積んでいた。",
            "{port}の淡水化施設は市当局に{n}立方メートルの水を供給した。",
            "{port}の代表は勧告を検討し、その後{n}件の申請が承認された。",
            "海上輸送に関する国際協力により{n}人が{port}を訪れた。",
        ),
        "表{k} 地区別水揚げ量（トン）",
        ("地区", "ニシン", "サバ", "貝類"),
        "地区",
        "{port}の灯火{n}基の修理",
        "{port}の数には無許可の船{n}隻を含む。",
    ),
}


@dataclass(frozen=True, slots=True)
class Block:
    """A heading, paragraph, list or table.

    Attributes:
        kind: What it is.
        sentences: The heading; the sentences of a paragraph; the items of a list; the caption of a table.
        part: The part of the yearbook, which has page numbers of its own: "ii", "2", "A-2".
        level: The level of a heading from 1.
        note: The text of a footnote to which the last sentence of a paragraph refers.
        drop_cap: Whether the first letter of a paragraph is several lines high.
        rows: The rows of a table; the first is its header.
    """

    kind: Literal["heading", "paragraph", "list", "table"]
    sentences: tuple[str, ...]
    part: Part = "body"
    level: int = 1
    note: str = ""
    drop_cap: bool = False
    rows: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Yearbook:
    """A yearbook; `columns` is the number of columns in which its body is printed."""

    title: str
    language: str
    columns: int
    blocks: tuple[Block, ...]

    @property
    def gap(self) -> str:
        """What separates sentences."""
        return "" if self.language == "ja" else " "

    def noted(self) -> Iterator[tuple[int, Block]]:
        """Yield the blocks with the number of their note, 0 for none."""
        numbers = count(1)
        for block in self.blocks:
            yield (next(numbers) if block.note else 0), block


@dataclass
class _Writer:
    """Draws sentences and rows with numbers that occur once."""

    language: str
    random: Random
    blocks: list[Block] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.wording = WORDINGS[self.language]
        lines = (TEST_DATA / "sentences" / f"{self.language}.txt").read_text(encoding="utf-8").splitlines()
        self.checked = iter(lines)
        self.numbers = iter(self.random.sample(range(1000, 9999), 4000))
        self.templates = cycle(self.wording.sentences)
        self.tables = count(1)

    def fill(self, template: str) -> str:
        return template.format(port=self.random.choice(PORTS), n=next(self.numbers))

    def paragraph(self, sentences: int, part: Part = "body", *, drop_cap: bool = False, note: bool = False) -> None:
        """Add a paragraph that begins and ends with a generated sentence."""
        drawn = [self.fill(next(self.templates))]
        drawn += [next(self.checked, None) or self.fill(next(self.templates)) for _ in range(sentences - 2)]
        drawn.append(self.fill(next(self.templates)))
        text = self.fill(self.wording.note) if note else ""
        self.blocks.append(Block("paragraph", tuple(drawn), part, drop_cap=drop_cap, note=text))

    def table(self, rows: int, part: Part) -> None:
        caption = self.wording.caption.format(k=next(self.tables))
        body = (
            (f"{self.wording.district} {next(self.numbers)}", *(f"{next(self.numbers) / 10}" for _ in range(3)))
            for _ in range(rows)
        )
        self.blocks.append(Block("table", (caption,), part, rows=(self.wording.columns, *body)))

    def heading(self, text: str, part: Part = "body", level: int = 1) -> None:
        self.blocks.append(Block("heading", (text,), part, level))


def yearbook(language: str, seed: int, columns: int = 1, scale: int = 3) -> Yearbook:
    """Return a yearbook of about `scale` times three pages."""
    writer = _Writer(language, Random(seed))  # noqa: S311 - reproducible, not secret
    wording = writer.wording
    writer.heading(wording.foreword, "front")
    for _ in range(2 * scale):
        writer.paragraph(4, "front")
    for number, chapter in enumerate(wording.chapters, 1):
        writer.heading(f"{number} {chapter}")
        writer.paragraph(6, drop_cap=True)
        for section in range(1, scale + 1):
            writer.heading(f"{number}.{section} {PORTS[(3 * number + section) % len(PORTS)]}", level=2)
            writer.paragraph(5, note=section % 2 == 1)
            writer.blocks.append(Block("list", tuple(writer.fill(wording.item) for _ in range(3))))
            writer.paragraph(4)
            if section == 1:
                writer.table(5, "body")
                writer.paragraph(4)
    writer.heading(wording.annex, "annex")
    writer.paragraph(2, "annex")
    writer.table(30 * scale, "annex")
    writer.paragraph(2, "annex")
    return Yearbook(wording.title, language, columns, tuple(writer.blocks))
