"""Select the sentences and table rows of an answer: as few as are likely to answer, verbatim, from the best passages.

A sentence is scored by its similarity to the question, the weighted terms of the question in it, and with its headings
and the sentence before it, the score of its passage, and whether it has the type of answer asked for ("how many"
expects a number that the question does not name). A table row is scored by its wording, which includes its header
cells. A softmax of the scores estimates which sentence answers: one is enough if it is far ahead of the next.
"""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate
from typing import NamedTuple

from corpus.chunking.sentences import is_source_line
from corpus.clauses import OF_THEM
from corpus.metadata.language import primary_language
from corpus.metadata.years import Period, parse_years, written_years
from corpus.records import Passage, Sentence, Span
from corpus.scripts import NAME_PARTICLES, NAME_WORD, WIDE
from corpus.structure.captions import is_caption, is_inset_label
from corpus.structure.lines import LIST_ITEM, contents_entries, ends_sentence
from corpus.vocabulary import COMPARED_WITH, OUTLOOK
from index.lexical import query_terms
from index.lexical.analysis import sentence_terms, terms
from index.lexical.bm25 import SENTENCE_LENGTH, bm25_fraction
from index.models.similarity_scale import SimilarityScale
from index.ranking.search import Hit
from index.ranking.temporal import is_about
from index.ranking.weights import WEIGHTS as RANKING_WEIGHTS
from qa.answering.superlatives import compares_years, has_superlative, says_opposite, superlative_direction
from qa.answering.table_rows import (
    asks_for_part,
    asks_for_total,
    find_extreme_rows,
    first_of_ranked_list,
    is_total,
    row_label,
    rows_of_longer_names,
    share_of,
)
from qa.confidence.confidence import lacks_name
from qa.question.answer_type import (
    BECAUSE,
    NOT_BUT,
    WHEN,
    WHERE,
    WHICH,
    WHO,
    WHY,
    AnswerType,
    counted_noun,
    counts,
    may_answer,
    says_none,
    without_days,
)
from qa.question.named_answer import asks_for_holder, has_name

MAX_SENTENCES = 3
ANSWER_PASSAGES = 5
"""Passages whose sentences are considered."""

WIDE_PASSAGES = 10
"""Passages that are considered where figures of years are compared, as each edition has one of them."""

MIN_WORDS = 3
"""Minimum words of an answer sentence; shorter ones are titles or rules. Sources of figures answer nothing either."""

_SHORT_SENTENCE = re.compile(r"(?=(?:\W*\w){6})[^\W\d_]+(?:\s[^\W\d_]+)?[.!。]")
"""One or two words, of six letters at least, that are a sentence: "Cancelled.", "Not held."."""

_QUESTION = re.compile(
    r"[^\w¿]*(?:(?:[問Q]|question|frage|pregunta|質問)\s*[\d０-９]{0,3}\s*[.:：]|問[\d０-９]{0,3}\s|¿).*"
    r"|.*(?:[?？]|(?:です|ます|でしょう)か。?)[\s\"'”’»」』)）*_]*",
    re.IGNORECASE | re.DOTALL,
)
"""A sentence that asks, perhaps in Markdown's bold type; the one after it answers."""

_QUESTION_WORD = re.compile(
    rf"[\W_]*(?:{WHO}|{WHERE}|{WHICH}|{WHEN}|{WHY}|\b(?:was|how|wie|comment|cómo|come|como|hoe|jak|hur|hvordan)\b)",
    re.IGNORECASE,
)
"""The beginning of a heading such as "What a studbook is.", which asks if it has no other words than the question."""

_MAX_PAIR = 400
"""Characters of a question in a document and the sentence after it, which are shown together."""

_REFERS_BACK = re.compile(
    r"\W*(?:th(?:is|at|ese|ose)|it|they|the (?:rise|increase|fall|decline|decrease|drop|change|growth|reduction|reason)"
    r"|dies\w*|das|er|sie|der (?:anstieg|rückgang|grund)|die (?:zunahme|abnahme)"
    r"|ce(?:tte|la|s|t)?|c['’]est|il|elle|ils|elles"
    r"|est[ae]s?|ello|es[ao]s?|el (?:aumento|descenso)|la (?:subida|bajada|caída)|quest[aoe]|ciò|ess[ae]|isto)\b"
    r"|(?:これ|この|その|それ|こう|这|此)",
    re.IGNORECASE,
)
"""The beginning of a sentence about what the sentence before says."""

_COUNTS_OTHERS = re.compile(
    rf"\W*(?:\S+\s+){{0,3}}?(?:{OF_THEM}|davon|dont|heraf|hvoraf|hvorav|därav)\b|(?:この|その)うち|其中|그중",
    re.IGNORECASE,
)
"""The beginning of a sentence that counts some of what the sentence before names: "Half of them were late"."""

_ASKS_NUMBER = re.compile(
    r"\b(?:how (?:many|much)|wie ?viele?|combien d[e’']|cuánt[oa]s?|quant[ieoa]s?|hoeveel|hur många|hvor mange)\b",
    re.IGNORECASE,
)
"""An indirect question, whose answer is in the next sentence: "We count each year how many letters are late"."""

_TELLS_CAUSE = re.compile(
    r"\W*(?:[^\W\d_]+['’]?\s+){0,2}?(?:l['’])?(?:caus[ea]s?|reasons?|ursachen?|gr(?:und|ünde)|auslöser|raisons?"
    r"|motiv[oi]s?"
    r"|raz(?:ón|ones|ão|ões)|ragion[ei]|oorza(?:ak|ken)|reden(?:en)?|przyczyn\w*|pow[oó]d\w*|årsa[gk]\w*|orsak\w*"
    rf"|anledning\w*)\b|\W*(?:{NOT_BUT}|(?:es|das) (?:ist|war|liegt|lag) nicht [^,.;]{{2,40}}, sondern)\b"
    r"|(?:その)?(?:原因|理由)(?:は|としては)|原因是|(?:그 )?(?:원인|이유)[은는]",
    re.IGNORECASE,
)
"""The beginning of a sentence about the cause of what the sentences before it say: "The cause was a worn cable"."""

