"""A trigram model by interpolated Kneser-Ney smoothing with three discounts (Chen and Goodman 1998, section 3).

Pruned by weighted difference (Seymore and Rosenfeld 1996): an n-gram goes when backing off loses too little.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

START, END, UNKNOWN = "<s>", "</s>", "<unk>"
NGram = tuple[str, ...]
Probabilities = dict[NGram, float]


@dataclass(frozen=True)
class BackoffModel:
    """What an ARPA file says: for every kept n-gram its probability, for every history its back-off weight."""

    vocabulary: list[str]
    probabilities: tuple[Probabilities, Probabilities, Probabilities]
    backoffs: dict[NGram, float]

    def probability(self, ngram: NGram) -> float:
        """Of the last word after the others (at most two)."""
        kept = self.probabilities[len(ngram) - 1].get(ngram)
        if kept is not None or len(ngram) == 1:
            return kept or 0.0
        return self.backoffs.get(ngram[:-1], 1.0) * self.probability(ngram[1:])


def estimate(counts: Counter[NGram], vocabulary: Iterable[str], least_gain: float) -> BackoffModel:
    """From weighted counts of trigrams (a sentence: START START a b END) over `vocabulary` and UNKNOWN.

    `least_gain`, in nats times occurrences, is what a bigram or trigram must be worth to be kept. No n-gram with
    UNKNOWN is; its share goes to the words.
    """
    words = sorted(vocabulary)
    bigram_counts, unigram_counts = _continuations(counts)
    unigrams = _unigrams(unigram_counts, words)
    bigrams = _interpolated(bigram_counts, unigrams)
    trigrams = _interpolated({key: value for key, value in counts.items() if key[1] != START}, bigrams)
    kept_trigrams = {
        key: value
        for key, value in trigrams.items()
        if UNKNOWN not in key and counts[key] * math.log(value / bigrams[key[1:]]) > least_gain
    }
    needed = {key[:2] for key in kept_trigrams}
    totals: Counter[NGram] = Counter()
    for key, count in counts.items():
        totals[key[1:]] += count
    kept_bigrams = {
        key: value
        for key, value in bigrams.items()
        if UNKNOWN not in key and (key in needed or totals[key] * math.log(value / unigrams[key[1:]]) > least_gain)
    }
    backoffs = _backoffs(kept_bigrams, unigrams, {})
    backoffs |= _backoffs(kept_trigrams, kept_bigrams, backoffs, unigrams)
    return BackoffModel(words, (unigrams, kept_bigrams, kept_trigrams), backoffs)


def _continuations(trigrams: Counter[NGram]) -> tuple[Counter[NGram], Counter[NGram]]:
    """In how many places the last two words, and the last word, were seen; after START, how often."""
    bigrams: Counter[NGram] = Counter()
    for key, count in trigrams.items():
        bigrams[key[1:]] += count if key[1] == START else 1
    unigrams = Counter(key[1:] for key in bigrams)
    return bigrams, unigrams


def _unigrams(counts: Counter[NGram], words: list[str]) -> Probabilities:
    """Interpolated with every word being as likely as any other."""
    spoken = [*words, END]
    total = sum(counts.values())
    discounts = _discounts(counts)
    taken = sum(discounts[min(int(count), 3)] for count in counts.values() if count >= 1)
    flat = (taken + counts[(UNKNOWN,)]) / total / len(spoken)
    return {
        (word,): max(counts[(word,)] - discounts[min(int(counts[(word,)]), 3)], 0) / total + flat for word in spoken
    }


def _interpolated(counts: Mapping[NGram, float], lower: Probabilities) -> Probabilities:
    """The discounted share of each n-gram, and what was taken off spread as the shorter n-grams say."""
    discounts = _discounts(counts)
    totals: dict[NGram, float] = defaultdict(float)
    taken: dict[NGram, float] = defaultdict(float)
    for key, count in counts.items():
        totals[key[:-1]] += count
        taken[key[:-1]] += min(discounts[min(max(int(count), 1), 3)], count)
    return {
        key: (max(count - discounts[min(max(int(count), 1), 3)], 0) + taken[key[:-1]] * lower.get(key[1:], 0.0))
        / totals[key[:-1]]
        for key, count in counts.items()
    }


def _discounts(counts: Mapping[NGram, float]) -> list[float]:
    """What is taken off a count of 0, 1, 2, and 3 or more."""
    seen = Counter(int(count) for count in counts.values())
    one, two, three, four = (max(seen[number], 1) for number in (1, 2, 3, 4))
    base = one / (one + 2 * two)
    return [
        0.0,
        *(
            max(n - (n + 1) * base * more / less, 0.1)
            for n, less, more in ((1, one, two), (2, two, three), (3, three, four))
        ),
    ]


def _backoffs(
    longer: Probabilities, shorter: Probabilities, weights: dict[NGram, float], shortest: Probabilities | None = None
) -> dict[NGram, float]:
    """What remains of each history's probability, over what shorter n-grams give to the words that were left out."""
    kept: dict[NGram, float] = defaultdict(float)
    below: dict[NGram, float] = defaultdict(float)
    for key, probability in longer.items():
        kept[key[:-1]] += probability
        less = shorter.get(key[1:])
        if less is None and shortest is not None:
            less = weights.get(key[1:-1], 1.0) * shortest[key[2:]]
        below[key[:-1]] += less or 0.0
    return {
        history: max(1 - probability, 1e-6) / max(1 - below[history], 1e-6) for history, probability in kept.items()
    }
