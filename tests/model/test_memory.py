"""What work has freed is kept while it lasts, and is the system's again afterwards."""

import subprocess
import sys

WORK = """
import torch
from model.memory import kept_meanwhile

def used():
    with open("/proc/self/status") as status:
        return next(int(line.split()[1]) for line in status if line.startswith("VmRSS")) // 1024

before = used()
with kept_meanwhile():
    pictures = [torch.ones(2**20) for _ in range(200)]  # 800 MiB
    del pictures
    kept = used()
print(before, kept, used())
"""


def test_a_painters_memory_is_given_back_after_the_painting() -> None:
    ended = subprocess.run([sys.executable, "-c", WORK], capture_output=True, text=True, check=True)
    before, kept, after = map(int, ended.stdout.split())
    assert kept > before + 700
    assert after < before + 100
