"""Draws the app's pictures: `python -m app.assets.draw` writes the PNG files beside this one."""

import math
from pathlib import Path

from PIL import Image, ImageDraw

SIDE = 512
OVERSAMPLING = 4

RED, DEEP_RED, CREAM, WHITE = "#e4572e", "#b93a1b", "#fbe3c8", "#fdfaf5"
INK, GOLD, BROWN, LEAF, SKY = "#2b2320", "#f4b33f", "#7a5136", "#7fb069", "#8ecae6"

Point = tuple[float, float]


class Pen:
    """Draws in a 512 x 512 square, four times finer than it is kept."""

    def __init__(self) -> None:
        self.image = Image.new("RGBA", (SIDE * OVERSAMPLING,) * 2)
        self._draw = ImageDraw.Draw(self.image)

    def ellipse(self, x: float, y: float, rx: float, ry: float, fill: str, turn: float = 0) -> None:
        angle = math.radians(turn)
        outline = []
        for step in range(180):
            t = math.tau * step / 180
            dx, dy = rx * math.cos(t), ry * math.sin(t)
            outline.append(
                (
                    x + dx * math.cos(angle) - dy * math.sin(angle),
                    y + dx * math.sin(angle) + dy * math.cos(angle),
                )
            )
        self.polygon(outline, fill)

    def polygon(self, points: list[Point], fill: str) -> None:
        self._draw.polygon([(x * OVERSAMPLING, y * OVERSAMPLING) for x, y in points], fill=fill)

    def curve(self, start: Point, bend: Point, end: Point, width: float, fill: str) -> None:
        """A quadratic Bezier stroke with round ends."""
        for step in range(121):
            t = step / 120
            x, y = (
                (1 - t) ** 2 * a + 2 * t * (1 - t) * b + t * t * c for a, b, c in zip(start, bend, end, strict=True)
            )
            self.ellipse(x, y, width / 2, width / 2, fill)

    def arc(self, x: float, y: float, radius: float, first: float, last: float, width: float, fill: str) -> None:
        for step in range(121):
            t = math.radians(first + (last - first) * step / 120)
            self.ellipse(x + radius * math.cos(t), y + radius * math.sin(t), width / 2, width / 2, fill)

    def rounded(self, box: tuple[float, float, float, float], radius: float, fill: str) -> None:
        self._draw.rounded_rectangle([edge * OVERSAMPLING for edge in box], radius * OVERSAMPLING, fill=fill)

    def save(self, name: str, side: int) -> None:
        small = self.image.resize((side, side), Image.Resampling.LANCZOS)
        small.save(Path(__file__).parent / f"{name}.png", optimize=True)


def draw_bird() -> None:
    """Red, with a white wing and a very short beak, singing on a twig."""
    pen = Pen()
    pen.curve((40, 430), (250, 395), (470, 425), 16, BROWN)
    pen.curve((385, 414), (425, 385), (440, 352), 9, BROWN)
    pen.ellipse(462, 340, 30, 14, LEAF, -35)
    pen.ellipse(420, 352, 26, 12, LEAF, -110)
    pen.ellipse(84, 398, 28, 13, LEAF, -40)

    pen.polygon([(178, 300), (44, 232), (30, 262), (52, 276), (38, 300), (66, 306), (150, 362)], DEEP_RED)
    pen.ellipse(250, 270, 136, 112, RED, 24)
    pen.ellipse(322, 172, 88, 84, RED)
    pen.ellipse(300, 318, 84, 68, CREAM, 30)
    pen.polygon([(272, 120), (262, 62), (296, 92), (310, 50), (332, 96)], RED)

    pen.ellipse(206, 276, 92, 58, WHITE, 28)
    for offset in (0, 1, 2):
        pen.curve(
            (150 + 22 * offset, 276 - 8 * offset),
            (186, 322),
            (244 + 8 * offset, 322 - 14 * offset),
            6,
            "#e6d9c8",
        )

    pen.polygon([(400, 150), (446, 158), (402, 178)], GOLD)
    pen.polygon([(401, 178), (436, 192), (394, 198)], GOLD)
    pen.ellipse(350, 158, 19, 20, INK)
    pen.ellipse(356, 151, 7, 7, WHITE)
    pen.ellipse(334, 204, 20, 13, "#f08a64")

    for x in (252, 296):
        pen.curve((x, 372), (x - 2, 390), (x, 408), 9, GOLD)
        pen.curve((x - 18, 412), (x, 402), (x + 18, 411), 9, GOLD)
    for radius in (44, 66, 88):
        pen.arc(413, 176, radius, -34, 34, 9, SKY)
    pen.save("bird", SIDE)


def draw_microphone() -> None:
    pen = Pen()
    pen.rounded((186, 40, 326, 300), 70, INK)
    pen.arc(256, 230, 130, 0, 180, 36, INK)
    pen.rounded((238, 350, 274, 450), 10, INK)
    pen.rounded((166, 436, 346, 472), 18, INK)
    pen.save("microphone", SIDE // 4)


def draw_keyboard() -> None:
    pen = Pen()
    pen.rounded((24, 116, 488, 396), 52, INK)
    for row in range(2):
        for column in range(5):
            pen.rounded((72 + 78 * column, 164 + 76 * row, 124 + 78 * column, 212 + 76 * row), 14, "#00000000")
    pen.rounded((148, 316, 364, 352), 16, "#00000000")
    pen.save("keyboard", SIDE // 4)


if __name__ == "__main__":
    draw_bird()
    draw_microphone()
    draw_keyboard()
