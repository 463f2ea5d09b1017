"""What a page shows beside its text: values in forms, formulas, panels that a click opens."""

import re

from selectolax.lexbor import LexborHTMLParser, LexborNode

from index.loaders.builder import one_line
from index.loaders.formats.formulas import fraction, index, power

MAX_FORMULA = 2_000  # nodes of one formula

STRUCK = "del,s,strike,[style*='line-through'],[class~='line-through']"
_PANEL = re.compile(r"tab|panel|accordion|collaps|content|answer|faq|toggle|expand", re.I)
_CONSENT = re.compile(r"cookie|consent|gdpr|onetrust", re.I)
_UNSHOWN_INPUTS = ("hidden", "password", "submit", "button", "reset", "image", "file")
_CONTROLS = ("aria-controls", "data-target", "data-bs-target", "href", "for", "popovertarget")


def is_panel(tree: LexborHTMLParser, node: LexborNode) -> bool:
    """Whether something hidden is shown by a click: a tab's panel, an answer that unfolds."""
    attributes = node.attributes
    if attributes.get("role") in ("tabpanel", "region"):
        return True
    name = attributes.get("id") or ""
    if re.fullmatch(r"[\w-]{1,100}", name):
        targets = ",".join(f"[{one}='{name}'],[{one}='#{name}']" for one in _CONTROLS)
        if tree.css_first(targets) is not None:
            return True
    return bool(_PANEL.search(attributes.get("class") or ""))


def is_consent(node: LexborNode) -> bool:
    """Whether this is a banner that asks for consent to cookies."""
    attributes = node.attributes
    names = f"{attributes.get('id') or ''} {attributes.get('class') or ''}"
    return node.tag not in ("html", "body", "main", "article") and bool(_CONSENT.search(names))


def value_of(node: LexborNode) -> str:
    """The value that a field of a form shows; the chosen options of a list."""
    attributes = node.attributes
    if node.tag == "select":
        options = node.css("option")
        chosen = [one for one in options if "selected" in one.attributes]
        if not chosen and "multiple" not in attributes:
            chosen = options[:1]
        return ", ".join(filter(None, (one_line(one.text()) for one in chosen)))
    if node.tag == "textarea":
        return one_line(node.text())
    kind = (attributes.get("type") or "text").lower()
    if kind in ("checkbox", "radio"):
        return "☒" if "checked" in attributes else "☐"
    return "" if kind in _UNSHOWN_INPUTS else one_line(attributes.get("value") or "")


def formula(node: LexborNode) -> str:
    """MathML on one line."""
    if sum(1 for _ in node.traverse()) > MAX_FORMULA:
        return one_line(node.text())
    return _formula(node, 0)


def _formula(node: LexborNode, depth: int) -> str:
    children = [child for child in node.iter() if child.tag not in ("annotation", "annotation-xml")]
    if not children or depth > 60:
        return one_line(node.text())
    parts = [_formula(child, depth + 1) for child in children]
    match (node.tag, len(parts)):
        case ("msup", 2):
            return power(parts[0], parts[1])
        case ("msub", 2):
            return index(parts[0], parts[1])
        case ("msubsup", 3):
            return power(index(parts[0], parts[1]), parts[2])
        case ("mfrac", 2):
            return fraction(parts[0], parts[1])
        case ("msqrt", _):
            return f"√({''.join(parts)})"
    return "".join(parts)
