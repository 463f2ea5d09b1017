"""Numbers of things, in words."""


def counted(number: int, noun: str) -> str:
    """`1,000 pages`."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
