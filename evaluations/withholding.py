"""
Which units' figures of what people said are shown, so that no subtraction tells what fewer than k said.

A unit's figure holds those of the units below it. Going down from the top: a
figure of fewer than k is withheld; below a withheld one everything is; and of
the units below one that is shown so many are withheld, the smallest first,
that what can be had by subtracting those shown is about nobody or about at
least k. All that sums and differences of shown figures can say is a sum of
such rests, which have nobody in common.
"""


def tells_few(before, after, *, k):
    """
    Whether a figure (above, below the line) of what people said, put right, would tell what fewer than k said.

    By itself, or less what was printed before: whoever has read both knows what was added, moved or taken back.
    """
    moved = max(abs(one - other) for one, other in zip(before, after, strict=True))
    return 0 < after[1] < k or 0 < moved < k


def withheld(counts, *, k):
    """
    Return the paths whose figure is withheld, of {path: how many people spoke}; each path contains its lower ones.

    ``counts`` must hold every unit between two that it holds. A unit in which nobody spoke has nothing to withhold.
    """
    parts, uppers = {path: [] for path in counts}, {}
    for path in counts:
        uppers[path] = next((path[:end] for end in range(len(path) - 4, 0, -4) if path[:end] in counts), None)
        if uppers[path] is not None:
            parts[uppers[path]].append(path)
    hidden = set()
    for path in sorted(counts, key=lambda one: (len(one), one)):
        if counts[path] and (counts[path] < k or uppers[path] in hidden):
            hidden.add(path)
        if path in hidden:
            continue
        # Its direct parts, as far as they are listed, and the rest that is of none of them.
        hidden.update(one for one in parts[path] if 0 < counts[one] < k)
        shown = sorted(
            (one for one in parts[path] if counts[one] and one not in hidden), key=lambda one: (counts[one], one)
        )
        rest = counts[path] - sum(counts[one] for one in shown)
        while 0 < rest < k and shown:
            smallest = shown.pop(0)
            hidden.add(smallest)
            rest += counts[smallest]
    return hidden
