"""What every measure means, in one sentence, whether it can stand beside published numbers, and what was published."""

from dataclasses import dataclass

from model.evaluation.report import Findings, sharp_beside

SAME_JUDGE = "No: only with reports by the same judge."
# Inception score, R-precision in percent and FID on CUB's birds, as their papers give them.
PUBLISHED = {
    "AttnGAN (Xu et al. 2018)": ("4.36", "67.8 %", "–"),
    "This project's paper": ("4.34", "–", "–"),
    "DM-GAN (Zhu et al. 2019)": ("4.75", "72.3 %", "16.1"),
    "DF-GAN (Tao et al. 2022)": ("5.10", "–", "14.8"),
}


@dataclass(frozen=True)
class Measure:
    """A row of the page."""

    name: str
    value: str
    meaning: str
    comparable: str


def measures(findings: Findings) -> list[Measure]:
    """All that was measured, in the order to read it."""
    rows = [*_realism(findings), *_retrieval(findings)]
    if findings["colour_faithfulness"] is not None:
        rows += _colours(findings)
    if findings["attention_localisation"] is not None:
        rows += _attention(findings["attention_localisation"])
    return [*rows, *_sharpness(findings), *_spectrum(findings)]


def _realism(findings: Findings) -> list[Measure]:
    score, distance, comparable = findings["inception_score"], findings["fid"], findings["comparable"]
    rows = [
        Measure(
            "Inception score",
            f"{score['mean']:.2f} ± {score['deviation']:.2f} ({score['pictures']} pictures; photos "
            f"{score['photos']:.2f})",
            f"Higher when each picture is clearly of one class and all classes occur; here the classes are "
            f"{score['classes']}.",
            comparable["inception_score"],
        )
    ]
    if distance is not None:
        meaning = f"Lower when the pictures as a whole look like the {distance['against']} test photos to "
        rows.append(_distance("FID", distance, f"{meaning}{findings['features']}.", comparable["fid"]))
    if heads := findings["fid_of_heads"]:
        meaning = "The same of close-ups of the birds' heads, where a part detector finds them."
        rows.append(_distance("FID of heads", heads, meaning, "Not published."))
    return rows


def _distance(name: str, found: Findings, meaning: str, comparable: str) -> Measure:
    floor = "" if found["photos"] is None else f"; half of the photos against the other {found['photos']:.4g}"
    return Measure(name, f"{found['value']:.4g} ({found['pictures']} pictures{floor})", meaning, comparable)


def _retrieval(findings: Findings) -> list[Measure]:
    precision, retrieval = findings["r_precision"], findings["photo_retrieval"]
    return [
        Measure(
            "R-precision",
            f"{precision['mean']:.1%} ± {precision['deviation']:.1%} ({precision['pictures']} pictures)",
            f"Share of pictures that fit their own caption better than {precision['among'] - 1} captions of other "
            f"species, a tie counting as a miss; the deviation is over ten folds, and chance is "
            f"{1 / precision['among']:.1%}.",
            "No: the measure is AttnGAN's, but another encoder judges.",
        ),
        Measure(
            "Photo found by caption",
            f"{retrieval['first']:.1%}, in the first ten {retrieval['first_ten']:.1%}",
            f"How good the judge itself is: a caption finds its own photo among {retrieval['among']} photos of unseen "
            "species.",
            SAME_JUDGE,
        ),
    ]


