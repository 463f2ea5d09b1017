"""Questions made of a document, in words that a person would use."""

from qa.wording.candidate import SuggestedQuestion
from qa.wording.candidates import candidates

__all__ = ["SuggestedQuestion", "candidates"]
