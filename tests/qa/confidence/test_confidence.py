"""What speaks for an answer and against it, counted by hand; and that the probability goes the way reason says."""

from __future__ import annotations

import math
from dataclasses import asdict, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.lexical.analysis import terms
from index.lexical.bm25 import idf
from index.models import model_store
from index.models.encoder import paired_fingerprint
from index.models.similarity_scale import SimilarityScale
from index.ranking.search import Hit
from index.storage.reader import DocumentInfo
from qa.confidence.confidence import (
    COVERAGE,
    THRESHOLD,
    Calibration,
    Coefficient,
    Features,
    calibrations,
    capitalised_names,
    compute_features,
    confidence_label,
    estimate_confidence,
    is_calibrated,
    lacks_name,
)
from qa.question.corpus_facts import CorpusFacts
from tests.benchmarks.confidence import SIGNS
from tests.factories.hits import BLUE16, make_document, make_hit

SCALE = SimilarityScale(mean=0.1, spread=0.5)
PASSAGES = 100


PLAIN = make_document(passage_count=PASSAGES)


def hit(*sentences: tuple[str, float], of: DocumentInfo = PLAIN) -> Hit:
    return make_hit(of, *sentences)


def weights(question: str, **known: int) -> dict[str, float]:
    """The question's terms with their idf: in so many of the passages, else in none."""
    return {term: idf(PASSAGES, known.get(term, 0)) for term in terms(question)}


def counted(question: str, *hits: Hit, documents: tuple[DocumentInfo, ...] = (PLAIN,), **known: int) -> Features:
    return compute_features(question, hits, weights(question, **known), CorpusFacts.of(documents), SCALE)


def test_support_is_similarity_and_the_share_of_terms_of_the_best_sentence() -> None:
    # similarities standardised: (.6 - .1) / .5 = 1 and (.4 - .1) / .5 = .6; two of two terms, one of two
    hits = hit(("Ships rest.", 0.6), ("The ships were sailing.", 0.4)), hit(("Cats sleep.", 0.1))
    features = counted("Which ships sail?", *hits, ship=9, sail=9)
    assert features.support == pytest.approx(max(1.0 + COVERAGE / 2, 0.6 + COVERAGE, 0.0))


def test_for_another_language_the_similarity_stands_for_the_share_of_terms() -> None:
    # standardised .6, of which .3 stands for no terms and .8 for all; names are not looked for
    english = make_document(passage_count=PASSAGES, language="en")
    ships = hit(("The ships were escorted to Djibouti.", 0.4), of=english)
    features = counted("¿Cuántos barcos fueron escoltados por la Marina hasta Yibuti?", ships, documents=(english,))
    assert features.support == pytest.approx(0.6 + COVERAGE * 0.6)
    assert features.names_missing == 0
    assert (
        counted("How many boats were guarded by the Navy up to Jibuti?", ships, documents=(english,)).names_missing > 0
    )


def test_the_lead_of_the_best_score_ignores_what_puts_compared_editions_first() -> None:
    scores = {"passage": 0.7}, {"passage": 0.4, "compare": 3.0}
    hits = [replace(hit(("Ships sail.", 0.5)), scores=parts, score=sum(parts.values())) for parts in scores]
    assert counted("Which ships sail?", *hits).score_lead == pytest.approx(0.3)
    assert counted("Which ships sail?", hits[0]).score_lead == 0.0


def test_beside_a_hit_that_stands_out_in_its_language_those_in_others_are_not_read() -> None:
    german = replace(hit(("Das Schiff sank.", 0.3), of=make_document("d", language="de")), scores={"language": 0.2})
    english = hit(("The ships were sailing.", 0.6))
    alone = counted("Which ships sail?", german, documents=(PLAIN, german.document))
    assert counted("Which ships sail?", german, english, documents=(PLAIN, german.document)) == alone
    behind = counted("Which ships sail?", english, german, documents=(PLAIN, german.document))
    assert behind.support > alone.support


