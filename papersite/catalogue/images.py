"""A paper's title as a picture, for previews of links."""

import io
import unicodedata
from collections.abc import Iterator
from functools import cache, lru_cache
from importlib.resources import files
from itertools import groupby

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_safe
from PIL import Image, ImageDraw, ImageFont

from papersite.catalogue.citing.citations import one_line
from papersite.catalogue.citing.metadata import IMAGE_SIZE
from papersite.catalogue.models import Paper
from papersite.web.limits import limited
from papersite.web.shared_pages import shared

# The site's colours, as its stylesheet has them by day.
PAPER, INK, FAINT, ACCENT = "#fbfaf7", "#1d1f22", "#5d6168", "#8a3324"
# The first that has a sign draws it: Roboto's Latin, Greek and Cyrillic, then Chinese, Japanese and Korean.
FONTS = (
    files("font_roboto") / "files" / "Roboto-Regular.ttf",
    files("cvttf_NotoSansCJK_Regular") / "NotoSansCJKtc-Regular.otf",
)
COLOURS = 32
MARGIN, BAR = 80, 24
# The largest in which the title fits; what does not fit in the least is cut.
TITLE_SIZES = (76, 66, 58, 50, 44, 38)
TITLE_HEIGHT = 370
SMALL = 32
SHOWN_AUTHORS = 3
# Of a title of which the font knows less, what is left would be no title.
LEAST_KNOWN = 0.6
SPACING = 1.28
NO_CHARACTER = "\U0010ffff"


@shared()
@require_safe
@limited("picture")
def paper(request: HttpRequest, public_id: str) -> HttpResponse:
    found = get_object_or_404(Paper.objects.visible().for_cards().named(public_id))
    if found.public_id != public_id:
        return redirect("catalogue:paper_image", found.public_id, permanent=True)
    names = [one_line(row.author.name) for row in found.authorships.all()]
    by = ", ".join(names[:SHOWN_AUTHORS]) + (" and others" if len(names) > SHOWN_AUTHORS else "")
    where = f"arXiv:{found.arxiv_id}" if found.arxiv_id else ""
    return HttpResponse(drawn(found.title, by, where, str(settings.SITE_NAME)), content_type="image/png")


def drawn(title: str, by: str, where: str, site: str) -> bytes:
    """A PNG of ``IMAGE_SIZE``. Signs that no font has are left out: nobody reads a box."""
    width, height = IMAGE_SIZE
    image = Image.new("RGB", IMAGE_SIZE, PAPER)
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 0, BAR, height), fill=ACCENT)
    room = width - 2 * MARGIN
    size, lines = _fitted(_known(title) or where or site, room)
    for at, line in enumerate(lines):
        _write(draw, (MARGIN, MARGIN + size + at * round(size * SPACING)), line, size, INK)
    _write(draw, (MARGIN, height - 120), _cut(_known(by), SMALL, room), SMALL, FAINT)
    _write(draw, (MARGIN, height - 64), _cut(_known(site), SMALL, room // 2), SMALL, ACCENT)
    _write(draw, (width - MARGIN - _length(where, SMALL), height - 64), where, SMALL, FAINT)
    written = io.BytesIO()
    image.quantize(COLOURS, method=Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE).save(written, "PNG")
    return written.getvalue()


def _fitted(title: str, room: int) -> tuple[int, list[str]]:
    """The size in which a title fits, and its lines."""
    for size in TITLE_SIZES:
        lines = list(_wrapped(title, size, room))
        most = int(TITLE_HEIGHT / (size * SPACING))
        if len(lines) <= most:
            return size, lines
    return size, [*lines[: most - 1], _cut(" ".join(lines[most - 1 : most + 1]), size, room)]


def _wrapped(text: str, size: int, room: int) -> Iterator[str]:
    """Lines of whole words; a word that is longer than a line, as all of Chinese is, goes on in the next."""
    line = ""
    for word in text.split():
        longer = f"{line} {word}".strip()
        if _length(longer, size) <= room:
            line = longer
            continue
        if line and _length(word, size) <= room:
            yield line
            line = word
            continue
        for char in f" {word}" if line else word:
            if _length(line + char, size) > room:
                yield line
                line = ""
            line += char
    if line:
        yield line


def _cut(text: str, size: int, room: int) -> str:
    if _length(text, size) <= room:
        return text
    while text and _length(f"{text}…", size) > room:
        text = text[:-1]
    return f"{text.rstrip()}…"


def _write(draw: ImageDraw.ImageDraw, place: tuple[float, float], text: str, size: int, colour: str) -> None:
    left, baseline = place
    for number, run in _runs(text):
        draw.text((left, baseline), run, fill=colour, font=_font(number, size), anchor="ls")
        left += _font(number, size).getlength(run)


def _length(text: str, size: int) -> float:
    return sum(_font(number, size).getlength(run) for number, run in _runs(text))


def _runs(text: str) -> Iterator[tuple[int, str]]:
    """The text in pieces, each with the number of the font that has it."""
    for number, chars in groupby(text, lambda char: _font_of(char) or 0):
        yield number, "".join(chars)


def _known(text: str) -> str:
    """The text as far as some font can show it, a letter without its marks where none has them; nothing where that
    is too little of it."""
    text = one_line(text)
    shown = "".join(_nearest(char) for char in text)
    return " ".join(shown.split()) if len(shown) >= LEAST_KNOWN * len(text) else ""


@lru_cache(maxsize=5000)
def _nearest(char: str) -> str:
    if _font_of(char) is not None:
        return char
    plain = "".join(one for one in unicodedata.normalize("NFKD", char) if not unicodedata.combining(one))
    return plain if plain and all(_font_of(one) is not None for one in plain) else ""


@lru_cache(maxsize=5000)
def _font_of(char: str) -> int | None:
    """The number of the first font that has a sign."""
    if char == " ":
        return 0
    has_it = (bytes(_font(number, SMALL).getmask(char)) != _box(number) for number in range(len(FONTS)))
    return next((number for number, has in enumerate(has_it) if has), None)


@cache
def _box(number: int) -> bytes:
    """What a font draws for what it has not."""
    return bytes(_font(number, SMALL).getmask(NO_CHARACTER))


@cache
def _font(number: int, size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(FONTS[number]), size, layout_engine=ImageFont.Layout.BASIC)
