"""What a PDF viewer shows is read, what it hides is not, and what cannot be read is said."""

from __future__ import annotations

import io
from collections.abc import Callable

import pypdf
import pytest
from pypdf.generic import ArrayObject, BooleanObject, DictionaryObject, NameObject, RectangleObject, TextStringObject
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from corpus.errors import UnreadableFile
from corpus.readers.pdf import reader
from corpus.readers.pdf.extraction.document import is_legible
from tests.factories.rendered.pages import Draw, draw_all, draw_lines, draw_pages, edit_pdf, map_letters

LINES = (
    "The harbours of the province took in more vessels than in the year before,",
    "most of them with timber from the neighbouring countries in the north, and",
    "the dues were raised in March, for the first time in nine years or more,",
    "and no owner complained of it to the board or to the harbour master.",
)


def with_fields(add: Callable[[Canvas], None]) -> bytes:
    return draw_pages(draw_all(draw_lines("Annual Return", *LINES, y=780), add))


@pytest.mark.parametrize("between", [0, 9])
def test_text_that_is_drawn_twice_at_one_place_is_read_once(between: int) -> None:
    others = [draw_lines(f"Boats of port {number} sailed in spring.", y=600 - 20 * number) for number in range(between)]
    page = draw_all(draw_lines(*LINES), *others, draw_lines(*LINES))
    text = reader.read(draw_pages(page)).text
    assert [text.count(line[:40]) for line in LINES] == [1] * len(LINES)


def test_values_of_form_fields_are_read_beside_their_labels() -> None:
    def fields(canvas: Canvas) -> None:
        form = canvas.acroForm
        for y, (label, value) in ((600, ("Name:", "Northern Lights Trust")), (570, ("Income:", "84,310 crowns"))):
            canvas.setFont("Helvetica", 11)
            canvas.drawString(72, y + 6, label)
            form.textfield(name=label, value=value, x=200, y=y, width=200, height=20, borderWidth=0)
        canvas.drawString(72, 546, "County:")
        form.choice(name="county", value="North", options=["South", "North"], x=200, y=540, width=100, height=20)
        canvas.drawString(72, 516, "Audited:")
        form.checkbox(name="audited", checked=True, x=200, y=510, size=16)
        canvas.drawString(72, 486, "Dissolved:")
        form.checkbox(name="dissolved", checked=False, x=200, y=480, size=16)

    text = " ".join(reader.read(with_fields(fields)).text.replace("|", " ").split())
    for shown in ("Name: Northern Lights Trust", "Income: 84,310 crowns", "County: North", "Audited: ☒ Dissolved:"):
        assert shown in text


@pytest.mark.parametrize("flags", ["hidden", "password"])
def test_hidden_fields_and_passwords_are_not_read(flags: str) -> None:
    def fields(canvas: Canvas) -> None:
        options = {"annotationFlags": "hidden"} if flags == "hidden" else {"fieldFlags": "password"}
        canvas.acroForm.textfield(name="x", value="secret", x=200, y=500, width=200, height=20, **options)

    assert "secret" not in reader.read(with_fields(fields)).text


def with_xfa(data: bytes, dynamic: bool) -> bytes:
    def edit(writer: pypdf.PdfWriter) -> None:
        form = DictionaryObject({NameObject("/Fields"): ArrayObject(), NameObject("/XFA"): TextStringObject("<xdp/>")})
        writer._root_object[NameObject("/AcroForm")] = form
        if dynamic:
            writer._root_object[NameObject("/NeedsRendering")] = BooleanObject(True)

    return edit_pdf(data, edit)


@pytest.mark.parametrize("dynamic", [True, False])
@pytest.mark.parametrize("message", ["Please wait...", "Bitte warten ...", "お待ちください"])
def test_a_placeholder_of_an_xfa_form_is_refused(message: str, dynamic: bool) -> None:
    message = message if message.isascii() else "Veuillez patienter"
    with pytest.raises(UnreadableFile, match="XFA"):
        reader.read(with_xfa(draw_pages(draw_lines(message)), dynamic))


def test_a_form_with_pages_of_its_own_is_read() -> None:
    assert "harbours" in reader.read(with_xfa(draw_pages(draw_lines(*LINES), draw_lines(*LINES)), False)).text


PRIVATE = {chr(code): chr(0xF000 + code) for code in range(33, 127)}
SHIFTED = {chr(code): chr(33 + (code - 33 - 29) % 94) for code in range(33, 127)}
UNKNOWN = {chr(code): "\ufffd" for code in range(65, 123)}
MIXED = {letter: chr(0x561 + number) for number, letter in enumerate("aeiou")}


@pytest.mark.parametrize("letters", [PRIVATE, SHIFTED, UNKNOWN, MIXED])
def test_fonts_without_usable_letters_are_refused(letters: dict[str, str]) -> None:
    with pytest.raises(UnreadableFile, match=r"letters.*OCR"):
        reader.read(map_letters(draw_pages(draw_lines(*LINES)), letters))


