"""A draft edited as a table: by keyboard, from Excel, with checks while typing, by two people at once."""

from __future__ import annotations

import uuid

import pytest
from django.urls import reverse
from playwright.sync_api import Locator, Page, expect

from projects.editing_page import SECTION_TITLES
from projects.models import ChangeRequest, Project
from projects.services.proposals import change_request_open
from tests.browser.conftest import NARROW, WIDE, AssertAccessible, OpenAs, Screenshot, fits
from tests.conftest import Cast


@pytest.fixture
def begun(project: Project, cast: Cast) -> ChangeRequest:
    """A request begun from the redaction in force."""
    return change_request_open(
        passport=project.redactions.get().passport,
        territory=project.territory,
        project=project,
        source_file=None,
        actor=cast.office,
    )


def address(draft: ChangeRequest, section: str) -> str:
    return reverse("projects:change_request_section", args=[draft.pk, section])


def cell(page: Page, row: int, title: str) -> Locator:
    """The cell of a row (from 1) under a title."""
    page.locator("[data-grid] thead th").first.wait_for()
    titles = page.locator("[data-grid] thead tr > *").all_inner_texts()
    return page.locator(f"[data-grid] tbody tr:nth-child({row}) > :nth-child({titles.index(title) + 1})")


def write(page: Page, words: str) -> None:
    """Type over the cell. Playwright knows no Russian keys, so the field is opened first."""
    page.keyboard.press("F2")
    page.keyboard.press("Control+a")
    page.keyboard.insert_text(words)
    page.keyboard.press("Enter")


def paste(page: Page, text: str) -> None:
    """As the browser does at Ctrl+V with this text on the clipboard."""
    page.evaluate(
        """text => {
            const clipboardData = new DataTransfer();
            clipboardData.setData("text/plain", text);
            const event = new ClipboardEvent("paste", {clipboardData, bubbles: true, cancelable: true});
            document.activeElement.dispatchEvent(event);
        }""",
        text,
    )


def save(page: Page) -> None:
    page.keyboard.press("Control+s")
    expect(page.locator("[data-state]")).to_contain_text("сохранено")


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("section", SECTION_TITLES)
def test_every_section_is_written_saved_and_taken_back_by_keyboard_alone(
    section: str,
    open_as: OpenAs,
    begun: ChangeRequest,
    cast: Cast,
    assert_accessible: AssertAccessible,
    screenshot: Screenshot,
) -> None:
    page = open_as(cast.office, address(begun, section))
    rows = page.locator("[data-grid] tbody tr")
    rows.first.wait_for()
    count = rows.count()
    for width, height in (NARROW, WIDE):
        page.set_viewport_size({"width": width, "height": height})
        assert fits(page)
        assert_accessible(page)
        screenshot(page, f"editor-section-{section}")

    page.get_by_role("button", name="Вставить из Excel…").focus()
    page.keyboard.press("Tab")
    expect(page.locator("[data-grid] td:focus")).to_have_count(1)
    page.keyboard.press("Control+End")
    page.keyboard.press("Shift+Enter")
    expect(rows).to_have_count(count + 1)
    # The last row has none below it: Enter stays in it.
    write(page, "Сорок два")
    page.keyboard.press("ArrowRight")
    write(page, "31.11")
    save(page)
    assert ChangeRequest.objects.get(pk=begun.pk).document != begun.document
    assert_accessible(page)
    screenshot(page, f"editor-section-{section}-written")

    while rows.count() > count:
        page.keyboard.press("Control+z")
    save(page)
    assert ChangeRequest.objects.get(pk=begun.pk).document == begun.document
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Сохранить", exact=True)).to_be_focused()


