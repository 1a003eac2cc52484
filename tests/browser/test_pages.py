"""The page of a PDF file in the form: a click on a card shows it, marked, and another opens the file there."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from tests.browser.test_accessibility import violations
from tests.factories.libraries import library_of
from tests.factories.rendered import pdf as rendered_pdf
from tests.factories.rendered.pages import LONG_REPORT

if TYPE_CHECKING:
    from tests.browser.conftest import Serve, Visit


pytestmark = pytest.mark.browser

QUESTION = "In port 17 the master counted how many ships of every flag?"


@pytest.fixture(scope="module")
def printed(tmp_path_factory: pytest.TempPathFactory, serve: Serve) -> Iterator[str]:
    """The form over a publication in print."""
    files = {"ports-2021.pdf": rendered_pdf.render(LONG_REPORT).data}
    with serve(library_of(tmp_path_factory.mktemp("printed"), files)) as address:
        yield address


@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 360)])
def test_a_card_shows_its_page_and_the_page_leads_to_the_file(
    visit: Visit, printed: str, scheme: str, width: int
) -> None:
    page = visit(printed, color_scheme=scheme, viewport={"width": width, "height": 800}, bypass_csp=True)
    page.fill("#yq-question textarea", QUESTION)
    page.press("#yq-question textarea", "Enter")
    page.wait_for_selector(".yq-card")
    marks = page.locator(".yq-card").first.locator("mark").all_text_contents()
    opener = page.locator(".yq-card >> text=Show page").first
    opener.click()
    image = page.locator("#yq-dialog .yq-paper img").first
    image.wait_for()
    page.wait_for_function("document.querySelector('#yq-dialog img').naturalWidth > 800")
    shown = " ".join(one.get_attribute("alt") or "" for one in page.locator("#yq-dialog img").all())
    assert "".join(shown.split()) == "".join("".join(marks).split())
    assert page.evaluate("document.querySelector('#yq-dialog .yq-body').scrollWidth") <= width
    top, bottom, first = page.evaluate(
        "['.yq-body', '#passage'].map(one => document.querySelector('#yq-dialog ' + one).getBoundingClientRect())"
        ".flatMap((one, place) => place ? [one.top] : [one.top, one.bottom])"
    )
    assert top <= first < bottom  # what is marked is in sight
    assert violations(page, "page of a file") == []
    link = page.locator("#yq-dialog >> text=Open the file").first.get_attribute("href") or ""
    assert "/ports-2021.pdf#page=" in link
    page.click("#yq-dialog >> text=Show the text")
    page.wait_for_selector("#yq-dialog .yq-whole")
    page.click("#yq-dialog >> text=Show page")
    page.wait_for_selector("#yq-dialog .yq-paper img")
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.matches('.yq-context')")


def test_the_page_stands_by_itself_under_the_policy_of_the_form(visit: Visit, printed: str) -> None:
    page = visit(f"{printed}/page?passage=ports-2021%40200-300&mark=200-250")
    assert page.locator("figure img").evaluate("one => one.decode().then(() => one.naturalWidth)") > 800
