"""The window answers while a bird is painted: what the Tk thread does between two beats of a heart stays short."""

import itertools
import time

from app.application import Application
from tests.app.driving import paint

BEAT_MILLISECONDS = 5
LONGEST_FRAME = 0.05  # seconds of the Tk thread's own work, whatever else keeps the computer busy


def test_no_frame_takes_long_while_birds_are_painted(app: Application) -> None:
    worked: list[float] = []

    def beat() -> None:
        worked.append(time.thread_time())
        if all(tab.result for tab in window.tabs):
            app.root.quit()
        elif window.tabs[0].result:
            window.notebook.select(1)
        app.root.after(BEAT_MILLISECONDS, beat)

    window = paint(app)
    beat()
    app.root.mainloop()
    frames = [after - before for before, after in itertools.pairwise(worked)]
    assert len(frames) > 10
    assert max(frames) < LONGEST_FRAME
