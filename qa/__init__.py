"""Questions in, answers with citations out."""

from qa.answer import Answer, Citation, Item, Searched
from qa.reader import Reader, Span
from qa.service import Service
from qa.settings import Settings

__all__ = ["Answer", "Citation", "Item", "Reader", "Searched", "Service", "Settings", "Span"]
