"""A Word document of headings, paragraphs, tables and pictures, in fonts that Chinese offices use.

Text is only ever text: what Word cannot hold (control characters) is left out.
"""

import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal

from docx import Document
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor
from docx.text.paragraph import Paragraph
from docx.text.run import Run

LATIN: Final = "Times New Roman"
BODY, HEADING, TABLE = "仿宋", "黑体", "宋体"
"""East Asian fonts: official papers are set in 仿宋, their headings in 黑体, tables in 宋体."""
_HEAD_FILL: Final = "E6ECF2"
_FORBIDDEN: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")

Align = Literal["left", "right", "centre"]
_ALIGN: Final = {
    "left": WD_ALIGN_PARAGRAPH.LEFT, "right": WD_ALIGN_PARAGRAPH.RIGHT,
    "centre": WD_ALIGN_PARAGRAPH.CENTER,
}  # fmt: skip


@dataclass(frozen=True)
class Col:
    """A column of a table: heading, width in centimetres, alignment of its cells."""

    head: str
    width: float
    align: Align = "left"


class Paper:
    """A document that is written from top to bottom."""

    def __init__(self, *, title: str, author: str, at: datetime) -> None:
        self._document = Document()
        facts = self._document.core_properties
        facts.title, facts.author, facts.comments = plain(title)[:255], plain(author)[:255], ""
        facts.created = facts.modified = at.replace(tzinfo=None)
        facts.last_modified_by = facts.author
        section = self._document.sections[0]
        section.page_width, section.page_height = Cm(21), Cm(29.7)
        section.left_margin = section.right_margin = Cm(2.2)
        section.top_margin = section.bottom_margin = Cm(2.2)
        _set_style(self._document.styles["Normal"], BODY, 11)
        for level, size in ((1, 15), (2, 12)):
            style = self._document.styles[f"Heading {level}"]
            _set_style(style, HEADING, size)
            style.paragraph_format.space_before = Pt(14)
            style.paragraph_format.space_after = Pt(6)
            style.paragraph_format.keep_with_next = True
        _page_number(section.footer.paragraphs[0])

    def title(self, text: str) -> None:
        """Write the title of the document."""
        line = self._document.add_paragraph()
        line.alignment = WD_ALIGN_PARAGRAPH.CENTER
        line.paragraph_format.space_after = Pt(10)
        _write(line, text, HEADING, 20).bold = True

    def heading(self, text: str, level: int = 1) -> None:
        """Write a heading."""
        line = self._document.add_heading(level=level)
        _write(line, text, HEADING, 15 if level == 1 else 12)

    def say(self, text: str) -> None:
        """Write a paragraph."""
        _write(self._document.add_paragraph(), text, BODY, 11)

    def caption(self, text: str) -> None:
        """Write what stands under a picture."""
        line = self._document.add_paragraph()
        line.alignment = WD_ALIGN_PARAGRAPH.CENTER
        _write(line, text, TABLE, 9)

    def picture(self, png: bytes, *, centimetres: float, told: str) -> None:
        """Put a picture; ``told`` is what a reader who cannot see it is told."""
        line = self._document.add_paragraph()
        line.alignment = WD_ALIGN_PARAGRAPH.CENTER
        line.paragraph_format.keep_with_next = True
        shape = line.add_run().add_picture(io.BytesIO(png), width=Cm(centimetres))
        about = shape._inline.docPr  # noqa: SLF001 - python-docx has no word for it
        about.set("descr", plain(told))

    def table(self, columns: Sequence[Col], rows: Sequence[Sequence[str]]) -> None:
        """Write a table whose headings come again on every page."""
        made = self._document.add_table(rows=1 + len(rows), cols=len(columns), style="Table Grid")
        made.alignment = WD_TABLE_ALIGNMENT.CENTER
        made.autofit = False
        heads = [column.head for column in columns]
        for y, (line, texts) in enumerate(zip(made.rows, (heads, *rows), strict=True)):
            _keep_whole(line, repeats=y == 0)
            for cell, column, text in zip(line.cells, columns, texts, strict=True):
                cell.width = Cm(column.width)
                paragraph = cell.paragraphs[0]
                paragraph.alignment = _ALIGN["centre" if y == 0 else column.align]
                _write(paragraph, text, TABLE, 9).bold = y == 0
                if y == 0:
                    _shade(cell)
        self._document.add_paragraph().paragraph_format.space_after = Pt(2)

    def body(self) -> bytes:
        """Give the document as a file."""
        out = io.BytesIO()
        self._document.save(out)
        return out.getvalue()


def plain(text: str) -> str:
    """Text without what a Word document cannot hold."""
    return _FORBIDDEN.sub("", text)


def _write(paragraph: Paragraph, text: str, font: str, size: float) -> Run:
    run = paragraph.add_run(plain(text))
    run.font.size, run.font.name = Pt(size), LATIN
    fonts = run._element.get_or_add_rPr().get_or_add_rFonts()  # noqa: SLF001
    fonts.set(qn("w:eastAsia"), font)
    return run


def _set_style(style: Any, font: str, size: float) -> None:
    style.font.name, style.font.size, style.font.bold = LATIN, Pt(size), font == HEADING
    style.font.color.rgb = RGBColor(0, 0, 0)
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for name in [name for name in fonts.attrib if name.endswith("Theme")]:
        del fonts.attrib[name]
    fonts.set(qn("w:eastAsia"), font)


def _element(name: str, **values: str) -> Any:
    made = OxmlElement(name)
    for key, value in values.items():
        made.set(qn(f"w:{key}"), value)
    return made


def _keep_whole(row: Any, *, repeats: bool) -> None:
    about = row._tr.get_or_add_trPr()  # noqa: SLF001
    about.append(_element("w:cantSplit"))
    if repeats:
        about.append(_element("w:tblHeader"))


def _shade(cell: Any) -> None:
    shade = _element("w:shd", val="clear", color="auto", fill=_HEAD_FILL)
    cell._tc.get_or_add_tcPr().append(shade)  # noqa: SLF001


def _page_number(paragraph: Paragraph) -> None:
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    run = paragraph.add_run()
    code = _element("w:instrText")
    code.text = "PAGE"
    for part in (_element("w:fldChar", fldCharType="begin"), code,
                 _element("w:fldChar", fldCharType="end")):  # fmt: skip
        run._element.append(part)  # noqa: SLF001
