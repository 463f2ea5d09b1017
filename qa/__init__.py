"""Questions in, answers with citations out."""

from qa.answering.answer import Answer, Citation, Item, Searched
from qa.answering.turn import Turn
from qa.background import Background, EmbedderChange
from qa.reading.reader import Reader, Reading, Span
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
    "Turn",
]
