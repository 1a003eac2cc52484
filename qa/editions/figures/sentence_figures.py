"""Find the figures of sentences, and the direction and subject of each: its clause, or its row and column."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from corpus.clauses import BREAK, CLEAR_CONJUNCTION, MARK
from corpus.metadata.years import parse_years, written_years
from corpus.records import format_span_id
from corpus.scripts import HAN, KATAKANA
from corpus.vocabulary import UNITS
from index.lexical.analysis import terms
from qa.editions.figures.changes import BEFORE_AMOUNT, EXPECTED, NOT_PHRASAL, REACH, begins_change
from qa.editions.figures.labels import MEASURE_WORDS, lists_figures
from qa.editions.figures.quantities import Quantity, find_quantities, header_cells, is_table_row, uses_decimal_comma
from qa.editions.sections import LocatedSentence

_AGO = re.compile(r"\bago\b|\bvor\s+\w+\s+Jahr|\bil\s+y\s+a\b|\bhace\s+\w+\s+año", re.IGNORECASE)
"""Words for an amount of a time some years ago."""

_CHANGE_AMOUNT = re.compile(
    r"\b(?:add(?:ed|ing)|creat(?:ed|ing)|dropped|established|gained|hir(?:ed|ing)|join(?:ed|ing)|lost|new(?:ly)?|opened"
    r"|removed|neue?[nrs]?|nouve(?:au|lle)s?|nuev[oa]s?)\b",
    re.IGNORECASE,
)
"""Words for an amount that came or went: "12 new ships"."""

_EXCEEDS = re.compile(r"\bexceed(?:s|ed|ing)?\b", re.IGNORECASE)
"""Separates the larger amount from the smaller one."""

_REMARK = re.compile(
    r"\b(?:as\s+)?(?:restated|revised|adjusted|provisional|preliminary|(?:un)?audited|angepasst|vorläufig|retraité|révisé"
    r"|provisoire|reexpresado|revisado|provisional|aangepast|voorlopig|riesposto|provvisorio)\w{0,2}\b|\b(?:see\s+)?notes?\s+\w+\b"
    r"|修正後|暫定",
    re.IGNORECASE,
)
"""What the head of a column says about its figures, which are of the same thing as those of another year."""

_TIME_UNITS = "year|month|week|day|quarter|decade"
_TIME_UNIT = re.compile(rf"(?:{_TIME_UNITS})s?", re.IGNORECASE)
_PERIOD_WORDS = r"(?:last|past|next|previous|first|coming|ensuing|following|preceding|these|those)"
_PERIOD_BEFORE = re.compile(
    rf"\b(?:(?:over|in|within|during|for|after|every)\s+(?:the\s+)?(?:{_PERIOD_WORDS}\s+)?|{_PERIOD_WORDS}\s+)$",
    re.IGNORECASE,
)
"""What is before the length of a period: "over the next 4 years"."""

_PERIOD_AFTER = re.compile(r"[\s-]+\w+\s+(?:ago|earlier|later|before|old)\b", re.IGNORECASE)
"""What is after it: "two years ago"."""

_AGE_BEFORE = re.compile(r"\b(?:aged?|ages)\s+(?:of\s+)?(?:\d+\s+(?:and|to|or)\s+)?$", re.IGNORECASE)
"""What is before an age: "aged 65"."""

_PERIOD_LENGTH = re.compile(
    rf"\b(?:over|in|within|during|for|after|{_PERIOD_WORDS})\s+(?:the\s+)?(?:{_PERIOD_WORDS}\s+)?"
    rf"(\d+|{'|'.join(UNITS)})\s+({_TIME_UNITS})s?\b",
    re.IGNORECASE,
)
"""A period with its length and its unit."""

_FORECAST = re.compile(r"\b(?:estimat\w*|projections?|next|voraussichtlich\w*)\b", re.IGNORECASE)
_DIFFERENCE = re.compile(
    r"\b(?:increase|decrease|excess|reduction|decline|difference|surplus|shortfall|growth|Anstieg|Rückgang|hausse|baisse)s?\b",
    re.IGNORECASE,
)
"""Words for an amount of a coming year, and for the difference of two amounts: neither is a counterpart of an amount of
the year described."""

_OPPOSITE_WORDS = (
    (
        """profit profits surplus surpluses net-income gewinn* überschuss überschüsse bénéfice bénéfices excédent
        excédents beneficio beneficios superávit 黒字 利益""",
        """loss losses deficit deficits shortfall verlust* fehlbetrag defizit* perte pertes déficit déficits pérdidas
        赤字 損失""",
    ),
    (
        """rise rises rose risen rising increas* grow* grew gain gained climb* up higher more gestiegen stieg stiegen
        zunahme zugenommen gewachsen wuchs mehr augment* hausse progress* aument* creci* subió 増加 増え 上昇 上回""",
        """fall falls fell fallen falling decreas* declin* drop drops dropped shrank shrunk reduc* down lower fewer less
        gesunken sank sanken abnahme abgenommen rückgang zurückgegangen weniger baiss* recul* dimin* disminu* descend*
        cayó bajó 減少 減り 低下 下回""",
    ),
    (
        """opened founded joined hired recruited admitted arriv* eröffnet eingestellt ouvert* embauch* abiert*
        contratad* 開設 採用""",
        """closed abolished left dismissed expelled depart* geschlossen entlassen fermé* licenci* cerrad* despedid*
        閉鎖 解雇""",
    ),
    (
        "in-favour in-favor voted-for accepted approved adopted granted dafür angenommen adopté* aprobad* 賛成 可決",
        "voted-against rejected refused denied dagegen abgelehnt rejeté* rechazad* 反対 否決",
    ),
    (
        "import imports imported importe importen importation* importacion* 輸入",
        "export exports exported exporte exporten exportation* exportacion* 輸出",
    ),
    (
        """men man male males boys hommes männer männlich* hombres uomini maschi homens mannen 男性 男子""",
        """women woman female females girls femmes frauen weiblich* mujeres donne femmine mulheres vrouwen 女性 女子""",
    ),
    (
        "strengthened appreciated aufgewertet apprécié* apreció apprezzat*",
        "weakened depreciated abgewertet déprécié* depreció deprezzat*",
    ),
    ("full-time vollzeit* temps-plein tiempo-completo tempo-pieno", "part-time teilzeit* temps-partiel tiempo-parcial"),
    ("undergraduate undergraduates", "postgraduate postgraduates"),
    ("inpatient inpatients in-patients stationär*", "outpatient outpatients out-patients ambulant*"),
    ("urban", "rural"),
    ("over-budget over-the-budget above-budget above-the-budget", "under-budget below-budget below-the-budget"),
    (
        """died dies dead death deaths killed fatal* tot tote* getötet* starb* gestorben mort* décédé* tué* muert* murió
        murieron fallec* morti deceduti overleden 死亡""",
        """injured injuries wounded survived survivors recovered treated suffered verletzt* behandelt* überlebt* blessé*
        soigné* surviv* herid* tratad* sobreviv* feriti gewond* 負傷""",
    ),
    ("gained won gewann* gewonnen hinzu gagné* ganó ganad*", "lost verlor* verlier* perdu* perdió perdid*"),
)
"""Words that reverse the meaning of a figure (a profit of 356 million is not a loss of 356 million): for one direction,
and for the opposite one; `*` stands for any ending, a hyphen for a blank."""


def _pattern(words: str) -> re.Pattern[str]:
    """Return the pattern of these words; those in Japanese, which has no blanks between words, may be anywhere."""
    forms = [word.replace("*", r"\w*").replace("-", r"\s+") for word in words.split()]
    forms = [f"{NOT_PHRASAL}up" if form == "up" else form for form in forms]
    return re.compile("|".join(form if re.match(f"[{HAN}]", form) else rf"\b{form}\b" for form in forms), re.IGNORECASE)


_OPPOSITES = tuple((_pattern(direction), _pattern(opposite)) for direction, opposite in _OPPOSITE_WORDS)

_DIRECTION_END = re.compile(rf"{MARK}|\s[–—-]\s|\b{CLEAR_CONJUNCTION}\b", re.IGNORECASE)
_NAME_BETWEEN_COMMAS = re.compile(r",\s+[^\W\d_a-zß-ÿ][\w’'.-]*(?:\s+[^\W\d_a-zß-ÿ][\w’'.-]*){1,3},(?=\s)")
"""A name that does not end a clause: "One diver, Anna Berg, died"."""

_DIRECTION_BEFORE, _DIRECTION_AFTER = re.compile(r"(?:\S+\s+){0,6}\S{0,20}$"), re.compile(r"(?:\s*\S+){0,6}")
"""Words of the clause before and after a figure in which its direction is looked for."""

_MAX_DIRECTION_DISTANCE = 200
"""Characters of these words on each side: without a limit, a very long word takes quadratic time."""

Directions = tuple[tuple[bool, bool], ...]
"""For each pair of directions, whether the words around a figure have that direction and the opposite one."""


@dataclass(frozen=True, slots=True)
class Figure:
    """A quantity of a sentence; `position` is the sentence's index in the list that was read."""

    sentence: LocatedSentence
    position: int
    quantity: Quantity

    def __hash__(self) -> int:
        # that of all fields takes several times as long, and thousands of figures are looked up for each other
        return hash((self.sentence.text, self.position, self.quantity.start))

    @property
    def is_in_row(self) -> bool:
        """Whether it is in a row of a table."""
        return bool(self.sentence.header) or is_table_row(self.sentence.text)

    @property
    def start(self) -> int:
        """First offset in the document."""
        return self.sentence.start + self.quantity.start

    @property
    def end(self) -> int:
        """End offset in the document."""
        return self.sentence.start + self.quantity.end

    @property
    def id(self) -> str:
        """`DOCUMENT@START-END`, as `show` takes it."""
        return format_span_id(self.sentence.document, self.start, self.end)

    def with_value(self, value: float) -> Figure:
        """Return the figure with another value, for what follows from it."""
        return replace(self, quantity=replace(self.quantity, value=round(value, 6), bound="", upper=None))

    @property
    def directions(self) -> Directions:
        """What the words around it say: a profit or a loss, a rise or a fall."""
        return find_directions(self.sentence.text, self.quantity.start, self.quantity.end)


