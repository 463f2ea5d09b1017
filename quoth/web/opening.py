"""A document that somebody opens: as text, or its pages as they look where that can be."""

import re
from collections.abc import Mapping
from typing import Any

from index import Document, DocumentError
from qa.access.view import View
from quoth.web.document_view import document_view
from quoth.web.events import text_of
from quoth.web.marked import Place
from quoth.web.picture_view import sheets

AS_PAGES = "pages"


def document_of(service: View, request: Mapping[str, Any]) -> tuple[Document, Mapping[str, Any]]:
    """The document that is wanted, and the request; of one whose pictures were read since, as it is now."""
    written = f"{request['start']} {request['end']} {request['places']}"
    document, (start, end, *places) = service.document_at(
        text_of(request, "document"), [int(number) for number in re.findall(r"[0-9]+", written)]
    )
    if document.id == request["document"]:
        return document, request
    pairs = zip(places[::2], places[1::2], strict=False)
    marks = ",".join(f"{first}-{last}" for first, last in pairs)
    return document, {**request, "document": document.id, "start": start, "end": end, "places": marks}


def opened(service: View, document: Document, request: Mapping[str, Any], places: list[Place]) -> str:
    """The document at the place that was asked for, with all `places` marked."""
    start, end = int(request["start"]), int(request["end"])
    possible = service.pictures.possible(document)
    if possible and request.get("as") == AS_PAGES:
        try:
            shown = sheets(document, service.pictures.shapes(document), start, places)
            return document_view(document, start, end, places, pictures=shown, choice=True)
        except DocumentError as error:
            note = f"Its pages can’t be shown: {error.reason}. This is its text."
            return document_view(document, start, end, places, note=note)
    return document_view(document, start, end, places, choice=possible)
