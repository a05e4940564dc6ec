"""How a frozen figure stands now: as frozen, set by a person, or corrected; the latest word holds."""


def correction_of(snapshot):
    """Return the latest correction of a figure, or None; corrections have to be at hand."""
    return max(snapshot.corrections.all(), key=lambda one: one.at, default=None)


def award_of(snapshot):
    """Return what a person set, or None."""
    return getattr(snapshot, "award", None)


def figure_now(snapshot):
    """Return (numerator, denominator) as they stand."""
    one = correction_of(snapshot)
    return (snapshot.numerator, snapshot.denominator) if one is None else (one.numerator, one.denominator)


def points_now(snapshot):
    """Return the points as they stand: the later of what was set and what was corrected, else what was proposed."""
    correction, award = correction_of(snapshot), award_of(snapshot)
    if award is not None and (correction is None or award.at >= correction.at):
        return award.points
    return snapshot.points if correction is None else correction.points