_TOPIC = re.compile(rf"([{HAN}{KATAKANA}]{{2,}})(?:は|が)約?$")


def topic_before(figure: Figure) -> str:
    """Return the topic right before a figure of a Japanese sentence, such as 歳入 of 歳入は143億円; "" if none is."""
    start = figure.quantity.start
    match = _TOPIC.search(figure.sentence.text, max(0, start - REACH), start)
    return match[1] if match is not None else ""


@dataclass(frozen=True, slots=True)
class Subject:
    """What a figure is about."""

    words: frozenset[str]
    """Stems of its clause, or of the label of its row."""

    directions: Directions
    """What the words around it say: a profit or a loss, a rise or a fall."""

    cell: int | None = None
    """Column of the figure in a row of a table, or its position in a row without bars; None outside tables."""

    column: tuple[str, int] | None = None
    """What that column is of (`_column_of`); None if the table has no header for it."""

    occurrence: tuple[int, int] = (0, 1)
    """Among the rows of a table with the same label: the position of its row, and their number."""

    is_forecast: bool = False
    """Whether the figure is of a coming year."""

    is_difference: bool = False
    """Whether the figure is the difference of two amounts."""

    is_start: bool = False
    """Whether a change began at the figure: "from 12 to 8"."""

    is_past: bool = False
    """Whether the figure is of a time some years ago."""

    is_change_amount: bool = False
    """Whether the figure counts what came or went, not what there is."""

    clause_periods: frozenset[tuple[str, str]] = frozenset()
    """Lengths of time in its clause, as number and unit."""

    sentence_periods: frozenset[tuple[str, str]] = frozenset()
    """Lengths of time in its sentence."""

    exceeding: frozenset[str] = frozenset()
    """Stems before "exceeds"."""

    exceeded: frozenset[str] = frozenset()
    """Stems after "exceeds"."""

    @property
    def _kind(self) -> tuple[object, ...]:
        flags = self.is_forecast, self.is_difference, self.is_start, self.is_past, self.is_change_amount
        return self.occurrence, *flags

    def has_same_kind_as(self, other: Subject) -> bool:
        """Return whether both have the same cell, kind of time, period and direction."""
        has_heads = self.column is not None and other.column is not None
        if self.column != other.column if has_heads else self.cell != other.cell:
            return False
        if self._kind != other._kind or are_opposite(self.directions, other.directions):
            return False
        if (
            self.exceeding & other.exceeded or self.exceeded & other.exceeding
        ) and not self.exceeding & other.exceeding:
            return False
        if self.sentence_periods and other.sentence_periods:
            return bool(self.sentence_periods & other.sentence_periods)
        return not (self.clause_periods or other.clause_periods)


