"""Signs that only some fonts have, as characters that say the same."""

# Of the private characters of Symbol and Wingdings: boxes, ticks, arrows, bullets.
_SIGNS = {
    0xF0FE: "☒",
    0xF0FD: "☒",
    0xF0A8: "☐",
    0xF06F: "☐",
    0xF0FC: "✓",
    0xF0FB: "✗",
    0xF052: "☑",
    0xF0A3: "☐",
    0xF0E0: "→",
    0xF0DF: "←",
    0xF0E1: "↑",
    0xF0E2: "↓",
    0xF0B7: "•",
    0xF0A7: "▪",
    0xF0D8: "➢",
}


def sign_of(code: int) -> str:
    """What the sign says; empty for those that only adorn."""
    return _SIGNS.get(code, "")
