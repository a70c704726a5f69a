"""Words of a kind, any of which can stand in a description in place of another."""

KINDS = {
    "colour": (
        *("red", "orange", "yellow", "green", "blue", "purple", "pink"),
        *("brown", "tan", "black", "grey", "white"),
    ),
    "part": (
        *("beak", "crown", "head", "eyes", "nape", "throat", "neck", "breast", "belly"),
        *("back", "wings", "tail", "feet", "legs"),
    ),
    "size": ("tiny", "small", "medium", "large"),
    "length": ("short", "long"),
    "shape": ("pointed", "curved", "hooked", "flat", "rounded", "straight", "thin", "thick"),
    "pattern": ("striped", "spotted", "speckled", "plain"),
}
_SAME = {"gray": "grey", "bill": "beak", "wing": "wings", "little": "small", "big": "large", "chest": "breast"}


def others_of_its_kind(word: str) -> tuple[str, ...]:
    """What can be said in place of a word, in the order of its kind; nothing for a word of no kind."""
    known = _SAME.get(word, word)
    kind = next((words for words in KINDS.values() if known in words), ())
    return tuple(other for other in kind if other != known)
