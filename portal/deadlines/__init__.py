"""Work calendar, promises with a due time, the sweep."""
