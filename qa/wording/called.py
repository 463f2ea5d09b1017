"""How a person speaks of a document: by a name or a title that says what kind of thing it is."""

import re
from collections.abc import Iterator
from itertools import islice

from index import Document
from qa.wording.suggested_question import READ
from qa.wording.words import as_thing, inside, small

# What documents are; a name without any of these words is that of a thing, a file or a machine.
_KINDS = (
    r"(?:accounts|advice|agenda|agreement|application|bill|booking|booklet|brochure|budget|bulletin|bylaws|"
    r"catalogue|certificate|charter|checklist|claim|committee|conditions|contract|cv|datasheet|decision|"
    r"declaration|diary|directive|faq|fees|form|guide|guidance|guidelines|handbook|instructions|inventory|invoice|"
    r"itinerary|leaflet|letter|list|log|manual|meeting|memo|menu|minutes|notes|notice|offer|ordinance|pattern|plan|"
    r"policy|programme|program|proposal|prospectus|quote|quotation|rates|receipt|recipe|regulations|release|"
    r"renewal|report|resume|results|review|rota|rules|runbook|schedule|sheet|specification|statement|study|"
    r"summary|survey|syllabus|tariffs|terms|timetable|will)"
)
_KIND = re.compile(rf"\b{_KINDS}\b", re.I)
# What may follow: a number, a name, or "for Jo"; not "guide our style".
_AFTER = re.compile(r"(?: (?:(?:of|for|and|to|on|with|from|by) \S+|[^\Wa-z]\S*))*")
_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*|[&,]|[A-Z]{0,3}[-.]?\d[\d.-]*|\d+[A-Za-z]{1,3}|[A-Z]\d")
_SENT = re.compile(r"\A(?:(?:re|fwd?|aw|wg)\b:? )+", re.I)  # what mail programs put before a subject
_STATE = re.compile(r"(?: (?:(?i:final|draft|copy|excerpt|sample)|v\d[\d.]*|[A-Z]{2}))+\Z")
_OF_SOMEBODY = re.compile(r"(cv|résumé|resume) (\w+ \w+)", re.I)
_MOST_WORDS = 7
# A title: "INVOICE", "Remote working policy", "Minutes of the committee meeting held on 15 January".
_TITLE = re.compile(
    rf"((?:[\w’'&-]+ ){{0,5}}{_KINDS}(?: \d{{4}})?(?: (?:of|for) (?:(?:the|our|all) )?[\w’'& -]+?)?)"
    r"(?: (?:held|dated|made|on|no|number|from)\b.*| \W.*)?",
    re.I,
)
_ELSE = re.compile(r"[^\W\d_]{3}")
_MOST_LINES = 6  # at the top of a document, among which its title stands
_OF, _LONGEST_TITLE = re.compile(r" (?:of|for) "), 60
# What those who look for work write above what they have done.
OF_LIFE = re.compile(
    r"(?:work |professional |career )?(?:profile|summary|experience|employment|history|education|skills|"
    r"languages|qualifications|certificates|interests|references|projects|publications):?",
    re.I,
)
_FULL_NAME = re.compile(r"[A-Z][\w’'-]+(?: [A-Z][\w’'-]*\.?){0,2} [A-Z][\w’'-]+")
_FEWEST_OF_LIFE = 2


def called(document: Document) -> str:
    """As it stands inside a question: "the Kestrel invoice 20417"; nothing where it is called nothing."""
    name = _by_name(document)
    # "The minutes 2026-01" says less than the title "Minutes of the committee meeting".
    if name and _ELSE.search(_KIND.sub("", name.removeprefix("the "))):
        return name
    return _by_title(document) or name or _by_what_it_tells(document)


def _by_name(document: Document) -> str:
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


def _by_title(document: Document) -> str:
    for line in _top(document):
        title = _TITLE.fullmatch(line)
        if not title or len(title[1]) > _LONGEST_TITLE or not line[0].isupper() or line.endswith("."):
            continue
        words = title[1].lower() if title[1].isupper() else title[1]
        head = _OF.split(words)[0]
        in_title_case = " " in head and head.istitle()
        if _KIND.match(words) and not in_title_case:
            return f"the {small(words)}"
        return f"the {words if in_title_case else as_thing(words, document)}"
    return ""


def _by_what_it_tells(document: Document) -> str:
    """Whose life it tells: a name on top, and below it what stands in a CV."""
    lines = [line.strip() for line in document.text[:READ].split("\n")]
    told = {line.casefold() for line in lines if OF_LIFE.fullmatch(line)}
    name = next(_top(document), "")
    if len(told) >= _FEWEST_OF_LIFE and _FULL_NAME.fullmatch(name):
        return f"the CV of {name.title() if name.isupper() else name}"
    return ""


def _top(document: Document) -> Iterator[str]:
    lines = (line.strip() for line in document.text[:READ].split("\n"))
    return islice(filter(None, lines), _MOST_LINES)


def kinds_in(words: str) -> list[str]:
    """The words among these that say what kind of thing a document is."""
    return [kind.casefold() for kind in _KIND.findall(words)]


def are_many(called: str) -> bool:
    """Whether what a document is called is several things: "the club rules"."""
    kinds = _KIND.findall(_OF.split(called)[0]) or _KIND.findall(called)
    return bool(kinds) and kinds[-1].casefold().endswith("s") and kinds[-1].casefold() != "syllabus"
