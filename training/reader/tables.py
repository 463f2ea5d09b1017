"""Questions for one cell of a table, made up with the tables, in the form that the loaders give them.

Each row is a line, each cell stands behind its header: "Net sales | 2022: 82,959 | 2021: 81,434".
"""

from __future__ import annotations

import random
import re
from dataclasses import dataclass

from data import Row
from negatives import NAME

SOURCE = "tables"
# About this share of the questions ask for a row or a column that the table doesn't have.
LACKING = 0.3
_LABELS = """net sales/total net sales/revenue/total revenue/products/services/cost of sales/gross margin
gross profit/operating income/operating expenses/research and development
selling, general and administrative/marketing/fulfillment/technology and content/interest income
interest expense/other income (expense), net/net income/net loss/income before taxes
provision for income taxes/earnings per share, basic/earnings per share, diluted/dividends
cash and cash equivalents/inventories/accounts receivable, net/total assets/total liabilities
long-term debt/shareholders' equity/deferred revenue/goodwill/depreciation and amortization
capital expenditures/free cash flow/stock-based compensation/shares outstanding/backlog/employees
units sold/software/storage/cars/advertising/phones/tablets/cameras, lenses and accessories
subscription services/online stores/physical stores/licensing/population/households/median age/area
rainfall/mean temperature/exports/imports/unemployment/births/deaths/participants/responders
adverse events/mean dose/body weight/blood pressure/heart rate/completed the study/flight hours
takeoff weight/wind speed/visibility/altitude/fuel used/passengers/crew/wins/losses/goals/points
students enrolled/graduates/teachers/budget/donations/rent/electricity/water/insurance/travel
salaries/repairs"""
LABELS = [label for line in _LABELS.split("\n") for label in line.split("/")]
SECTIONS = ("Operating expenses", "Net sales", "Current assets", "Current liabilities", "By segment", "Total")
MONTHS = "January February March April May June July August September October November December".split()
SPANS = ("Three", "Six", "Nine", "Twelve")
QUARTERS = {
    "March": (1, "first"),
    "June": (2, "second"),
    "September": (3, "third"),
    "December": (4, "fourth"),
}
PLACES = (
    "Americas/Europe/Greater China/Japan/Rest of Asia Pacific/North America/International/Africa"
    "/Latin America"
).split("/")
GROUPS = (
    "Placebo/Treatment/Control/Low dose/High dose/Group A/Group B/Men/Women/All/Plan/Actual/Budget".split("/")
)
FIELDS = {
    "Capital": "what is the capital of {0}",
    "Director": "who directs {0} / who is the director of {0}",
    "Manager": "who manages {0} / who is the manager of {0} / who is responsible for {0}",
    "Owner": "who owns {0} / whose is {0}",
    "Contact": "who is the contact for {0} / whom do I ask about {0}",
    "City": "in which city is {0} / where is {0}",
    "Country": "which country is {0} in / where is {0} from",
    "Supplier": "who supplies {0} / from whom do we get {0}",
    "Author": "who wrote {0} / who is the author of {0}",
}
FIGURES = {
    "Price": "what does {0} cost / how much is {0} / what is the price of {0}",
    "Founded": "when was {0} founded / in what year was {0} founded",
    "Population": "how many people live in {0} / what is the population of {0}",
    "Date": "when is {0} / what is the date of {0}",
    "Quantity": "how many of {0} are there / how many {0} do we have",
    "Length": "how long is {0}",
    "Phone": "what is the phone number of {0}",
}


@dataclass(frozen=True)
class Column:
    """A header, and the ways in which a question names it."""

    header: str
    named: tuple[str, ...]


def made_up_tables(rows: list[Row], wanted: int, rng: random.Random) -> list[Row]:
    """So many questions, each with a table; names come from the rows' passages."""
    names = sorted({name for row in rng.sample(rows, 3000) for name in NAME.findall(row.passage)[:3]})
    return [
        (figures if rng.random() < 0.7 else records)(f"table {number}", names, rng)
        for number in range(wanted)
    ]


def figures(identifier: str, names: list[str], rng: random.Random) -> Row:
    """A table of figures: labels down, periods, places or groups across."""
    kinds = _columns(rng)
    columns, others = kinds[: rng.randrange(2, 5)], kinds[-1]
    labels = rng.sample(LABELS, rng.randrange(4, 9))
    section = f"{rng.choice(SECTIONS)}: " if rng.random() < 0.3 else ""
    shown = [label[0].upper() + label[1:] for label in labels]
    style = rng.choice(("{}", "$ {}", "{} %", "{}"))
    cells = [[_figure(style, rng) for _ in columns] for _ in labels]
    lines = [
        [section + label, *(f"{column.header}: {cell}" for column, cell in zip(columns, of, strict=True))]
        for label, of in zip(shown, cells, strict=True)
    ]
    row, column = rng.randrange(len(labels)), rng.randrange(len(columns))
    label, named = labels[row], rng.choice(columns[column].named)
    owner = rng.choice(names)
    lacking = rng.random() < LACKING
    if lacking and rng.random() < 0.5:
        label = rng.choice([other for other in LABELS if other not in labels])
    elif lacking:
        named = rng.choice(others.named)
    said = re.sub(r"\s*\(.*?\)|, net$", "", label)
    said = rng.choice((said, said.replace(", ", " "), said))
    of = rng.choice((f"{owner}'s {said}", f"{said} of {owner}", f"the {said}", said))
    verb = "were" if said.endswith("s") else "was"
    question = rng.choice(
        (
            f"What {verb} {of} {named}",
            f"What {verb} {of} {named}",
            f"How much {verb} {of} {named}",
            f"{of} {named}",
            f"how much {said} did {owner} have {named}",
            f"how many {said} {named}" if said.endswith("s") else f"what is {of} {named}",
        )
    )
    title = rng.choice((f"{owner} FORM 10-Q", f"{owner} report", owner, "", "Table 1"))
    return _row(identifier, question, title, lines, None if lacking else (row, column + 1))


