"""A screen of the tests' own, so that no window opens on anybody's desk."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager

DYING_WITH_THE_TESTS = ("setpriv", "--pdeathsig", "KILL")
"""Before a server's command line: it ends when the test run does, even when that crashes."""
SIZE = "1600x1000x24"


@contextmanager
def virtual_screen() -> Iterator[str]:
    """Run Xvfb on the first free display and yield that display's name, such as ":1"."""
    ready, announce = os.pipe()
    server = subprocess.Popen(
        [*DYING_WITH_THE_TESTS, "Xvfb", "-displayfd", str(announce), "-screen", "0", SIZE, "-noreset"],
        pass_fds=[announce],
        stderr=subprocess.DEVNULL,
    )
    os.close(announce)
    try:
        with open(ready) as pipe:
            number = pipe.readline().strip()
        assert number, "Xvfb did not start"
        yield f":{number}"
    finally:
        server.terminate()
        server.wait()
