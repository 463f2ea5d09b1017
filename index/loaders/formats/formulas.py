"""Formulas on one line: powers with their exponents raised, fractions with a slash, roots with their sign."""

from lxml import etree

from index.loaders.raised import lowered, raised

MAX_DEPTH = 60  # of a formula; deeper ones are read as plain text

_OFFICE = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"


def office_formula(element: etree._Element) -> str:
    """A formula of Word or PowerPoint."""
    return _office(element, 0)


def _office(element: etree._Element, depth: int) -> str:
    if depth > MAX_DEPTH:
        return "".join(text.text or "" for text in element.iter(f"{_OFFICE}t"))
    name = str(element.tag).removeprefix(_OFFICE)
    parts = {str(child.tag).removeprefix(_OFFICE): child for child in element}

    def of(part: str) -> str:
        return _office(parts[part], depth + 1) if part in parts else ""

    match name:
        case "t":
            return element.text or ""
        case "sSup":
            return power(of("e"), of("sup"))
        case "sSub":
            return index(of("e"), of("sub"))
        case "sSubSup":
            return power(index(of("e"), of("sub")), of("sup"))
        case "f":
            return fraction(of("num"), of("den"))
        case "rad":
            return f"√({of('e')})"
        case "d":
            return f"({', '.join(_office(one, depth + 1) for one in element if one.tag == f'{_OFFICE}e')})"
    return "".join(_office(child, depth + 1) for child in element if not str(child.tag).endswith("Pr"))


def power(base: str, exponent: str) -> str:
    written = raised("x", exponent)  # after a letter, where digits are always an exponent
    return base + (f"^({exponent})" if written.strip() == exponent.strip() and exponent else written)


def index(base: str, below: str) -> str:
    written = lowered("1", below)
    return base + (f"_{below}" if written == below and below else written)


def fraction(above: str, below: str) -> str:
    return f"{_grouped(above)}/{_grouped(below)}"


def _grouped(part: str) -> str:
    return part if part.replace(".", "").isalnum() else f"({part})"
