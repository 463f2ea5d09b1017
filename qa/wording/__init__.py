"""Questions made of a document, in words that a person would use."""

from qa.wording.candidates import candidates
from qa.wording.suggested_question import SuggestedQuestion

__all__ = ["SuggestedQuestion", "candidates"]
