"""What axe-core finds in the form: nothing serious, in light and dark, wide and narrow."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import resources
from typing import TYPE_CHECKING, Any, Literal

import pytest
from playwright.sync_api import expect

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.browser.conftest import Visit


pytestmark = pytest.mark.browser

AXE = resources.files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8")


# a list that is still fading in has no contrast yet, nor has a button that is about to be lit
SETTLED = """async () => {
    const moves = one => one.playState === 'running' && one.effect.getComputedTiming().endTime !== Infinity;
    for (let round = 0, still = 0; round < 100 && still < 3; round++) {
        await new Promise(requestAnimationFrame);
        const moving = document.getAnimations().filter(moves);
        still = moving.length ? 0 : still + 1;
        await Promise.all(moving.map(one => one.finished.catch(() => null)));
    }
}"""


Look = tuple[Literal["light", "dark"], int]
LOOKS: tuple[Look, ...] = (("dark", 360), ("light", 1280))
"""Each colour scheme and each width once: contrast depends on the scheme alone, the layout on the width alone. The last
one is that of a new page."""


def violations(page: Page, state: str, looks: Sequence[Look] = LOOKS) -> list[str]:
    """Serious and critical violations in each look, with the elements they are found in; and what is too wide."""
    page.evaluate(AXE)
    found: list[str] = []
    for scheme, width in looks:
        page.emulate_media(color_scheme=scheme)
        page.set_viewport_size({"width": width, "height": 800})
        seen = f"{state}, {scheme}, {width}"
        found += _serious(page, seen) and _serious(page, seen)  # what began to move while axe looked is at rest
        if (needed := page.evaluate("document.documentElement.scrollWidth")) > width:
            found.append(f"{seen}: {needed} pixels wide")
    return found


def _serious(page: Page, state: str) -> list[str]:
    page.evaluate(SETTLED)
    found: Any = page.evaluate("axe.run({ resultTypes: ['violations'] })")
    return [
        f"{state}: {one['id']} ({one['impact']}) {' | '.join(node['html'][:160] for node in one['nodes'][:3])}"
        for one in found["violations"]
        if one["impact"] in {"serious", "critical"}
    ]


def test_axe_finds_nothing_serious_in_any_state(visit: Visit, address: str) -> None:
    page = visit(address, bypass_csp=True)  # the policy of the page would keep axe out; it is tested elsewhere
    page.wait_for_selector(".yq-facts:has-text('documents')")
    found = violations(page, "empty")
    page.fill("#yq-question textarea", "What happened in cyberspace in 2015?")
    page.press("#yq-question textarea", "Enter")
    page.wait_for_selector(".yq-card")
    page.click("#yq-filters > button")
    page.click("#yq-history > button")
    page.click(".yq-score summary >> nth=0")
    found += violations(page, "answered, all opened")
    page.click("#yq-series input")
    page.wait_for_selector('[role="listbox"]')
    found += violations(page, "choosing a series")
    page.keyboard.press("Escape")
    page.click("#yq-chips label")
    page.wait_for_selector('.yq-link[href*="ignore"]')
    found += violations(page, "a preference ignored")
    page.click(".yq-card .yq-context >> nth=0")
    page.wait_for_selector("#yq-dialog #passage")
    found += violations(page, "context")
    page.keyboard.press("Escape")
    page.fill("#yq-question textarea", "Which recipe for onion soup won the village fair?")
    page.press("#yq-question textarea", "Enter")
    page.wait_for_selector(".yq-refusal")
    found += violations(page, "refused")
    assert found == []


def test_axe_finds_nothing_serious_in_a_context_page(visit: Visit, address: str) -> None:
    page = visit(f"{address}/context?passage=harbour%400-40", bypass_csp=True)
    assert violations(page, "context page") == []
    page.evaluate("document.querySelector('main').append(new Image())")
    assert len(violations(page, "with an image that has no text")) == len(LOOKS)  # axe is at work


def test_the_keyboard_reaches_everything_in_the_order_of_the_page(visit: Visit, address: str) -> None:
    page = visit(f"{address}/?q=What+happened+in+cyberspace+in+2015%3F")
    page.wait_for_selector(".yq-card")
    page.wait_for_selector("#yq-chips label")  # shown with the cards, and a moment later where the machine is busy
    page.focus("#yq-question textarea")
    reached: list[str] = []
    for _ in range(32):
        page.keyboard.press("Tab")
        reached.append(str(page.evaluate("(e => (e.labels?.[0] ?? e).textContent.trim())(document.activeElement)")))
    assert reached[0] == "Ask"
    assert reached[1].startswith("Filters")
    assert reached[2].startswith("Questions of this session")
    assert reached[3] == "covers 2015"
    order = ["[1]", "Link to this question", "Show in context", "Copy citation", "Copy quotation", "Why this passage"]
    places = [reached.index(one) for one in order]
    assert places == sorted(places)


def test_quotations_bear_their_language(visit: Visit, address: str) -> None:
    page = visit(f"{address}/?q=What+happened+in+cyberspace+in+2015%3F")
    page.wait_for_selector(".yq-card")
    assert page.get_attribute("html", "lang") == "en"
    assert page.locator('.yq-card blockquote[lang="en"]').count() == page.locator(".yq-card").count()
    assert page.locator('q.yq-quote[lang="en"]').count() == page.locator("q.yq-quote").count()


def test_the_tabs_are_one_tab_stop_and_arrow_keys_go_between_them(visit: Visit, address: str) -> None:
    page = visit(f"{address}/?q=piracy")
    page.wait_for_selector(".yq-card")
    page.focus("#yq-tab-ask-button")
    names = []
    for key in ("ArrowRight", "End", "ArrowRight", "ArrowLeft", "Home"):
        page.keyboard.press(key)
        focused = page.locator("button[role=tab]:focus")
        expect(focused).to_have_attribute("aria-selected", "true")
        expect(page.locator("button[role=tab][tabindex='0']")).to_have_count(1)
        names.append(focused.get_attribute("id"))
        expect(page).to_have_title(
            f"{'piracy' if names[-1] == 'yq-tab-ask-button' else focused.inner_text()} · Yearbook QA"
        )
    assert names == [f"yq-tab-{name}-button" for name in ("batch", "library", "ask", "library", "ask")]


def test_each_tab_has_a_heading_below_that_of_the_form(visit: Visit, address: str) -> None:
    page = visit(address)
    for name in ("batch", "compare", "watch", "words", "check", "collections", "library"):
        page.click(f"#yq-tab-{name}-button")
        page.wait_for_selector(f"#yq-tab-{name} h2", state="attached")
    assert page.locator("h1").count() == 1