@pytest.mark.django_db(transaction=True)
def test_a_plan_is_edited_by_keyboard_checked_while_typed_and_saved(
    open_as: OpenAs, begun: ChangeRequest, cast: Cast, assert_accessible: AssertAccessible, screenshot: Screenshot
) -> None:
    known = {row.id for row in begun.passport.plan}
    page = open_as(cast.office, address(begun, "plan"))
    rows = page.locator("[data-grid] tbody tr")
    expect(rows).to_have_count(3)
    assert_accessible(page)
    screenshot(page, "editor-plan")
    cell(page, 2, "Окончание").click()
    page.keyboard.type("31.11")
    page.keyboard.press("Enter")
    bad = cell(page, 2, "Окончание")
    expect(bad).to_have_attribute("aria-invalid", "true")
    expect(bad).to_have_accessible_description("В строке 1.1.1 дата окончания записана как «31.11»: это не дата.")
    expect(page.locator("[data-findings]")).to_contain_text("это не дата")
    assert_accessible(page)
    screenshot(page, "editor-plan-finding")

    page.keyboard.press("ArrowUp")
    expect(page.locator("[data-note]")).to_contain_text("это не дата")
    page.keyboard.press("F2")
    page.keyboard.press("Control+a")
    page.keyboard.type("30.11.2025")
    page.keyboard.press("Tab")
    expect(page.locator("[data-findings]")).not_to_contain_text("это не дата")

    # A row below, one level up, its number by its place; away again and back.
    page.keyboard.press("Shift+Enter")
    expect(rows).to_have_count(4)
    expect(cell(page, 3, "№ п/п")).to_have_text("1.1.2")
    page.keyboard.press("Control+[")
    expect(cell(page, 3, "№ п/п")).to_have_text("1.1")
    write(page, "Договор заключён")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Alt+ArrowDown")
    expect(cell(page, 4, "Наименование результата, мероприятия, контрольной точки")).to_have_text("Договор заключён")
    page.keyboard.press("Control+z")
    page.keyboard.press("Control+y")
    page.keyboard.press("Control+Delete")
    expect(rows).to_have_count(3)
    page.keyboard.press("Control+z")
    expect(rows).to_have_count(4)
    save(page)
    draft = ChangeRequest.objects.get(pk=begun.pk)
    assert [row.name for row in draft.passport.plan][-1] == "Договор заключён"
    assert f"{draft.passport.plan[1].end}" == "2025-11-30"
    assert known < {row.id for row in draft.passport.plan}

    # Esc leads out of the table; what was saved stands after coming back.
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Сохранить", exact=True)).to_be_focused()
    page.reload()
    expect(rows).to_have_count(4)
    page.set_viewport_size({"width": NARROW[0], "height": NARROW[1]})
    assert_accessible(page)
    screenshot(page, "editor-plan")


@pytest.mark.django_db(transaction=True)
def test_rows_from_excel_go_where_a_person_says_and_bad_cells_are_marked(
    open_as: OpenAs, begun: ChangeRequest, cast: Cast, assert_accessible: AssertAccessible, screenshot: Screenshot
) -> None:
    page = open_as(cast.office, address(begun, "indicators"))
    rows = page.locator("[data-grid] tbody tr")
    cell(page, 1, "2025").click()
    paste(page, "1 069,44\tмного")
    expect(cell(page, 1, "2025")).to_have_text("1\u202f069,44")
    expect(cell(page, 1, "2026")).to_have_attribute("aria-invalid", "true")
    page.keyboard.press("Control+z")
    expect(cell(page, 1, "2026")).to_have_text("100")

    # Titles of their own, another order, a column that the table has not: nothing goes in before a person has seen it.
    lines = ["Наименование показателя\t№ п/п\tСтатус\t2026\t2025"]
    lines += [f"Доля дворов {n}, процент\t{n + 1}\tв работе\t{n}\t{'нет' if n == 7 else n}" for n in range(1, 501)]
    paste(page, "\n".join(lines))
    dialog = page.get_by_role("dialog", name="Вставить из Excel")
    expect(dialog).to_contain_text("Будет вставлено: 500\u00a0строк. Без своей графы: 1\u00a0столбец")
    assert_accessible(page)
    screenshot(page, "editor-paste")
    dialog.get_by_role("button", name="Вставить", exact=True).click()
    expect(rows).to_have_count(501)
    expect(cell(page, 8, "2025")).to_have_text("нет")
    expect(cell(page, 8, "2025")).to_have_attribute("aria-invalid", "true")
    expect(cell(page, 501, "2026")).to_have_text("500")
    save(page)
    draft = ChangeRequest.objects.get(pk=begun.pk)
    assert len(draft.passport.indicators) == 501
    assert [u.raw for u in draft.passport.unread] == ["нет"]

    page.get_by_role("button", name="Вставить из Excel").click()
    expect(dialog).to_be_visible()
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()


