"""The first messages of a process may be read by many threads at once."""

from __future__ import annotations

import subprocess
import sys

SCRIPT = """
import sys, threading
import kube_field.server.app
from kube_field.wire.codec import prepare_messages
from kube_field.wire.messages import Push
from kube_field.wire.push import read_batch
sys.setswitchinterval(1e-6)
prepare_messages()
body = b'{"device":"d","step":"s","changes":[],"facts":{"n":2,"columns":{"all":{"set":{"a":[{},{}]}}}}}'
start = threading.Barrier(8)
def read():
    start.wait()
    assert read_batch(Push, body).device == "d"
threads = [threading.Thread(target=read) for _n in range(8)]
for thread in threads: thread.start()
for thread in threads: thread.join()
print("read")
"""


def test_a_message_that_many_threads_read_first_kills_nobody():
    ran = subprocess.run([sys.executable, "-c", SCRIPT], capture_output=True, text=True, check=False, timeout=60)
    assert (ran.returncode, ran.stdout) == (0, "read\n"), ran.stderr
