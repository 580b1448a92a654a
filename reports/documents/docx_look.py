"""What a Word document of the form looks like: its styles, settings and page.

The template that python-docx brings is an American letter with hundreds of styles, a picture of itself and the
clock of its author; nothing of that stays.
"""

from __future__ import annotations

from docx import Document
from docx.document import Document as WordDocument
from docx.enum.section import WD_ORIENT
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import parse_xml
from docx.shared import Mm

NAMESPACE = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
DECLARED = f'xmlns:w="{NAMESPACE}"'

# Liberation Serif, which has the same measures, stands in for it where it is not installed.
_FACE = "Times New Roman"
_UNUSED = {
    *("http://schemas.microsoft.com/office/2007/relationships/stylesWithEffects", RELATIONSHIP_TYPE.CUSTOM_XML),
    *(RELATIONSHIP_TYPE.THUMBNAIL, RELATIONSHIP_TYPE.EXTENDED_PROPERTIES, RELATIONSHIP_TYPE.WEB_SETTINGS),
    *(RELATIONSHIP_TYPE.THEME, RELATIONSHIP_TYPE.NUMBERING, RELATIONSHIP_TYPE.FONT_TABLE),
}
_TWIPS = 1440 / 25.4
_KEEP = "<w:keepNext/><w:keepLines/>"


def blank_document(title: str) -> WordDocument:
    """An empty document of the form: landscape A4, its styles, page numbers from the second page on."""
    document = Document()
    for relations in (document.part.rels, document.part.package.rels):
        for key in [key for key, relation in relations.items() if relation.reltype in _UNUSED]:
            del relations[key]
    _replace(document.styles.element, _styles())
    _replace(document.settings.element, _SETTINGS)
    _set_page(document)
    properties = document.core_properties
    properties.title, properties.language = title[:255], "ru-RU"
    properties.author = properties.comments = ""
    return document


def _replace(element: object, children: str) -> None:
    root = parse_xml(f"<w:root {DECLARED}>{children}</w:root>")
    element[:] = list(root)  # type: ignore[index]


def _set_page(document: WordDocument) -> None:
    """Margins and the place of the page number: GOST R 7.0.97."""
    section = document.sections[0]
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = Mm(297), Mm(210)
    section.left_margin, section.right_margin = Mm(20), Mm(10)
    section.top_margin, section.bottom_margin = Mm(20), Mm(20)
    section.header_distance = section.footer_distance = Mm(10)
    section.different_first_page_header_footer = True
    header = section.header
    header.is_linked_to_previous = False
    header.paragraphs[0].style = "header"
    number = f'<w:fldSimple {DECLARED} w:instr=" PAGE "><w:r><w:t>2</w:t></w:r></w:fldSimple>'
    header.paragraphs[0]._p.append(parse_xml(number))


def _spacing(before: float = 0, after: float = 0, line: float = 1.0) -> str:
    """Space above and below in millimetres, the height of a line in its own."""
    above, below = f"{before * _TWIPS:.0f}", f"{after * _TWIPS:.0f}"
    return f'<w:spacing w:before="{above}" w:after="{below}" w:line="{line * 240:.0f}" w:lineRule="auto"/>'


def _indent(left: float) -> str:
    return f'<w:ind w:left="{left * _TWIPS:.0f}"/>'


def _centred(where: str = "center") -> str:
    return f'<w:jc w:val="{where}"/>'


def _outline(level: int) -> str:
    return f'<w:outlineLvl w:val="{level}"/>'


def _looks(points: float, *, bold: bool = False) -> str:
    size = f"{points * 2:.0f}"
    return f'{"<w:b/><w:bCs/>" * bold}<w:sz w:val="{size}"/><w:szCs w:val="{size}"/>'


def _style(identifier: str, name: str, paragraph: str, run: str = "", *, based: str = "Normal") -> str:
    return (
        f'<w:style w:type="paragraph" w:styleId="{identifier}"><w:name w:val="{name}"/>'
        f'<w:basedOn w:val="{based}"/><w:qFormat/><w:pPr>{paragraph}</w:pPr><w:rPr>{run}</w:rPr></w:style>'
    )