def find_figures(
    sentences: Sequence[LocatedSentence], language: str | None, *, with_periods: bool = False
) -> list[Figure]:
    """Return the figures of some sentences in order, without dates.

    Args:
        sentences: The sentences to read.
        language: Their language code.
        with_periods: Whether to return lengths of time and ages, too: "over the next 4 years", "for 164 days".
    """
    comma = uses_decimal_comma((sentence.text for sentence in sentences), language)
    return [
        Figure(sentence, position, quantity)
        for position, sentence in enumerate(sentences)
        for quantity in _quantities(sentence.text, language, sentence.header, _row_label(sentence), comma)
        if with_periods or not is_period(sentence.text, quantity)
    ]


@lru_cache(maxsize=2048)  # each claim of a draft reads the same passages of its source
def _quantities(text: str, language: str | None, header: str, label: str, comma: bool) -> tuple[Quantity, ...]:
    return tuple(find_quantities(text, language, header=header, label=label, comma=comma))


def _row_label(sentence: LocatedSentence) -> str:
    """Return the labels of a row in words: "Surgery, Complaints" of "Surgery, Complaints, 2022: 3".

    Empty where the header of the first cell is not found in the header of the table.
    """
    labels, colon, _ = sentence.wording.partition(": ")
    heads = re.split(r"[|\n]", sentence.header) if colon else []
    fits = [head for head in map(str.strip, heads) if head and labels.endswith(f", {head}")]
    return labels.removesuffix(f", {max(fits, key=len)}") if fits else ""


