"""Mail as it travels (RFC 5322): sender, date and subject, the text, and what is attached."""

import email
import email.policy
import re
from collections.abc import Iterator, Mapping
from email.errors import MessageError
from email.header import decode_header, make_header
from email.message import EmailMessage
from email.utils import parsedate_to_datetime
from functools import partial
from urllib.parse import unquote

from index.loaders.builder import CELL, Builder, Loaded, Unreadable, one_line
from index.loaders.embedded import Pictures, with_pictures
from index.loaders.encoding import decode
from index.loaders.formats.attachments import attach
from index.loaders.formats.html import html_of
from index.loaders.formats.html_images import Images

MAX_MULTIPART = 500  # parsing takes time with the square of it
MIN_SHARE = 0.8  # of the words of another form of a text that the plain one must have
MAX_HEADER = 2_000  # characters; more receivers than that are a list

_MULTIPART = re.compile(rb"content-type:\s*multipart/", re.I)
_HEADERS = ("From", "To", "Cc", "Date")
_ENCRYPTED = ("application/pkcs7-mime", "application/x-pkcs7-mime", "multipart/encrypted")
_FORWARDED = "message/rfc822"


def load_eml(data: bytes) -> Loaded:
    """One mail: its subject as the heading, a line for each of sender, receivers and date, the text."""
    if len(_MULTIPART.findall(data)) > MAX_MULTIPART:
        raise Unreadable(f"it has more than {MAX_MULTIPART} parts inside each other or side by side")
    message = email.message_from_bytes(data, policy=email.policy.default)
    return mail(
        subject=_header(message, "Subject"),
        headers={name: _header(message, name) for name in _HEADERS},
        body=with_pictures(lambda pictures: _body(message, pictures)),
        attachments=_attachments(message),
    )


def mail(
    *, subject: str, headers: dict[str, str], body: Loaded, attachments: Iterator[tuple[str, bytes]]
) -> Loaded:
    """A mail's content, whatever it was stored as; the date is written as its header has it."""
    builder = Builder()
    builder.add(subject, level=1)
    builder.add("\n".join(f"{name}: {value}" for name, value in headers.items() if value))
    builder.include(body, deeper=1)
    attach(builder, attachments)
    return builder.build(
        title=subject,
        metadata={
            "title": subject,
            "author": headers.get("From", ""),
            "created": _iso_date(headers.get("Date", "")),
        },
    )


def _header(message: EmailMessage, name: str) -> str:
    """A header's text; the raw one is decoded, since Python's parser of addresses is slow with long ones."""
    raw = next((str(value) for key, value in message.raw_items() if key.casefold() == name.casefold()), "")
    return _decoded(decode(raw[:MAX_HEADER].encode("utf-8", "surrogateescape")))


def _decoded(text: str) -> str:
    """A header's text, encoded words in it decoded."""
    try:
        return one_line(str(make_header(decode_header(text))))
    except (MessageError, ValueError, LookupError):
        return one_line(text)


def _body(message: EmailMessage, pictures: Pictures) -> Loaded:
    """Every text of the mail in its order, also after attachments."""
    builder = Builder()
    images = Images(pictures, partial(_content, _inline(message)))
    for part in _parts(message):
        if isinstance(part, list):
            texts = [_text(one, images) for one in part]
            builder.include(richer(texts))
        elif _is_text(part):
            builder.include(_text(part, images))
        elif part.get_content_type() in _ENCRYPTED:
            builder.leave_out("the mail's text: it is encrypted; save it decrypted")
    return builder.build()


def richer(forms: list[Loaded]) -> Loaded:
    """Of several forms of one text the first that has most of what any of them says, tables aside."""
    if not forms:
        return Loaded("")
    words = [set(re.findall(r"\w+", one.text.casefold())) for one in forms]
    for form, own in zip(forms, words, strict=True):
        loses = any(len(own & other) < MIN_SHARE * len(other) for other in words)
        rows = any(CELL in one.text and CELL not in form.text for one in forms)
        if not loses and not rows:
            return form
    return max(forms, key=lambda one: (CELL in one.text, len(one.text)))


def _text(part: EmailMessage, images: Images) -> Loaded:
    content = part.get_payload(decode=True)
    if not isinstance(content, bytes) or not content.strip():
        return Loaded("")
    text = decode(content, part.get_content_charset() or "")
    if part.get_content_subtype() == "html":
        return html_of(text, images)
    builder = Builder()
    builder.add(text)
    return builder.build()


def _inline(message: EmailMessage) -> dict[str, EmailMessage]:
    """The pictures that are shown in the mail's text, by the addresses that it has for them (RFC 2392)."""
    pictures = [one for one in message.walk() if one.get_content_maintype() == "image" and one["Content-ID"]]
    return {f"cid:{str(one['Content-ID']).strip().strip('<>')}": one for one in pictures}


def _content(parts: Mapping[str, EmailMessage], address: str) -> bytes | None:
    part = parts.get(unquote(address))
    content = None if part is None else part.get_payload(decode=True)
    return content if isinstance(content, bytes) else None


def _is_text(part: EmailMessage) -> bool:
    """Whether the part is shown as text of the mail itself."""
    return (
        part.get_content_maintype() == "text"
        and not part.get_filename()
        and (part.get_content_disposition() != "attachment")
    )


def _parts(message: EmailMessage) -> Iterator[EmailMessage | list[EmailMessage]]:
    """The parts in their order; forms of one text together. What is in mails in this mail is left to them."""
    waiting: list[EmailMessage] = [message]
    while waiting:
        part = waiting.pop()
        kind = part.get_content_type()
        if kind == _FORWARDED or not part.is_multipart():
            yield part
            continue
        inner = [one for one in part.iter_parts() if isinstance(one, EmailMessage)]
        if kind == "multipart/alternative":
            forms = [_texts(one) for one in inner]
            yield [one for form in forms for one in form[:1]]
            # A form may bring more than its text: pictures, files, further texts.
            waiting.extend(reversed([other for one in inner for other in _others(one)]))
        else:
            waiting.extend(reversed(inner))


def _texts(part: EmailMessage) -> list[EmailMessage]:
    return [one for one in part.walk() if isinstance(one, EmailMessage) and _is_text(one)]


def _others(part: EmailMessage) -> list[EmailMessage]:
    first = _texts(part)[:1]
    leaves = [one for one in part.walk() if isinstance(one, EmailMessage) and not one.is_multipart()]
    return [one for one in leaves if one not in first]


def _attachments(message: EmailMessage) -> Iterator[tuple[str, bytes]]:
    """Every part that is a file or a forwarded mail, by name."""
    for part in _parts(message):
        if isinstance(part, list) or _is_text(part):
            continue
        name = _decoded(part.get_filename() or "")
        if part.get_content_type() == _FORWARDED:
            inner = part.get_payload()
            if isinstance(inner, list) and inner and isinstance(inner[0], EmailMessage):
                yield name or "forwarded.eml", inner[0].as_bytes()
        elif name and not _is_inline_picture(part):
            content = part.get_payload(decode=True)
            if isinstance(content, bytes):
                yield name, content


def _is_inline_picture(part: EmailMessage) -> bool:
    """Whether the part is a picture in the mail's text, such as a logo, and no file that was sent."""
    inline = part.get_content_disposition() == "inline" or (part["Content-ID"] and not part.is_attachment())
    return part.get_content_maintype() == "image" and bool(inline)


def _iso_date(text: str) -> str:
    try:
        return parsedate_to_datetime(text).date().isoformat()
    except (ValueError, TypeError, IndexError, OverflowError):
        return ""
