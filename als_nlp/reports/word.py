"""The feedback report as a Word document: real headings, lists, tables and alternative texts."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from als_nlp.reports.drawing import Chart
from als_nlp.reports.feedback import Feedback

if TYPE_CHECKING:
    from docx.document import Document

BLUE = "12436D"
LOOSE = "These challenges are less alike than those of other themes: read it with care."
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def word(said: Feedback) -> bytes:
    """The report as ``.docx``."""
    import docx
    from docx.shared import Cm

    document = docx.Document()
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2.3)
    section.top_margin = section.bottom_margin = Cm(2)
    _styles(document)
    properties = document.core_properties
    properties.title, properties.author = _clean(said.title), "als-nlp"
    properties.language = "en-GB"
    document.add_heading(_clean(said.title), level=0)
    document.add_paragraph(_clean(said.about), style="Subtitle")
    for sentence in said.opening:
        document.add_paragraph(_clean(sentence), style="Intense Quote")

    document.add_heading("What the cohort brought", level=1)
    _picture(document, said.themes_chart, "People behind each theme")
    for theme in said.themes:
        document.add_heading(_clean(f"{theme.name} ({theme.people} people)"), level=2)
        loose = theme.stability is not None and theme.stability < 0.6
        document.add_paragraph(_clean(f"{theme.about} {LOOSE}" if loose else theme.about))
        if theme.quotation:
            document.add_paragraph(_clean(f"“{theme.quotation}”"), style="Quote")
    if not said.themes:
        document.add_paragraph("No theme has enough people behind it to be shown.")

    document.add_heading("How the sets worked", level=1)
    _picture(document, said.series_chart, "Asking and telling over the sessions")
    if said.series_chart:
        document.add_paragraph(
            "Inquiry is questions and giving back what was heard; the rest is advice. The thin "
            "line shows how far the figure could be off (9 times in 10 the true one lies on it)."
        )
    _bullets(document, said.worked)

    document.add_heading("What followed", level=1)
    _picture(document, said.followed_chart, "What became of what was agreed")
    for line in said.followed:
        document.add_paragraph(_clean(line))

    if said.groups:
        document.add_heading("Role groups side by side", level=1)
        header = ("Group", "People", "Inquiry (90 % between)", "Actions done or partly done")
        _table(document, header, [(g.name, g.people, g.balance, g.done) for g in said.groups])
        document.add_paragraph("Where the ranges overlap, take the groups to be alike.")

    if said.questions:
        document.add_heading("What it may mean for the organisation", level=1)
        document.add_paragraph("Questions to take on, in the spirit of the sets:")
        _bullets(document, [f"{name}: {question}" for name, question in said.questions])

    document.add_heading("How this was made, and its limits", level=1)
    _bullets(document, [*said.method, *dict.fromkeys(said.withheld)])
    document.add_paragraph(f"Written by als-nlp {said.version}. Nothing was sent anywhere.")
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def _styles(document: Document) -> None:
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn
    from docx.shared import Pt, RGBColor

    for name in ("Normal", "Title", "Subtitle", "Heading 1", "Heading 2", "Intense Quote", "Quote"):
        style: Any = document.styles[name]
        style.font.name = "Arial"
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for key in ("w:asciiTheme", "w:hAnsiTheme", "w:eastAsiaTheme", "w:cstheme"):
            fonts.attrib.pop(qn(key), None)
        fonts.set(qn("w:hAnsi"), "Arial")
        if name != "Normal":
            style.font.color.rgb = RGBColor.from_string(
                "222222" if name in ("Quote", "Intense Quote", "Subtitle") else BLUE
            )
    normal: Any = document.styles["Normal"]
    normal.font.size = Pt(10.5)
    normal.paragraph_format.space_after = Pt(5)
    sizes = (("Title", 20), ("Heading 1", 14), ("Heading 2", 11), ("Subtitle", 10.5))
    for name, size in sizes:
        style = document.styles[name]
        style.font.size = Pt(size)
        if name.startswith("Heading"):
            style.paragraph_format.space_before = Pt(10 if name == "Heading 1" else 5)
            style.paragraph_format.space_after = Pt(2)
    for name in ("Intense Quote", "Quote"):
        style = document.styles[name]
        style.font.italic = style.font.bold = False
        style.paragraph_format.space_before = style.paragraph_format.space_after = Pt(3)
    properties: Any = document.styles.element.find(qn("w:docDefaults"))
    language = OxmlElement("w:lang")
    language.set(qn("w:val"), "en-GB")
    run = properties.find(qn("w:rPrDefault")).find(qn("w:rPr"))
    for old in run.findall(qn("w:lang")):
        run.remove(old)
    run.append(language)


def _picture(document: Document, chart: Chart | None, title: str) -> None:
    """A chart with its alternative text and, below it, its figures as a table."""
    from docx.shared import Cm

    if chart is None:
        return
    shape = document.add_picture(io.BytesIO(chart.png()), width=Cm(12.5))
    about = shape._inline.docPr
    about.set("descr", _clean(chart.alt))
    about.set("title", title)
    document.paragraphs[-1].paragraph_format.keep_with_next = True
    _table(document, chart.columns, chart.rows)


def _bullets(document: Document, lines: Any) -> None:
    for line in lines:
        paragraph = document.add_paragraph(_clean(line), style="List Bullet")
        paragraph.paragraph_format.space_after = 0


def _table(document: Document, header: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    from docx.oxml import OxmlElement
    from docx.shared import Pt

    table = document.add_table(rows=1 + len(rows), cols=len(header), style="Light Grid Accent 1")
    table.rows[0]._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
    for number, texts in enumerate((header, *rows)):
        for cell, text in zip(table.rows[number].cells, texts, strict=True):
            cell.text = _clean(text)
            look = cell.paragraphs[0].paragraph_format
            # small tables stay on one page, with their picture
            look.space_after, look.keep_with_next = 0, number < len(rows)
    # tables do not keep their distance from what follows
    after: Any = document.add_paragraph()
    after.paragraph_format.space_after = 0
    after.paragraph_format.line_spacing = Pt(5)


def _clean(text: str) -> str:
    """Without what XML cannot hold."""
    return _NOT_XML.sub("", text)
