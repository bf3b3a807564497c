"""How alike two texts are: cosine, TF-IDF, shingles; and C9 over a bank."""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import combinations

Vector = Mapping[str, float]
Pair = tuple[int, int]


def cosine(one: Mapping[str, float], other: Mapping[str, float]) -> float:
    """Cosine of two sparse vectors, 0-1 for counts; 0.0 if one is empty."""
    if len(one) > len(other):
        one, other = other, one
    dot = math.fsum(value * other[word] for word, value in one.items() if word in other)
    norms = math.hypot(*one.values()) * math.hypot(*other.values())
    return dot / norms if norms else 0.0


def tf_idf(documents: Sequence[Counter[str]]) -> list[dict[str, float]]:
    """Unit vectors of TF-IDF weights: count · (ln((1 + N)/(1 + df)) + 1).

    Source: K. Spärck Jones, J. Documentation 28 (1972), with the smoothing that counts one more document holding every
    word, so that in a small bank no word weighs nothing.
    """
    total = len(documents)
    frequency = Counter(word for document in documents for word in document)
    weights = {word: math.log((1 + total) / (1 + df)) + 1 for word, df in frequency.items()}
    vectors = []
    for document in documents:
        raw = {word: count * weights[word] for word, count in document.items()}
        norm = math.hypot(*raw.values())
        vectors.append({word: value / norm for word, value in raw.items()})
    return vectors


def pair_cosines(vectors: Sequence[Vector]) -> dict[Pair, float]:
    """Cosine of every pair (i < j) of unit vectors that shares a word, over an inverted index."""
    index: defaultdict[str, list[tuple[int, float]]] = defaultdict(list)
    for place, vector in enumerate(vectors):
        for word, value in vector.items():
            index[word].append((place, value))
    found: defaultdict[Pair, float] = defaultdict(float)
    for entries in index.values():
        for (i, one), (j, other) in combinations(entries, 2):
            found[i, j] += one * other
    return dict(found)


def pair_jaccards(sets: Sequence[frozenset[tuple[str, ...]]]) -> dict[Pair, float]:
    """Shared / united shingles of every pair (i < j) that shares one (P. Jaccard 1901; A. Broder 1997 on shingles)."""
    index: defaultdict[tuple[str, ...], list[int]] = defaultdict(list)
    for place, members in enumerate(sets):
        for member in members:
            index[member].append(place)
    shared: Counter[Pair] = Counter(pair for places in index.values() for pair in combinations(places, 2))
    return {(i, j): both / (len(sets[i]) + len(sets[j]) - both) for (i, j), both in shared.items()}


def most_alike(vectors: Sequence[Vector]) -> list[int]:
    """The places whose mean cosine to the others is highest (several if they tie); empty under two vectors."""
    return leaders(similarity_sums(vectors)) if len(vectors) >= 2 else []


def similarity_sums(vectors: Sequence[Vector]) -> list[float]:
    """For each vector, the sum of its cosines to the others."""
    return [
        math.fsum(cosine(vector, other) for j, other in enumerate(vectors) if i != j)
        for i, vector in enumerate(vectors)
    ]


def leaders(values: Iterable[float]) -> list[int]:
    """The places of the largest value; values within 1e-9 of it tie."""
    known = list(values)
    top = max(known, default=0.0)
    return [place for place, value in enumerate(known) if value >= top - 1e-9]
