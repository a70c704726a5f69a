"""A bird on one sheet, as the AttnGAN paper shows it: the stages in a row, below them what each of them looked at."""

from PIL import Image, ImageDraw, ImageFont

from app.bird import Bird
from app.pictures import TOP_WORDS, PaintedStage
from app.shortened import shortened

SIDE = 384  # of a stage's picture
GAP, MARGIN, BETWEEN_SAMPLES = 10, 48, 56
LINE = 1.4  # height of a line of text, in letters
TITLE, TEXT = 34, 22  # heights of letters
PAPER, INK, MUTED = "white", "#1c1c1c", "#5f5f5f"
SAMPLES_ACROSS = 2


def contact_sheet(bird: Bird, painted: list[PaintedStage]) -> Image.Image:
    """All samples, two beside each other."""
    samples = [_sample(painted, sample) for sample in range(len(painted[0].pictures))]
    width, height = samples[0].size
    across = min(len(samples), SAMPLES_ACROSS)
    rows = -(-len(samples) // across)
    inner = across * width + (across - 1) * BETWEEN_SAMPLES
    heading = _heading(bird, inner)
    sheet = Image.new(
        "RGB",
        (inner + 2 * MARGIN, heading.height + rows * height + (rows - 1) * BETWEEN_SAMPLES + 2 * MARGIN),
        PAPER,
    )
    sheet.paste(heading, (MARGIN, MARGIN))
    for number, picture in enumerate(samples):
        row, column = divmod(number, across)
        x = MARGIN + column * (width + BETWEEN_SAMPLES)
        sheet.paste(picture, (x, MARGIN + heading.height + row * (height + BETWEEN_SAMPLES)))
    return sheet


def _heading(bird: Bird, width: int) -> Image.Image:
    lines = _wrapped(f"“{bird.caption}”", TITLE, width)
    line, last = round(TITLE * LINE), round(TEXT * LINE)
    heading = Image.new("RGB", (width, line * len(lines) + 2 * last), PAPER)
    draw = ImageDraw.Draw(heading)
    for number, text in enumerate(lines):
        draw.text((0, number * line), text, INK, _font(TITLE))
    told = f"Seed {bird.seed}, painted by {bird.weights} ({bird.weights_hash[:10]})"
    letters = _font(TEXT)
    draw.text((0, len(lines) * line), shortened(told, width, letters.getlength), MUTED, letters)
    return heading


def _sample(painted: list[PaintedStage], sample: int) -> Image.Image:
    """The stages, and a row of maps for each that attended to words."""
    width = len(painted) * (SIDE + GAP) - GAP
    stages = [(stage.pictures[sample], f"{stage.size} px") for stage in painted]
    rows = [_row(stages, SIDE, width, "")]
    for stage in painted:
        maps = [(word.image, f"{word.word}  {word.weight:.0%}") for word in stage.attention[sample]]
        if maps:
            title = f"Where the {stage.size} px stage looked for its five most attended words"
            rows.append(_row(maps, (width + GAP) // TOP_WORDS - GAP, width, title))
    block = Image.new("RGB", (width, sum(row.height for row in rows)), PAPER)
    top = 0
    for row in rows:
        block.paste(row, (0, top))
        top += row.height
    return block


def _row(pictures: list[tuple[Image.Image, str]], side: int, width: int, title: str) -> Image.Image:
    """Pictures of one size beside each other, each with its text below, under a title."""
    line = round(TEXT * LINE)
    top = line + GAP if title else 0
    row = Image.new("RGB", (width, top + side + GAP + line + GAP), PAPER)
    draw = ImageDraw.Draw(row)
    letters = _font(TEXT)
    draw.text((0, GAP // 2), shortened(title, width, letters.getlength), MUTED, letters)
    for number, (picture, text) in enumerate(pictures):
        x = number * (side + GAP)
        enlarging = Image.Resampling.NEAREST if picture.width < side else Image.Resampling.LANCZOS
        row.paste(picture.resize((side, side), enlarging), (x, top))
        told = shortened(text, side, letters.getlength)
        draw.text((x + side / 2, top + side + GAP // 2), told, INK, letters, anchor="ma")
    return row


def _wrapped(text: str, height: int, width: int) -> list[str]:
    lines = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".strip()
        if _font(height).getlength(longer) <= width or not lines[-1]:
            lines[-1] = longer
        else:
            lines.append(word)
    return [shortened(line, width, _font(height).getlength) for line in lines]


def _font(height: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    return ImageFont.load_default(height)
