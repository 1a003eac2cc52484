"""Sentence ends: examples of each rule, and conservation of all characters."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from corpus.chunking.sentences import WRAPPED_WIDTH, is_source_line, split_sentences
from corpus.ingest import plan, read
from tests.benchmarks.reading.sentence_ends import SENTENCES, compare


def sentences(text: str, start: int = 0, end: int | None = None) -> list[str]:
    return [text[first:last] for first, last in split_sentences(text, start, len(text) if end is None else end)]


# A bar stands where a sentence ends; the white space behind it belongs to none.
EXAMPLES: dict[str, Sequence[str]] = {
    "plain": (
        "The sea is wide.| The sky is blue.",
        "Is it so?| Yes!| Indeed.",
        "Was it you?!| No.",
        "One.|  Two.|   Three.",
    ),
    "titles": (
        "Mr. Smith met Dr. Jones in St. Ives.| They talked.",
        "Messrs. Hill and Dale climbed Mt. Fuji.| It was cold.",
        "Maj. Gen. Hill and Lt. Col. Hay came.| Then they left.",
        "M. Dupont et Mme. Durand.| Fin.",
    ),
    "titles of Romance languages": (
        "Abrió el acto Dª. Pilar Gómez.| Cerró D. Luis.",
        "La Excma. Sra. D.ª Inés Gil y Dña. Rosa Vela.| Fin.",
        "Habló el Arq. Pedro Sanz con la Lic. Vera.| Después calló el Mtro. Ríos.",
        "Firmó Fco. Javier Mora.| Luego votó Mª. Luz Peña.",
        "A Exma. Sra. Profª. Rita Melo saiu.| O Eng.º Rui Dias ficou.",
        "O Exmo. Sr. Cel. Braga falou.| A Dr.ª Lima calou.",
        "Mgr. Blanc et Me. Roche plaident.| Mlle. Petit signe avec le Pr. Morel.",
        "La Dott.ssa. Elena Riva e l'avv. Ugo Conti.| Il Sig. Neri tace.",
        "Il Dott. Bruni, la Prof.ssa Riva e la Sig.ra. Conti firmano.| L'On. Greco no.",
        "It was the 2ª.| La 3ª falta.",
        "They told me.| Mary left.",
        "He asked the FCO.| Mary left.",
    ),
    "initials": (
        "Newton D. Baker spoke.| J. K. Rowling wrote.",
        "He took vitamin C.| The doctor smiled.",
        "World War I.| The next war.",
        "Ask J. A. Smith.| He knows.",
    ),
    "acronyms": (
        "The U.S. Government agreed.| Talks followed.",
        "Talks between Japan and the U.S.| The next round follows.",
        "The U.S. and Japan met.| All was well.",
        "U.S.-Japan ties grew.| Good.",
        "He lives in Washington D.C.| He works there.",
    ),
    "abbreviations": (
        "It sold boats, nets, etc.| The rest was lost.",
        "Nets, boats, etc. were sold.",
        "Boats of Fisher Ltd. sailed.",
        "Boats of Fisher Ltd.| The crew sailed.",
        "It ended at 5 p.m.| The crowd went home.",
        "At 10 a.m. Monday it began.",
        "Approx. 300 came, i.e. many, e.g. Poles vs. Danes.| Then all left.",
    ),
    "numbers": (
        "Growth was 3.5 percent.| It fell to 2.1 percent.",
        "See No. 5 and Fig. 3 in Vol. 2.| The end.",
        "He said no.| We left.",
        "Jan. 5 was cold.| On Feb. 6 it rained.",
        "It was founded in 1951.| 300 boats came.",
        "Prices fell (by 3%).| 12 boats sank.",
        "Am 3. Oktober geschah es.| Danach war Ruhe.",
        "It came to Phase 3.| Work goes on.",
    ),
    "figures with full stops": (
        "It came to 12.5 MW and 3.4 Million crowns.| It was 1.5 °C.| Output was 104.2 (Table 3).",
        "Das Haus zählte 41.000 Besucher.| Es sind 3.412 Schiffe.",
        "The years are 2015.| And 2016.",
        "Version 2.10 Beta came out.| Done.",
    ),
    "abbreviations before numbers and names": (
        "The Govt. of the province paid Rs. 500 crore under Sch. 4 of the Act.| It was late.",
        "See Doc. A/70/1 and Res. 2231.| The modern art.| We came.",
        "5 Mio. Kronen kamen aus dem Fonds.| Es waren 5 Mio.| Die Stadt zahlte.",
        "Die 3. Auflage erschien.| Vgl. Abb. 4.| Am 3. 12. 2016 war z. B. Herr Dr. Lang da.",
        "Les MM. Petit et Roux, p. ex. M. Le Roux.| Cf. la fig. 3.| Le but, etc.| Les suites.",
        "El Sr. D. Luis vive en EE. UU.| La casa es suya.| Véase el núm. 3.",
        "Er nennt 1. Schutz, 2. Bildung und 3. Ruhe.| Das ist alles.",
        "Am 2. u. 3. Juni.| Prof. Dr. h. c. mult. Weber kam.| Le 14 juill. 2018.",
        "I am 30.| My sister is 20.| It fell 2 years ago.| I will go.",
        "Visit www.port.example.| Or http://port.example/a?b=C.D for more.| Thanks.",
    ),
    "abbreviations that the text shows": (
        "Der Komm. ist neu, der Komm. ist lang.| Frau Komm. Anna Kurz kam.",
        "Das Amt ist neu, das Amt ist lang.| Er verließ das Amt.| Anna kam.",
    ),
    "quotations": (
        "„Gerne.“| Die Tür ging auf.| »Nie.«| Sie ging.| « Demain. »| Elle part.",
        "He said “Come.”| She came.",
        'He asked "Why?"| Nobody knew.',
        "She said ‘no.’| He left.",
        "“Why?” he asked.| “Why not?” she said.",
        "«Oui.»| Il partit.",
        "(It was late.)| They left.",
    ),
    "numbers of items": (
        "A. The scheme is old.| It goes on.|\nb. Boats are built.",
        "1. The sea|\n12. The sky is blue.| It is wide.",
        "iv. The rest.| He sailed.|",
        "б. Лодки строят.| Они новые.",
        "Civil.| She left.",
    ),
    "notes glued on": ("It grew.12| Then it fell.[3]| At last it rose.", "It grew.”4| Then it fell."),
    "small letters": ("Wait... what?| Never mind.", "It ended … at last.| Good.", "He wrote to a.b. and c.d. again."),
    "wide": (
        "港は開かれた。|船が来た。|",
        "「行こう。」と言った。|彼は去った。",
        "「行こう。」|彼は去った。",
        "彼は「行こう。早く。」と言った。|港（うち一つは新しい。）である。|議長はJ. R. Poole氏である。|",
        "結果である．|次の節に進む．|",
        "本当か？|はい！|そうだ。",
        "会议结束。|代表离开。",
    ),
    "other scripts": ("한국어 문장이다.| 다음 문장이다.", "Это конец.| Начало.", "¿Qué pasa?| ¡Nada!| Bien."),
    "lines": (
        "A heading|\nAnd a line|\n\nAnd a paragraph.",
        "- first item|\n- second item",
        "One line of an address|\nSecond line",
    ),
    "hard-wrapped lines": (
        (
            "This is a line of text that a printer broke at some seventy characters so\n"
            "that it goes on here, in the same sentence, until it comes to its end. | And\n"
            "here another one begins, which is broken in the same way as the first one."
        ),
        (
            "A list in text that a printer broke at some seventy characters has its items:|\n"
            "(a) boats that are built of oak, of elm and of pine, and that can be sailed by\n"
            "two men only,|\n"
            "(b) nets that are knotted by hand in the long evenings of the winter months."
        ),
        (
            "This is a line of text that a printer broke at some seventy characters so\n"
            "that it goes on here, and then it stops without any mark at its end|\n\n"
            "A new paragraph begins here, and it is broken at seventy characters as well,\n"
            "just as the first one was."
        ),
        (
            "The price of grain rose in all regions of the country, and the ministry\n"
            "bought what farmers could not sell at the fixed price|\n"
            "Source: Ministry of Agriculture, annual report of the grain board for\n"
            "2015, table 3|\n"
            "https://example.org/report.pdf|\n"
            "Exports fell in the same year by a third, since the harvest in the\n"
            "south failed."
        ),
        (
            "（出典）総務省「情報通信技術に関する財及びサービスの輸出入の推移に関する調査」より作成|\n"
            "URL：https://example.jp/johotsusintokei/link/link03_01.html（データ集）|\n"
            "一方で輸出額は、世界的な需要の拡大により、前年に続いて大きく増加したものと考えられている"
        ),
    ),
    "quantities in several units": (
        "It cost 12s. 6d. in May.| They paid £5 4s. 10d. a year.",
        "Dues came to L7,033 0s. 6d.| Stock was sold.",
        "The boat fetched £41. 3s. 2½d. at auction.| Nets fetched 4s.| Oars fetched more.",
        "The mast is 16 ft. 3 in. long.| The keel weighs 4 cwt. 2 qrs. 7 lb.| It is old.",
        "The crossing takes 2 hrs. 40 min. by day.| By night it takes 3 hrs.| Fog adds more.",
        "They rowed 12 km.| 30 boats followed.| The bill came to £5.| 3 men paid.",
    ),
    "abbreviated given names": (
        "We thank Jas. Holm and Messrs. Wm. Berg.| They gave oars.",
        "The cup was won by Alex.| The oars were his.",
    ),
    "wrapped paragraphs beside a list": (
        (
            "Master: The Earl of Skarv.|\nPilot: Anna Holm.|\nMate: Ben Berg.|\nCook: Clara Dahl.|\nClerk: Dora.|\n\n"
            "     The League heard with regret that the Harbour Board has been\n"
            "compelled to close the slip at Arvik and to send the boats of the\n"
            "League to Skarv. | It protests."
        ),
        (
            "- oars.|\n- nets.|\n- sails.|\n- masts.|\n- pumps.|\n- ropes.|\n"
            "1. The League has voted to keep the lamp on the outer mole, and\n"
            "the Board will bear the cost of its oil.|\n"
            "2. The slip is closed."
        ),
        (
            "Oars.|\nNets.|\nSails.|\nMasts.|\nPumps.|\n\n"
            "The keeper of the lamp on the outer mole, who was born in Arvik|\n"
            "the pilot of the tug, who is paid by the Board and by the League"
        ),
        (
            "Oars.|\nNets.|\nSails.|\nMasts.|\nPumps.|\n\n"
            "Lamp on the outer mole, kept by Holm | 12\n|Lamp on the inner mole, kept by Berg | 14\n|in all 26."
        ).replace(" | ", " \t "),
    ),
    "tokenised text": ("the wall . | the flow . | St . Louis",),
}


@pytest.mark.parametrize("marked", [one for group in EXAMPLES.values() for one in group])
def test_a_text_splits_into_these_sentences(marked: str) -> None:
    wanted = [part.strip() for part in marked.split("|") if part.strip()]
    assert sentences(marked.replace("|", "")) == wanted


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("Source: OECD", True),
        ("（出典）総務省作成", True),
        ("資料：財務省", True),
        ("https://example.org/a", True),
        ("Sources say that prices will rise.", False),
        ("The address is https://example.org/a", False),
        ("Source: OECD\nPrices rose in all countries.", False),
    ],
)
def test_a_source_line_is_recognised(sentence: str, expected: bool) -> None:
    assert is_source_line(sentence) is expected


def test_a_line_wider_than_wrapped_text_is_a_paragraph() -> None:
    line = "word " * (WRAPPED_WIDTH // 5 + 2) + "and so on"
    assert sentences(f"{line}\n{line}") == [line, line]


@pytest.mark.parametrize("text", ["", " ", "\n\n", "\u3000\t"])
def test_blank_text_has_no_sentence(text: str) -> None:
    assert split_sentences(text, 0, len(text)) == []


def test_only_the_requested_part_is_split() -> None:
    text = "One. Two. Three."
    assert split_sentences(text, 5, 9) == [(5, 9)]
    assert sentences(text, 1, 12) == ["ne.", "Two.", "Th"]


PIECES = st.sampled_from(
    [
        *("word ", "Word ", "a", "B", "U.S. ", "Dr. ", "no. ", "etc. ", "3", ". ", ".", "! ", "? ", "…", ", ", "; "),
        *(
            "\n",
            "\n\n",
            " ",
            "\t",
            "\u3000",
            "\u2028",
            "\x0c",
            "”",
            "’ ",
            "(",
            ")",
            "[1] ",
            "- ",
            "(a) ",
            "。",
            "」と",
            "文",
            "💧",
        ),
        "a line that is about as long as a printer makes one so that it wraps \n",
    ]
)


@given(st.lists(PIECES, max_size=60).map("".join), st.data())
@example("No", None)
def test_every_character_is_in_exactly_one_sentence(text: str, data: st.DataObject | None) -> None:
    start = data.draw(st.integers(0, len(text))) if data else 0
    end = data.draw(st.integers(start, len(text))) if data else len(text)
    spans = split_sentences(text, start, end)
    cursor = start
    for first, last in spans:
        assert text[cursor:first].strip() == ""
        assert cursor <= first < last <= end
        assert text[first:last] == text[first:last].strip()
        cursor = last
    assert text[cursor:end].strip() == ""


@given(st.lists(PIECES, max_size=30).map("".join), st.text(" .\n", max_size=20))
def test_text_outside_the_requested_part_does_not_matter(text: str, around: str) -> None:
    # A line break of hard-wrapped text is judged by the stretch alone, too. Words around it can show abbreviations.
    alone = [(first + len(around), last + len(around)) for first, last in split_sentences(text, 0, len(text))]
    assert split_sentences(f"{around}\n{text}\n{around}"[1:], len(around), len(around) + len(text)) == alone


def test_sentences_of_the_seeds_have_plausible_lengths(data: Path) -> None:
    for source in plan([data / "seeds"]).sources:
        text = read(source).text
        spans = split_sentences(text, 0, len(text))
        assert sum(last - first for first, last in spans) > 0.95 * len(text.strip())
        lengths = [len(text[first:last].split()) for first, last in spans]
        assert max(lengths) < 150
        # A sentence of one word, such as "Mr.", would be cut off from what it belongs to; headings can be that short.
        scraps = [
            text[first:last] for first, last in spans if text[first:last].endswith(".") and " " not in text[first:last]
        ]
        assert scraps == []


@pytest.mark.parametrize("sign", [" ", "\t", ".", "…", "!?", " .", "”", '."', "1.", "。"])
def test_a_run_of_the_same_character_is_split_in_linear_time(sign: str) -> None:
    # With the square of it, 300,000 full stops took an hour: then this test does not end.
    text = "Boats sailed. " + sign * (300_000 // len(sign)) + " Nets dried."
    spans = split_sentences(text, 0, len(text))
    assert text[slice(*spans[0])].startswith("Boats sailed.")
    assert text[slice(*spans[-1])].endswith("Nets dried.")
    between = [text[one[1] : other[0]] for one, other in pairwise(spans)]
    assert not "".join(between).strip()


@pytest.mark.parametrize("file", sorted(SENTENCES.glob("*.txt")), ids=lambda file: str(file.stem))
def test_nearly_all_sentence_ends_of_five_languages_are_exact(file: Path) -> None:
    count, missed, false = compare(file)
    assert count >= 60
    assert len(missed) + len(false) <= 0.015 * count + 0.1, (missed, false)


@pytest.mark.parametrize(
    "text",
    [
        "12   The ferry ran aground, and the ship was\n     refloated on the next day.",
        "- repair of lamps and of the\n  harbour light",
        "[1] Without eels and\n    other fish of the rivers.",
    ],
)
def test_the_indented_rest_of_an_item_belongs_to_its_sentence(text: str) -> None:
    for around in (text, f"A title\n{text}\nB. Another line\n"):
        assert text in [around[start:end] for start, end in split_sentences(around, 0, len(around))]


@pytest.mark.parametrize("text", ["Income\n  fees\n  rents", "One line\nanother line", "Kap. 1\n  Der Hafen"])
def test_lines_of_a_nested_list_or_without_indent_stay_apart(text: str) -> None:
    assert len(split_sentences(text, 0, len(text))) == text.count("\n") + 1


@pytest.mark.parametrize("text", ["The tug lost 12 men. 3 died.", "There were 40 cars. 12 left."])
def test_a_number_and_a_noun_end_a_sentence_before_a_number(text: str) -> None:
    assert len(split_sentences(text, 0, len(text))) == 2


@pytest.mark.parametrize(
    "text",
    [
        "The depth of the water in the harbour at the end of the mole was\n4.25 metres at low tide.| The mole is old.",
        "The two ferries of the county were out of the harbour for a total of\n14.| The lens cost all\nof them much.",
        "The dues that the captains paid in the year came to\n18.7 million crowns; coal cost\n0.9 million crowns.",
        "The harbour board asks the captains of all ships to agree to:|\n1. keep all doors shut|\n2. count the men",
        "The board asked the captains of the ships and the owners|\n1) to keep all doors shut|\n2) to count the men",
    ],
)
def test_a_figure_at_the_beginning_of_a_wrapped_line_goes_on_with_the_sentence(text: str) -> None:
    assert sentences(text.replace("|", "")) == [part.strip() for part in text.split("|")]
