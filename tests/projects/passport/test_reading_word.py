"""What Word keeps in its files beside plain cells reads as it looks on the page."""

from __future__ import annotations

from jobs.files.archive import Archive
from projects.passport import Passport, read
from projects.passport.intermediate import Document, Paragraph, Table
from projects.passport.readers.docx import read_docx
from tests.projects.passport.word import NAMESPACE, docx, paragraph, table

NUMBERING = f"""<w:numbering xmlns:w="{NAMESPACE}"><w:abstractNum w:abstractNumId="7">
<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%1."/></w:lvl>
<w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%1.%2"/></w:lvl>
<w:lvl w:ilvl="2"><w:numFmt w:val="bullet"/><w:lvlText w:val="o"/></w:lvl></w:abstractNum>
<w:num w:numId="1"><w:abstractNumId w:val="7"/></w:num></w:numbering>"""
NOTES = f"""<w:footnotes xmlns:w="{NAMESPACE}"><w:footnote w:type="separator" w:id="-1"><w:p/></w:footnote>
<w:footnote w:id="2"><w:p><w:r><w:t>РП – руководитель проекта</w:t></w:r></w:p></w:footnote>
<w:footnote w:id="3"><w:p><w:r><w:t>со слов школ</w:t></w:r></w:p></w:footnote></w:footnotes>"""


def document(content: str, **more: str) -> Document:
    return read_docx(Archive(docx(content, **more)))


def words(content: str, **more: str) -> list[str]:
    return [block.text for block in document(content, **more).blocks if isinstance(block, Paragraph)]


def run(text: str, looks: str = "") -> str:
    return f'<w:r><w:rPr>{looks}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def listed(level: int, text: str = "") -> str:
    return f'<w:p><w:pPr><w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="1"/></w:numPr></w:pPr>{run(text)}</w:p>'


def test_tracked_changes_read_as_accepted() -> None:
    changed = f"<w:p>{run('сорок ')}<w:del>{run('два')}</w:del><w:ins>{run('пять')}</w:ins></w:p>"
    assert words(changed) == ["сорок пять"]


def test_hidden_words_are_not_on_the_page() -> None:
    assert words(f"<w:p>{run('видно')}{run('скрыто', '<w:vanish/>')}</w:p>") == ["видно"]


def test_breaks_tabs_and_hyphens() -> None:
    marks = "<w:r><w:t>а</w:t><w:tab/><w:t>б</w:t><w:br/><w:t>в</w:t><w:noBreakHyphen/><w:t>г</w:t></w:r>"
    assert words(f"<w:p>{marks}</w:p>") == ["а\tб\nв-г"]


def test_raised_digits_are_footnote_marks() -> None:
    raised = '<w:vertAlign w:val="superscript"/>'
    assert words(f"<w:p>{run('Уровень контроля')}{run('1', raised)}</w:p>") == ["Уровень контроля¹"]


def test_footnotes_are_numbered_as_they_are_met() -> None:
    content = (
        "<w:p><w:r><w:t>Доля</w:t><w:footnoteReference w:id='3'/></w:r><w:r><w:footnoteReference w:id='2'/></w:r></w:p>"
    )
    found = document(content, footnotes=NOTES)
    assert isinstance(found.blocks[0], Paragraph)
    assert found.blocks[0].text == "Доля¹²"
    assert found.footnotes == ["¹ со слов школ", "² РП – руководитель проекта"]


def test_numbers_of_word_lists_are_written_out() -> None:
    content = (
        listed(0, "раз")
        + listed(1, "один")
        + listed(1, "два")
        + listed(0, "два")
        + listed(1, "три")
        + listed(2, "знак")
    )
    assert words(content, numbering=NUMBERING) == ["1. раз", "1.1 один", "1.2 два", "2. два", "2.1 три", "– знак"]


