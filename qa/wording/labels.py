"""Names of fields and columns, and what a person asks for them: who, when, or what it is."""

import re

from index import Document
from qa.wording.called import are_many, kinds_in
from qa.wording.words import as_thing, be

# The last word of a name that stands for one value, by which people ask for it.
_MEASURES = (
    "abv|age|allowance|amount|award|balance|bonus|budget|capacity|charges?|circulation|class|costs?|coverage|cover|"
    "deadline|depth|deposit|diameter|discount|distance|duration|excess|fare|fees?|fine|frequency|fuse|height|"
    "income|interest|length|limit|load|maximum|minimum|noise|number|objective|payment|penalty|percentage|period|"
    "power|premium|pressure|price|quality|quantity|rates?|rating|ratio|reference|rent|resolution|revenue|salary|"
    "score|spacing|speed|subscription|tax|temperature|term|thickness|time|torque|total|voltage|warranty|weight|width|"
    "yield|year of"
)
_WORDS = r"(?:[A-Za-z][A-Za-z’'-]*|&)"
_MEASURE = re.compile(
    rf"(?:{_WORDS} ){{0,3}}(?:{_MEASURES})"
    r"(?: (?:due|payable))?"
    rf"(?: (?:per|for|of|a|an|to|with|without|before|after|due|payable) {_WORDS})?",
    re.I,
)
_PERSON = re.compile(
    r"(?:[A-Za-z][a-z-]* ){0,2}(?:approver|architect|author|chair|client|coach|contractor|customer|director|"
    r"driver|editor|employer|fitter|guarantor|instructor|investigator|landlord|lecturer|manager|mechanic|"
    r"officer|operator|organiser|owner|photographer|publisher|seller|supervisor|teacher|tenant|trainer|"
    r"translator|treasurer|tutor|vet)",
    re.I,
)
_PRESENT = re.compile(r"present|attending|attendees|in attendance", re.I)
_APOLOGIES = re.compile(r"apologies(?: for absence)?", re.I)
_UNIT = re.compile(r" ?\([^()]{1,14}\)\Z| [£$€]\Z")
MONTH = r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)[a-z]*"
_DAY = r"(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]*"
# A day, or a time of day.
WHEN = (
    rf"(?:{_DAY},? )?(?:the )?(?:\d{{1,2}}(?:st|nd|rd|th)? {MONTH}(?:,? \d{{4}})?"
    rf"|{MONTH} \d{{1,2}}\b(?:,? \d{{4}})?|\d{{1,2}}[:.]\d\d\b(?: ?[ap]\.?m\b)?|\d{{1,2}} ?[ap]\.?m\b)"
)
_AT = re.compile(WHEN)
# Something that happens: "Next meeting", "Last day to add"; not "Date" or "First detected".
_EVENT = re.compile(
    r"(?:next|last|first|final|annual|start|end|christmas|summer|opening|closing)(?: [A-Za-z][a-z]+){1,4}"
    r"|(?:[A-Z][a-z]+ ){0,2}(?:meeting|party|exam|deadline|arrival|departure|check-in|check-out|hearing)",
    re.I,
)
_NO_EVENT = re.compile(r".*\b(?:dates?|times?|\w+ed|updated?|modified|paid)\Z", re.I)
_NO_LABEL = re.compile(
    r"(?:my|your|our|others?|no|new|item)\b"
    r"|(?:time|rate|value|number|class|quantity|amount|load|fine|cost)s?\Z",
    re.I,
)
_DATE = re.compile(r"(?:[A-Za-z][a-z-]+ ){1,2}date", re.I)
_OF_MINUTES = re.compile(r"minutes of (?=the )")
_AMOUNT = re.compile(r"[£$€] ?\d(?:[\d.,]*\d)?|\d[\d.,]*%")
_AND_MORE = re.compile(r" ?(?:\+|plus\b|and\b|or\b|to\b|-|–)")
_END = re.compile(r" \(|[,;](?: |\Z)|(?:(?<=[a-z]{3})|(?<=\d))\.(?: |\Z)")


def asked_for(label: str, value: str, of: str, document: Document) -> str:
    """What is asked for the field of a document that people call `of`; nothing where that is no question."""
    label, value = unit_free(label), value.strip()
    if _NO_LABEL.match(label) or label.casefold() in of.casefold():
        return ""
    if _PRESENT.fullmatch(label):
        if _OF_MINUTES.search(of):
            return f"Who was present at {_OF_MINUTES.split(of)[1]}?"
        return f"Who was present {'according to' if are_many(of) else 'at'} {of}?"
    if _APOLOGIES.fullmatch(label):
        return f"Who sent apologies for {of}?"
    if _PERSON.fullmatch(label) and value[:1].isupper():
        return f"Who is the {lowered(label)} in {of}?"
    if _EVENT.fullmatch(label) and not _NO_EVENT.match(label) and _AT.match(value):
        return f"When is the {as_thing(label, document)} according to {of}?"
    dated = _DATE.fullmatch(label) and _AT.match(value)
    if dated or (is_measure(label) and re.search(r"\w", value)):
        # Not "the invoice number in the invoice".
        within = "" if set(kinds_in(label)) & set(kinds_in(of)) else f" in {of}"
        return f"What {be(label)} the {lowered(label)}{within}?"
    return ""


def expected(value: str) -> str:
    """What an answer must say of a value: an amount, or the first of several parts."""
    amount = _AMOUNT.match(value.strip())
    if amount and _AND_MORE.match(value.strip(), amount.end()):
        return " ".join(value.split())
    return amount[0] if amount else " ".join(_END.split(value)[0].split())


def is_measure(label: str) -> bool:
    """Whether the name stands for a value of something: "Deposit", "Weekly rent", "Standing charge"."""
    return bool(_MEASURE.fullmatch(unit_free(label)))


def speaks_of_measure(words: str) -> bool:
    """Whether a value is named among the words: "Amount payable"."""
    return bool(re.search(rf"\b(?:{_MEASURES})\b", words, re.I))


def unit_free(label: str) -> str:
    """The name without its unit: "Weekly rent (GBP)"."""
    return _UNIT.sub("", label.strip())


def lowered(words: str) -> str:
    """The name of a field inside a sentence: "Sales Tax" as "sales tax", "GPU speed" as it is."""
    return " ".join(word.lower() if word.istitle() else word for word in words.split())
