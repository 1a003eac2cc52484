"""Language detection, and None if the language is unclear; the language of words, by lists of words."""

from __future__ import annotations

import pytest

from corpus.metadata.language import (
    contradicting_language,
    detect_language,
    has_function_word_elsewhere,
    is_frequent,
    is_listed,
    is_listed_elsewhere,
    is_word_of_another_language,
)

TEXTS = {
    "en": "The harbour was opened to all ships in spring, and the board is proud of what it has done.",
    "fr": "Le port a été ouvert à tous les navires au printemps, et le conseil est fier de ce qui a été fait.",
    "de": "Der Hafen ist im Frühjahr für alle Schiffe geöffnet worden, und die Stadt ist nicht unzufrieden.",
    "es": "El puerto se abrió a todos los barcos en la primavera, y el consejo está orgulloso de lo que hizo.",
    "it": "Il porto è stato aperto a tutte le navi nella primavera, e il consiglio è fiero di quello che fa.",
    "pt": "O porto foi aberto a todos os navios na primavera, e o conselho não se esquece do que foi feito.",
    "nl": "De haven is in het voorjaar voor alle schepen geopend, en de raad is niet ontevreden met dat alles.",
    "sv": "Hamnen öppnades för alla fartyg på våren, och rådet är stolt över det som har gjorts.",
    "da": "Havnen blev åbnet for alle skibe, og rådet er ikke utilfreds med det, som efter lang tid er nået af byen.",
    "no": "Havnen ble åpnet for alle skip, og rådet er ikke misfornøyd med det som etter lang tid er oppnådd av byen.",
    "pl": "Port był otwarty dla wszystkich statków od wiosny, a rada jest dumna z tego, co się w tym roku udało.",
    "cs": "Přístav byl na jaře otevřen pro všechny lodě a rada je hrdá na to, co se za ten rok podařilo.",
    "hu": "A kikötő tavasszal nyílt meg az összes hajó előtt, és a tanács büszke arra, hogy ez már nem csak egy terv.",
    "ro": "Portul a fost deschis pentru toate navele în primăvară, iar consiliul este mândru de ce a făcut la oraș.",
    "tr": "Liman bu yıl bütün gemiler için açıldı ve kurul, şehir için yapılan daha çok iş ile gurur duyuyor.",
    "el": "Το λιμάνι άνοιξε για όλα τα πλοία την άνοιξη, και το συμβούλιο είναι περήφανο για το έργο του.",
    "ja": "港は春にすべての船に開かれた。市議会はその成果を高く評価している。",
    "zh": "港口于春季向所有船只开放。市议会对所取得的成果给予高度评价。",
    "ko": "항구는 봄에 모든 선박에 개방되었다. 시의회는 그 성과를 높이 평가하고 있다.",
    "ru": "Порт был открыт весной для всех судов, и совет гордится тем, что он сделал для города за это время.",
    "uk": "Порт було відкрито навесні для всіх суден, і рада пишається тим, що вона зробила для міста за цей час.",
}


@pytest.mark.parametrize(("code", "text"), TEXTS.items(), ids=TEXTS)
def test_the_language_of_a_sentence_is_detected(code: str, text: str) -> None:
    assert detect_language(text) == code


@pytest.mark.parametrize(("code", "text"), TEXTS.items(), ids=TEXTS)
def test_capitals_and_numbers_do_not_change_the_language(code: str, text: str) -> None:
    assert detect_language(f"2015 1,234 5.6 % {text.upper()} 7 8 9\n" * 3) == code


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("en", "A survey of ferries. It has a list of ports as at 30 June 2011."),
        ("pt", "Relatório de Gestão 2011. O porto de Arvil recebeu 410 navios e a receita foi de 4 milhões de coroas."),
        ("pt", "As contas do ano de 2014"),
        ("es", "Memoria de pesca 2014. La flota tiene 212 barcos de pesca y 1.104 pescadores en 14 puertos."),
        ("es", "La pesca en el año 2014"),
        ("fr", "Annuaire de la pêche 2014. La flotte compte 212 bateaux de pêche et 1 104 pêcheurs. Prises en 2013."),
        ("fr", "Les comptes de l'année 2014"),
        ("fr", "entretien de bateaux de sauvetage"),  # its only common word is one of several languages
        ("pt", "escola de pilotos de navios"),
        ("it", "I conti dell'anno 2014 e la pesca"),
        (
            "ro",
            "Raport anual 2014. Flota are 212 nave de pescuit și 1.104 pescari. Captura de calcan a fost de 18 tone.",
        ),
        ("nl", "Jaarverslag 2014. De vloot telt 212 schepen en 1.104 vissers in 14 havens. De vangst was 18 ton."),
        ("da", "Årsberetning 2014. Flåden har 212 skibe og 1.104 fiskere i 14 havne. Fangsten af pighvar var 18 ton."),
    ],
)
def test_the_language_of_titles_and_short_reports_is_detected(code: str, text: str) -> None:
    assert detect_language(text) == code


def test_letters_of_codes_are_no_words() -> None:
    assert detect_language("commit 5e857e6f7e11e4a5o565e8a07e28 ships ports quays boats piers tides") is None


def _text(*codes: str, times: int = 12) -> str:
    return "\n".join(" ".join(TEXTS[code] for code in codes) for _ in range(times))


