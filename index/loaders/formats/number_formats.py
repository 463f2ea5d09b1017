"""Numbers as a spreadsheet shows them: by their format code, such as `00000`, `0.0%` or `dd/mm/yyyy`."""

import re
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache

DIGITS = 15  # that Excel itself keeps
MAX_CODE = 255  # characters of a format code

# Dates whose order the reader's country decides are written so that none can misread them.
_ISO, _ISO_TIME = "yyyy-mm-dd", "yyyy-mm-dd hh:mm"
BUILT_IN = {
    0: "General", 1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 9: "0%", 10: "0.00%", 11: "0.00E+00",
    12: "# ?/?", 13: "# ??/??", 14: _ISO, 15: "d-mmm-yy", 16: "d-mmm", 17: "mmm-yy", 18: "h:mm AM/PM",
    19: "h:mm:ss AM/PM", 20: "h:mm", 21: "h:mm:ss", 22: _ISO_TIME, 37: "#,##0 ;(#,##0)",
    38: "#,##0 ;(#,##0)", 39: "#,##0.00;(#,##0.00)", 40: "#,##0.00;(#,##0.00)",
    41: '_(* #,##0_);_(* (#,##0);_(* "-"_);_(@_)', 42: '_($* #,##0_);_($* (#,##0);_($* "-"_);_(@_)',
    43: '_(* #,##0.00_);_(* (#,##0.00);_(* "-"??_);_(@_)',
    44: '_($* #,##0.00_);_($* (#,##0.00);_($* "-"??_);_(@_)', 45: "mm:ss", 46: "[h]:mm:ss", 47: "mm:ss.0",
    48: "##0.0E+0", 49: "@",
}  # fmt: skip

_TOKEN = re.compile(
    r'"[^"]*"?|\\.|_.|\*.|\[[^\]]*\]?|General|AM/PM|A/P|[Ee][+-]|y+|m+|d+|h+|s+(?:\.0+)?|[0#?]|[.,%/@]|.',
    re.I | re.S,
)
_CONDITION = re.compile(r"\[(<=|>=|<>|<|>|=)(-?[\d.]+)\]")
_ELAPSED = re.compile(r"\[(h+|m+|s+)\]", re.I)
_MONTHS = "January February March April May June July August September October November December".split()
_DAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()
_EPOCH, _EPOCH_1904 = datetime(1899, 12, 30), datetime(1904, 1, 1)


def shown(value: float, code: str, *, from_1904: bool = False) -> str:
    """The number as a cell with this format shows it; as itself where the format can't be followed."""
    section, value = _section(value, code[:MAX_CODE])
    tokens = _tokens(section)
    try:
        if any(kind == "date" for kind, _ in tokens):
            return _date(value, tokens, from_1904)
        return _number(value, tokens)
    except (ValueError, ArithmeticError):
        return general(value)


def general(value: float) -> str:
    """The number without a format."""
    return f"{value:.0f}" if 1e15 <= abs(value) < 1e21 else f"{value:.{DIGITS}g}"


def text_shown(text: str, code: str) -> str:
    """A text as a cell shows it, whose format may put words beside it."""
    sections = code.split(";")
    pattern = sections[3] if len(sections) > 3 else sections[-1]
    if "@" not in pattern or pattern == "@":
        return text
    return "".join(
        text if one == "@" else one for kind, one in _tokens(pattern) if kind in ("literal", "text")
    )


def _section(value: float, code: str) -> tuple[str, float]:
    """The part of the format for this number, and the number without a sign that the part itself writes."""
    sections = _split(code)
    if any(_CONDITION.match(_without_colour(section)) for section in sections):
        for section in sections:
            found = _CONDITION.match(_without_colour(section))
            if not found or _holds(value, found.group(1), float(found.group(2))):
                return section, value
    if value < 0 and len(sections) > 1:
        return sections[1], -value
    if value == 0 and len(sections) > 2:
        return sections[2], value
    return sections[0], value


@lru_cache(1_000)
def _split(code: str) -> list[str]:
    """The sections of a format, which semicolons part outside of quotes."""
    return ["".join(part) for part in _parted(code)]


