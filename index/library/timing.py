"""How long a library waits for what, and how much it does at once."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Timing:
    """The defaults are for people; tests pass shorter ones."""

    # A second writer waits so long for the first before it gives up.
    write_seconds: float = 60.0
    # Passages left without vectors by an earlier run are embedded, and a change of the embedder is continued,
    # so long after the opening: a command that only asks has ended by then.
    left_over_seconds: float = 3.0
    # Documents go into the word index together, up to so many passages, and after so long at the latest.
    group_passages: int = 256
    group_seconds: float = 1.0
    # Passages embedded together: enough of one length for full batches, few enough that a question doesn't
    # wait long; and as many while questions are asked.
    passages: int = 64
    busy_passages: int = 4
    # Questions have the processor to themselves until so long after the last one, since its passages are read
    # then, but for no more than the longest pause.
    reading_seconds: float = 0.5
    longest_pause: float = 1.0
    # How often to check whether another process has finished embedding.
    poll_seconds: float = 0.2