@pytest.mark.parametrize(
    "text",
    [
        "Rozporządzenie w sprawie portów morskich i przystani rybackich zostało ogłoszone w dzienniku ustaw " * 4,
        "Hallituksen esitys satamien kunnossapidosta ja merenkulun turvallisuudesta annettiin eduskunnalle " * 4,
        "Nghị định của chính phủ về quản lý cảng biển và luồng hàng hải được ban hành trong năm nay " * 4,
        "Rhoddodd y bwrdd adroddiad blynyddol ar borthladdoedd Cymru i'r llywodraeth ym mis Mawrth " * 4,
        "A kikötők éves jelentését a kormány márciusban tette közzé, és a halászat adatait is közölte " * 4,
        "Отчёт о работе портов и рыболовства за год, COVID-19, GDP и ООН " * 4,
        "\uf0b7 PLC public limited company \uf0b7 GDP gross domestic product \uf0b7 XBRL markup 12,400 " * 6,
        "漁港の統計は毎年春に発表されるものでGDPに占める割合はわずかである。" * 6,
    ],
)
def test_real_languages_are_legible(text: str) -> None:
    assert is_legible(text, 0)


def test_illegible_and_scanned_pages_among_others_are_named() -> None:
    pixels = b"P5 8 8 255 " + bytes(range(64))
    scan: Draw = lambda canvas: canvas.drawImage(ImageReader(io.BytesIO(pixels)), 0, 0, 500, 700)  # noqa: E731
    written = pypdf.PdfReader(io.BytesIO(draw_pages(draw_lines(*LINES), scan, scan, draw_lines(*LINES))))
    private = pypdf.PdfReader(io.BytesIO(map_letters(draw_pages(draw_lines(*LINES)), PRIVATE)))
    writer = pypdf.PdfWriter()
    for page in (*written.pages, *private.pages):
        writer.add_page(page)
    buffer = io.BytesIO()
    writer.write(buffer)
    illegible, scanned = reader.read(buffer.getvalue()).warnings
    assert "page 5 of the file" in illegible
    assert "pages 2-3 of the file" in scanned
    assert "OCR" in illegible
    assert "OCR" in scanned


def test_signs_that_no_font_explains_are_counted_with_their_pages() -> None:
    readable = draw_pages(draw_lines(*LINES))
    reading = reader.read(map_letters(draw_pages(draw_lines(*LINES), draw_lines(*LINES)), {"q": "\x01", "b": "\x01"}))
    (warning,) = reading.warnings
    count = 2 * sum(line.count("q") + line.count("b") for line in LINES)
    assert f"{count} signs on pages 1-2 of the file are not read" in warning
    assert reader.read(readable).warnings == ()


def with_layer(shown: bool, in_form: bool) -> bytes:
    """A page with a line on a layer, by marked content or as a form of its own."""

    def draw(canvas: Canvas) -> None:
        draw_lines(*LINES)(canvas)
        if in_form:
            canvas.beginForm("layer")
        else:
            canvas._code.append("/OC /MC0 BDC")
        canvas.setFont("Times-Roman", 11)
        canvas.drawString(72, 500, "DRAFT ONLY: 2.7 million trees.")
        if in_form:
            canvas.endForm()
            canvas.doForm("layer")
        else:
            canvas._code.append("EMC")

    def edit(writer: pypdf.PdfWriter) -> None:
        group = writer._add_object(
            DictionaryObject({NameObject("/Type"): NameObject("/OCG"), NameObject("/Name"): TextStringObject("Draft")})
        )
        hidden = ArrayObject([] if shown else [group])
        writer._root_object[NameObject("/OCProperties")] = DictionaryObject(
            {
                NameObject("/OCGs"): ArrayObject([group]),
                NameObject("/D"): DictionaryObject({NameObject("/OFF"): hidden}),
            }
        )
        resources = writer.pages[0]["/Resources"]
        if in_form:
            for form in resources["/XObject"].values():  # type: ignore[index]
                form.get_object()[NameObject("/OC")] = group
        else:
            resources[NameObject("/Properties")] = DictionaryObject({NameObject("/MC0"): group})  # type: ignore[index]

    return edit_pdf(draw_pages(draw), edit)


@pytest.mark.parametrize("in_form", [True, False])
@pytest.mark.parametrize("shown", [True, False])
def test_layers_are_read_if_they_are_shown(shown: bool, in_form: bool) -> None:
    text = reader.read(with_layer(shown, in_form)).text
    assert ("2.7 million" in text) is shown
    assert " ".join(LINES) in text


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
def test_text_outside_the_crop_box_is_not_read(turn: int) -> None:
    data = draw_pages(draw_all(draw_lines(*LINES), draw_lines("Printer's slug 4711", x=20, y=20)))

    def crop(writer: pypdf.PdfWriter) -> None:
        writer.pages[0].cropbox = RectangleObject((50, 50, 550, 800))
        writer.pages[0].rotate(turn)

    assert reader.read(edit_pdf(data, crop)).text == f"{' '.join(LINES)}\n"
