"""Which archives to keep: 14 daily, 8 weekly and 12 monthly ones."""

DAILY, WEEKLY, MONTHLY = 14, 8, 12


def to_forget(archives):
    """
    Return the archives that are neither among the newest of the last days, weeks or months.

    ``archives`` maps each to the moment it was made; only days, weeks and
    months that have an archive count, so a pause in backups removes nothing.
    """
    newest_first = sorted(archives, key=archives.get, reverse=True)
    kept = set()
    for number, period in ((DAILY, "%Y-%m-%d"), (WEEKLY, "%G-%V"), (MONTHLY, "%Y-%m")):
        seen = {}
        for archive in newest_first:
            seen.setdefault(archives[archive].strftime(period), archive)
        kept.update(list(seen.values())[:number])
    return [archive for archive in newest_first if archive not in kept]
