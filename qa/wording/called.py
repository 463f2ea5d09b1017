"""How a person speaks of a document: by its file's name, where that says what kind of thing it is."""

import re

from index import Document
from qa.wording.words import inside

# What documents are; a name without any of these words is that of a thing, a file or a machine.
_KIND = re.compile(
    r"\b(?:accounts|advice|agenda|agreement|application|bill|booking|booklet|brochure|budget|bulletin|bylaws|"
    r"catalogue|certificate|charter|checklist|claim|committee|conditions|contract|cv|datasheet|decision|"
    r"declaration|diary|directive|faq|fees|form|guide|guidance|guidelines|handbook|instructions|inventory|invoice|"
    r"itinerary|leaflet|letter|list|log|manual|meeting|memo|menu|minutes|notes|notice|offer|ordinance|pattern|plan|"
    r"policy|programme|program|proposal|prospectus|quote|quotation|rates|receipt|recipe|regulations|release|"
    r"renewal|report|resume|results|review|rota|rules|runbook|schedule|sheet|specification|statement|study|"
    r"summary|survey|syllabus|tariffs|terms|timetable|will)\b",
    re.I,
)
# What may follow: a number, a name, or "for Jo"; not "guide our style".
_AFTER = re.compile(r"(?: (?:(?:of|for|and|to|on|with|from|by) \S+|[^\Wa-z]\S*))*")
_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*|[&,]|[A-Z]{0,3}[-.]?\d[\d.-]*|\d+[A-Za-z]{1,3}|[A-Z]\d")
_SENT = re.compile(r"\A(?:(?:re|fwd?|aw|wg)\b:? )+", re.I)  # what mail programs put before a subject
_STATE = re.compile(r"(?: (?:(?i:final|draft|copy|excerpt|sample)|v\d[\d.]*|[A-Z]{2}))+\Z")
_OF_SOMEBODY = re.compile(r"(cv|résumé|resume) (\w+ \w+)", re.I)
_MOST_WORDS = 7


def called(document: Document) -> str:
    """As it stands inside a question: "the Kestrel invoice 20417"; nothing where its name is none."""
    stem = document.name.rpartition("/")[2].rpartition(".")[0].replace("_", " ")
    words = stem.replace(" - ", " ") if " " in stem else re.sub(r"(?<!\d)-|-(?!\d)", " ", stem)
    words = _STATE.sub("", _SENT.sub("", " ".join(words.split())))
    parts = words.split()
    *_, kind = None, *_KIND.finditer(words)
    if not kind or not 2 <= len(parts) <= _MOST_WORDS or not _AFTER.fullmatch(words[kind.end() :]):
        return ""
    if not all(_WORD.fullmatch(part) for part in parts):
        return ""
    if of_somebody := _OF_SOMEBODY.fullmatch(words):
        return f"the {of_somebody[1]} of {of_somebody[2]}"
    return f"the {inside(words, document)}"


def are_many(called: str) -> bool:
    """Whether what a document is called is several things: "the club rules"."""
    kinds = _KIND.findall(called)
    return bool(kinds) and kinds[-1].casefold().endswith("s") and kinds[-1].casefold() != "syllabus"
