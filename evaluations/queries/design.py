"""Whether a round is designed so that its figures can point at nobody, from the list as it is."""


def design_faults(sizes, *, k_scores):
    """
    Return [(subject's key, group's code)] of groups that are too small to be counted about somebody.

    Groups are never shown with their figures unless they are large enough
    themselves; what could be found by subtraction is checked again on the
    real counts before anything is published.
    """
    return [(subject, code) for subject, groups in sizes.items() for code, size in groups.items() if size < k_scores]