def _styles() -> str:
    fonts = f'<w:rFonts w:ascii="{_FACE}" w:hAnsi="{_FACE}" w:eastAsia="{_FACE}" w:cs="{_FACE}"/>'
    language = '<w:lang w:val="ru-RU" w:eastAsia="ru-RU" w:bidi="ar-SA"/>'
    defaults = (
        f"<w:docDefaults><w:rPrDefault><w:rPr>{fonts}{_looks(12)}{language}</w:rPr></w:rPrDefault>"
        f"<w:pPrDefault><w:pPr>{_spacing(after=2, line=1.1)}</w:pPr></w:pPrDefault></w:docDefaults>"
    )
    normal = (
        '<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/><w:qFormat/></w:style>'
    )
    tight = _spacing(line=1.0)
    return "".join(
        (
            defaults,
            normal,
            _style("Header", "header", tight + _centred(), _looks(12)),
            _style("Title", "Title", _KEEP + _spacing(6, 3) + _centred(), _looks(14, bold=True)),
            _style("Heading1", "heading 1", _KEEP + _spacing(6, 3) + _centred() + _outline(0), _looks(13, bold=True)),
            _style("Heading2", "heading 2", _KEEP + _spacing(0, 0) + _centred() + _outline(1), _looks(13, bold=True)),
            _style("Subtitle", "Subtitle", _KEEP + _spacing(0, 3) + _centred(), _looks(12, bold=True)),
            # «Приложение № 1» stands on the right; it is a heading of the first level all the same.
            _style(
                "Appendix",
                "Номер приложения",
                _KEEP + _spacing(4, 4) + _indent(192) + _centred("left") + _outline(0),
                '<w:b w:val="0"/><w:bCs w:val="0"/>' + _looks(12),
                based="Heading1",
            ),
            _style("Stamp", "Гриф утверждения", tight + _indent(167)),
            _style("Note", "Примечание под таблицей", tight, _looks(10)),
            _style("ReportLine", "Строка под названием", tight + _centred()),
            _style("Item", "Пункт перечня", tight + _indent(6)),
            _style(
                "Gap", "Отступ после таблицы", '<w:spacing w:before="0" w:after="0" w:line="120" w:lineRule="exact"/>'
            ),
            _style("Cell", "Ячейка", tight, _looks(10)),
            _style("CellCentre", "Ячейка по центру", _centred(), based="Cell"),
            _style("CellNumber", "Ячейка с числом", _centred("right"), based="Cell"),
            _style("CellHead", "Заголовок столбца", _centred(), based="Cell"),
            _style("CellLarge", "Ячейка основных положений", tight),
            _style("CellLargeCentre", "Ячейка основных положений по центру", _centred(), based="CellLarge"),
            _TABLE_STYLES,
        )
    )


_BORDERS = "".join(
    f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="auto"/>'
    for side in ("top", "left", "bottom", "right", "insideH", "insideV")
)
_TABLE_STYLES = (
    '<w:style w:type="table" w:default="1" w:styleId="TableNormal"><w:name w:val="Normal Table"/><w:semiHidden/>'
    '<w:tblPr><w:tblInd w:w="0" w:type="dxa"/></w:tblPr></w:style>'
    '<w:style w:type="table" w:styleId="FormTable"><w:name w:val="Таблица паспорта"/><w:basedOn w:val="TableNormal"/>'
    f'<w:tblPr><w:tblInd w:w="0" w:type="dxa"/><w:tblBorders>{_BORDERS}</w:tblBorders><w:tblCellMar>'
    '<w:top w:w="40" w:type="dxa"/><w:left w:w="68" w:type="dxa"/><w:bottom w:w="40" w:type="dxa"/>'
    '<w:right w:w="68" w:type="dxa"/></w:tblCellMar></w:tblPr></w:style>'
)
_SETTINGS = (
    '<w:zoom w:percent="100"/><w:defaultTabStop w:val="708"/><w:characterSpacingControl w:val="doNotCompress"/>'
    '<w:compat><w:compatSetting w:name="compatibilityMode" w:uri="http://schemas.microsoft.com/office/word"'
    ' w:val="15"/></w:compat><w:themeFontLang w:val="ru-RU"/><w:decimalSymbol w:val=","/><w:listSeparator w:val=";"/>'
)
