"""Starts servers quickly: imports everything once, then forks a process for each line `URL PORT` and tells its id.

A child is the server as `appraisal serve` runs it; only the second that importing takes is shared.
"""

from __future__ import annotations

import os
import signal
import sys
from dataclasses import replace

import api.web.app  # noqa: F401
import appraisal.office.consequence  # noqa: F401
from api.commands.serve import bound, run
from api.web.rendering import environment
from api.web.settings import Settings

environment("zh")
signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # the ended leave nothing behind
for line in sys.stdin:
    url, port = line.split()
    child = os.fork()
    if child == 0:
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
        os.dup2(2, 1)
        run(replace(Settings(), database_url=url), bound("127.0.0.1", int(port)))
        os._exit(0)
    os.write(1, f"{child}\n".encode())