@pytest.mark.django_db(transaction=True)
def test_two_people_meet_and_nothing_of_either_is_lost(
    open_as: OpenAs, begun: ChangeRequest, cast: Cast, assert_accessible: AssertAccessible, screenshot: Screenshot
) -> None:
    first = open_as(cast.office, address(begun, "results"))
    second = open_as(cast.head, address(begun, "results"))
    for page, due, words in ((first, "30.06.2026", "Знаки стоят"), (second, "31.08.2026", "")):
        cell(page, 2, "Срок").click()
        page.keyboard.type(due)
        page.keyboard.press("Enter")
        if words:
            cell(page, 2, "Характеристика результата").click()
            write(page, words)
    cell(second, 1, "Наименование задачи, результата").click()
    write(second, "Отремонтировать дороги к школам")
    save(first)

    second.keyboard.press("Control+s")
    dialog = second.get_by_role("dialog", name="Запрос изменили вдвоём")
    expect(dialog).to_contain_text("Волкова")
    expect(dialog).to_contain_text("Было: 31.12.2026")
    expect(dialog).to_contain_text("«Знаки стоят»")
    assert_accessible(second)
    screenshot(second, "editor-merge")
    dialog.get_by_label("Взять у коллеги: «30.06.2026»").check()
    dialog.get_by_role("button", name="Сложить и сохранить").click()
    expect(second.locator("[data-state]")).to_contain_text("сохранено")
    passport = ChangeRequest.objects.get(pk=begun.pk).passport
    assert (str(passport.results[0].due), passport.results[0].characteristic) == ("2026-06-30", "Знаки стоят")
    assert passport.tasks[0].name == "Отремонтировать дороги к школам"

    # What one did before they met can still be taken back, and what the other did stays.
    cell(second, 1, "Срок").click()
    second.keyboard.press("Control+z")
    expect(cell(second, 1, "Наименование задачи, результата")).to_have_text("Привести в порядок дороги к школам")
    expect(cell(second, 2, "Характеристика результата")).to_have_text("Знаки стоят")
    second.keyboard.press("Control+z")
    expect(cell(second, 2, "Срок")).to_have_text("30.06.2026")
    expect(second.get_by_role("button", name="Отменить", exact=True)).to_be_disabled()
    second.keyboard.press("Control+y")
    second.keyboard.press("Control+y")
    expect(cell(second, 1, "Наименование задачи, результата")).to_have_text("Отремонтировать дороги к школам")


@pytest.mark.django_db(transaction=True)
def test_rows_that_one_moved_stay_moved_when_the_other_only_wrote(
    open_as: OpenAs, begun: ChangeRequest, cast: Cast
) -> None:
    name = "Наименование результата, мероприятия, контрольной точки"
    first = open_as(cast.office, address(begun, "plan"))
    second = open_as(cast.head, address(begun, "plan"))
    cell(first, 3, name).click()
    first.keyboard.press("Alt+ArrowUp")
    first.keyboard.press("Shift+Enter")
    cell(first, 3, name).click()
    write(first, "Принять работы")
    save(first)
    cell(second, 2, name).click()
    write(second, "Уложить покрытие и разметку")
    second.keyboard.press("Control+s")
    dialog = second.get_by_role("dialog", name="Запрос изменили вдвоём")
    expect(dialog).to_contain_text("Принять работы · Новая строка")
    dialog.get_by_role("button", name="Сложить и сохранить").press("Enter")
    expect(second.locator("[data-state]")).to_contain_text("сохранено")
    plan = ChangeRequest.objects.get(pk=begun.pk).passport.plan
    assert [row.name for row in plan][1:] == ["Покрытие уложено", "Принять работы", "Уложить покрытие и разметку"]


@pytest.mark.django_db(transaction=True)
def test_what_was_typed_without_a_line_is_offered_again(open_as: OpenAs, begun: ChangeRequest, cast: Cast) -> None:
    page = open_as(cast.office, address(begun, "main"))
    page.route("**/edit/main/**", lambda route: route.abort())
    cell(page, 2, "Значение").click()
    write(page, "Дорога к школе")
    page.keyboard.press("Control+s")
    expect(page.locator("[data-state]")).to_contain_text("нет связи")
    page.unroute("**/edit/main/**")
    page.once("dialog", lambda dialog: dialog.accept())
    page.goto(address(begun, "main"))
    page.get_by_role("button", name="Взять их в таблицу").click()
    expect(cell(page, 2, "Значение")).to_have_text("Дорога к школе")
    save(page)
    assert ChangeRequest.objects.get(pk=begun.pk).passport.title == "Дорога к школе"


