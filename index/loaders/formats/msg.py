"""Outlook messages: the same as other mail, read from their own container."""

import io
from collections.abc import Iterator
from email.utils import format_datetime
from functools import partial

from compressed_rtf import decompress
from oxmsg import Message
from oxmsg.domain.constants import PID_ATTACH_CONTENT_ID, PID_RTF_COMPRESSED

from index.loaders.builder import Builder, Loaded, one_line
from index.loaders.embedded import with_pictures
from index.loaders.encoding import decode
from index.loaders.formats.eml import mail, richer
from index.loaders.formats.html import html_of
from index.loaders.formats.html_images import Images
from index.loaders.formats.rtf import load_rtf


def load_msg(data: bytes) -> Loaded:
    """One message saved by Outlook."""
    message = Message.load(io.BytesIO(data))
    received = {name.lower(): one_line(value) for name, value in message.message_headers.items()}
    people = [
        f"{one.name} <{one.email_address}>" if one.email_address else one.name for one in message.recipients
    ]
    sent = message.sent_date
    return mail(
        subject=one_line(message.subject or ""),
        headers={
            "From": received.get("from") or one_line(message.sender or ""),
            "To": received.get("to") or one_line(", ".join(people)),
            "Cc": received.get("cc", ""),
            "Date": received.get("date") or (format_datetime(sent) if sent else ""),
        },
        body=_body(message),
        attachments=_attachments(message),
    )


def _body(message: Message) -> Loaded:
    forms = []
    if message.body and message.body.strip():
        builder = Builder()
        builder.add(message.body)
        forms.append(builder.build())
    markup = message.html_body
    if markup:
        text = decode(markup) if isinstance(markup, bytes) else markup
        beside = partial(_inline, message)
        forms.append(with_pictures(lambda pictures: html_of(text, Images(pictures, beside))))
    return richer(forms or _rich(message))


def _rich(message: Message) -> list[Loaded]:
    """The body in the form that Outlook keeps where it has no other."""
    packed = message.properties.binary_prop_value(PID_RTF_COMPRESSED)
    return [load_rtf(decompress(packed))] if packed else []


def _inline(message: Message, address: str) -> bytes | None:
    """The attached picture that an address in the text leads to (RFC 2392)."""
    for attachment in message.attachments if address.startswith("cid:") else ():
        name = attachment.properties.str_prop_value(PID_ATTACH_CONTENT_ID)
        if name and name.strip("<>") == address.removeprefix("cid:"):
            return attachment.file_bytes
    return None


def _attachments(message: Message) -> Iterator[tuple[str, bytes]]:
    for number, attachment in enumerate(message.attachments, 1):
        content = attachment.file_bytes
        if content:
            yield attachment.file_name or f"attachment {number}", content
