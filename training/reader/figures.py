"""Questions about one of several figures that stand side by side, made up with their sentences.

"Premiums were $120 and $95 for families and single members, respectively." holds the figure that is asked
for beside others that look as good; so does "435 hours (Total, all aircraft), 69 hours (Last 90 days)". What
tells them apart is the order, the word beside each, or the header of its column.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from data import PHRASE, Row, Span
from tables import LABELS, MONTHS

SOURCE = "figures"
# About this share of the questions ask for something that stands beside no figure.
LACKING = 0.2

PEOPLE = (
    "individuals/families", "members/guests", "adults/children", "employees/contractors",
    "residents/visitors", "full-time staff/part-time staff", "students/teachers", "owners/tenants",
    "first offenders/repeat offenders", "small businesses/large businesses", "drivers/passengers",
    "new customers/existing customers",
    "generic drugs/brand-name drugs/specialty drugs", "day shifts/night shifts/weekend shifts",
    "primary care visits/specialist visits/emergency visits", "men/women", "weekdays/weekends",
    "cars/vans/motorcycles", "singles/couples/groups", "the basic plan/the premium plan/the family plan",
)  # fmt: skip
THINGS = (
    "deductible", "annual fee", "copay", "daily allowance", "fine", "deposit", "premium", "ticket price",
    "membership fee", "reimbursement limit", "speed limit", "waiting period", "notice period", "dose",
    "minimum order", "late charge", "monthly rate", "weight limit", "age limit", "parking fee", "rent",
)  # fmt: skip
HOURS = (
    "Total, all aircraft", "Total, this make and model", "Pilot in command", "Last 90 days", "Last 30 days",
    "Last 24 hours", "Night", "Instrument", "Training", "Overtime", "On site", "Travel", "Planned", "Actual",
    "First year", "Second year", "Monday to Friday", "Weekends",
)  # fmt: skip
SERVICES = (
    "leadership training", "window cleaning", "garden design", "tax advice", "site survey", "roof repair",
    "staff workshop", "piano lessons", "server migration", "translation", "catering", "van hire", "paint job",
    "website redesign", "oak worktop", "kitchen fitting", "safety audit", "photo session", "data recovery",
)  # fmt: skip
AROUND = (
    "Please read this section together with the rest of the document.",
    "The terms may change from one year to the next.",
    "Questions about this section can be put to the office at any time.",
    "All amounts are stated as of the date of this document.",
    "The following summarises the most important points.",
    "Nothing in this paragraph limits what was agreed elsewhere.",
    "Details are set out further below.",
)


@dataclass(frozen=True)
class Told:
    """A sentence or row, the figure asked for in it, and the question; `place` is -1 where it isn't
    there.
    """

    text: str
    question: str
    figure: str
    place: int


def made_up_figures(wanted: int, rng: random.Random) -> list[Row]:
    """So many questions, each about a sentence or row with several figures, among other sentences."""
    ways = (by_group, by_period, compared, in_brackets, invoiced)
    rows = []
    for number in range(wanted):
        way = rng.choice(ways)
        told = way(rng)
        others = [other.text for other in (rng.choice(ways)(rng) for _ in range(rng.randrange(3)))]
        lines = [*rng.sample(AROUND, rng.randrange(3)), *others]
        at = rng.randrange(len(lines) + 1)
        mark = "\n" if way in (in_brackets, invoiced) or rng.random() < 0.2 else " "
        before = "".join(line + mark for line in lines[:at])
        passage = before + told.text + "".join(mark + line for line in lines[at:])
        start = len(before) + told.place
        spans: tuple[Span, ...] = ((start, start + len(told.figure)),) if told.place >= 0 else ()
        form = PHRASE if spans else -1
        question = told.question if rng.random() < 0.5 else told.question.rstrip("?").lower()
        rows.append(Row(f"{SOURCE} {number}", SOURCE, question, "", passage, spans, (), False, form=form))
    return rows


def told(text: str, question: str, figure: str, nth: int = 0) -> Told:
    """`figure` stands in the text for the time numbered `nth`."""
    place = -1
    for _ in range(nth + 1):
        place = text.index(figure, place + 1)
    return Told(text, question, figure, place)


def amounts(count: int, rng: random.Random) -> list[str]:
    """So many different figures of one kind."""
    style = rng.choice(("${:,}", "{:,}", "{} %", "€{:,}", "${:,} million", "{} days", "{} hours", "{}"))
    size = rng.choice((30, 100, 1000, 50000))
    return [style.format(number) for number in rng.sample(range(2, size + 10), count)]


def by_group(rng: random.Random) -> Told:
    """One figure for each group of people or things."""
    groups = rng.choice(PEOPLE).split("/")
    figures, thing = amounts(len(groups), rng), rng.choice(THINGS)
    pairs = list(zip(groups, figures, strict=True))
    rng.shuffle(pairs)
    wanted, figure = rng.choice(pairs)
    kind = rng.random()
    if kind < 0.3:
        text = f"The {thing} is {_series(f'{f} for {g}' for g, f in pairs)}."
    elif kind < 0.5:
        text = (
            f"The {thing} is {_series(f for _, f in pairs)} for {_series(g for g, _ in pairs)}, respectively."
        )
    elif kind < 0.65:
        text = "; ".join(f"{g}: {f}" for g, f in pairs) + f" ({thing})."
    elif kind < 0.8:
        text = " | ".join([thing.capitalize(), *(f"{g.capitalize()}: {f}" for g, f in pairs)])
    else:
        first, *others = pairs
        text = (
            f"For {first[0]} the {thing} is {first[1]}, " + ", ".join(f"{f} for {g}" for g, f in others) + "."
        )
    if rng.random() < LACKING:
        other = rng.choice([g for line in PEOPLE for g in line.split("/") if g not in groups])
        return Told(text, f"What is the {thing} for {other}?", "", -1)
    one = wanted[:-1] if wanted.endswith("s") and rng.random() < 0.4 else wanted
    question = rng.choice(
        (
            f"What is the {thing} for {one}?", f"How much is the {thing} for {one}?", f"{thing} {one}",
            f"what {thing} applies to {one}", f"{one} {thing}?",
        )
    )  # fmt: skip
    return told(text, question, figure, [f for _, f in pairs if figure in f].index(figure))


def by_period(rng: random.Random) -> Told:
    """A figure for each of two or three periods, in a sentence."""
    label, year = rng.choice(LABELS), rng.randrange(1998, 2026)
    quarter = rng.choice(("first", "second", "third", "fourth"))
    periods = rng.choice(
        (
            [(f"{year}", f"{year}"), (f"{year - 1}", f"{year - 1}"), (f"{year - 2}", f"{year - 2}")],
            [(f"fiscal {year}", f"FY{year % 100:02d}"), (f"fiscal {year - 1}", f"fiscal {year - 1}")],
            [
                (f"the {quarter} quarter of {year}", f"Q{_number(quarter)} {year}"),
                (f"the {quarter} quarter of {year - 1}", f"the {quarter} quarter of {year - 1}"),
            ],
            [
                (f"the three months ended {rng.choice(MONTHS)} 30, {year}", f"the quarter of {year}"),
                (
                    f"the nine months ended {rng.choice(MONTHS)} 30, {year}",
                    f"the first nine months of {year}",
                ),
            ],
        )
    )
    figures = amounts(len(periods), rng)
    verb = "were" if label.endswith("s") else "was"
    if rng.random() < 0.6:
        shown = f"{_series(figures)} in {_series(period for period, _ in periods)}"
        text = f"{label.capitalize()} {verb} {shown}, respectively."
    else:
        to, old = figures[0], figures[1]
        text = f"{label.capitalize()} {rng.choice(('increased', 'rose', 'fell', 'decreased'))} to {to} in "
        text += f"{periods[0][0]} from {old} in {periods[1][0]}."
    number = rng.randrange(2 if " from " in text else len(periods))
    asked = rng.choice(periods[number])
    if rng.random() < LACKING:
        return Told(text, f"What {verb} {label} in {year - rng.randrange(3, 9)}?", "", -1)
    question = rng.choice(
        (f"What {verb} {label} in {asked}?", f"{label} {asked}", f"How much {label} in {asked}?")
    )
    return told(text, question, figures[number], _earlier(text, figures, number))


def compared(rng: random.Random) -> Told:
    """Two things with a figure each, said one against the other."""
    thing, (a, b) = rng.choice(THINGS), rng.sample(SERVICES, 2)
    figures = amounts(2, rng)
    text = rng.choice(
        (
            f"The {thing} of the {a} is {figures[0]}, while that of the {b} is {figures[1]}.",
            f"At {figures[0]}, the {thing} of the {a} is well above the {figures[1]} of the {b}.",
            f"Where the {a} has a {thing} of {figures[0]}, the {b} has {figures[1]}.",
        )
    )
    number = rng.randrange(2)
    if rng.random() < LACKING:
        other = rng.choice([one for one in SERVICES if one not in (a, b)])
        return Told(text, f"What is the {thing} of the {other}?", "", -1)
    question = f"What is the {thing} of the {(a, b)[number]}?"
    return told(text, question, figures[number], _earlier(text, figures, number))


def in_brackets(rng: random.Random) -> Told:
    """Figures, each with what it counts in brackets behind it."""
    labels = rng.sample(HOURS, rng.randrange(3, 6))
    figures = [str(number) for number in rng.sample(range(3, 9000), len(labels))]
    unit, head = (
        rng.choice(("hours", "days", "miles")),
        rng.choice(("Flight time", "Work time", "Time", "Record")),
    )
    text = f"{head}: " + ", ".join(f"{f} {unit} ({one})" for one, f in zip(labels, figures, strict=True))
    number = rng.randrange(len(labels))
    if rng.random() < LACKING:
        other = rng.choice([one for one in HOURS if one not in labels])
        return Told(text, f"How many {unit} {other.lower()}?", "", -1)
    figure = f"{figures[number]} {unit}" if rng.random() < 0.5 else figures[number]
    label = labels[number].lower().replace("total, ", "in total, ").replace("last", "in the last")
    question = rng.choice((f"How many {unit} {label}?", f"{head} {label}", f"{unit} {label}"))
    return Told(text, question, figure, text.index(f"{figures[number]} {unit} ({labels[number]})"))


def invoiced(rng: random.Random) -> Told:
    """A line of an invoice: what, the price, what is taken off, and what remains."""
    service, price = rng.choice(SERVICES), rng.randrange(4, 900) * 10
    off, count = rng.choice((5, 10, 15, 20, 25, 50)), rng.randrange(2, 12)
    shown = {
        "price": f"${price:,}.00", "discount": f"{off} %", "amount": f"${price * (100 - off) / 100:,.2f}",
        "quantity": f"{count}",
    }  # fmt: skip
    heads = {
        "price": rng.choice(("Unit price", "Price", "Rate", "Cost")),
        "discount": rng.choice(("Discount", "Disc.", "Rebate")),
        "amount": rng.choice(("Amount", "Total", "Net", "Line total", "Price after discount")),
        "quantity": rng.choice(("Quantity", "Qty", "Units")),
    }
    columns = ["quantity"] * (rng.random() < 0.5) + ["price", "discount", "amount"]
    labelled = rng.random() < 0.6
    cells = [f"{heads[one]}: {shown[one]}" if labelled else shown[one] for one in columns]
    text = " | ".join([service.capitalize(), *cells])
    if not labelled:
        text = " | ".join(["Description", *(heads[one] for one in columns)]) + "\n" + text
    asks = {
        "price": f"What was the price of the {service} before the discount? / full price of the {service}",
        "discount": f"What discount did we get on the {service}? / how much was taken off the {service}",
        "amount": f"How much did the {service} cost after the discount? / what do we pay for the {service}",
        "quantity": f"How many units of {service} were ordered? / quantity of {service}",
    }
    wanted = rng.choice(columns)
    question = rng.choice(asks[wanted].split(" / "))
    place = text.index(service.capitalize())
    for one in columns[: columns.index(wanted) + 1]:
        place = text.index(shown[one], place + 1)
    return Told(text, question, shown[wanted], place)


def _series(parts: Iterable[str]) -> str:
    """The parts with commas, and "and" before the last."""
    *first, last = parts
    return f"{', '.join(first)} and {last}" if first else last


def _earlier(text: str, figures: Sequence[str], number: int) -> int:
    """How often the figure's characters stand in the text before its own place."""
    figure = figures[number]
    own = text.index(figures[0])
    for other in figures[1 : number + 1]:
        own = text.index(other, own + 1)
    return text[:own].count(figure)


def _number(quarter: str) -> int:
    return ("first", "second", "third", "fourth").index(quarter) + 1