_IS_CAUSED = re.compile(
    r"\W*(?:\S+\s+){1,6}?(?:(?:was|were|is|are|has been|have been)\s+(?:\w+ly\s+)?(?:caused|due|triggered|attribut\w+"
    r"|the result|brought about)|resulted\s+from|(?:wurden?|ist|sind|war(?:en)?|geht|gehen)\s[^.;]{0,80}?"
    r"(?:verursacht|ausgelöst|zurückzuführen|zurück)|(?:a|ont)\s+été\s+(?:causée?s?|provoquée?s?)|(?:est|sont"
    r"|était)\s+due?s?"
    r"|se\s+deb(?:e|ió|ieron)\s+a|fue(?:ron)?\s+causad[oa]s?)\b",
    re.IGNORECASE,
)
"""A sentence that tells what caused its subject: "The delay was caused by the supplier"."""

_BECAUSE = re.compile(rf"\b(?:{BECAUSE}|since(?! \d))(?!\w)\s?(?!of\b)", re.IGNORECASE)

_PAST = re.compile(
    r"\b(?:was|were|did|had|been|has|have|wurden?|worden|war(?:en)?|hatten?|gab|kam(?:en)?|lag(?:en)?|a été|ont été"
    r"|était|étaient|avai(?:en)?t"
    r"|ont|fue(?:ron)?|eran?|había[n]?|han?|hubo|hanno|stat[oaie]|fu(?:rono)?|foi|foram|havia|werd(?:en)?|waren"
    r"|had(?:den)?"
    r"|blev|var|hade|havde|hadde)\b|\b(?:a|ai|ha) \w+(?:é|ée|és|ées|ado|ido|ato|uto|ito)\b|\b\w{3,}(?:aron|ieron"
    r"|[óò])\b",
    re.IGNORECASE,
)
"""A verb in the past or the perfect tense, with an auxiliary: "closed" alone is also in "will be closed"."""

_PREVENTED = re.compile(
    r"\b(?:prevented|hampered|hindered|verhinder(?:te|ten|t)|behinder(?:te|ten)|(?:a|ont)\s+(?:empêché|freiné)"
    r"|impidi(?:ó|eron)"
    r"|imped(?:ì|irono)|impedi(?:u|ram)|verhinderden?|hindrade|forhindrede)\b[^.;:]{0,40}?\b(?:better|more|this|that"
    r"|it|them|bessere\w*|mehr"
    r"|dies\w*|das|davantage|mieux|meilleur\w*|plus|mejor\w*|más|ello|meglio|migliore?|di\s+più|melhor\w*|mais"
    r"|beter\w*|meer"
    r"|bättre|mer|bedre|mere)\b",
    re.IGNORECASE,
)
"""A sentence about what prevented more than the sentence before it says."""

_MOST = 0.5
"""Share of the words of the question with which a sentence is clearly about it."""

_CAUSE_REACH = 3
"""Sentences before it that may tell what it is the cause of."""

_FOLLOWS = re.compile(
    r"\b(?:accordingly|therefore|thus|hence|consequently|for this reason|deshalb|daher|deswegen|entsprechend|demzufolge"
    r"|donc|ainsi|en conséquence|por ello|por eso|por lo tanto|en consecuencia|pertanto|perciò|portanto)\b"
    r"|このため|そのため|したがって|よって|因此|所以",
    re.IGNORECASE,
)
"""A word for what follows from the sentence before."""

_MAX_ITEM = 300
"""Characters of a list item that is shown whole: "- Winter in Skagen, oil on canvas. Gift of Mrs Holm."."""

_MAX_LIST = 600
"""Characters of a sentence with the items that it introduces: "Three stations were opened:" answers nothing alone."""

_MAX_PLAIN_ITEM = 120
"""Characters of a line without a mark that may be an item after a colon."""

_MIN_COUNTERPART = 0.5
"""Minimum Jaccard index of the words of two texts that say much the same in two editions."""

_AS_GOOD = 0.4
"""Maximum difference of the scores of two sentences with the number or date asked for, of which the newer one comes
first."""

_MIN_CONTAINED = 0.75
"""Minimum share of the words of a sentence that another one has, if it says the same and more."""

_MIN_SHARE_OF_LINE, _MAX_BEHIND_LINE = 0.5, 0.6
"""Share of the words of the question of a line that is no sentence, and maximum difference of their scores, with which
a sentence answers instead of it."""

_MAX_LINE_WORDS = 12
"""Maximum words of such a line; longer ones are sentences without a full stop."""

_LINE_NUMBER = re.compile(r"^\W*(?:\w+\s+)?\d+(?:\.\d+)*[.):]?\s")
"""The number of a heading or a caption: "6 Visitors", "Table 1. Cases"."""

_IMPRINT = re.compile(
    r"\W*(?:edited|published|printed|compiled|herausgegeben|veröffentlicht|gedruckt|publiée?|éditée?|imprimée?|editado"
    r"|publicado)\s+(?:by|von|vom|par|por)\b(?!.*\b(?:in|on|since)\s+\d)|\W*(?:editors?|redaktion|rédaction"
    r"|redacción)\s*:",
    re.IGNORECASE,
)
"""The beginning of a line that tells who made a publication."""

_WIDE_LETTER = re.compile(f"[{WIDE}]")

_WORD = re.compile(rf"[{WIDE}]|[^\W\d_{WIDE}]{{2,}}")
_RUN = re.compile(r"[^\W\d_]{2,}")
_WIDE_SENTENCE = re.compile(rf"(?=(?:[^{WIDE}]*[{WIDE}]){{4}}).*[。！？][」』）)]*", re.DOTALL)
"""A sentence of four letters or more in a script without spaces, whose words are not counted."""

_WHO = re.compile(WHO, re.IGNORECASE)
_WHICH = re.compile(f"{WHO}|{WHERE}|{WHICH}", re.IGNORECASE)
"""Asks for something that the question does not say, unlike "Did ...?" and "Which was first, A or B?" (`_OR`)."""

_NAMED_BY_CAPITALS = re.compile(r"\b(?:who|whom|qui|quién(?:es)?|quem|chi|vem|hvem)\b", re.IGNORECASE)
"""Asks for a person in a language that writes no other nouns with capitals, as German does."""

_NAME = re.compile(
    rf"(?<![\w’'-])(?:(?:Mr|Mrs|Ms|Miss|Dr|Sir|M|Mme|Prof)\.?\s+)?(?:{NAME_WORD}|[A-Z]\.)"
    rf"(?:\s+(?:{NAME_WORD}|[A-Z]\.|of|{NAME_PARTICLES})){{0,3}}\s+{NAME_WORD}"
)
_BESIDE, _MAX_BETWEEN = 60, 4
"""Characters and words on each side of a name in which an office is."""