_NEGATED_LIMIT = re.compile(
    r"\b(?:no(?:ne|body)?|neither|never|kein\w*|niemand|nie(?:mals)?|aucune?|personne|jamais|ning[uú]n\w*|nadie|nessun\w*|geen|niemand"
    r"|nenhum\w*)(?!\s+(?:fewer|less|more|later|weniger|mehr|moins|menos|más|minder|meer)\b)\s[^.;:!?]{0,80}?"
    rf"\b(?:than|als|que|di|dan)\s+{BEFORE_AMOUNT}$",
    re.IGNORECASE,
)
"""Before a limit that nothing exceeded: "no ship longer than 80 metres", but not "no fewer than 80 ships"."""


def is_negated_limit(figure: Figure) -> bool:
    """Return whether a figure is a limit that nothing exceeded, which is no amount of anything that there is."""
    text, start = figure.sentence.text, figure.quantity.start
    return not figure.is_in_row and _NEGATED_LIMIT.search(text, max(0, start - REACH), start) is not None


def is_in_earlier_column(figure: Figure) -> bool:
    """Return whether a figure is in the column of an earlier year, beside one that states the same of a later year."""
    cells, column = header_cells(figure.sentence.text, figure.quantity.start, figure.sentence.header)
    if not 0 < column < len(cells) or not (years := written_years(cells[column])):
        return False
    rest = _without_years(cells[column])
    return any(_without_years(cell) == rest and max(written_years(cell), default=0) > max(years) for cell in cells[1:])