def _colours(findings: Findings) -> list[Measure]:
    colour, swap = findings["colour_faithfulness"], findings["word_swap"]
    shares = ", ".join(f"{name} {share:.0%}" for name, share in colour["by_colour"].items())
    rows = [
        Measure(
            "Colour faithfulness",
            f"{colour['mean']:.1%} ± {colour['deviation']:.1%} ({shares})",
            f"Share of pictures in which the judge sees the asked colour rather than another one (chance "
            f"{colour['chance']:.1%}); {len(colour['sentences'])} sentences, {len(colour['seeds'])} seeds each, the "
            "deviation is over the seeds.",
            SAME_JUDGE,
        ),
        Measure(
            "Change by a colour word",
            f"{swap['by_word']:.1f} of 255; by other noise {swap['by_noise']:.1f}",
            "How far a picture changes when only a colour word of the sentence does, against another noise.",
            "Not published, but the same for every model of this size of picture.",
        ),
    ]
    rows += _word_swap(swap)
    photos = findings["diversity_of_photos"]
    beside = "" if photos is None else f" (photos of one species {photos:.3f})"
    rows.append(
        Measure(
            "Diversity",
            f"{findings['diversity']:.3f}{beside}",
            "Mean distance (1 - cosine, 0 to 2) of the judge's features between pictures of one sentence; near 0 they "
            "are all alike.",
            SAME_JUDGE,
        )
    )
    if sitting := findings["poses"]:
        beside = (
            "" if sitting["photos"] is None else f" (photos of one species, half mirrored, {sitting['photos']:.3f})"
        )
        rows.append(
            Measure(
                "Poses",
                f"{sitting['painted']:.3f} of the side{beside}",
                "Mean distance of a part of the bird between pictures of one sentence, where a part detector finds it; "
                "near 0 all birds sit alike.",
                "Not published.",
            )
        )
    return rows


def _word_swap(swap: Findings) -> list[Measure]:
    meanings = []
    if near := swap.get("near_part"):
        meaning = (
            f"Change within {near['radius']:.0%} of the side from where a part detector finds the part in the first "
            "picture that the swapped word belongs to, against the rest; above the ratio by noise the change keeps to "
            "the part that is named."
        )
        meanings.append(("near the part", near, meaning))
    if "inside" in swap:
        meaning = (
            f"Change in the {swap['region']:.0%} of the picture that the swapped word attends to most, against the "
            "rest; above the ratio by noise the change keeps to where the word looks, be that its part or not."
        )
        meanings.append(("where the word attends", swap, meaning))
    return [
        Measure(
            f"Word swap {place}",
            f"{found['inside']:.1f} inside, {found['elsewhere']:.1f} elsewhere: {found['ratio']:.2f} times"
            + (f" ± {found['deviation']:.2f}" if found["deviation"] is not None else "")
            + (f" (by noise {found['ratio_by_noise']:.2f})" if found["ratio_by_noise"] is not None else ""),
            meaning,
            "Not published: AttnGAN's figure 4 shows pictures only.",
        )
        for place, found, meaning in meanings
        if found["ratio"] is not None
    ]


def _attention(localisation: Findings) -> list[Measure]:
    found, guessed = localisation["detector"]["found"], localisation["detector"]["guessed"]
    rows = []
    for part, values in localisation["parts"].items():
        share = found[part]
        detector = (
            "its own accuracy is unknown"
            if share is None
            else (f"it finds {share:.0%} in unseen photos, where the mean place would be right in {guessed[part]:.0%}")
        )
        if values is None:
            continue
        rows.append(
            Measure(
                f"Attention to “{part}”",
                f"{values['mass']:.1%} ± {values['deviation']:.1%} near it, chance {values['chance']:.1%}, the "
                f"caption's other words {values['other_words']:.1%}; peak near it in {values['peak']:.0%} "
                f"({values['pictures']} pictures)",
                f"Share of the word's attention within {localisation['radius']:.0%} of the side from where a part "
                f"detector finds the part ({detector}, to a tenth of the side; in smeared pictures it guesses).",
                "Not published.",
            )
        )
    return rows


def _sharpness(findings: Findings) -> list[Measure]:
    return [
        Measure(
            f"Sharpness at {size} px",
            f"{values['painted']:.1f}; "
            + "; ".join(f"{what} {value:.1f}" for what, value in sharp_beside(size, values).items()),
            "Mean absolute Laplacian of the grey values; a stage that adds detail is above those before it enlarged.",
            "Not published.",
        )
        for size, values in findings["sharpness"].items()
    ]


def _spectrum(findings: Findings) -> list[Measure]:
    return [
        Measure(
            f"Loudness of frequencies at {size} px",
            f"{values['painted']:.2f} from photos; one half of the photos from the other {values['photos']:.2f}",
            "Mean distance of the logarithm of the power of each spatial frequency, in nats: stripes and grids are too "
            "loud, what is smeared too quiet. Photos are as far from others.",
            "Not published.",
        )
        for size, values in findings["spectrum"].items()
    ]