@pytest.mark.parametrize(
    ("declared", "code"),
    [
        ("en-US", "es"),
        ("en", "pt"),
        ("en-GB", "de"),
        ("de", "nl"),
        ("es", "pt"),
        ("pt", "es"),
        ("fr", "it"),
        ("sv", "en"),
        ("en", "ja"),
        ("en", "ko"),
        ("de", "zh"),
        ("ja", "en"),
        ("ja", "fr"),
        ("zh", "ru"),
    ],
)
def test_a_long_text_in_another_language_contradicts_the_declared_one(declared: str, code: str) -> None:
    assert contradicting_language(_text(code), declared) == code
    assert contradicting_language(_text(code), code) is None


@pytest.mark.parametrize(
    ("declared", "text"),
    [
        ("en", TEXTS["es"]),  # too short
        ("en", "Prefacio. El puerto y las naves de la bahía."),
        ("en", _text("en", "fr")),  # in two languages
        ("fr", _text("en", "fr")),
        ("en", _text("ja", times=3) + _text("en")),
        ("en", _text("en", times=200) + _text("fr", times=600)),
        ("en", _text("fr", times=240) + _text("en", times=600)),
        ("ca", _text("es")),  # its common words are unknown
        ("cy", _text("en")),
        ("nb", _text("no")),  # another tag of the same language
        ("nn-NO", _text("no")),
        ("ja", "漁業生産量 加工品 輸出額 港湾別水揚量 漁船数 " * 40),  # a table without syllables
        ("en", "Año | Nm | 2011\n" * 60),
        ("en", ""),
    ],
)
def test_a_declared_language_stands_where_the_text_is_not_sure(declared: str, text: str) -> None:
    assert contradicting_language(text, declared) is None


@pytest.mark.parametrize(
    "text",
    [
        *("", " \n", "2015 2016 1,234 5.6", "12.3%\n45", "•••", "IBM", "£ € ¥", "a b c d e f g h"),
        "historia de barcos de pesca",  # nearly Portuguese, too
    ],
)
def test_text_without_a_language_has_none(text: str) -> None:
    assert detect_language(text) is None


def test_foreign_names_and_quotations_do_not_outvote_the_text() -> None:
    text = TEXTS["en"] * 5
    assert detect_language(text + TEXTS["de"] + "外務省 (Gaimushō) ") == "en"
    assert detect_language(TEXTS["ja"] * 5 + TEXTS["en"]) == "ja"


def test_only_the_beginning_of_a_long_text_is_read() -> None:
    assert detect_language(TEXTS["fr"] * 500 + TEXTS["en"] * 9000) == "fr"


@pytest.mark.parametrize(
    ("word", "language", "expected"),
    [
        ("bulldozers", "en", True),
        ("Frauen", "en", False),  # in the English list, but never counted
        ("Frauen", "de", True),
        ("Frauen", "ja", True),  # no list denies nothing
    ],
)
def test_words_in_use_are_listed(word: str, language: str, expected: bool) -> None:
    assert is_listed(word, language) is expected


@pytest.mark.parametrize(
    ("word", "language", "digits", "expected"),
    [
        ("figures", "en", 5, True),
        ("Cod", None, 4, True),
        ("mod", "en", 4, False),
        ("zahlen", "de", 4, True),
        ("figures", "ja", 1, False),  # no list
    ],
)
def test_frequent_words_have_counts_of_many_digits(
    word: str, language: str | None, digits: int, *, expected: bool
) -> None:
    assert is_frequent(word, language, digits) is expected


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["lutte", "contre", "piraterie"], True),
        (["Drogenhandel"], True),
        (["Kinderbetreuung"], True),  # both parts are listed
        (["Schulgebäude"], True),  # the first part has lost its "e"
        (["whistleblowers"], False),
        (["counterterrorism"], False),
        (["lutte", "against", "piracy"], False),
        (["gerrymandering"], False),  # no word of another language
        (["women"], False),
    ],
)
def test_words_of_another_language_are_told_from_new_ones(words: list[str], expected: bool) -> None:
    assert is_listed_elsewhere(words, "en") is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Annexion von Hawaii", True),
        ("Reform des öffentlichen Dienstes", True),
        ("the war of Korea", False),
        ("Osama bin Laden", False),
        ("Wernher von Braun", False),  # a name, though "von" is no English word
    ],
)
def test_a_function_word_shows_the_language_of_a_topic(text: str, expected: bool) -> None:
    assert has_function_word_elsewhere(text, "en") is expected


@pytest.mark.parametrize(
    ("words", "language", "expected"),
    [
        (["energía", "solar"], "en", True),
        (["salaire", "minimum"], "en", True),
        (["injuries"], "fr", True),
        (["budget", "cuts"], "de", True),
        (["solar", "energy"], "en", False),
        (["injuries"], "en", False),
        (["Seminoles"], "en", False),
        (["guano"], "en", False),
        (["labour", "standards"], "en", False),
        (["blessures"], "fr", False),
    ],
)
def test_a_word_in_use_in_another_language_alone_tells_that_words_are_of_it(
    words: list[str], language: str, expected: bool
) -> None:
    assert is_word_of_another_language(words, language) is expected


def test_a_list_of_titles_has_the_language_of_its_words() -> None:
    titles = "Jahresbericht Hafen Schiffe Fähren Werft Leuchtturm Lotsen Kapitän Ladung Kräne Fracht Zoll Gebühren "
    titles += "Umsatz Gewinn Verlust Personal Ausblick Anhang Tabellen"
    assert detect_language(titles) == "de"
    assert (
        detect_language("Arvik Corvale Harlan Ember Tarn Ashby Colne Skerrin Brackenford Holm Wexley Dunmoor " * 2)
        is None
    )