def test_the_part_of_a_language_is_no_lead() -> None:
    german = replace(
        hit(("Das Schiff sank.", 0.3), of=make_document("d", language="de")), scores={"language": 0.2}, score=0.9
    )
    english = hit(("The ships were sailing.", 0.6))
    assert counted("Which ships sail?", english, german).score_lead == pytest.approx(0.3)


def test_the_years_of_a_question_are_no_terms_to_be_contained() -> None:
    plain, dated = (counted(text, hit(("Ships sail.", 0.5))) for text in ("Ships?", "Ships in 2015?"))
    assert (plain.support, plain.names_missing) == (dated.support, dated.names_missing)


@pytest.mark.parametrize(
    ("question", "missing"),
    [
        ("What did Japan give Palau?", 1),  # Japan stands in a passage, Palau in none
        ("What did Japan give?", 0),
        ("Ships given by japan and palau?", 0),  # the first word's capital says nothing, nor do small letters
        ("UNMISS and 38 ships", 2),  # an acronym at the beginning, and a number
        ("What did McBride of Palau give?", 2),
    ],
)
def test_names_that_no_passage_holds(question: str, missing: int) -> None:
    found = counted(question, hit(("The ships sail.", 0.5)), hit(("They came from Japan.", 0.4)))
    assert found.names_missing == pytest.approx(math.log1p(missing))


def test_a_word_that_was_read_as_mistyped_is_not_missing() -> None:
    question = "What did Japann give?"
    found = compute_features(
        question, [hit(("Japan gave ships.", 0.5))], {"japan": 2.0, "give": 1.0}, CorpusFacts.of([PLAIN]), SCALE
    )
    assert found.names_missing == 0


@pytest.mark.parametrize(
    ("question", "sentence", "missing"),
    [
        ("Which ships did not sail?", "The ships sailed.", 1),
        ("Which ships didn't sail?", "The ships sailed.", 1),
        ("Which ships did not sail?", "Two ships never sailed.", 0),
        ("Which ships sailed?", "Two ships never sailed.", 0),
    ],
)
def test_a_negation_that_the_best_sentence_lacks(question: str, sentence: str, missing: int) -> None:
    assert counted(question, hit((sentence, 0.5))).negation_missing == missing


@pytest.mark.parametrize(
    ("question", "sentence", "opposite"),
    [
        ("By how much did exports rise?", "Exports fell by 3 per cent.", 0),  # "fell" is opposite to "rose"
        ("By how much did imports rise?", "The fall of imports was 3 per cent.", 1),
        ("By how much did exports rise?", "The rise of exports was larger than the fall of imports.", 0),
        ("Is the northern quay open?", "The southern quay is open.", 1),
        ("Is the northern or the southern quay open?", "The southern quay is open.", 0),
        ("Is the quay open?", "The southern quay is open.", 0),
        ("Which cases were solved?", "Two cases are unsolved.", 1),
        ("Which cases are unsolved?", "Two cases were solved.", 1),
        ("Which cases are unsolved?", "Two cases were solved, three are unsolved.", 0),
        ("Which buoys have a zero weight?", "Buoys with a non-zero weight sink.", 1),
        ("Which islands were covered?", "The islands were discovered by Ada.", 0),
        ("Which port was named first?", "An important import came first.", 0),
    ],
)
def test_the_opposite_of_a_word_of_the_question_instead_of_it(question: str, sentence: str, opposite: int) -> None:
    assert counted(question, hit((sentence, 0.5))).opposite == opposite


@pytest.mark.parametrize(
    "question",
    [
        "Is it known whether or not the ships sailed?",
        "Which ships sailed not only to Arvik?",
        "Which ships lack crews?",
    ],
)
def test_words_that_deny_nothing_are_no_negation(question: str) -> None:
    assert counted(question, hit(("The ships sailed.", 0.5))).negation_missing == 0


