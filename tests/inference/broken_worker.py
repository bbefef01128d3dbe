"""A worker that a message can crash, hang or make the engine refuse: run in place of the real one."""

from __future__ import annotations

import os
import signal

from appraisal.inference import worker

real = worker.drive


def drive(engine: worker.Engine, handle: int, message: str) -> list[worker.Answer]:
    """Do what the message says, else what the real one does."""
    if "坠" in message:
        os.kill(os.getpid(), signal.SIGSEGV)
    if "挂" in message:
        while True:
            pass
    if "拒" in message:
        raise worker.EngineFaultError("示例")
    if "哑" in message:
        return []
    answers = real(engine, handle, message)
    return [*answers, *answers] if "双" in message else answers


worker.drive = drive
worker.main()
