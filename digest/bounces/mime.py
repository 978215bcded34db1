"""Takes a mail apart within bounds: so much text, so deep, so many parts, whatever it claims to be.

Python's own parser follows any nesting and reads each line once a level. What a stranger sends to the
bounce address must cost the same small time whatever it is, so nothing here looks at a byte more than
``DEPTH`` times. What lies beyond a bound is left out; it never raises.
"""

import binascii
import quopri
import re
from collections.abc import Iterator
from dataclasses import dataclass
from email.header import decode_header, make_header
from email.message import Message

BYTES = 512_000
"""Of one mail; reports name their reason well before the mail that they return ends."""
TEXT = 64_000
"""Characters of one part's text."""
DEPTH = 8
PARTS = 40
FIELDS = 400
VALUE = 2_000
"""Characters of one header."""
_BLANK = re.compile(rb"\r?\n\r?\n")
_TAG = re.compile(r"<[^<>]{0,500}>")


@dataclass(frozen=True, slots=True)
class Part:
    """A mail, or a part of one. Names of headers are in lower case; a header may come more than once."""

    headers: tuple[tuple[str, str], ...]
    kind: str
    body: bytes
    parts: tuple["Part", ...] = ()

    def values(self, name: str) -> list[str]:
        return [value for each, value in self.headers if each == name]

    def header(self, name: str) -> str:
        """The first of that name with its encoded words read (RFC 2047); empty where there is none."""
        value = next(iter(self.values(name)), "")
        if "=?" not in value:
            return value
        try:
            return str(make_header(decode_header(value)))
        except (LookupError, ValueError):
            return value

    def walk(self) -> Iterator["Part"]:
        """This one and all within it, outermost first."""
        yield self
        for part in self.parts:
            yield from part.walk()

    def own(self) -> Iterator["Part"]:
        """This one and its parts, and nothing of a mail that it returns."""
        yield self
        if not self.kind.startswith("message/"):
            for part in self.parts:
                yield from part.own()

    def text(self) -> str:
        """The body as text, its transfer encoding undone; of HTML the words alone."""
        body = _decoded(self.body[: TEXT * 2], self.header("content-transfer-encoding").strip().lower())
        text = _in_charset(body, _type_of(self.header("content-type")).get_content_charset("utf-8"))[:TEXT]
        return _TAG.sub(" ", text).replace("&nbsp;", " ") if self.kind == "text/html" else text


def parse(raw: bytes) -> Part:
    """A mail as it came, or as much of it as is within the bounds."""
    return _parse(raw[:BYTES], 0, iter(range(PARTS)))


def fields_of(text: str) -> list[dict[str, str]]:
    """Groups of ``Name: value`` between blank lines, as in RFC 3464; names in lower case, repeats joined."""
    groups = []
    for block in re.split(r"\r?\n[ \t]*\r?\n", text[:TEXT]):
        group: dict[str, str] = {}
        for name, value in _fields(block):
            group[name] = f"{group[name]} {value}" if name in group else value
        if group:
            groups.append(group)
    return groups


def _parse(raw: bytes, depth: int, numbers: Iterator[int]) -> Part:
    if raw.startswith((b"From ", b">From ")):
        raw = raw.partition(b"\n")[2]
    if raw.startswith((b"\n", b"\r\n")):
        head, body = b"", raw.lstrip(b"\r\n")
    else:
        cut = _BLANK.search(raw)
        head, body = (raw[: cut.start()], raw[cut.end() :]) if cut else (raw, b"")
    headers = tuple(_fields(head[:TEXT].decode("utf-8", errors="replace")))
    declared = _type_of(next((value for name, value in headers if name == "content-type"), ""))
    kind = declared.get_content_type()
    inner: list[bytes] = []
    if depth < DEPTH:
        if kind.startswith("multipart/"):
            inner = _between(body, _boundary(declared))
        elif kind in ("message/rfc822", "message/global"):
            encoding = next((value for name, value in headers if name == "content-transfer-encoding"), "")
            inner = [_decoded(body, encoding.strip().lower())]
    parts = [_parse(one, depth + 1, numbers) for one in inner if next(numbers, None) is not None]
    return Part(headers, kind, body, tuple(parts))


def _fields(block: str) -> Iterator[tuple[str, str]]:
    """Name and value of each header, its folded lines joined."""
    name, lines, length = "", list[str](), 0
    for count, line in enumerate(re.split(r"\r?\n", block)):
        if count > FIELDS * 4:
            break
        # A gateway of Verizon's forgets the fold before a boundary.
        if name and (line[:1] in (" ", "\t") or (name == "content-type" and line.lower().startswith("boundary="))):
            if length < VALUE:
                lines.append(line.strip()[:VALUE])
                length += len(lines[-1])
            continue
        if name:
            yield name, " ".join(lines)[:VALUE]
        name, colon, value = line.partition(":")
        name = name.strip().lower() if colon and len(name) < 100 else ""
        lines, length = [value.strip()[:VALUE]], len(value)
    if name:
        yield name, " ".join(lines)[:VALUE]


def _type_of(value: str) -> Message:
    declared = Message()
    # The standard library looks at a header's quotes again for each parameter.
    declared["Content-Type"] = value[:500].replace("\r", " ").replace("\n", " ") or "text/plain"
    return declared


def _boundary(declared: Message) -> bytes:
    try:
        return (declared.get_boundary() or "").encode()[:200]
    except (ValueError, LookupError):
        return b""


def _between(body: bytes, boundary: bytes) -> list[bytes]:
    """What stands between the lines of a boundary (RFC 2046); a last part that is cut off counts."""
    if not boundary:
        return []
    line = re.compile(rb"^--" + re.escape(boundary) + rb"(--)?[ \t]*\r?$", re.MULTILINE)
    found, begin = [], -1
    for match in line.finditer(body):
        if begin >= 0:
            found.append(body[begin : match.start()].removesuffix(b"\n").removesuffix(b"\r"))
        begin = match.end() + 1
        if match[1] or len(found) >= PARTS:
            return found
    return [*found, body[begin:]] if begin >= 0 else found


def _decoded(body: bytes, encoding: str) -> bytes:
    try:
        if encoding == "base64":
            letters = re.sub(rb"[^A-Za-z0-9+/]", b"", body)
            return binascii.a2b_base64(letters[: len(letters) // 4 * 4])
        return quopri.decodestring(body) if encoding == "quoted-printable" else body
    except binascii.Error:
        return body


def _in_charset(body: bytes, charset: str) -> str:
    try:
        return body.decode(charset, errors="replace")
    except (LookupError, ValueError):
        # Japanese servers name no charset, or one that Python has by another name.
        return body.decode("utf-8", errors="replace")
