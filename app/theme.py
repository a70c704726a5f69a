"""The look: sv-ttk in light and dark, drawn at the scale of the screen, with named fonts.

sv-ttk because it is the only kept-up ttk theme with a modern look, both a light and a dark side and a visible
focus ring on every control. Its two weaknesses are mended here: sprites and paddings of fixed pixel size are
enlarged before Tk reads them, and labels keep the colour of their style, which its palette call overwrites.
"""

import ctypes
import os
import re
import shutil
import sys
import tempfile
import tkinter as tk
from contextlib import suppress
from pathlib import Path
from tkinter import font, ttk
from typing import Literal

import sv_ttk
from PIL import Image

CAPTION, BODY, STRONG = "SunValleyCaptionFont", "SunValleyBodyFont", "SunValleyBodyStrongFont"
LARGE, SUBTITLE, TITLE = "SunValleyBodyLargeFont", "SunValleySubtitleFont", "SunValleyTitleFont"
PIXEL_SIZES = {CAPTION: 12, BODY: 14, STRONG: 14, LARGE: 18, SUBTITLE: 20, TITLE: 30}
BOLD = {STRONG, SUBTITLE, TITLE}
TK_FONTS = ("TkDefaultFont", "TkTextFont", "TkMenuFont", "TkHeadingFont", "TkCaptionFont", "TkTooltipFont")
FAMILIES = ("Segoe UI Variable Text", "Segoe UI", "SF Pro Text", "Inter", "Cantarell", "Ubuntu", "Noto Sans")
COLOURS = {
    "light": {
        "foreground": "#1c1c1c",
        "muted": "#5f5f5f",
        "faint": "#d9d9d9",
        "accent": "#005fb8",
        "on_accent": "#ffffff",
        "error": "#b3261e",
        "field": "#fdfdfd",
        "focused_field": "#ffffff",
    },
    "dark": {
        "foreground": "#fafafa",
        "muted": "#a8a8a8",
        "faint": "#3d3d3d",
        "accent": "#57c8ff",
        "on_accent": "#000000",
        "error": "#ff8a80",
        "field": "#292929",
        "focused_field": "#1c1c1c",
    },
}
SIZED_OPTION = re.compile(r"(?<=-)(padding|border|width|height|sashthickness) (\{[\d ]+\}|\d+)")


def install(root: tk.Tk, name: str, scale: float | None) -> None:
    """Load the theme once, at `scale` (None: what SPEAK_OUT_SCALE or the screen says), and use it."""
    scale = min(max(scale or _detected_scale(root), 1.0), 2.0)
    root.setvar("::speak_out_scale", str(scale))  # Tk's own `tk scaling` gives back only about what it was given
    root.tk.call("tk", "scaling", scale * 96 / 72)
    with tempfile.TemporaryDirectory() as folder:
        root.tk.call("source", str(_scaled_copy(Path(folder), scale)))
    _size_fonts(root, scale)
    root.bind("<<ThemeChanged>>", lambda _: _add_styles(root), add=True)
    root.tk.eval("bind TLabel <<ThemeChanged>> {%W configure -foreground {}}")
    use(root, name)


def use(root: tk.Misc, name: str) -> None:
    root.option_add("*icons*canvas.foreground", "black")  # of Tk's file dialogs, whose background is always white
    ttk.Style(root).theme_use(f"sun-valley-{name}")
    _add_styles(root)


def px(widget: tk.Misc, pixels: float) -> int:
    """`pixels` of a 96 dpi screen, in the pixels of this one."""
    return round(pixels * float(widget.getvar("::speak_out_scale")))


def colour(widget: tk.Misc, name: str) -> str:
    return COLOURS[current(widget)][name]


def current(widget: tk.Misc) -> str:
    return ttk.Style(widget).theme_use().removeprefix("sun-valley-")


def be_told_the_real_dpi() -> None:
    """Windows enlarges the windows of programs that do not ask for this, and blurs them; call it before Tk."""
    if sys.platform == "win32":
        with suppress(OSError, AttributeError):  # told already, or a Windows too old to tell
            ctypes.OleDLL("shcore").SetProcessDpiAwareness(1)


def _detected_scale(root: tk.Tk) -> float:
    """In quarters, because sprites enlarged by a few hundredths only lose their sharpness."""
    try:
        return float(os.environ["SPEAK_OUT_SCALE"])
    except (KeyError, ValueError):
        return 1.0 if sys.platform == "darwin" else round(root.winfo_fpixels("1i") / 96 * 4) / 4