@pytest.mark.parametrize(
    ("question", "sentence", "missing"),
    [
        ("How many ships sailed?", "Many ships sailed.", 1),
        ("How many ships sailed?", "Two ships sailed.", 0),
        ("How many of the 12 ships sailed?", "The 12 ships sailed.", 1),  # the question's own number
        ("When did ships sail?", "Ships sailed.", 0),  # a date that is missing was found to say nothing
        ("Which ships sailed?", "Many ships sailed.", 0),
    ],
)
def test_a_number_asked_for_that_the_best_sentence_lacks(question: str, sentence: str, missing: int) -> None:
    assert counted(question, hit((sentence, 0.5))).number_missing == missing


def test_a_heading_in_the_line_of_a_paragraph_has_the_number_of_the_sentence_after_it() -> None:
    question = "How many crowns does a boat cost?"
    heading, price, other = ("Boats for hire.", 0.6), ("A rower is two crowns a day.", 0.2), ("Dogs swim.", 0.2)
    assert counted(question, hit(heading, price)).number_missing == 0
    assert counted(question, hit(heading, other)).number_missing == 1
    statement = ("Boats for hire are in the shed by the quay.", 0.6)
    assert counted(question, hit(statement, price)).number_missing == 1


COVERS_2015 = make_document(covers=2015, edition=2016, passage_count=PASSAGES)


@pytest.mark.parametrize(
    ("question", "of", "text", "unmet", "outside"),
    [
        ("Which ships sailed?", COVERS_2015, "Ships sailed.", 0, 0),
        ("Which ships sailed in 2015?", COVERS_2015, "Ships sailed.", 0, 0),  # covered
        ("Which ships sailed in 2016?", COVERS_2015, "Ships sailed.", 0, 0),  # the edition
        ("Which ships sailed in 2017?", COVERS_2015, "Ships sailed.", 1, 1),
        ("Which ships sailed in FY2017?", COVERS_2015, "Ships sailed.", 1, 1),
        ("Which ships sailed in 1951?", COVERS_2015, "Ships sailed in 1951.", 0, 0),  # mentioned
        ("Which ships sailed in 1951 and 2015?", COVERS_2015, "Ships sailed.", 0.5, 0.25),  # half, of which half
        ("Which ships sailed in 2017?", PLAIN, "Ships sailed.", 1, 0),  # what PLAIN covers is unknown
        ("Did 1,951 ships sail?", COVERS_2015, "Ships sailed.", 0, 0),  # no year
    ],
)
def test_years_asked_for(question: str, of: DocumentInfo, text: str, unmet: float, outside: float) -> None:
    found = counted(question, hit((text, 0.5), of=of), documents=(of,))
    assert (found.years_unmet, found.years_not_covered) == (unmet, outside)


NEUTRAL = Features(0.8, 1.2, 0.5, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0)


def test_the_probability_is_a_logistic_function_of_the_features() -> None:
    two = {"support": Coefficient(1.0, 0.2, 2.0), "score_lead": Coefficient(0.4, 0.2, 0.5)}
    calibration = Calibration("m", 0.25, two)
    # .25 + 2 * (1.2 - 1) / .2 + .5 * (.8 - .4) / .2 = 3.25
    assert calibration.probability(replace(NEUTRAL, score_lead=0.8)) == pytest.approx(1 / (1 + math.exp(-3.25)))


def test_without_hits_there_is_no_confidence() -> None:
    assert estimate_confidence("Which ships sailed?", [], {}, CorpusFacts.of([PLAIN]), SCALE) == 0.0


