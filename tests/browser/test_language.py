"""The form in Japanese: chosen by the browser or in the page, for each user separately."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import httpx2
import pytest

from tests.browser.test_accessibility import LOOKS, violations

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.browser.conftest import Visit


pytestmark = pytest.mark.browser

TABS = ("batch", "compare", "watch", "words", "check", "collections", "library")
QUESTION = "What happened in cyberspace in 2015?"


def ask(page: Page, question: str) -> None:
    page.fill("#yq-question textarea", question)
    page.press("#yq-question textarea", "Enter")


def test_the_browser_chooses_the_language_and_the_page_remembers_another(visit: Visit, address: str) -> None:
    page = visit(address, locale="ja-JP")
    page.wait_for_selector(".yq-facts:has-text('文書')")
    assert page.get_attribute("html", "lang") == "ja"
    assert page.text_content("#yq-tab-words-button") == "語句の推移"
    page.click(".yq-language >> text=English")
    page.wait_for_selector(".yq-facts:has-text('documents')")
    assert page.get_attribute("html", "lang") == "en"
    page.reload()
    page.wait_for_selector(".yq-facts:has-text('documents')")
    assert page.text_content("#yq-tab-words-button") == "Words over the years"


def test_answers_stay_verbatim_and_all_around_them_is_japanese(visit: Visit, address: str) -> None:
    page = visit(address, locale="ja-JP", permissions=["clipboard-read", "clipboard-write"])
    ask(page, QUESTION)
    page.wait_for_selector(".yq-card")
    assert page.locator('.yq-card blockquote[lang="en"]').count() == page.locator(".yq-card").count()
    assert page.text_content(".yq-answer h2") == "回答の候補"  # its confidence is low
    page.wait_for_selector("#yq-chips label:has-text('対象年 2015')")
    page.click(".yq-copy[value=citation] >> nth=0")
    page.wait_for_selector("[role=status]:has-text('文献情報をコピーしました')", state="attached")
    page.click(".yq-card .yq-context >> nth=0")
    page.wait_for_selector("#yq-dialog .yq-close:has-text('閉じる')")


def test_errors_are_japanese(visit: Visit, address: str) -> None:
    page = visit(address, locale="ja-JP")
    page.wait_for_selector(".yq-facts:has-text('文書')")
    page.click("#yq-ask")
    page.wait_for_selector("#yq-message:has-text('質問を入力してください')")
    headers = {"accept-language": "ja", "accept": "text/html"}
    for path, text in (
        ("/context?passage=nothing", "箇所の ID ではありません"),
        ("/document?id=nothing", "文書「nothing」はありません"),
        ("/words?words=%2C", "入力してください"),
        ("/compare?topic=", "主題を入力してください"),
        ("/no-such-page", "ここに /no-such-page というページはありません"),
    ):
        assert text in httpx2.get(f"{address}{path}", headers=headers, timeout=60).text, path


def test_two_users_at_once_do_not_mix_their_languages(address: str) -> None:
    def heading(language: str) -> str:
        page = httpx2.get(f"{address}/library", headers={"accept-language": language}, timeout=60)
        assert page.headers["content-language"] == language
        return "".join(re.findall(r"<h2>(.*?)</h2>", page.text)[:1])

    languages = ["en", "ja"] * 20
    with ThreadPoolExecutor(8) as pool:
        headings = list(pool.map(heading, languages))
    assert headings == ["Editions and the years they cover", "版と対象年"] * 20


def test_programs_are_answered_in_english_whatever_they_prefer(address: str) -> None:
    called = httpx2.post(
        f"{address}/gradio_api/call/section",
        json={"data": ["nothing"]},
        headers={"accept-language": "ja"},
        timeout=60,
    )
    event = called.json()["event_id"]
    answer = httpx2.get(f"{address}/gradio_api/call/section/{event}", headers={"accept-language": "ja"}, timeout=60)
    assert "nothing" in answer.text
    assert answer.text.isascii()


def test_axe_finds_nothing_serious_in_the_tabs_in_japanese(visit: Visit, address: str) -> None:
    page = visit(f"{address}/?q=What+happened+in+2015%3F", locale="ja-JP", bypass_csp=True)
    page.click(".yq-card .yq-keep >> nth=0")
    found = violations(page, "ask", LOOKS[:1])  # words decide neither contrast nor the wide layout
    for tab in TABS:
        page.click(f"#yq-tab-{tab}-button")
        page.wait_for_selector(f"#yq-tab-{tab} :is(.yq-included, #yq-batch-start)")
        if tab == "watch":
            page.fill("#yq-watch-form [name=questions]", QUESTION)
            page.click("#yq-watch-form .yq-primary")
            page.wait_for_selector(".yq-watched")
        if tab == "collections":
            page.wait_for_selector(".yq-desk-items > li")
        found += violations(page, tab, LOOKS[:1])
    assert found == []