_COMPARED_WITH = re.compile(
    rf"(?:%\s+(?:on|over)|\b(?:{COMPARED_WITH}|than"
    r"|(?:per\s?cent|more|less|higher|lower|increase|decrease|rise|fall|improvement)\s+(?:on|over)"
    r"|\w+(?:er|hr)\s+als|qu['’]en|que\s+(?:en|em)|do\s+que|\w+er\s+dan))"
    r"(?:\s+(?:in|im|en|em|nel|fiscal|the|year|that|of|for|Jahr|année|año|ano)){0,3}\s+$",
    re.IGNORECASE,
)
_COMPARED_REACH = 40
"""Words before a year with which a sentence compares another one, and the characters in which they are searched."""

_OR = re.compile(r"\b(?:or|oder|ou|o)\s", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class SentenceWeights:
    """Weights of the parts of a sentence's score; `length` is subtracted per word.

    Chosen on evidence of three yearbooks, two series of addresses and SQuAD: the first sentence answers .80, .67 and
    .81 of the questions whose passage is read (with similarity, own terms and passage alone .78, .62 and .76).
    """

    similarity: float = 1.0
    lexical: float = 0.4
    complete: float = 0.15
    """Weight of a sentence with all words of the question."""
    context: float = 0.5
    passage: float = 1.0
    answer_type: float = 0.35
    """Weight of a number or date that the question asks for, or of a sentence joined to its reason."""
    reason: float = 0.15
    """Weight of a sentence that states a reason itself; lower, as some do without "because" or the like."""
    counted: float = 0.3
    """Weight of a number of what the question counts: "44 vessels" for "how many vessels"."""
    name: float = 0.35
    """Weight of a name in an answer to a question for the holder of an office."""
    holder: float = 0.3
    """Weight of a name beside an office, or another word, of a question "who": "Ada Holm, treasurer"."""
    number: float = 0.6
    """Weight of a number asked about: "EN 1991 defines actions" does not answer a question about EN 1990."""
    period: float = 0.3
    """Weight of a passage, or a document, about the time asked about, in addition to the passage's score."""
    year: float = 0.05
    """Weight of a sentence that names a year asked about, and more of the question than that."""
    other_years: float = 0.3
    """Weight, subtracted, of a passage that names no year asked about, in a document about other years."""
    earlier: float = 0.5
    """Weight, subtracted, of a passage that names no year asked about, in an edition before it."""
    counts_others: float = 0.3
    """Weight, subtracted, of a number of what only the sentence before names, and not the question."""
    compared: float = 0.25
    """Weight, subtracted, of a sentence about another year that only compares with the year asked about."""
    total: float = 0.3
    """Weight of the row of totals in a table of which the question names no row."""
    longer_name: float = 0.15
    """Weight, subtracted, of a row such as "Other costs" in a table with a row "Costs", of which the question names
    that."""
    superlative: float = 0.6
    """Weight of the row with the largest figure, where the question asks which has the most, or with the smallest."""
    of_years: float = 0.9
    """Weight of such a row in addition, where the question asks for a year and the figures of years were compared."""
    in_words: float = 0.2
    """Weight of a sentence with a word for the most, or the least, where the question asks for that."""
    opposite: float = 0.6
    """Weight, subtracted, of a sentence with a word for the least where the question asks for the most, or the other
    way round."""
    named_elsewhere: float = 0.2
    """Weight of a sentence that names a year asked about, in a document about other years."""
    plan: float = 0.3
    """Weight, subtracted, of a sentence about the future where the question asks for what was."""
    planned: float = 0.15
    """Weight of a sentence about the future where the question asks for what will be."""
    missing_name: float = 0.4
    """Weight, subtracted, of the share of names of the question that a passage and its headings lack."""
    length: float = 0.001


WEIGHTS = SentenceWeights()

_MIN_COMPLETE, _COMPLETE = 3, 0.95
"""Words of a question, and the share of them by weight, with which a sentence has all of them."""

SHARPNESS, ENOUGH = 4.0, 0.8
"""Sentences are added until the softmax of SHARPNESS times the scores gives them a probability of ENOUGH together.
Answers have 2.2 sentences on average instead of 3, and .01 of them lose the sentence that answers."""


@dataclass(frozen=True, slots=True)
class SelectedSentence:
    """A sentence or row: the index of its passage among the hits, its span in the document, and what `Sentence` has."""

    passage: int
    start: int
    end: int
    text: str
    wording: str
    cells: str = ""
    has_answer_type: bool = False
    """Whether it has the number, date or reason that the question asks for."""
    lead: float = 0.0
    """How far the score of the first sentence is above those of the first passage's."""

    def overlaps(self, other: SelectedSentence) -> bool:
        """Return whether both have characters in common."""
        return self.passage == other.passage and self.start < other.end and other.start < self.end


class _Question(NamedTuple):
    """The user's question; `terms` are its terms with their idf, `numbers` the terms of numbers that it asks about."""

    text: str
    answer_type: AnswerType | None
    terms: Mapping[str, float]
    words: Mapping[str, float]
    """The terms without numbers: a year may be that of the document."""
    numbers: frozenset[str]
    scale: SimilarityScale
    superlative: int
    """Whether it asks for what has the most (1) or the least (-1)."""
    compares_years: bool
    """Whether it asks for a year, of which figures tell that it has the most or the least."""
    asks_part: bool
    """Whether it asks for some of several things, which no total answers."""
    asks_past: bool
    """Whether it asks for what was, and not for what is planned."""
    asks_future: bool
    """Whether it asks for what will be."""
    years: frozenset[int]
    """Years that it names."""
    counted: str | None
    """What it asks the number of."""
    asks_who: bool
    asks_for_holder: bool
    """Whether it asks who holds an office."""
    asks_name: bool
    """Whether it asks who holds an office, or for a person in a language that writes no other nouns with capitals."""
    asks_which: bool
    """Whether it asks for something that it does not say."""


class _Candidate(NamedTuple):
    """A sentence with its score.

    Titles, entries of contents, lines that only name a source and those of which all words are in the question or in
    the title do not say anything. Those of a cover tell dates and names, and little else.
    """

    score: float
    selected: SelectedSentence
    has_answer_type: bool
    says_something: bool
    is_on_cover: bool
    states_reason: bool
    share: float
    """Share of the question's words, by weight."""
    is_bare: bool
    """Whether it is a line that is no sentence."""


class _ReadSentence(NamedTuple):
    """A sentence of a document: where it starts, its similarity to the user's question, and its terms."""

    start: int
    similarity: float
    terms: Sequence[str]


def select_sentences(
    question: str,
    answer_type: AnswerType | None,
    hits: Sequence[Hit],
    term_weights: Mapping[str, float],
    scale: SimilarityScale,
    compared: int = 0,
    *,
    newest_first: bool = False,
    names: Sequence[str] = (),
    source: Collection[str] = (),
) -> list[SelectedSentence]:
    """Select the sentences that answer the question; two sentences with the same wording count once.

    Args:
        question: The question.
        answer_type: What the question asks for.
        hits: The passages, best first; the caller chooses how many, at most `WIDE_PASSAGES` are read.
        term_weights: The question's terms with their idf.
        scale: The scale of the model's cosines.
        compared: Number of editions compared. If more than one, each of the first `compared` passages contributes its
            best sentence of the type asked for, in order, before any other sentence.
        newest_first: Whether the newest of sentences that say much the same in several editions comes first.
        names: Names in the question; passages without one that another passage has are worth less.
        source: Ids of the documents that the question asks for what they say; sentences of others do not answer, if the
            best passage is from one of these.

    Returns:
        At most `MAX_SENTENCES` sentences, best first.
    """
    asked = _read_question(question, answer_type, term_weights, scale)
    read = hits[:WIDE_PASSAGES]
    absent = [{name for name in names if lacks_name(name, hit)} for hit in read]
    required = [name for name in names if any(name not in lacking for lacking in absent)]
    missing = [len(lacking.intersection(required)) / max(1, len(required)) for lacking in absent]
    only_source = bool(read) and read[0].document.id in source
    firsts = [first_of_ranked_list(question, term_weights, hit.stored.passage, hit.document.language) for hit in read]
    extremes = {place: position for place, position in enumerate(firsts) if position is not None}
    extremes |= find_extreme_rows(question, term_weights, read)
    asked = asked._replace(compares_years=compares_years(question) and bool(extremes))
    starts = {
        (place, passage.span_of(passage.sentences[position])[0])
        for place, position in extremes.items()
        for passage in [read[place].stored.passage]
    }
    candidates = [
        candidate
        for place, hit in enumerate(read)
        if not only_source or hit.document.id in source
        for candidate in _candidates(
            _read_passage(place, hit, asked, extremes.get(place), missing[place]), hit.similarities, asked
        )
    ]
    candidates = [candidate for candidate in candidates if candidate.says_something] or candidates
    candidates = [candidate for candidate in candidates if not candidate.is_on_cover] or candidates
    candidates.sort(key=lambda candidate: (-candidate.score, candidate.selected.passage, candidate.selected.start))
    if not candidates:
        return []
    if answer_type == "reason":
        candidates = _reasons_first(candidates)
    if not asked.asks_who:  # a signature such as "Ada Holm, President" answers
        candidates = _sentences_first(candidates)
    ranked = [candidate.selected for candidate in candidates]
    answering = [candidate.selected for candidate in candidates if candidate.has_answer_type]
    if answering and (compared > 1 or answering[0] == ranked[0]):
        ranked = answering  # after "53 in 2019", a sentence without a number does not tell how many
    if compared > 1:
        ranked = _one_per_edition(ranked, compared)
    elif newest_first:
        extreme = [
            candidate.selected
            for candidate in candidates
            if (candidate.selected.passage, candidate.selected.start) in starts
            and candidates[0].score - candidate.score <= _AS_GOOD
        ]
        ranked = _newest_first(ranked, hits, asked, _as_good(candidates), extreme)
    distinct = _distinct(ranked)
    scores = {candidate.selected: candidate.score for candidate in reversed(candidates)}
    of_first = max((candidate.score for candidate in candidates if candidate.selected.passage == 0), default=-math.inf)
    count = max(_count_enough(candidates, distinct), min(compared, MAX_SENTENCES) if compared > 1 else 0)
    return [replace(distinct[0], lead=scores[distinct[0]] - of_first), *distinct[1:count]]


def _read_question(
    question: str, answer_type: AnswerType | None, term_weights: Mapping[str, float], scale: SimilarityScale
) -> _Question:
    asks_who, holder = _WHO.search(question) is not None, asks_for_holder(question)
    return _Question(
        question,
        answer_type,
        term_weights,
        words={term: weight for term, weight in term_weights.items() if not term.isdigit()},
        numbers=query_terms.identifier_numbers(question),
        scale=scale,
        superlative=superlative_direction(question),
        compares_years=False,
        asks_part=asks_for_part(question),
        asks_past=_PAST.search(question) is not None and OUTLOOK.search(question) is None,
        asks_future=OUTLOOK.search(question) is not None and _PAST.search(question) is None,
        years=frozenset(year for mention in parse_years(question) for year in mention.years),
        counted=counted_noun(question),
        asks_who=asks_who,
        asks_for_holder=holder,
        asks_name=asks_who and (_NAMED_BY_CAPITALS.search(question) is not None or holder),
        asks_which=_WHICH.search(question) is not None and _OR.search(question) is None,
    )


def _distinct(ranked: Sequence[SelectedSentence]) -> list[SelectedSentence]:
    """Leave out sentences that overlap a better one or have its words."""
    by_text: dict[str, SelectedSentence] = {}
    for selected in ranked:
        if not any(selected.overlaps(other) for other in by_text.values()):
            by_text.setdefault(" ".join(selected.text.casefold().split()), selected)
    return list(by_text.values())


class _ReadPassage(NamedTuple):
    """A passage, with what the scores of all its sentences depend on."""

    place: int
    passage: Passage
    language: str | None
    score: float
    missing: float
    """The share of the names of the question that the passage lacks."""
    is_elsewhere: bool
    """Whether its document is about none of the years asked about."""
    other_time: float
    """Weight of a passage about another time than the one asked about."""
    is_cover: bool
    extreme: int | None
    """The position of the row with the largest or smallest figure, if the question asks for it."""
    asks_total: bool
    longer_rows: Collection[int]
    """Positions of rows whose names have more words than the row that the question names."""
    headings: Sequence[str]
    titles: Collection[str]
    contents: Collection[str]


def _read_passage(place: int, hit: Hit, asked: _Question, extreme: int | None, missing: float) -> _ReadPassage:
    passage, language, about = hit.stored.passage, hit.document.language, hit.document.years
    period = hit.scores.get("period", 0.0) / RANKING_WEIGHTS.period
    is_about_others = is_of_other_years(hit, asked.years, passage.text)
    asks_cover = asked.answer_type == "date" or asked.asks_who
    titles = {*terms(hit.document.title, language), *terms(hit.document.publisher or "", language)}
    return _ReadPassage(
        place,
        passage,
        language,
        score=hit.score - hit.scores.get("compare", 0.0) + WEIGHTS.period * period,
        missing=missing,
        is_elsewhere=about is not None and not any(about[0] <= year <= about[1] for year in asked.years),
        other_time=max(WEIGHTS.other_years * is_about_others, WEIGHTS.earlier * _is_before(hit, asked.years)),
        is_cover=hit.stored.position == 0 and _is_cover(passage) and not asks_cover,
        extreme=extreme,
        asks_total=not asked.superlative and asks_for_total(asked.text, asked.terms, passage, language, titles),
        longer_rows=rows_of_longer_names(asked.terms, passage, language),
        headings=terms(passage.prefix, language),
        titles=titles,
        contents=contents_entries(passage.text),
    )


class _JoinedSentence(NamedTuple):
    """A sentence with those before and after it that it needs to answer."""

    position: int
    sentence: Sentence
    start: int
    end: int
    text: str
    words: str
    """Its wording, or its text with the question before that it answers."""
    similarity: float
    terms: Sequence[str]
    context: Collection[str]
    """Its terms, those of the headings and of the sentence before it."""
    asks: bool
    counts_others: bool
    type_weight: float

    @property
    def is_row(self) -> bool:
        """Whether it is a row of a table."""
        return bool(self.sentence.wording)


def _join_sentences(read: _ReadPassage, similarities: Sequence[float], asked: _Question) -> Iterator[_JoinedSentence]:
    """Yield the sentences of a passage, each joined to the question that it answers, or whose cause it tells."""
    passage, language = read.passage, read.language
    before: Sequence[str] = ()
    prose: list[_ReadSentence] = []
    asking: _ReadSentence | None = None
    for position, (sentence, similarity) in enumerate(zip(passage.sentences, similarities, strict=True)):
        (start, end), text = passage.span_of(sentence), passage.text_of(sentence)
        words = sentence.wording or text
        own = query_terms.drop_year_mentions(sentence_terms(words, language), words, asked.numbers)
        asks = counts_others = False
        explained = None
        if not sentence.wording:
            asks = _asks(words, own, asked)
            counts_others = _COUNTS_OTHERS.match(words) is not None and share_of(asked.words, before) == 0
            if asked.answer_type == "reason":
                explained = _explained(words, own, prose[-_CAUSE_REACH:], asked)
            prose.append(_ReadSentence(start, similarity, own))
        if asking is not None and not sentence.wording:
            similarity, own = max(similarity, asking.similarity), [*asking.terms, *own]
            if end - asking.start <= _MAX_PAIR:
                start = asking.start
                text = words = passage.text_between(start, end)
        elif explained is not None:
            similarity, own = max(similarity, explained.similarity), [*explained.terms, *own]
        asking = _ReadSentence(start, similarity, own) if asks else None
        context, before = {*read.headings, *before, *own}, own
        type_weight = WEIGHTS.answer_type
        if asked.answer_type is not None and not sentence.wording:
            joined = _with_answer(passage, position, (start, end), asked, language)
            if asked.answer_type == "reason" and joined == (start, end):
                type_weight = WEIGHTS.reason
            start, end = joined
            text = passage.text_between(start, end)
        elif _names_what_is_before(words, own, asked) and position and not passage.sentences[position - 1].wording:
            first = passage.span_of(passage.sentences[position - 1])[0]
            if end - first <= _MAX_PAIR:
                start, text = first, passage.text_between(first, end)
        yield _JoinedSentence(
            position, sentence, start, end, text, words, similarity, own, context, asks, counts_others, type_weight
        )


def _score(
    joined: _JoinedSentence, read: _ReadPassage, asked: _Question, *, has_answer_type: bool, is_effect: bool
) -> float:
    """Return the score of a sentence.

    `is_effect` says that it tells only an effect of what a question asks the reason of.
    """
    own, text, sentence, language = joined.terms, joined.text, joined.sentence, read.language
    own_superlative = not joined.is_row and has_superlative(joined.words, asked.superlative)
    is_opposite = asked.superlative != 0 and not joined.is_row and joined.position != read.extreme
    is_opposite = is_opposite and says_opposite(joined.words, asked.text, asked.superlative)
    only_compares = not joined.is_row and _only_compares(text, asked.years)
    names_year_elsewhere = read.is_elsewhere and not only_compares and _names_year(joined.words, own, asked)
    is_outlook = asked.asks_future and not joined.is_row and OUTLOOK.search(joined.words) is not None
    return (
        WEIGHTS.similarity * asked.scale.standardise(joined.similarity)
        + WEIGHTS.lexical * bm25_fraction(asked.terms, own, SENTENCE_LENGTH)
        + WEIGHTS.context * share_of(asked.terms, joined.context)
        + WEIGHTS.complete * (len(asked.words) >= _MIN_COMPLETE and share_of(asked.words, own) >= _COMPLETE)
        + WEIGHTS.passage * read.score
        + joined.type_weight * has_answer_type
        + WEIGHTS.counted * (asked.counted is not None and _counts(sentence, text, asked.counted, language))
        + WEIGHTS.name * (asked.asks_for_holder and has_name(text, asked.text, language))
        + WEIGHTS.holder * (asked.asks_name and not joined.is_row and _names_holder(text, asked, language))
        + WEIGHTS.number * (not asked.numbers.isdisjoint(own))
        + WEIGHTS.total * (read.asks_total - (asked.superlative != 0 or asked.asks_part)) * is_total(sentence, text)
        - WEIGHTS.longer_name * (joined.position in read.longer_rows)
        + WEIGHTS.superlative * (joined.position == read.extreme)
        + WEIGHTS.of_years * (asked.compares_years and joined.position == read.extreme)
        + WEIGHTS.in_words * (asked.superlative != 0 and own_superlative and not asked.compares_years)
        - WEIGHTS.opposite * is_opposite
        + WEIGHTS.year * _names_year(text, own, asked)
        + WEIGHTS.named_elsewhere * names_year_elsewhere
        - read.other_time
        - WEIGHTS.counts_others * joined.counts_others
        - WEIGHTS.compared * (read.is_elsewhere and only_compares)
        + WEIGHTS.planned * is_outlook
        - WEIGHTS.reason * is_effect
        - WEIGHTS.plan * (asked.asks_past and not joined.is_row and _is_plan(joined.words, asked.years))
        - WEIGHTS.missing_name * read.missing
        - WEIGHTS.length * len(text.split())
    )


def _says_something(joined: _JoinedSentence, read: _ReadPassage, asked: _Question, *, answers: bool) -> bool:
    """Return whether a sentence is no question, entry of contents, or title, and has more than the question's words.

    `answers` says that it has the type of answer asked for, or introduces a list.
    """
    words, own = joined.words, set(joined.terms)
    if joined.is_row:
        return True
    if joined.asks or any(words in entry for entry in read.contents) or not _is_statement(words):
        return False
    is_sentence = ends_sentence(words)
    known = asked.terms.keys() if is_sentence else asked.terms.keys() | read.titles
    repeats = known >= own and (asked.asks_which or not is_sentence or len(joined.terms) == 1)
    return answers or not repeats


def _candidates(read: _ReadPassage, similarities: Sequence[float], asked: _Question) -> Iterator[_Candidate]:
    """Yield the sentences of a passage with their scores; one that answers another is joined to it."""
    for joined in _join_sentences(read, similarities, asked):
        has_answer_type = _answers(joined.text, asked, read.language) and not joined.counts_others
        is_effect = asked.answer_type == "reason" and has_answer_type
        is_effect = is_effect and _only_tells_effect(joined.text, asked, read.language)
        has_answer_type = has_answer_type and not is_effect
        start, end, text, introduces_list = joined.start, joined.end, joined.text, False
        if not joined.is_row:
            start, end = _list_item(read.passage, start, end)
            stop = end if has_answer_type else _end_of_list(read.passage, start, end)
            introduces_list, end = stop > end, stop
            text = read.passage.text_between(start, end)
        sentence = joined.sentence
        yield _Candidate(
            score=_score(joined, read, asked, has_answer_type=has_answer_type, is_effect=is_effect),
            selected=SelectedSentence(read.place, start, end, text, sentence.wording, sentence.cells, has_answer_type),
            has_answer_type=has_answer_type and asked.answer_type != "reason",
            says_something=_says_something(joined, read, asked, answers=introduces_list or has_answer_type),
            is_on_cover=read.is_cover,
            states_reason=has_answer_type and asked.answer_type == "reason",
            share=share_of(asked.terms, joined.terms),
            is_bare=not introduces_list and _is_bare(text, sentence),
        )


def _explained(
    words: str, own: Sequence[str], before: Sequence[_ReadSentence], asked: _Question
) -> _ReadSentence | None:
    """Return the sentence before of which a sentence tells the cause, None if it tells none.

    "The delay was caused by a flood" names its subject with a word of the question or of that sentence, or it is clear
    from a sentence with most of the question.
    """
    about = max(before, key=lambda other: share_of(asked.terms, other.terms), default=None)
    if about is None or _TELLS_CAUSE.match(words) is not None:
        return about
    if _PREVENTED.search(words) is not None and share_of(asked.terms, about.terms) >= _MOST:
        return about
    if _IS_CAUSED.match(words) is None:
        return None
    is_named = not asked.terms.keys().isdisjoint(own) or not set(about.terms).isdisjoint(own)
    return about if is_named or share_of(asked.terms, about.terms) >= _MOST else None


def _reasons_first(ranked: Sequence[_Candidate]) -> list[_Candidate]:
    """Move the best sentence that states a reason before one that states none and has no more words of the question."""
    best = ranked[0]
    if best.states_reason:
        return list(ranked)
    reason = next((other for other in ranked if 0 < other.share >= best.share and other.states_reason), best)
    return [reason, *(candidate for candidate in ranked if candidate is not reason)]


def _sentences_first(ranked: Sequence[_Candidate]) -> list[_Candidate]:
    """Leave out lines that are no sentence before the first sentence or row that answers nearly as well.

    They are the captions of tables, headings in lists of contents and imprints, which tell where something is said.
    """
    best = ranked[0]
    if not best.is_bare:
        return list(ranked)
    first = next((other for other in ranked if not other.is_bare), None)
    if first is None:
        return list(ranked)
    is_as_good = first.share >= _MIN_SHARE_OF_LINE * best.share and first.score >= best.score - _MAX_BEHIND_LINE
    return [candidate for candidate in ranked if not candidate.is_bare] if is_as_good else list(ranked)


def _is_bare(text: str, sentence: Sentence) -> bool:
    """Return whether a text is a line that is no sentence, row or item of a list, and states no figure but a year."""
    line = text.strip()
    if sentence.wording or ends_sentence(line) or LIST_ITEM.match(line) or _WIDE_LETTER.search(line) or ":" in line:
        return bool(not sentence.wording and _IMPRINT.match(line))
    numbers = re.findall(r"\d+", _LINE_NUMBER.sub("", line))
    return len(line.split()) <= _MAX_LINE_WORDS and len(numbers) <= len(written_years(line))


def _is_cover(passage: Passage) -> bool:
    """Return whether the first passage of a document has lines of a cover only: no sentences, table rows or lists."""
    return not any(
        sentence.wording or ends_sentence(text) or LIST_ITEM.match(text)
        for sentence in passage.sentences
        for text in [passage.text_of(sentence)]
    )


def _answers(text: str, asked: _Question, language: str | None) -> bool:
    """Return whether a text has the type of answer asked for; a number also in words of its language.

    A number in a sentence that only says that something is counted is none of what is counted.
    """
    if asked.answer_type == "number" and _only_asks_number(text):
        return False
    if may_answer(text, asked.answer_type, asked.text):
        return True
    code = primary_language(language)
    if asked.answer_type != "number":
        return False
    if says_none(text, language):
        return True
    if language is None or code == "en":
        return False
    # few questions about documents in other languages need the tables, which take 35 ms to load
    from qa.editions.figures.number_words import NUMBER_WORDS

    words = NUMBER_WORDS.get(code, {})
    return any(word in words for word in re.findall(r"[^\W\d_]+(?:-[^\W\d_]+)*", text.casefold()))


def _only_asks_number(text: str) -> bool:
    """Return whether the last sentence of a text has an indirect question for a number, and no figure."""
    asking = list(_ASKS_NUMBER.finditer(text))
    return bool(asking) and not any(map(str.isdigit, without_days(text[asking[-1].end() :])))


def _counts(sentence: Sentence, text: str, noun: str, language: str | None) -> bool:
    """Return whether a sentence has a number of what a noun names, or the label of a row is that noun."""
    if not sentence.wording:
        return counts(text, noun, language)
    return {*terms(noun, language)} == {*terms(row_label(text), language)}


def is_of_other_years(hit: Hit, years: Collection[int], text: str) -> bool:
    """Return whether the document of a hit covers other years than those asked about, and a text of it names none.

    Args:
        hit: The hit.
        years: The years asked about.
        text: The passage, perhaps with its headings.
    """
    covers = hit.document.covers
    if covers is None or not years:
        return False
    asked = Period(min(years), max(years))
    outside = {*years}.difference(range(covers[0], covers[1] + 1))  # its own years say nothing of the others
    return not is_about(asked, covers) and written_years(text).isdisjoint(outside)


def _is_before(hit: Hit, years: Collection[int]) -> bool:
    """Return whether a document of an edition before the years asked about names none: it cannot tell of them."""
    edition = hit.document.edition
    is_earlier = edition is not None and edition < min(years, default=0)
    return is_earlier and written_years(hit.stored.passage.text).isdisjoint(years)


def _asks(words: str, own: Sequence[str], asked: _Question) -> bool:
    """Return whether a sentence asks: by its form, or as a heading in the words of the question."""
    if _QUESTION.fullmatch(words) is not None:
        return True
    return bool(own) and asked.terms.keys() >= set(own) and _QUESTION_WORD.match(words) is not None


def _names_what_is_before(words: str, own: Sequence[str], asked: _Question) -> bool:
    """Return whether a sentence only gives a name of the question to what is before it: "This is called a groyne"."""
    is_new = [term for term in own if term not in asked.terms]
    return len(own) > len(is_new) and len(is_new) <= 1 and _REFERS_BACK.match(words) is not None


def _names_holder(text: str, asked: _Question, language: str | None) -> bool:
    """Return whether a name that the question lacks is beside a word of it that is no name."""
    for name in _NAME.finditer(text):
        if not asked.terms.keys().isdisjoint(terms(name[0], language)):
            continue
        beside = text[max(0, name.start() - _BESIDE) : name.start()], text[name.end() : name.end() + _BESIDE]
        words = [*_RUN.findall(beside[0])[-_MAX_BETWEEN:], *_RUN.findall(beside[1])[:_MAX_BETWEEN]]
        if not asked.terms.keys().isdisjoint(terms(" ".join(words), language)):
            return True
    return False


def _names_year(text: str, words: Collection[str], asked: _Question) -> bool:
    """Return whether a sentence has a year of the question, and another of its words."""
    is_about = bool(asked.years) and any(term in words for term in asked.terms if not term.isdigit())
    return is_about and not asked.years.isdisjoint(written_years(text))


def _only_compares(text: str, years: Collection[int]) -> bool:
    """Return whether a text names some years, and only to compare with them: "9.7 per cent more than in 2020"."""
    places = [written.start for each in parse_years(text) for written in each.written if written.year in years]
    return bool(places) and all(_COMPARED_WITH.search(text, max(0, at - _COMPARED_REACH), at) for at in places)


def _with_answer(passage: Passage, position: int, span: Span, asked: _Question, language: str | None) -> Span:
    """Return the span of a sentence without what is asked for, with the neighbour that has it and refers to it.

    "This is due to the law." and "It fetched 40 crowns." come after the sentence that tells what they are about; a
    number or a date is joined only if the words of the question are not beside it. For "The years were revised
    accordingly." the neighbour is the sentence before.
    """
    start, end = span
    text = passage.text_between(start, end)
    if _answers(text, asked, language):
        return span
    before, after = passage.sentences[:position], passage.sentences[position + 1 :]
    if after and not after[0].wording:
        next_text = passage.text_of(after[0])
        is_alone = asked.answer_type == "reason" or asked.terms.keys().isdisjoint(sentence_terms(next_text, language))
        is_answer = asked.answer_type == "number" and _only_asks_number(text)
        if (is_answer or (is_alone and _REFERS_BACK.match(next_text))) and _answers(next_text, asked, language):
            _, end = passage.span_of(after[0])
    if asked.answer_type == "reason" and before and not before[-1].wording and _FOLLOWS.search(text):
        start, _ = passage.span_of(before[-1])
    return (start, end) if end - start <= _MAX_PAIR else passage.span_of(passage.sentences[position])


def _is_plan(words: str, years: Collection[int]) -> bool:
    """Return whether a sentence tells of plans only ("The roof is to be renewed"), and not of those for these years."""
    if not written_years(words).isdisjoint(years):
        return False
    return OUTLOOK.search(words) is not None and _PAST.search(OUTLOOK.sub(" ", words)) is None


def _only_tells_effect(text: str, asked: _Question, language: str | None) -> bool:
    """Return whether a sentence tells what followed from what a question asks the reason for.

    "Complaints rose because the line was closed" does not tell why the line was closed.
    """
    reason = _BECAUSE.search(text)
    if reason is None:
        return False
    before, after = (set(terms(part, language)) for part in (text[: reason.start()], text[reason.end() :]))
    share_before, share_after = share_of(asked.words, before), share_of(asked.words, after)
    return share_after >= _MOST and share_before < share_after / 2


def _is_statement(words: str) -> bool:
    """Return whether a sentence is long enough to say something, and more than the source of a figure."""
    is_long = len(_RUN.findall(words)) >= MIN_WORDS
    is_sentence = any(pattern.fullmatch(words.strip()) for pattern in (_SHORT_SENTENCE, _WIDE_SENTENCE))
    return (is_long or is_sentence) and not is_source_line(words)


def _one_per_edition(ranked: Sequence[SelectedSentence], compared: int) -> list[SelectedSentence]:
    """Return the best sentence of each of the first passages, in their order, then all others."""
    best: dict[int, SelectedSentence] = {}
    for selected in ranked:
        best.setdefault(selected.passage, selected)
    first = [best[place] for place in range(compared) if place in best]
    return [*first[:MAX_SENTENCES], *(selected for selected in ranked if selected not in first)]


def _as_good(candidates: Sequence[_Candidate]) -> list[SelectedSentence]:
    """Return the sentences that are nearly as good an answer as the best one.

    They have the type asked for and as many words of the question, and their scores are nearly as high.
    """
    best = candidates[0]
    if not best.has_answer_type:
        return []
    return [
        other.selected
        for other in candidates[1:]
        if other.has_answer_type and other.share >= best.share > 0 and best.score - other.score <= _AS_GOOD
    ]


def _newest_first(
    ranked: Sequence[SelectedSentence],
    hits: Sequence[Hit],
    asked: _Question,
    as_good: Collection[SelectedSentence],
    extreme: Collection[SelectedSentence] = (),
) -> list[SelectedSentence]:
    """Move the newest counterpart of the best sentence to the front: "A lunch costs 232 pence" before "230 pence".

    A counterpart is in another edition of the series, has most of the sentence's words, and all of the question's words
    that the sentence has: "Sulphur oxides fell" is none of "Nitrogen oxides fell" if nitrogen is asked for. Where the
    question asks who, names may differ: "The coxswain is Anna Holt", "The coxswain is Ben Young". The sentences
    `as_good` are counterparts, too: "The hall will open in May 2024", "The opening of the hall was put off to 2025".
    Those of a row with the largest or smallest figure are only the rows of other editions that have it, `extreme`.
    """
    asks_who = _WHO.search(asked.text) is not None
    question_words = set(_WORD.findall(asked.text.casefold()))

    def words(selected: SelectedSentence) -> frozenset[str]:
        written = _WORD.findall(selected.text)
        if asks_who:
            written = [word for word in written if not word[0].isupper() or word.casefold() in question_words]
        return frozenset(word.casefold() for word in written)

    def asked_words(selected: SelectedSentence) -> set[str]:
        language = hits[selected.passage].document.language
        return asked.terms.keys() & set(sentence_terms(selected.wording or selected.text, language))

    best = ranked[0]
    series = hits[best.passage].document.series
    if series is None:
        return list(ranked)
    words_of_best, asked_of_best = words(best), asked_words(best)
    counterparts = [
        selected
        for selected in ranked
        if hits[selected.passage].document.series == series
        and (
            selected in as_good
            or (
                (are_counterparts(words_of_best, words(selected)) or _contains_most(words_of_best, words(selected)))
                and asked_of_best <= asked_words(selected)
            )
        )
    ]
    if best in extreme:
        counterparts = [selected for selected in extreme if hits[selected.passage].document.series == series]
    newest = max([best, *counterparts], key=lambda selected: hits[selected.passage].document.edition or 0)
    return [newest, *(selected for selected in ranked if selected != newest)]


def are_counterparts(words: frozenset[str], others: frozenset[str]) -> bool:
    """Return whether texts with these words may be counterparts in two editions."""
    return bool(words & others) and len(words & others) >= _MIN_COUNTERPART * len(words | others)


def _contains_most(words: frozenset[str], others: frozenset[str]) -> bool:
    """Return whether one of two texts has most of the words of the other, and perhaps says more."""
    shorter = min(len(words), len(others))
    return shorter >= MIN_WORDS and len(words & others) >= _MIN_CONTAINED * shorter


def _list_item(passage: Passage, start: int, end: int) -> tuple[int, int]:
    """Return the span of the list item of one line that a sentence is part of; the sentence's where it is of none."""
    begin = passage.text.rfind("\n", 0, start - passage.start) + 1
    line = passage.text[begin:].partition("\n")[0].rstrip()
    is_one_line = "\n" not in passage.text_between(start, end)
    if not is_one_line or len(line) > _MAX_ITEM or LIST_ITEM.match(line) is None:
        return start, end
    first = passage.start + begin + len(line) - len(line.lstrip())
    return first, passage.start + begin + len(line)


def _end_of_list(passage: Passage, start: int, end: int) -> int:
    """Return where the list that a sentence introduces ends, after as many items as fit; `end` if it introduces none.

    The sentence ends with a colon, or without a full stop before items with marks. Lines without marks are items where
    they follow each other without a blank line, and are no captions, sources or rows of a table.
    """
    text = passage.text_between(start, end).rstrip()
    has_colon = text.endswith((":", "："))
    if not has_colon and (ends_sentence(text) or LIST_ITEM.match(text)):
        return end
    offset, after_blank, last, is_plain = end - passage.start, True, end, False
    rest = passage.text[offset:]
    if not rest.lstrip(" \t\r").startswith("\n"):
        return end
    for line in rest.splitlines(keepends=True):
        offset += len(line)
        words = line.strip()
        if not words:
            after_blank = True
            continue
        is_item = LIST_ITEM.match(line) is not None
        if last == end:
            is_plain = not is_item
        is_name = len(words) <= _MAX_PLAIN_ITEM and not ends_sentence(words) and "|" not in words
        is_name = is_name and not (is_caption(words) or is_inset_label(words) or is_source_line(words))
        follows = last == end or not after_blank
        belongs = (is_item and not is_plain) or (has_colon and is_name and follows if is_plain else not after_blank)
        stop = passage.start + offset - len(line) + len(line.rstrip())
        if not belongs or stop - start > _MAX_LIST:
            break
        last, after_blank = stop, False
    return last


def _count_enough(candidates: Sequence[_Candidate], distinct: Sequence[SelectedSentence]) -> int:
    """Return how many of the first sentences have a probability of ENOUGH together, at most MAX_SENTENCES."""
    best = candidates[0].score
    odds = {candidate.selected: math.exp(SHARPNESS * (candidate.score - best)) for candidate in reversed(candidates)}
    enough = ENOUGH * sum(odds[selected] for selected in distinct)
    reached = accumulate(odds[selected] for selected in distinct[: MAX_SENTENCES - 1])
    return 1 + sum(together < enough for together in reached)