@pytest.mark.parametrize("fingerprint", calibrations())
@given(
    st.builds(
        Features,
        passage_similarity=st.floats(-1, 2),
        support=st.floats(-1, 3),
        score_lead=st.floats(0, 2),
        names_missing=st.floats(0, 4),
        negation_missing=st.sampled_from([0.0, 1.0]),
        years_unmet=st.floats(0, 1),
        years_not_covered=st.floats(0, 1),
        number_missing=st.sampled_from([0.0, 1.0]),
        opposite=st.sampled_from([0.0, 1.0]),
        word_replaced=st.sampled_from([0.0, 1.0]),
    ),
    st.floats(0, 1),
)
def test_probability_is_monotonic_in_features_with_a_sign(fingerprint: str, found: Features, more: float) -> None:
    calibration = calibrations()[fingerprint]
    probability = calibration.probability(found)
    assert 0 <= probability <= 1
    values = asdict(found)
    for name, sign in SIGNS.items():
        changed = calibration.probability(replace(found, **{name: values[name] + more}))
        assert sign == 0 or (changed - probability) * sign >= 0


def test_the_coefficients_name_the_computed_features() -> None:
    for calibration in calibrations().values():
        assert set(calibration.coefficients) == set(asdict(NEUTRAL)) == set(SIGNS)
        assert all(coefficient.spread > 0 for coefficient in calibration.coefficients.values())


def test_the_default_model_is_calibrated_and_another_is_not() -> None:
    # its fingerprint, without exporting it
    names = model_store.DEFAULT_MODEL.split(model_store.PAIR)
    assert is_calibrated(paired_fingerprint(*(model_store.hash_model(model_store.locate(name)) for name in names)))
    assert not is_calibrated("0" * 32)


def test_a_relevant_passage_is_confident_and_an_unrelated_one_is_not() -> None:
    question = "How many merchant ships did the destroyers escort?"
    # the scale of the default model, as its index has it
    scale = SimilarityScale(0.06, 0.56)
    good = replace(hit(("The destroyers escorted 38 merchant ships.", 0.8)), scores={"passage": 0.3})
    strange = hit(("The museum shows fossils and birds.", 0.12))
    known = weights(question, merchant=5, ship=9, destroy=3, escort=4)
    assert estimate_confidence(question, [good, strange], known, CorpusFacts.of([PLAIN]), scale) > 0.6
    assert estimate_confidence(question, [strange], known, CorpusFacts.of([PLAIN]), scale) < THRESHOLD


def test_probabilities_in_words() -> None:
    assert [confidence_label(p) for p in (0.95, 0.7, THRESHOLD, THRESHOLD - 0.01)] == [
        "high",
        "fair",
        "low",
        "too low to answer",
    ]


@pytest.mark.parametrize(
    ("name", "text", "lacks"),
    [
        ("Tressay", "The fleet of Marrow landed cod.", True),
        ("Tressay", "The fleet of Tressay's port landed cod.", False),
        ("Chile", "Chilean boats landed cod.", False),
        ("Málaga", "Boats of Malaga landed cod.", False),
        ("Northern Island Trust", "The N.I.T. owns boats.", False),
        ("Northern Island Trust", "The nit owns boats.", True),
        ("India", "An indicator of landings fell.", True),
        ("Germany", "Germ cells were found.", True),
        ("China", "Chinese boats landed cod.", False),
        ("Chinese", "Boats of China landed cod.", False),
        ("Afghan", "Boats of Afghanistan landed cod.", False),
        ("Washington", "The United States landed cod.", False),
        ("America's", "U.S. boats landed cod.", False),
        ("Seoul", "The ROK landed cod.", False),
        ("Seoul", "France landed cod.", True),
        ("Maritime", "Boats landed cod.", False),  # in the name of the series
    ],
)
def test_a_passage_lacks_a_name_without_its_words_and_initials(name: str, text: str, *, lacks: bool) -> None:
    assert lacks_name(name, make_hit(BLUE16, (text, 0.5))) == lacks


def test_names_are_capitalised_words_within_a_question() -> None:
    question = "Which boats did Anna Holm-Berg and the Port of Arvik sell in May 2019 to de Vos?"
    assert capitalised_names(question, "en") == ["Anna Holm-Berg", "Port", "Arvik"]
    assert capitalised_names("Which Middle Eastern port is in the United States?", "en") == []
    assert capitalised_names("Wie viele Boote hat Arvik?", "de") == []