def test_a_text_box_is_read_once() -> None:
    box = f"<w:txbxContent>{paragraph('УТВЕРЖДЕН')}</w:txbxContent>"
    compatible = "http://schemas.openxmlformats.org/markup-compatibility/2006"
    content = (
        f'<w:p><w:r><mc:AlternateContent xmlns:mc="{compatible}"><mc:Choice>{box}</mc:Choice>'
        f"<mc:Fallback>{box}</mc:Fallback></mc:AlternateContent></w:r></w:p>"
    )
    assert [text for text in words(content) if text] == ["УТВЕРЖДЕН"]


def test_a_table_in_a_cell_gives_its_words() -> None:
    inner = table([["внутри", "таблицы"]])
    outer = f"<w:tbl><w:tr><w:tc>{paragraph('снаружи')}{inner}</w:tc><w:tc>{paragraph('рядом')}</w:tc></w:tr></w:tbl>"
    found = document(outer).blocks[0]
    assert isinstance(found, Table)
    assert found.rows[0].cells == ["снаружи\nвнутри таблицы", "рядом"]


def test_content_controls_are_transparent() -> None:
    assert words(f"<w:sdt><w:sdtContent>{paragraph('внутри')}</w:sdtContent></w:sdt>") == ["внутри"]


def test_borders_moved_by_hand_make_no_columns() -> None:
    cell = '<w:tc><w:tcPr><w:gridSpan w:val="{0}"/></w:tcPr><w:p><w:r><w:t>{1}</w:t></w:r></w:p></w:tc>'
    rows = [cell.format(2, "а") + cell.format(3, "б"), cell.format(2, "в") + cell.format(3, "г")]
    found = document("<w:tbl>" + "".join(f"<w:tr>{row}</w:tr>" for row in rows) + "</w:tbl>").blocks[0]
    assert isinstance(found, Table)
    assert [row.cells for row in found.rows] == [["а", "б"], ["в", "г"]]


def test_rows_numbered_by_a_list_have_their_numbers() -> None:
    header = ["№ п/п", "Роль в проекте", "Фамилия, инициалы", "Должность", "Непосредственный руководитель", "Занятость"]
    first = "<w:tr>" + "".join(f"<w:tc>{paragraph(text)}</w:tc>" for text in header) + "</w:tr>"
    people = ""
    for name in ("Озёрная М.Л.", "Полевой И.П."):
        cells = [listed(0), *(paragraph(text) for text in ("Участник", name, "инженер", "Лесников П.И.", "5"))]
        people += "<w:tr>" + "".join(f"<w:tc>{cell}</w:tc>" for cell in cells) + "</w:tr>"
    content = f"{paragraph('Паспорт регионального проекта «Проба»')}<w:tbl>{first}{people}</w:tbl>"
    passport: Passport = read(docx(content, numbering=NUMBERING))
    assert [row.number for row in passport.participants] == ["1", "2"]


def test_levels_of_control_may_stand_in_a_footnote_of_word() -> None:
    header = [
        "№ п/п",
        "Наименование мероприятия, контрольной точки",
        "Начало",
        "Окончание",
        "Ответственный исполнитель",
        "Вид документа",
        "Уровень контроля",
    ]
    rows = "".join(f"<w:tc>{paragraph(text)}</w:tc>" for text in header[:-1])
    rows += "<w:tc><w:p><w:r><w:t>Уровень контроля</w:t><w:footnoteReference w:id='2'/></w:r></w:p></w:tc>"
    line = ["1.1", "Осмотрено", "–", "28.02.2021", "Полевой И.П.", "Акт", "РП"]
    second = "".join(f"<w:tc>{paragraph(text)}</w:tc>" for text in line)
    content = f"{paragraph('План мероприятий')}<w:tbl><w:tr>{rows}</w:tr><w:tr>{second}</w:tr></w:tbl>"
    passport = read(docx(content, footnotes=NOTES))
    assert passport.plan[0].control_level == "РП"
    assert passport.control_levels == {"РП": "руководитель проекта"}
