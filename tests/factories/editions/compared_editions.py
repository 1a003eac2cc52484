"""Two editions of yearbooks in four languages, and questions that compare a figure of them.

Each fact is a sentence of both editions with another figure, in digits or in words; the later edition may reword it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from corpus.ingest import plan
from index.building.build import build
from index.models.encoder import Encoder
from qa.answering.library import Library

YEARS = (2018, 2021)
"""The years that the editions cover, each published a year later."""


@dataclass(frozen=True, slots=True)
class Fact:
    """A sentence of each edition with `{}` for its figure, what a question asks for, and the figures as written."""

    heading: str
    earlier: str
    later: str
    asked: str
    figures: tuple[str, str]


@dataclass(frozen=True, slots=True)
class Yearbook:
    """A series in a language, with a sentence between the facts."""

    language: str
    series: str
    filling: str
    facts: tuple[Fact, ...]


YEARBOOKS = (
    Yearbook(
        "de",
        "Jahresbericht der Feuerwehr Harlund",
        "Der Stadtrat dankt allen, die in diesem Zeitraum ihren Dienst getan haben.",
        (
            Fact(
                "Einsätze",
                "Die Feuerwehr rückte zu {} Waldbränden aus.",
                "Zu {} Waldbränden musste die Feuerwehr ausrücken.",
                "Waldbrände",
                ("vierzehn", "dreiundzwanzig"),
            ),
            Fact(
                "Mitglieder", "Ihr gehörten {} Frauen an.", "Ihr gehörten {} Frauen an.", "Frauen", ("1.204", "1.377")
            ),
            Fact(
                "Fahrzeuge",
                "Für neue Löschfahrzeuge gab die Stadt {} Euro aus.",
                "Die Stadt gab für neue Löschfahrzeuge {} Euro aus.",
                "Ausgaben für Löschfahrzeuge",
                ("2,4 Millionen", "3,1 Millionen"),
            ),
            Fact(
                "Ausbildung",
                "An der Schule wurden {} Lehrgänge gehalten.",
                "An der Schule fanden {} Lehrgänge statt.",
                "Lehrgänge an der Schule",
                ("sieben", "11"),
            ),
        ),
    ),
    Yearbook(
        "de",
        "Bericht der Stadtbücherei Wendel",
        "Die Leitung freut sich über jede Anregung.",
        (
            Fact(
                "Ausleihe",
                "Die Leser liehen {} Hörbücher aus.",
                "Ausgeliehen wurden {} Hörbücher.",
                "ausgeliehene Hörbücher",
                ("48.310", "51.022"),
            ),
            Fact(
                "Besucher",
                "Die Zahl der Besucher betrug {}.",
                "Die Zahl der Besucher lag bei {}.",
                "Besucher",
                ("312.000", "287.500"),
            ),
            Fact(
                "Haushalt",
                "Der Anteil der Spenden am Haushalt betrug {} Prozent.",
                "Der Anteil der Spenden am Haushalt stieg auf {} Prozent.",
                "Anteil der Spenden",
                ("4,5", "6,25"),
            ),
        ),
    ),
    Yearbook(
        "fr",
        "Rapport annuel du port de Marvaux",
        "Le conseil remercie tous ceux qui ont pris part à ces travaux.",
        (
            Fact(
                "Trafic",
                "Le port a accueilli {} navires de croisière.",
                "Cette année-là, {} navires de croisière ont fait escale au port.",
                "navires de croisière",
                ("douze", "vingt-trois"),
            ),
            Fact(
                "Emploi",
                "Le port employait {} dockers.",
                "Au total, {} dockers travaillaient au port.",
                "dockers",
                ("1 204", "987"),
            ),
            Fact(
                "Travaux",
                "La réfection des quais a coûté {} d'euros.",
                "La réfection des quais a coûté {} d'euros.",
                "coût de la réfection des quais",
                ("3,2 millions", "4,75 millions"),
            ),
            Fact(
                "Sécurité",
                "Il y a eu {} accidents du travail.",
                "On a compté {} accidents du travail.",
                "accidents du travail",
                ("quarante et un", "dix-sept"),
            ),
        ),
    ),
    Yearbook(
        "fr",
        "Bilan de la médiathèque de Sarelle",
        "Les détails se trouvent en annexe.",
        (
            Fact(
                "Prêts",
                "La médiathèque a prêté {} livres.",
                "Les lecteurs ont emprunté {} livres.",
                "livres prêtés",
                ("48.310", "52.600"),
            ),
            Fact(
                "Public",
                "Les moins de 18 ans représentaient {} % des lecteurs.",
                "Les moins de 18 ans représentaient {} % des lecteurs.",
                "part des moins de 18 ans parmi les lecteurs",
                ("31,5", "36"),
            ),
        ),
    ),
    Yearbook(
        "es",
        "Memoria anual del parque de Andaluela",
        "La dirección agradece la ayuda de los vecinos.",
        (
            Fact(
                "Fauna",
                "Nacieron {} linces en el parque.",
                "En el parque nacieron {} linces.",
                "linces nacidos",
                ("siete", "veintitrés"),
            ),
            Fact(
                "Visitas",
                "El parque recibió {} visitantes.",
                "Vinieron al parque {} visitantes.",
                "visitantes del parque",
                ("120.400", "98.750"),
            ),
            Fact(
                "Incendios",
                "Hubo {} incendios forestales.",
                "Se registraron {} incendios forestales.",
                "incendios forestales",
                ("treinta y dos", "dieciocho"),
            ),
            Fact(
                "Presupuesto",
                "El presupuesto fue de {} de euros.",
                "El presupuesto ascendió a {} de euros.",
                "presupuesto",
                ("1,8 millones", "2,15 millones"),
            ),
        ),
    ),
    Yearbook(
        "ja",
        "白浜港湾年報",
        "関係者の協力に感謝する。",
        (
            Fact(
                "入港",
                "この年に入港した客船は{}隻であった。",
                "客船の入港は{}隻となった。",
                "入港した客船の数",
                ("十二", "23"),
            ),
            Fact(
                "職員",
                "港湾局の職員は{}人である。",
                "港湾局の職員は{}人である。",
                "港湾局の職員数",
                ("1,204", "987"),
            ),
            Fact(
                "貨物",
                "取扱貨物量は{}トンであった。",
                "取扱貨物量は{}トンに達した。",
                "取扱貨物量",
                ("35万", "42万5,000"),
            ),
            Fact(
                "予算",
                "岸壁の改修に{}円を支出した。",
                "岸壁の改修費として{}円を支出した。",
                "岸壁の改修費",
                ("3億2,000万", "4億"),
            ),
        ),
    ),
    Yearbook(
        "ja",
        "青葉図書館要覧",
        "詳細は資料編に示す。",
        (
            Fact(
                "貸出",
                "児童書の貸出は{}冊であった。",
                "児童書の貸出冊数は{}冊に増えた。",
                "児童書の貸出",
                ("4万8,310", "5万2,600"),
            ),
            Fact(
                "利用者",
                "登録者のうち六十五歳以上の割合は{}％である。",
                "登録者のうち六十五歳以上の割合は{}％となった。",
                "登録者のうち六十五歳以上の割合",
                ("31.5", "36.2"),
            ),
        ),
    ),
)

QUESTIONS = {
    "de": (
        "Wie hat sich „{asked}“ zwischen {a} und {b} verändert?",
        "Vergleiche die Angaben über {asked} in den Jahren {a} und {b}.",
        "Wie viel mehr oder weniger war es {b} als {a}: {asked}?",
        "Wie entwickelte sich von {a} bis {b}, was der Bericht über {asked} sagt?",
    ),
    "fr": (
        "Comment a évolué entre {a} et {b} : {asked} ?",
        "Comparez {a} et {b} : {asked}.",
        "Quelle est la différence entre {a} et {b} pour « {asked} » ?",
        "{asked} : y en a-t-il eu plus en {b} qu'en {a} ?",
    ),
    "es": (
        "¿Cómo ha cambiado entre {a} y {b}: {asked}?",
        "Compara los años {a} y {b}: {asked}.",
        "¿Cuánto aumentó o disminuyó de {a} a {b}: {asked}?",
        "{asked}: ¿qué diferencia hay entre {a} y {b}?",
    ),
    "ja": (
        "{asked}は{a}年から{b}年にかけてどう変わりましたか。",
        "{a}年と{b}年の{asked}を比較してください。",
        "{b}年の{asked}は{a}年と比べてどうなりましたか。",
        "{asked}の{a}年と{b}年の違いは何ですか。",
    ),
}
"""Questions by language, each with what it asks for and both years."""


def questions(yearbook: Yearbook) -> Iterator[tuple[str, Fact]]:
    """Yield each question about a yearbook with the fact that it asks for."""
    for fact in yearbook.facts:
        for form in QUESTIONS[yearbook.language]:
            yield form.format(asked=fact.asked, a=YEARS[0], b=YEARS[1]), fact


def yearbook_library(folder: Path, yearbook: Yearbook, encoder: Encoder) -> Library:
    """Return a library of both editions of a yearbook."""
    files = folder / "files"
    files.mkdir(parents=True)
    catalogue = f'[defaults]\nseries = "{yearbook.series}"\nlanguage = "{yearbook.language}"\n'
    for place, year in enumerate(YEARS):
        sections = [
            f"# {number} {fact.heading}\n\n{(fact.later if place else fact.earlier).format(fact.figures[place])} "
            f"{yearbook.filling}"
            for number, fact in enumerate(yearbook.facts, 1)
        ]
        (files / f"{year + 1}.md").write_text("\n\n".join(sections) + "\n", encoding="utf-8")
        catalogue += f'[[document]]\nfile = "{year + 1}.md"\ntitle = "{yearbook.series} {year + 1}"\n'
        catalogue += f"edition = {year + 1}\ncovers = {year}\n"
    (files / "corpus.toml").write_text(catalogue, encoding="utf-8")
    build(folder / "index", plan([files]), encoder)
    return Library(folder / "index", encoder)