def _column_of(figure: Figure) -> tuple[str, int] | None:
    """Return what a column of a table is of: its head without years, and how many columns of later years there are.

    The column 2020 of "2018 | 2019 | 2020" and the column 2021 of "2020 | 2021" are of the same. The head matters only
    where columns of years have several: "Sales 2019 | Costs 2019". None without a header, or with heads that repeat.
    """
    cells, column = header_cells(figure.sentence.text, figure.quantity.start, figure.sentence.header)
    if not 0 < column < len(cells):
        return None
    heads = [(_without_years(cell).casefold(), max(written_years(cell), default=0)) for cell in cells[1:]]
    rest, year = heads[column - 1]
    if not year:
        return (rest, 0) if rest and heads.count((rest, 0)) == 1 else None
    alike = [head for head in heads if head[0] == rest]
    has_several = len({head for head, dated in heads if dated}) > 1 and len(alike) > 1
    dated = alike if has_several else [head for head in heads if head[1]]
    return rest if has_several else "", sum(later > year for _, later in dated)


def _without_years(head: str) -> str:
    """Return the head of a column without its years, also those of an era: "令和元年度" and "平成30年度" are alike."""
    for mention in reversed(parse_years(head)):
        head = head[: mention.start] + head[mention.end :]
    return " ".join(re.sub(r"\d+|[()\[\],*]", " ", _REMARK.sub(" ", head)).split())


def is_period(text: str, quantity: Quantity) -> bool:
    """Return whether a quantity is a period or an age, which is not compared: "two years ago", "aged 65"."""
    reach = max(0, quantity.start - REACH)
    if _AGE_BEFORE.search(text, reach, quantity.start) is not None:
        return True
    is_placed = _PERIOD_BEFORE.search(text, reach, quantity.start) or _PERIOD_AFTER.match(text, quantity.end)
    return _TIME_UNIT.fullmatch(quantity.unit) is not None and is_placed is not None


def find_subjects(figures: Sequence[Figure], language: str | None) -> list[Subject]:
    """Return the subject of each figure; a clause ends at punctuation or at another figure."""
    spans = amount_spans(figures)
    texts = {(figure.sentence.document, figure.sentence.start): figure.sentence.text for figure in figures}
    is_list = {key: lists_figures(text, spans.get(key, [])) for key, text in texts.items()}
    periods = {key: _lengths_of_time(text) for key, text in texts.items()}
    subjects: list[Subject] = []
    same_label: dict[tuple[frozenset[str], int, str], list[int]] = {}
    for figure in figures:
        text, quantity = figure.sentence.text, figure.quantity
        key = (figure.sentence.document, figure.sentence.start)
        others = spans.get(key, [])
        if figure.is_in_row and quantity.counted:
            if "|" in text:
                cell = text.count("|", 0, quantity.start) - text.lstrip().startswith("|")
            else:
                cell = 1 + sum(end <= quantity.start for _, end in others)
            label = frozenset(terms(quantity.counted, language))
            header = " ".join(re.findall(r"[^\W\d_]+", figure.sentence.header))
            same_label.setdefault((label, cell, header), []).append(len(subjects))
            subjects.append(Subject(label, figure.directions, cell, _column_of(figure)))
            continue
        clause_ends = [match.end() for match in BREAK.finditer(text, 0, quantity.start)]
        ends = [end for _, end in others if end <= quantity.start]
        after = [match.start() for match in BREAK.finditer(text, quantity.end)]
        after += [start for start, _ in others if start >= quantity.end]
        following = "" if is_list[key] else text[quantity.end : min(after, default=len(text))]
        clause = f"{text[max(clause_ends + ends, default=0) : quantity.start]} {following}"
        exceeds = _EXCEEDS.search(clause)
        clause_end = BREAK.search(text, quantity.end)
        whole = text[max(clause_ends, default=0) : clause_end.start() if clause_end else len(text)]
        own = {(f"{quantity.value:g}", quantity.unit.casefold().removesuffix("s"))}  # a length of time that is compared
        subjects.append(
            Subject(
                _stems(clause, language),
                figure.directions,
                is_forecast=_FORECAST.search(clause) is not None or EXPECTED.search(clause) is not None,
                is_difference=_DIFFERENCE.search(clause) is not None,
                is_start=begins_change(text, quantity.start, quantity.end),
                is_past=_AGO.search(f"{text[max(ends, default=0) : quantity.start]} {following}") is not None,
                is_change_amount=_CHANGE_AMOUNT.search(clause) is not None,
                clause_periods=_lengths_of_time(whole) - own,
                sentence_periods=periods[key] - own,
                exceeding=_stems(clause[: exceeds.start()], language) if exceeds else frozenset(),
                exceeded=_stems(clause[exceeds.end() :], language) if exceeds else frozenset(),
            )
        )
    for rows in same_label.values():
        for at, row in enumerate(rows):
            subjects[row] = replace(subjects[row], occurrence=(at, len(rows)))
    return subjects