def records(identifier: str, names: list[str], rng: random.Random) -> Row:
    """A table of records: a name, and its fields."""
    fields = rng.sample([*FIELDS], rng.randrange(1, 4)) + rng.sample([*FIGURES], rng.randrange(1, 3))
    rng.shuffle(fields)
    subjects = rng.sample(names, rng.randrange(4, 9))
    first = rng.choice(("", "", "Name: ", "Item: ", "Project: "))
    lines = [
        [
            first + subject,
            *(f"{field}: {rng.choice(names) if field in FIELDS else _value(field, rng)}" for field in fields),
        ]
        for subject in subjects
    ]
    row, field = rng.randrange(len(subjects)), rng.choice(fields)
    lacking = rng.random() < LACKING
    others = [name for name in (FIELDS | FIGURES) if name not in fields]
    asked = rng.choice(others) if lacking else field
    subject = subjects[row]
    if lacking and rng.random() < 0.4:
        asked, subject = field, rng.choice(names)
        lacking = subject not in subjects
    question = rng.choice((FIELDS | FIGURES)[asked].split(" / ")).format(subject)
    title = rng.choice(("", "list", "Overview", "table", rng.choice(names)))
    return _row(identifier, question, title, lines, None if lacking else (row, fields.index(asked) + 1))


def _row(
    identifier: str,
    question: str,
    title: str,
    lines: list[list[str]],
    cell: tuple[int, int] | None,
) -> Row:
    """The row; the answer is what stands behind the header of `cell`."""
    passage = ""
    spans: tuple[tuple[int, int], ...] = ()
    for number, line in enumerate(lines):
        for place, text in enumerate(line):
            start = len(passage)
            passage += text + (" | " if place < len(line) - 1 else "\n")
            if cell == (number, place):
                value = re.sub(r"^.*?: ", "", text)
                end = start + len(text)
                spans = ((end - len(value), end),)
    question = question.strip() + "?"
    return Row(identifier, SOURCE, question, title, passage.rstrip(), spans, (), False)


def _columns(rng: random.Random) -> list[Column]:
    """Columns of one kind in a random order, more of them than a table shows."""
    kind = rng.random()
    if kind < 0.45:
        month = rng.choice(MONTHS if rng.random() < 0.5 else [*QUARTERS])
        day, year = rng.randrange(24, 31), rng.randrange(1995, 2026)
        found = [
            Column(f"{span} Months Ended {month} {day}, {when}", _ended(span, month, day, when))
            for span in rng.sample(SPANS, 2)
            for when in (year, year - 1, year - 2)
        ]
    elif kind < 0.65:
        year = rng.randrange(1950, 2026)
        found = [
            Column(str(when), (f"in {when}", f"for {when}", f"{when}")) for when in range(year - 5, year)
        ]
    elif kind < 0.8:
        found = []
        for _ in range(6):
            date = f"{rng.choice(MONTHS)} {rng.randrange(1, 31)}, {rng.randrange(2005, 2026)}"
            month_of = f"{date.split()[0]} {date.split()[-1]}"
            found.append(
                Column(date, (f"on {date}", f"as of {date}", f"at {date}", f"at the end of {month_of}"))
            )
    elif kind < 0.9:
        found = [
            Column(place, (f"in {place}", f"for {place}", f"in the {place} segment")) for place in PLACES
        ]
    else:
        found = [Column(group, (f"for {group}", f"in the {group} group", f"{group}")) for group in GROUPS]
    order = found[:]
    if kind >= 0.45 or rng.random() < 0.5:
        rng.shuffle(order)
    return order


def _ended(span: str, month: str, day: int, year: int) -> tuple[str, ...]:
    date = f"{month} {day}, {year}"
    months = f"the {span.lower()} months ended {date}"
    ways: tuple[str, ...] = (f"in {months}", f"for {months}", f"during {months}")
    quarter = {"Three": "the quarter", "Six": "the first half", "Twelve": "the year"}.get(span)
    if quarter:
        ways += (
            f"in {quarter} ended {date}",
            f"for {quarter} ended {date}",
            f"in {quarter} that ended {date}",
        )
        ways += (
            (f"in {quarter} to {month} {year}", f"in the {month} {year} quarter") if span == "Three" else ()
        )
    if month in QUARTERS and span == "Three":
        number, word = QUARTERS[month]
        ways += (f"Q{number} {year}", f"in the {word} quarter of {year}", f"in q{number} of {year}") * 2
    elif span != "Three":
        ways += (
            (f"in the first {span.lower()} months of {year}", f"{year} year to date")
            if span != "Twelve"
            else (f"in fiscal {year}",)
        )
    return ways


def _value(field: str, rng: random.Random) -> str:
    if field == "Date":
        return f"{rng.randrange(1, 29)} {rng.choice(MONTHS)} {rng.randrange(1990, 2026)}"
    return str(rng.randrange(1700, 2026)) if field == "Founded" else _figure("{}", rng)


def _figure(style: str, rng: random.Random) -> str:
    digits = rng.randrange(1, 7)
    number = rng.randrange(10 ** (digits - 1), 10**digits)
    text = f"{number:,}" if rng.random() < 0.8 else f"{number / 100:.2f}"
    return style.format(f"({text})" if rng.random() < 0.08 else text)
