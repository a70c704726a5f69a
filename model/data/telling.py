"""Telling what is left out of a data set: how many, and by name."""

IN_A_LINE = 5  # names; more get a line each


def with_names(sentence: str, names: list[str]) -> str:
    """The sentence and all the names it is about."""
    return f"{sentence}: {', '.join(names)}" if len(names) <= IN_A_LINE else "\n    ".join([f"{sentence}:", *names])


def counted(count: int, thing: str) -> str:
    """ "1 photo", "2 photos"."""
    return f"{count:,} {thing}" if count == 1 else f"{count:,} {thing}s"
