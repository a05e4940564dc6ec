"""What several signers together say of a reply: arithmetic without a database."""

from .enums import MotionRatingLevel

# Of the five levels of feedback: the three of congress practice. "Not satisfied" sends the matter round again.
LEVEL_OF = {MotionRatingLevel.GOOD: 4, MotionRatingLevel.FAIR: 3, MotionRatingLevel.POOR: 2}


def common_level(levels, *, signers, voices, is_over=False):
    """
    Return the level of feedback that the ratings of a round make together, or None while others may still rate.

    ``voices`` not satisfied (or all signers, where there are fewer) make a
    second handling at once. Otherwise everybody's rating is waited for until
    the time ``is_over``; then the one in the middle counts, the lower of two.
    Nobody's rating is never a good one.
    """
    poor = sum(level == MotionRatingLevel.POOR for level in levels)
    enough = max(1, min(voices, len(levels) if is_over else signers))
    if poor >= enough:
        return LEVEL_OF[MotionRatingLevel.POOR]
    if not levels or (len(levels) < signers and not is_over):
        return None
    middle = sorted(levels)[(len(levels) - 1) // 2]
    return LEVEL_OF[MotionRatingLevel(max(middle, MotionRatingLevel.FAIR))]
