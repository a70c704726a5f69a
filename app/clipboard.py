"""A picture on the clipboard, by the platform's own tool: Tk can only put text there."""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from PIL import Image

PATIENCE_SECONDS = 20
APPLESCRIPT = (
    "on run argv",
    "set the clipboard to (read (POSIX file (item 1 of argv)) as «class PNGf»)",
    "end run",
)
POWERSHELL = (
    "Add-Type -AssemblyName System.Windows.Forms, System.Drawing; "
    "$picture = [System.Drawing.Image]::FromFile($env:SPEAK_OUT_PICTURE); "
    "[System.Windows.Forms.Clipboard]::SetImage($picture); $picture.Dispose()"
)


class NoClipboard(Exception):
    """Why the picture is not on the clipboard: one plain sentence."""


def copy_picture(picture: Image.Image) -> None:
    """Slow enough for a thread; raises NoClipboard."""
    command = clipboard_command()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "bird.png"
        picture.save(path)
        try:
            with path.open("rb") as file:
                subprocess.run(
                    [*command, str(path)] if command[0].endswith("osascript") else command,
                    stdin=file,
                    stdout=subprocess.DEVNULL,  # xclip stays behind to serve the picture, and would hold a pipe open
                    stderr=subprocess.DEVNULL,
                    env={**os.environ, "SPEAK_OUT_PICTURE": str(path)},
                    timeout=PATIENCE_SECONDS,
                    check=True,
                    creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
                )
        except (OSError, subprocess.SubprocessError) as error:
            raise NoClipboard(f"{Path(command[0]).name} could not put the picture on the clipboard.") from error


def clipboard_command() -> list[str]:
    """What puts the PNG of its standard input, its last argument or SPEAK_OUT_PICTURE on the clipboard."""
    if sys.platform == "darwin":
        tools = [["osascript", *(part for line in APPLESCRIPT for part in ("-e", line))]]
        missing = "osascript, a part of macOS, is missing"
    elif sys.platform == "win32":
        tools = [["powershell", "-NoProfile", "-STA", "-Command", POWERSHELL]]
        missing = "PowerShell is missing"
    elif os.environ.get("WAYLAND_DISPLAY"):
        tools = [
            ["wl-copy", "--type", "image/png"],
            ["xclip", "-selection", "clipboard", "-target", "image/png", "-in"],
        ]
        missing = "wl-copy is missing; the package wl-clipboard brings it"
    else:
        tools = [["xclip", "-selection", "clipboard", "-target", "image/png", "-in"]]
        missing = "xclip is missing; the package of that name brings it"
    for name, *arguments in tools:
        found = shutil.which(name)
        if found:
            return [found, *arguments]
    raise NoClipboard(f"The picture cannot be copied, since {missing}.")
