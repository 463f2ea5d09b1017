"""Questions in, answers with citations out."""

from qa.answer import Answer, Citation, Item, Searched
from qa.background import Background, EmbedderChange
from qa.reader import Reader, Reading, Span
from qa.service import Service
from qa.settings import Settings

__all__ = [
    "Answer",
    "Background",
    "Citation",
    "EmbedderChange",
    "Item",
    "Reader",
    "Reading",
    "Searched",
    "Service",
    "Settings",
    "Span",
]