def _parted(code: str) -> list[list[str]]:
    sections: list[list[str]] = [[]]
    for sign in re.findall(r'"[^"]*"?|\\.|_.|\*.|.', code, re.S):
        if sign == ";":
            sections.append([])
        else:
            sections[-1].append(sign)
    return sections


def _without_colour(section: str) -> str:
    return re.sub(r"\A(?:\[(?![<>=])[^\]]*\])+", "", section)


def _holds(value: float, sign: str, limit: float) -> bool:
    return {
        "<": value < limit, ">": value > limit, "=": value == limit,
        "<=": value <= limit, ">=": value >= limit, "<>": value != limit,
    }[sign]  # fmt: skip


@lru_cache(1_000)
def _tokens(section: str) -> tuple[tuple[str, str], ...]:
    """The parts of a section with their kinds: digit, point, comma, percent, date, literal, general, text."""
    return tuple(_kind(token) for token in _TOKEN.findall(section))


def _kind(sign: str) -> tuple[str, str]:
    first = sign[0]
    if sign.lower() == "general":
        return "general", sign
    if first == '"':
        return "literal", sign.strip('"')
    if first == "\\":
        return "literal", sign[1:]
    if first in "_*":
        return "literal", " "
    if first == "[":
        if _ELAPSED.fullmatch(sign):
            return "date", sign.lower()
        currency = re.fullmatch(r"\[\$([^-\]]*)(?:-[^\]]*)?\]", sign)
        return "literal", currency.group(1) if currency else ""
    if sign in "0#?":
        return "digit", sign
    if first in "eE" and len(sign) == 2:
        return "exponent", sign
    if sign.lower() in ("am/pm", "a/p") or first.lower() in "ymdhs":
        return "date", sign.lower()
    return {".": "point", ",": "comma", "%": "percent", "@": "text", "/": "slash"}.get(sign, "literal"), sign


def _number(value: float, tokens: tuple[tuple[str, str], ...]) -> str:
    kinds = [kind for kind, _ in tokens]
    if "text" in kinds or not set(kinds) & {"digit", "general"}:
        return _literals(tokens, general(value)) if set(kinds) & {"text"} else _literals(tokens, "")
    if "general" in kinds:
        return "".join(
            general(value) if kind == "general" else text for kind, text in tokens if kind != "comma"
        )
    if "slash" in kinds:
        return general(value)
    first, last = kinds.index("digit"), len(kinds) - 1 - kinds[::-1].index("digit")
    if kinds[first - 1 : first] == ["point"]:
        first -= 1
    core = tokens[first : last + 1]
    scale = 0
    while last + 1 + scale < len(tokens) and kinds[last + 1 + scale] == "comma":
        scale += 1
    value *= 100 ** kinds.count("percent")
    sign = "-" if value < 0 else ""
    body = _digits(abs(value) / 1000**scale, core)
    if not any(map(str.isdecimal, body.replace("0", ""))):
        sign = ""
    before = "".join(text for _, text in tokens[:first])
    after = "".join(text for kind, text in tokens[last + 1 :] if kind != "comma")
    return _tidy(f"{sign}{before}{body}{after}")


def _digits(value: float, core: tuple[tuple[str, str], ...]) -> str:
    """The digits by their placeholders: leading zeros, thousands, decimals, an exponent."""
    kinds = [kind for kind, _ in core]
    exponent = kinds.index("exponent") if "exponent" in kinds else len(core)
    point = kinds.index("point") if "point" in kinds[:exponent] else exponent
    decimals = [text for kind, text in core[point:exponent] if kind == "digit"]
    if exponent < len(core):
        mantissa, power = f"{value:.{len(decimals)}e}".split("e")
        width = sum(kind == "digit" for kind in kinds[exponent:])
        sign = "-" if int(power) < 0 else "+" if core[exponent][1][1] == "+" else ""
        return f"{mantissa}E{sign}{abs(int(power)):0{width}d}"
    places = [text for kind, text in core[:point] if kind == "digit"]
    whole, _, rest = _rounded(value, len(decimals)).partition(".")
    while rest and len(rest) > decimals.count("0") and rest[-1] == "0" and decimals[len(rest) - 1] != "0":
        rest = rest[:-1]
    if any(kind == "literal" for kind in kinds[:point]):
        whole = _interleaved(whole.zfill(len(places)), core[:point])
    else:
        whole = whole.zfill(places.count("0")) if whole != "0" or "0" in places else ""
        if "comma" in kinds[:point]:
            whole = re.sub(r"(?<=\d)(?=(?:\d{3})+\Z)", ",", whole)
    return f"{whole}.{rest}" if rest else whole or ("0" if not places else "")


