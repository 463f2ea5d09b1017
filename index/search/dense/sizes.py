"""From how many passages on the dense index does what."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class DenseSizes:
    """The defaults are measured (benchmarks/scale.py); tests pass smaller ones."""

    # So many passages are compared one by one in 2 ms and take 40 MB; an inverted file would save less than
    # embedding the question.
    exact_up_to: int = 50_000
    # A library that has lost its inverted file is compared one by one up to here until it is made again, with
    # 150 MB; in a larger one the passages are found by words alone for that long.
    exact_at_most: int = 200_000
    # The inverted file is written again when more passages than this, or this share, are not in it, or this
    # share of it has gone.
    fresh_up_to: int = 20_000
    fresh_share: float = 0.01
    gone_share: float = 0.2
    # New centroids are chosen when the library has grown or shrunk by this factor.
    trained_factor: int = 4
    # Up to so many allowed passages, or this share of all, are read from the store and compared, which is
    # quicker than to find them in nearly all lists.
    few: int = 1_000
    few_share: float = 0.005
    # Saving writes all that stands outside the inverted file, so it waits until so many passages, and this
    # share, are new; the others are read from the store at the next opening.
    save_fewest: int = 2_000
    save_share: float = 0.1
    # After a failure, such as a full disk, it is not tried again for so long.
    retry_seconds: float = 600.0
    # A question starts the making of an inverted file no sooner than this after the opening: a command that
    # only asks has ended by then.
    asking_seconds: float = 3.0