def _scaled_copy(folder: Path, scale: float) -> Path:
    """A copy of sv-ttk with every sprite and every padding enlarged; returns its main script."""
    source = Path(sv_ttk.__file__).parent
    shutil.copy(source / "sv.tcl", folder)
    (folder / "theme").mkdir()
    for name in ("light", "dark"):
        script = (source / "theme" / f"{name}.tcl").read_text(encoding="utf-8")
        (folder / "theme" / f"{name}.tcl").write_text(
            SIZED_OPTION.sub(lambda found: f"{found[1]} {_scaled_numbers(found[2], scale)}", script),
            encoding="utf-8",
        )
        sprites = (source / "theme" / f"sprites_{name}.tcl").read_text(encoding="utf-8")
        (folder / "theme" / f"sprites_{name}.tcl").write_text(_scaled_numbers(sprites, scale), encoding="utf-8")
        with Image.open(source / "theme" / f"spritesheet_{name}.png") as sheet:
            _scaled_sheet(sheet.convert("RGBA"), sprites, scale).save(folder / "theme" / f"spritesheet_{name}.png")
    return folder / "sv.tcl"


def _scaled_numbers(text: str, scale: float) -> str:
    return re.sub(r"(?<![\w-])\d+\b", lambda number: str(round(int(number[0]) * scale)), text)


def _scaled_sheet(sheet: Image.Image, sprites: str, scale: float) -> Image.Image:
    """Sprite by sprite, because neighbours would bleed into each other."""
    scaled = Image.new("RGBA", (round(sheet.width * scale) + 1, round(sheet.height * scale) + 1))
    for x, y, width, height in (map(int, box) for box in re.findall(r"(\d+) (\d+) (\d+) (\d+)\s", sprites)):
        sprite = sheet.crop((x, y, x + width, y + height))
        size = max(round(width * scale), 1), max(round(height * scale), 1)
        scaled.paste(sprite.resize(size, Image.Resampling.BICUBIC), (round(x * scale), round(y * scale)))
    return scaled


def _size_fonts(root: tk.Tk, scale: float) -> None:
    installed = set(font.families(root))
    family = next(
        (name for name in FAMILIES if name in installed),
        font.nametofont("TkDefaultFont", root).actual("family"),
    )
    for name, pixels in PIXEL_SIZES.items():
        weight: Literal["bold", "normal"] = "bold" if name in BOLD else "normal"
        font.nametofont(name, root).configure(family=family, size=-round(pixels * scale), weight=weight)
    for name in TK_FONTS:
        font.nametofont(name, root).configure(family=family, size=-round(PIXEL_SIZES[BODY] * scale))


def _add_styles(root: tk.Misc) -> None:
    """The few styles of our own; a theme change forgets what was configured under the other theme."""
    style = ttk.Style(root)
    for name in ("muted", "accent", "error"):
        style.configure(f"{name.title()}.TLabel", foreground=colour(root, name))
    for kind in ("TButton", "Accent.TButton"):
        style.configure(f"Big.{kind}", font=LARGE, padding=(px(root, 18), px(root, 9)))
    _add_picture_style(root, style)
    style.layout("Field.TFrame", [("Entry.field", {"sticky": "nsew"})])
    style.configure("TNotebook.Tab", font=BODY)
    style.configure("Wide.TCombobox", postoffset=(0, 0, px(root, 110), 0))  # its list is that much wider


def _add_picture_style(root: tk.Misc, style: ttk.Style) -> None:
    """A button around a picture, with a plain border: sv-ttk's sprites are far too slow at this size."""
    if "Picture.border" not in style.element_names():
        style.element_create("Picture.border", "from", "clam", "Button.border")
    style.layout(
        "Picture.TButton",
        [("Picture.border", {"sticky": "nsew", "children": [("Button.label", {"sticky": "nsew"})]})],
    )
    background = style.lookup(".", "background")
    pointed_at = ("active", colour(root, "faint"))
    accent = colour(root, "accent")
    border = [("focus", accent), ("selected", accent), pointed_at, ("", background)]
    style.configure("Picture.TButton", font=CAPTION, justify="center", borderwidth=px(root, 2), relief="solid")
    style.map("Picture.TButton", background=[pointed_at, ("", background)])
    style.map("Picture.TButton", bordercolor=border, lightcolor=border, darkcolor=border)