def _stems(text: str, language: str | None) -> frozenset[str]:
    """Return the stems of a text without words that occur around any figure."""
    words = (word for word in re.findall(r"[^\W\d_]+", text) if word.casefold() not in MEASURE_WORDS)
    return frozenset(terms(" ".join(words), language))


def _lengths_of_time(text: str) -> frozenset[tuple[str, str]]:
    """Return the periods of a text: ("10", "year") of "over the last ten years"."""
    periods = ((match[1].casefold(), match[2].casefold()) for match in _PERIOD_LENGTH.finditer(text))
    return frozenset((str(UNITS.get(number, number)), unit) for number, unit in periods)


def amount_spans(figures: Sequence[Figure]) -> dict[tuple[str, int], list[tuple[int, int]]]:
    """Return the spans of the amounts of each sentence, by document and start."""
    spans: dict[tuple[str, int], list[tuple[int, int]]] = {}
    for figure in figures:
        if figure.quantity.kind != "ordinal":
            key = (figure.sentence.document, figure.sentence.start)
            spans.setdefault(key, []).append((figure.quantity.start, figure.quantity.end))
    return {key: sorted(of_sentence) for key, of_sentence in spans.items()}


@lru_cache(maxsize=1 << 13)  # each figure of a claim is compared with many of its source
def find_directions(text: str, start: int, end: int) -> Directions:
    """Return the directions of the figure at `[start, end)` of a sentence or table row."""
    clause = _near_words(text, start, end)
    return tuple(
        (direction.search(clause) is not None, opposite.search(clause) is not None)
        for direction, opposite in _OPPOSITES
    )


def are_opposite(first: Directions, second: Directions) -> bool:
    """Return whether two figures say the opposite of each other: profit and loss, rose and fell."""
    return any({a, b} == {(False, True), (True, False)} for a, b in zip(first, second, strict=True))


def _near_words(text: str, start: int, end: int) -> str:
    """Return the words near a figure that belong to its clause."""
    first, last = max(0, start - _MAX_DIRECTION_DISTANCE), min(len(text), end + _MAX_DIRECTION_DISTANCE)
    begin = max((match.end() for match in _DIRECTION_END.finditer(text, first, start)), default=first)
    before = _DIRECTION_BEFORE.search(text, begin, start)
    stop = _DIRECTION_END.search(text, end, last)
    name = _NAME_BETWEEN_COMMAS.match(text, stop.start()) if stop is not None else None
    parts = [before, _DIRECTION_AFTER.match(text, end, stop.start() if stop is not None else last)]
    if name is not None:
        stop = _DIRECTION_END.search(text, name.end(), last)
        parts.append(
            _DIRECTION_AFTER.match(text, name.end(), stop.start() if stop is not None else max(last, name.end()))
        )
    return " ".join(match.group() for match in parts if match is not None)