def _rounded(value: float, decimals: int) -> str:
    """Half away from zero, as spreadsheets round what they show, of the digits that they keep."""
    exact = Decimal(f"{value:.{DIGITS}g}").quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
    return f"{exact:f}"


def _interleaved(digits: str, core: tuple[tuple[str, str], ...]) -> str:
    """Digits with the signs between their places, as in telephone numbers: '000-0000'."""
    places = sum(kind == "digit" for kind, _ in core)
    parts, left = [digits[: len(digits) - places]], list(digits[len(digits) - places :])
    for kind, text in core:
        parts.append(left.pop(0) if kind == "digit" else text if kind == "literal" else "")
    return "".join(parts)


def _literals(tokens: tuple[tuple[str, str], ...], text: str) -> str:
    return _tidy(
        "".join(text if kind == "text" else one for kind, one in tokens if kind in ("literal", "text"))
    )


def _tidy(text: str) -> str:
    return " ".join(text.split())


def _date(value: float, tokens: tuple[tuple[str, str], ...], from_1904: bool) -> str:
    if value < 0 or value > 2_958_466:  # the year 9999
        return general(value)
    elapsed = any(text[0] == "[" for kind, text in tokens if kind == "date")
    smallest = any(text[0] == "s" for kind, text in tokens if kind == "date")
    seconds = round(value * 86_400, 3 if smallest else 0)
    moment = (_EPOCH_1904 if from_1904 else _EPOCH) + timedelta(seconds=seconds)
    if not from_1904 and value < 60 and not elapsed:
        moment += timedelta(days=1) if value >= 1 else timedelta()
    twelve = any("/p" in text for kind, text in tokens if kind == "date")
    parts = [text for kind, text in tokens if kind == "date"]
    written, number = [], 0
    for kind, text in tokens:
        if kind == "date":
            neighbours = (
                parts[number - 1] if number else "",
                parts[number + 1] if number + 1 < len(parts) else "",
            )
            written.append(_date_part(text, moment, seconds, twelve, _is_minute(text, neighbours)))
            number += 1
        elif kind not in ("digit", "percent", "text"):
            written.append(text)
    return _tidy("".join(written))


def _is_minute(text: str, neighbours: tuple[str, str]) -> bool:
    return text in ("m", "mm") and ("h" in neighbours[0] or neighbours[1].startswith(("s", "[s")))


def _date_part(text: str, moment: datetime, seconds: float, twelve: bool, minute: bool) -> str:
    if text[0] == "[":
        unit = {"h": 3600, "m": 60, "s": 1}[text[1]]
        return f"{int(seconds // unit):0{len(text) - 2}d}"
    match text[0]:
        case "y":
            return f"{moment.year % 100:02d}" if len(text) <= 2 else f"{moment.year:04d}"
        case "m" if minute:
            return f"{moment.minute:0{len(text)}d}"
        case "m":
            name = _MONTHS[moment.month - 1]
            return {1: str(moment.month), 2: f"{moment.month:02d}", 3: name[:3], 5: name[0]}.get(
                len(text), name
            )
        case "d":
            name = _DAYS[moment.weekday()]
            return {1: str(moment.day), 2: f"{moment.day:02d}", 3: name[:3]}.get(len(text), name)
        case "h":
            hour = (moment.hour - 1) % 12 + 1 if twelve else moment.hour
            return f"{hour:0{min(len(text), 2)}d}"
        case "s":
            whole, _, fraction = text.partition(".")
            rest = f".{moment.microsecond:06d}"[: len(fraction) + 1] if fraction else ""
            return f"{moment.second:0{len(whole)}d}{rest}"
        case _:
            return ("AM" if moment.hour < 12 else "PM")[: 2 if "am" in text else 1]
