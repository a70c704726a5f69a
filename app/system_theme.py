"""Whether the desktop is light or dark, as its user has set it.

Not by the library `darkdetect`: it has had no release since 2022, knows neither KDE nor Xfce, and may wait for ever.
"""

import os
import subprocess
import sys
from pathlib import Path

PATIENCE_SECONDS = 1.0
ASK_PORTAL = (
    *("gdbus", "call", "--session", "--timeout", "1", "--dest", "org.freedesktop.portal.Desktop"),
    *("--object-path", "/org/freedesktop/portal/desktop", "--method", "org.freedesktop.portal.Settings.Read"),
    *("org.freedesktop.appearance", "color-scheme"),
)
ASK_GNOME = ("gsettings", "get", "org.gnome.desktop.interface", "color-scheme")
ASK_MAC = ("defaults", "read", "-g", "AppleInterfaceStyle")
WINDOWS_KEY = r"Software\Microsoft\Windows\CurrentVersion\Themes\Personalize"


def system_theme() -> str:
    """ "dark" or "light", which is also what a desktop gets that does not say."""
    if sys.platform == "win32":
        dark = _windows_is_dark()
    elif sys.platform == "darwin":
        dark = _answer(ASK_MAC) == "Dark"
    else:
        dark = _linux_is_dark()
    return "dark" if dark else "light"


def _linux_is_dark() -> bool:
    """The portal speaks for every desktop, in one number (1: dark, 2: light); GNOME also without a portal."""
    portal = _answer(ASK_PORTAL) if _has_session_bus() else ""
    if "uint32" in portal:
        return "uint32 1" in portal
    return "dark" in _answer(ASK_GNOME)


def _has_session_bus() -> bool:
    """Without one, asking would start one."""
    return "DBUS_SESSION_BUS_ADDRESS" in os.environ or Path(os.environ.get("XDG_RUNTIME_DIR", "/"), "bus").exists()


def _windows_is_dark() -> bool:
    import winreg

    try:
        with winreg.OpenKey(winreg.HKEY_CURRENT_USER, WINDOWS_KEY) as key:  # type: ignore[attr-defined]
            return winreg.QueryValueEx(key, "AppsUseLightTheme")[0] == 0  # type: ignore[attr-defined]
    except OSError:
        return False


def _answer(question: tuple[str, ...]) -> str:
    """What a program prints; nothing where it is not there, fails or takes too long."""
    try:
        asked = subprocess.run(
            question, capture_output=True, text=True, errors="replace", timeout=PATIENCE_SECONDS, check=True
        )
    except (OSError, subprocess.SubprocessError):
        return ""
    return asked.stdout.strip()
