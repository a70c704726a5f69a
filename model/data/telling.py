"""Telling what is left out of a data set: how many, and by name."""

SHOWN = 5  # names in a sentence


def with_names(sentence: str, names: list[str]) -> str:
    """The sentence and the names it is about, the first few when there are many."""
    more = f" and {len(names) - SHOWN} more" if len(names) > SHOWN else ""
    return f"{sentence}: {', '.join(names[:SHOWN])}{more}"


def counted(count: int, thing: str) -> str:
    """ "1 photo", "2 photos"."""
    return f"{count} {thing}" if count == 1 else f"{count} {thing}s"
