"""Messages are translated as a whole, and in the language of their context only."""

from __future__ import annotations

import warnings
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from threading import Barrier

import pytest
from babel.messages.catalog import Catalog

from corpus.errors import UnreadableFile
from corpus.metadata.inference import find_contradictions
from corpus.readers.pdf import isolated
from corpus.readers.pdf.reader import name_pages
from corpus.readers.text.encodings import decode
from corpus.records import Document
from corpus.translation import LANGUAGES, SOURCE_LANGUAGE, english, gettext, ngettext, translate_sentence, use_language
from tests.translations import extracted, faults, read


@pytest.mark.parametrize("language", sorted(set(LANGUAGES) - {SOURCE_LANGUAGE}))
def test_a_catalogue_translates_every_message_and_no_other(language: str) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # babel mentions f-strings among the values of messages
        template = extracted()
    assert list(faults(read(language), template)) == []


def test_a_missing_a_stale_and_a_wrong_translation_are_found() -> None:
    catalog, template = read("ja"), extracted_messages("Close", "never seen", "edition %(year)s")
    catalog.get("edition %(year)s").string = "%(years)s"  # type: ignore[union-attr]
    found = list(faults(catalog, template))
    assert "missing: 'never seen'" in found
    assert "stale: 'Ask'" in found
    assert [line for line in found if line.startswith("'edition %(year)s': ")]
    assert not [line for line in found if "'Close'" in line]


def extracted_messages(*messages: str) -> Catalog:
    template = Catalog()
    for message in messages:
        template.add(message)
    return template


def test_values_are_inserted_and_counts_choose_the_form() -> None:
    assert ngettext("%(count)s document", "%(count)s documents", 1) == "1 document"
    assert ngettext("%(count)s document", "%(count)s documents", 2000) == "2,000 documents"
    with use_language("ja"):
        assert gettext("edition %(year)s", year=2016) == "2016年版"
        assert ngettext("%(count)s document", "%(count)s documents", 1) == "1 文書"
    with use_language("xx"):
        assert gettext("edition %(year)s", year=2016) == "edition 2016"


def test_threads_of_two_users_do_not_mix_their_languages() -> None:
    both_inside = Barrier(2, timeout=20)

    def close_in(language: str) -> list[str]:
        with use_language(language):
            both_inside.wait()
            shown = [gettext("Close")]
            both_inside.wait()
            with ThreadPoolExecutor(1) as pool:  # a thread of a request, with its context
                return [*shown, pool.submit(copy_context().run, gettext, "Close").result()]

    with ThreadPoolExecutor(2) as pool:
        assert list(pool.map(close_in, ["en", "ja"])) == [["Close", "Close"], ["閉じる", "閉じる"]]
    assert gettext("Close") == "Close"


def test_a_child_process_answers_in_the_language_of_each_request() -> None:
    for language, reason in (("ja", "先頭のバイトから見て"), ("en", "by its first bytes")):
        with use_language(language), pytest.raises(UnreadableFile, match=reason):
            isolated.read(b"no PDF")


def test_stored_sentences_are_english_and_shown_in_the_language_of_the_reader() -> None:
    with use_language("ja"):
        (guessed,) = decode("Küche – Straße".encode("cp1252")).warnings
        broken = decode("é".encode() * 40 + b"\xff").warnings
        document = Document("a", "Report 2019", "", (), "", "a.txt", edition=2020, origins={"edition": "catalogue"})
        (contradiction,) = find_contradictions(document)
        assert name_pages([3, 5, 6]) == "pages 3, 5-6 of the file"
        assert guessed == "no encoding is declared: read as cp1252, guessed from the bytes"
        shown = [translate_sentence(line) for line in (guessed, *broken, contradiction, name_pages([3, 5, 6]))]
    assert shown == [
        "文字コードの指定がないため、推定した cp1252 として読みました",
        "utf-8 として読みましたが、不正なバイト 1 個を U+FFFD に置き換えました (位置: 80 (line 1))",
        "版は 2020 (corpus.toml の記載)ですが、表題「Report 2019」には 2019 とあります",
        "ファイルの 3, 5-6 ページ",
    ]
    assert translate_sentence(guessed) == guessed
    with use_language("ja"):
        assert translate_sentence("no such message 7") == "no such message 7"


def test_words_of_a_document_are_not_translated_with_its_warnings() -> None:
    with use_language("ja"):
        warning = english(
            "sheet “%(sheet)s” has no cells and is not read: it is a chart, or damaged", sheet="Documents"
        )
        shown = translate_sentence(warning)
        assert gettext("Documents") != "Documents"
    assert "Documents" in shown
    assert shown != warning