@pytest.mark.django_db(transaction=True)
def test_a_new_project_begins_empty_and_a_deleted_row_is_told(
    open_as: OpenAs, begun: ChangeRequest, cast: Cast, assert_accessible: AssertAccessible, screenshot: Screenshot
) -> None:
    page = open_as(cast.office, reverse("projects:change", args=[begun.project_id]), NARROW)
    expect(page.get_by_role("button", name="Начать с редакции № 1")).to_be_visible()
    assert_accessible(page)
    screenshot(page, "editor-begin")
    page = open_as(cast.office, reverse("projects:change_request_new"))
    assert_accessible(page)
    screenshot(page, "editor-begin-empty")
    page.get_by_label("Полное наименование").fill("Тёплая школа")
    page.get_by_role("button", name="Начать паспорт").click()
    expect(cell(page, 2, "Значение")).to_have_text("Тёплая школа")
    assert_accessible(page)
    screenshot(page, "editor-main")
    page.get_by_role("link", name="Финансы").click()
    page.get_by_role("button", name="Добавить результат").click()
    page.keyboard.type("1.1")
    page.keyboard.press("Tab")
    write(page, "Окна заменены")
    page.get_by_role("button", name="Добавить источник").click()
    expect(cell(page, 2, "№ п/п")).to_have_text("1.1.1")
    page.get_by_role("button", name="Добавить год").click()
    save(page)
    expect(page.locator("[data-state]")).to_contain_text("она войдёт в паспорт с первым числом")
    page.keyboard.press("ArrowDown")
    page.keyboard.type("12,5")
    page.keyboard.press("Enter")
    # A level deeper a line of money is another line, and its name says which.
    page.keyboard.press("Control+]")
    name = cell(page, 2, "Наименование результата и источники финансирования")
    expect(name.get_by_role("combobox")).to_have_value("из них межбюджетные трансферты")
    page.keyboard.press("Escape")
    expect(name).to_have_text("из них межбюджетные трансферты")
    page.keyboard.press("Control+z")
    expect(name).to_have_text("федеральный бюджет")
    save(page)
    expect(page.locator("[data-state]")).not_to_contain_text("пустой графы")
    made = ChangeRequest.objects.order_by("-pk")[0].passport.finance
    assert [(row.number, row.source) for row in made] == [("1.1", None), ("1.1.1", "federal")]
    assert [str(value) for value in (made[1].amounts or {}).values()] == ["12.5"]

    page = open_as(cast.office, address(begun, "indicators"))
    cell(page, 1, "2025").click()
    page.keyboard.press("Control+Delete")
    expect(page.get_by_text("Накопленные по ним сведения сохранятся в архиве")).to_be_visible()
    screenshot(page, "editor-gone")


@pytest.mark.django_db(transaction=True)
def test_cells_are_copied_by_keys_and_a_plan_of_400_rows_stays_quick(
    open_as: OpenAs, begun: ChangeRequest, cast: Cast, screenshot: Screenshot
) -> None:
    plan = begun.passport.plan
    more = tuple(
        plan[1].model_copy(update={"id": str(uuid.uuid4()), "number": f"1.1.{n}", "name": f"Шаг {n}"})
        for n in range(2, 399)
    )
    long = begun.passport.model_copy(update={"plan": (*plan[:2], *more, plan[2])})
    ChangeRequest.objects.filter(pk=begun.pk).update(document=long.model_dump(mode="json"))
    page = open_as(cast.office, address(begun, "plan"))
    expect(page.locator("[data-grid] tbody tr")).to_have_count(400)
    cell(page, 2, "Ответственный исполнитель").click()
    page.keyboard.press("Shift+ArrowRight")
    page.keyboard.press("Control+c")
    expect(page.locator("[data-live]")).to_have_text("Скопировано: 2\u00a0клетки.")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("Delete")
    expect(cell(page, 3, "Ответственный исполнитель")).to_have_text("")
    page.keyboard.press("Control+v")
    expect(cell(page, 3, "Ответственный исполнитель")).to_have_text("Громов Б.И.")
    page.keyboard.press("Control+Home")
    page.keyboard.press("Control+ArrowDown")
    expect(cell(page, 400, "№ п/п")).to_be_focused()

    # A step takes one frame and not a second, with 3,000 cells on the page.
    page.keyboard.press("Control+ArrowUp")
    took = page.evaluate(
        """() => {
            const press = key => document.activeElement.dispatchEvent(
                new KeyboardEvent("keydown", {key, code: key, bubbles: true, cancelable: true}));
            const begun = performance.now();
            for (let step = 0; step < 20; step += 1) press("Delete"), press("ArrowDown");
            return (performance.now() - begun) / 20;
        }"""
    )
    assert took < 150, f"{took:.0f} ms for a step"
