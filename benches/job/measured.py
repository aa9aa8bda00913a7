#!/usr/bin/env python3
"""Runs a command and says what it took: `measured.py FILE COMMAND...`.

The command's output goes to standard error. Into FILE goes one object of JSON: `code` (exit code), `wall` (seconds), `cpu`
(seconds on processors, of the command and all that it waited for), `peak` (most memory of its largest process, in MB).
"""

import json
import os
import subprocess
import sys
import time

started = time.monotonic()
process = subprocess.Popen(sys.argv[2:], stdin=subprocess.DEVNULL, stdout=sys.stderr)
_, status, usage = os.wait4(process.pid, 0)
wall = time.monotonic() - started
with open(sys.argv[1], "w") as file:
    json.dump({"code": os.waitstatus_to_exitcode(status), "wall": wall, "cpu": usage.ru_utime + usage.ru_stime,
               "peak": usage.ru_maxrss / 1024}, file)
