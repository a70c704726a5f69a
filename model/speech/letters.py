"""A guess at how an English word is spoken, from its letters alone: the longest spelling with a rule goes first.

The phones are those of the CMU dictionary, without stress.
"""

_RULES = """
tion SH AH N|sion ZH AH N|tious SH AH S|cious SH AH S|ture CH ER|sure ZH ER|ough AH F|augh AO F|eigh EY|igh AY
tch CH|dge JH|sch SH|chr K R|air EH R|are EH R|ear IH R|eer IH R|ere IH R|ire AY ER|ore AO R|oor AO R|our AW ER
ure Y UH R|ous AH S|que K|sh SH|ch CH|th TH|ph F|wh W|gh G|ck K|ng NG|nk NG K|qu K W|kn N|wr R|mb M|ps P S|sc S K|x K S
ee IY|ea IY|oo UW|oa OW|oe OW|ai EY|ay EY|au AO|aw AO|ou AW|ow OW|oi OY|oy OY|ie IY|ei IY|ey IY|ew UW|ue UW|ui UW
eu Y UW|ar AA R|er ER|ir ER|or AO R|ur ER|yr ER|bb B|cc K|dd D|ff F|gg G|ll L|mm M|nn N|pp P|rr R|ss S|tt T|zz Z
a AE|b B|c K|d D|e EH|f F|g G|h HH|i IH|j JH|k K|l L|m M|n N|o AA|p P|q K|r R|s S|t T|u AH|v V|w W|y Y|z Z
"""
_SPELLINGS = {rule.split()[0]: rule.split()[1:] for rule in _RULES.replace("\n", "|").split("|") if rule}
_LONGEST = max(map(len, _SPELLINGS))
_LONG_VOWELS = {"a": "EY", "e": "IY", "i": "AY", "o": "OW", "u": "UW", "y": "AY"}
_ENDINGS = {"ish": "IH SH", "ing": "IH NG", "ings": "IH NG Z", "ly": "L IY", "y": "IY", "er": "ER", "est": "AH S T"}
_HISSING = {"S", "Z", "SH", "CH", "ZH", "JH"}
_VOICELESS = {"P", "T", "K", "F", "TH"}


def spell_out(word: str) -> str:
    """Phones of a word that no dictionary holds; any word of the letters a to z and ' gets some."""
    word = word.replace("'", "")
    for ending, phones in _ENDINGS.items():
        if word.endswith(ending) and len(word) - len(ending) > 2:
            return f"{' '.join(_phones(word[: -len(ending)]))} {phones}"
    if word.endswith("ed") and len(word) > 4:
        return past(" ".join(_phones(word[:-2])))
    if word.endswith("s") and not word.endswith(("ss", "us", "is")) and len(word) > 3:
        return plural(" ".join(_phones(word[:-1])))
    return " ".join(_phones(word))


def plural(phones: str) -> str:
    """The phones with a plural's or a possessive's ending."""
    last = phones.split()[-1]
    return f"{phones} AH Z" if last in _HISSING else f"{phones} S" if last in _VOICELESS else f"{phones} Z"


def past(phones: str) -> str:
    """The phones with the ending of "-ed"."""
    last = phones.split()[-1]
    if last in ("T", "D"):
        return f"{phones} AH D"
    return f"{phones} T" if last in _VOICELESS | {"S", "SH", "CH"} else f"{phones} D"


def _phones(letters: str) -> list[str]:
    if len(letters) > 2 and letters[-1] == "e" and letters[-2] not in "aeiouy" and letters[-3] in _LONG_VOWELS:
        return [*_phones(letters[:-3]), _LONG_VOWELS[letters[-3]], *_phones(letters[-2])]
    phones: list[str] = []
    at = 0
    while at < len(letters):
        size = next((size for size in range(_LONGEST, 0, -1) if letters[at : at + size] in _SPELLINGS), 1)
        phones += _SPELLINGS.get(letters[at : at + size], [])
        at += size
    if len(letters) > 2 and letters[-1] == "y" and phones[-1:] == ["Y"]:
        phones[-1] = "IY"
    return phones or ["AH"]
