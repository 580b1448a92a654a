"""From an overloaded person to the proposals that replace her, by keyboard alone, on a laptop and on a phone."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from projects.models import ChangeRequest
from tests.browser.conftest import NARROW, WIDE, AssertAccessible, OpenAs, Screenshot
from tests.conftest import Cast
from tests.participants.conftest import Three, make_project, three

__all__ = ["make_project", "three"]


def reach(page: Page, name: str) -> None:
    """Tab until the control of this name has the focus."""
    for _ in range(120):
        page.keyboard.press("Tab")
        if page.evaluate("name => (document.activeElement.innerText || '').trim() === name", name):
            return
    raise AssertionError(f"«{name}» cannot be reached by keyboard")


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("size", [WIDE, NARROW])
def test_from_too_much_to_somebody_else(
    open_as: OpenAs,
    assert_accessible: AssertAccessible,
    screenshot: Screenshot,
    three: Three,
    cast: Cast,
    size: tuple[int, int],
) -> None:
    page = open_as(cast.office, "/participants/", size)

    def look(name: str) -> None:
        page.wait_for_load_state()
        assert not page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
        assert_accessible(page)
        screenshot(page, name)

    look("people")
    reach(page, "Лугов К. Т.")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Лугов К. Т.", level=1)).to_be_visible()
    look("person")
    reach(page, "Заменить в проектах")
    page.keyboard.press("Enter")
    expect(page.get_by_label("Кто приходит")).to_be_visible()
    look("replace")
    page.get_by_label("Кто приходит").focus()
    page.keyboard.type("Озёрная Инна Юрьевна")
    page.keyboard.press("Tab")
    page.keyboard.type("инспектор")
    reach(page, "Дальше: что изменится")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Предложить изменения")).to_be_visible()
    look("replace-preview")
    reach(page, "Предложить изменения")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Предложено: 2")).to_be_visible()
    look("replace-done")
    assert ChangeRequest.objects.filter(state="draft").count() == 2
