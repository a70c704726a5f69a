"""A person at a screen: windows found by their titles, a real keyboard and mouse (xdotool), the clipboard (xclip)."""

import subprocess
from collections.abc import Callable
from dataclasses import dataclass

from tests.waiting import wait_until

PATIENCE_SECONDS = 60


@dataclass(frozen=True)
class Desk:
    """`environment` names the screen; there is no window manager, so who looks at a window gives it the keyboard."""

    environment: dict[str, str]

    def look_at(self, title: str) -> None:
        """Wait for a window whose title begins like this and turn to it."""
        wait_until(lambda: self._turn_to(title), f'a window "{title}"', PATIENCE_SECONDS)

    def sees(self, title: str) -> bool:
        """Whether there is a window whose title begins like this."""
        return bool(self._windows(title))

    def press(self, *keys: str) -> None:
        self._xdotool("key", "--delay", "40", *keys)

    def press_until(self, keys: tuple[str, ...], condition: Callable[[], object], what: str) -> None:
        """Press again and again, as who is faster than the program."""

        def there_after_a_press() -> object:
            self.press(*keys)
            return condition()

        wait_until(there_after_a_press, what, PATIENCE_SECONDS)

    def write(self, text: str) -> None:
        self._xdotool("type", "--delay", "10", text)

    def fill_in(self, text: str) -> None:
        """Write it in place of all that the field says, again where letters were lost before it had the keyboard."""

        def there_after_writing() -> bool:
            self.press("ctrl+a")
            self.write(text)
            return self.all_text() == text

        wait_until(there_after_writing, f'a field for "{text}"', PATIENCE_SECONDS)

    def copied(self, kind: str = "UTF8_STRING") -> bytes:
        """What the clipboard holds of this kind; nothing where it is empty."""
        command = ["xclip", "-out", "-selection", "clipboard", "-target", kind]
        return subprocess.run(command, env=self.environment, capture_output=True).stdout

    def all_text(self) -> str:
        """What the text that has the keyboard says."""
        self.press("ctrl+a", "ctrl+c")
        return self.copied().decode(errors="replace").strip()  # a picture that was copied before is no text

    def _turn_to(self, title: str) -> bool:
        """Whether it was there, and still was when it got the keyboard."""
        windows = self._windows(title)
        if not windows:
            return False
        command = ["xdotool", "windowraise", windows[-1], "windowfocus", "--sync", windows[-1]]
        return subprocess.run(command, env=self.environment, capture_output=True).returncode == 0

    def _windows(self, title: str) -> list[str]:
        found = subprocess.run(
            ["xdotool", "search", "--onlyvisible", "--name", f"^{title}"],
            env=self.environment,
            capture_output=True,
            text=True,
        )
        return found.stdout.split()

    def _xdotool(self, *arguments: str) -> None:
        subprocess.run(["xdotool", *arguments], env=self.environment, check=True, capture_output=True)
