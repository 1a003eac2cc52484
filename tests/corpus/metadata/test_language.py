"""Language detection, and None if the language is unclear; the language of words, by lists of words."""

from __future__ import annotations

import pytest

from corpus.metadata.language import detect_language, is_listed, is_listed_elsewhere

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
    "text", ["", " \n", "2015 2016 1,234 5.6", "12.3%\n45", "•••", "IBM", "£ € ¥", "a b c d e f g h"]
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
    ("words", "expected"),
    [
        (["lutte", "contre", "piraterie"], True),
        (["Drogenhandel"], True),
        (["lutte", "against", "piracy"], False),
        (["gerrymandering"], False),  # no word of another language
        (["women"], False),
    ],
)
def test_words_of_another_language_are_told_from_new_ones(words: list[str], expected: bool) -> None:
    assert is_listed_elsewhere(words, "en") is expected
