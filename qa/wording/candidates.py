"""Questions made of a document's headings, tables and sentences, in words that a person would use.

Whatever would sound clumsy is left out: a document about which nothing is asked does less harm.
"""

import re
from itertools import chain, zip_longest

from index import Document
from qa.wording.clauses import of_clauses
from qa.wording.facts import of_facts
from qa.wording.fields import of_fields
from qa.wording.headings import of_headings
from qa.wording.sections import of_sections
from qa.wording.suggested_question import SuggestedQuestion
from qa.wording.tables import of_tables
from qa.wording.terms import of_terms

_MOST_OF_A_KIND = 6
# Those of the first ones are tried first.
_KINDS = (of_fields, of_facts, of_clauses, of_terms, of_tables, of_headings, of_sections)
_ARTICLES = re.compile(r"\b(?:the|an?) ")


def candidates(document: Document) -> list[SuggestedQuestion]:
    """Questions that the document might answer, those of different kinds in turn, each once."""
    kinds = (list(kind(document)) for kind in _KINDS)
    in_turn = chain.from_iterable(zip_longest(*map(_spread, kinds)))
    found: dict[str, SuggestedQuestion] = {}
    for one in in_turn:
        if one:
            found.setdefault(_ARTICLES.sub("", one.question.casefold()), one)
    return list(found.values())


def _spread(found: list[SuggestedQuestion]) -> list[SuggestedQuestion]:
    """Some of them, from all parts of the document."""
    step = max(1, len(found) // _MOST_OF_A_KIND)
    return found[::step]
