"""Mail as it travels (RFC 5322): sender, date and subject, the text, and what is attached."""

import email
import email.policy
import re
from collections.abc import Iterator
from email.errors import MessageError
from email.header import decode_header, make_header
from email.message import EmailMessage
from email.utils import parsedate_to_datetime

from index.loaders.builder import Builder, Loaded, Unreadable, one_line
from index.loaders.encoding import decode
from index.loaders.formats.attachments import attach
from index.loaders.formats.html import html_of

MAX_MULTIPART = 500  # parsing takes time with the square of it
MAX_HEADER = 2_000  # characters; more receivers than that are a list

_MULTIPART = re.compile(rb"content-type:\s*multipart/", re.I)
_HEADERS = ("From", "To", "Cc", "Date")
_FORWARDED = "message/rfc822"


def load_eml(data: bytes) -> Loaded:
    """One mail: its subject as the heading, a line for each of sender, receivers and date, the text."""
    if len(_MULTIPART.findall(data)) > MAX_MULTIPART:
        raise Unreadable(f"it has more than {MAX_MULTIPART} parts inside each other or side by side")
    message = email.message_from_bytes(data, policy=email.policy.default)
    return mail(
        subject=_header(message, "Subject"),
        headers={name: _header(message, name) for name in _HEADERS},
        body=_body(message),
        attachments=_attachments(message),
    )


def mail(
    *, subject: str, headers: dict[str, str], body: Loaded | str, attachments: Iterator[tuple[str, bytes]]
) -> Loaded:
    """A mail's content, whatever it was stored as; the date is written as its header has it."""
    builder = Builder()
    builder.add(subject, level=1)
    builder.add("\n".join(f"{name}: {value}" for name, value in headers.items() if value))
    if isinstance(body, Loaded):
        builder.include(body, deeper=1)
    else:
        builder.add(body)
    attach(builder, attachments)
    return builder.build(
        title=subject,
        metadata={
            "author": headers.get("From", ""),
            "date": _iso_date(headers.get("Date", "")),
        },
    )


def _header(message: EmailMessage, name: str) -> str:
    """A header's text; the raw one is decoded, since Python's parser of addresses is slow with long ones."""
    raw = next((str(value) for key, value in message.raw_items() if key.casefold() == name.casefold()), "")
    text = decode(raw[:MAX_HEADER].encode("utf-8", "surrogateescape"))
    try:
        return one_line(str(make_header(decode_header(text))))
    except (MessageError, ValueError, LookupError):
        return one_line(text)


def _body(message: EmailMessage) -> Loaded | str:
    """The plain text, else the text of the HTML."""
    part = message.get_body(("plain", "html"))
    if part is None:
        return ""
    content = part.get_payload(decode=True)
    if not isinstance(content, bytes) or not content.strip():
        return ""
    text = decode(content, part.get_content_charset() or "")
    return html_of(text) if part.get_content_subtype() == "html" else text


def _attachments(message: EmailMessage) -> Iterator[tuple[str, bytes]]:
    """Every part that is a file or a forwarded mail, by name."""
    body = message.get_body(("plain", "html"))
    waiting: list[EmailMessage] = [message]
    while waiting:
        part = waiting.pop()
        if part.get_content_type() == _FORWARDED:
            inner = part.get_payload()
            if isinstance(inner, list) and inner and isinstance(inner[0], EmailMessage):
                yield part.get_filename() or "forwarded.eml", inner[0].as_bytes()
        elif part.is_multipart():
            waiting.extend(reversed([one for one in part.iter_parts() if isinstance(one, EmailMessage)]))
        elif part is not body and part.get_filename():
            content = part.get_payload(decode=True)
            if isinstance(content, bytes):
                yield str(part.get_filename()), content


def _iso_date(text: str) -> str:
    try:
        return parsedate_to_datetime(text).date().isoformat()
    except (ValueError, TypeError, IndexError, OverflowError):
        return ""
