"""Long exports: each in a process of its own that tells how far it is, can be ended, and leaves a file for a day."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path
from secrets import token_urlsafe
from shutil import rmtree
from threading import BoundedSemaphore, Lock, Thread, Timer

from api.export_worker import Order, asked, heard
from appraisal.errors import Finding, RefusedError

KEPT = timedelta(days=1)
"""How long a file is kept."""
AT_ONCE = 2
"""How many exports are made at the same time; further ones wait."""
_LONGEST = 900.0  # seconds
_MOST = 5  # exports that are kept for one account
_FILE, _RECORD = "documents.zip", "job.json"


class State(StrEnum):
    """How far an export is."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"
    INTERRUPTED = "interrupted"


UNDER_WAY = frozenset({State.WAITING, State.RUNNING})


@dataclass(frozen=True, kw_only=True)
class Job:
    """One export that somebody asked for: `done` of `all` in its present step, then the file's size in bytes."""

    id: str
    account: str
    order: Order
    at: datetime
    state: State = State.WAITING
    step: str = ""
    done: int = 0
    all: int = 0
    size: int = 0
    findings: tuple[Finding, ...] = ()

    @property
    def under_way(self) -> bool:
        """Whether it waits or is being made."""
        return self.state in UNDER_WAY

    @property
    def percent(self) -> int:
        """How far its present step is."""
        return 100 * self.done // self.all if self.all else 0


class Jobs:
    """The long exports of an installation; what was under way when the server ended says so afterwards."""

    def __init__(self, folder: Path, url: str) -> None:
        self._folder, self._url = folder, url
        self._jobs: dict[str, Job] = {}
        self._processes: dict[str, subprocess.Popen[bytes]] = {}
        self._lock = Lock()
        self._room = BoundedSemaphore(AT_ONCE)
        for job in self._kept():
            self._jobs[job.id] = job
            if job.under_way:
                self._settle(job.id, state=State.INTERRUPTED)

    def begin(self, account: str, order: Order, *, now: datetime) -> Job:
        """Begin an export; RefusedError H050 where whoever asks has one under way, P030 to P032 as for any file."""
        job = Job(id=token_urlsafe(12), account=account, order=order, at=now)
        with self._lock:
            if any(other.under_way and other.account == account for other in self._jobs.values()):
                raise RefusedError([Finding(code="H050")])
            self._jobs[job.id] = job
        try:
            self._forget(account, now)
            (self._folder / job.id).mkdir(parents=True)
            self._keep(job)
        except OSError as wrong:
            del self._jobs[job.id]
            args = {"path": self._folder.name, "reason": wrong.strerror or str(wrong)}
            raise RefusedError([Finding(code="P032", args=args)]) from wrong
        Thread(target=self._run, args=(job.id,), name="export", daemon=True).start()
        return job

    def of(self, account: str, *, now: datetime) -> tuple[Job, ...]:
        """Return somebody's exports, the newest first; what is older than a day is cleared away."""
        self._forget(account, now)
        mine = [job for job in self._jobs.values() if job.account == account]
        return tuple(sorted(mine, key=lambda job: job.at, reverse=True))

    def get(self, name: str, account: str, *, now: datetime) -> Job | None:
        """Return an export of somebody's own; None where there is none."""
        return next((job for job in self.of(account, now=now) if job.id == name), None)

    def cancel(self, job: Job) -> None:
        """End an export that is under way; nothing of it is left."""
        with self._lock:
            if not self._jobs[job.id].under_way:
                return
            self._jobs[job.id] = replace(self._jobs[job.id], state=State.CANCELLED)
            process = self._processes.get(job.id)
        if process is not None:
            process.kill()
            process.wait()
        self._settle(job.id, state=State.CANCELLED)

    def file(self, job: Job) -> Path | None:
        """Return where the file of an export lies; None where there is none."""
        path = self._folder / job.id / _FILE
        return path if job.state is State.DONE and path.is_file() else None

    def close(self) -> None:
        """End everything that is under way: the next server says that it was cut off."""
        with self._lock:
            left = [job for job in self._jobs.values() if job.under_way]
            for job in left:
                self._jobs[job.id] = replace(job, state=State.INTERRUPTED)
            processes = list(self._processes.values())
        for process in processes:
            process.kill()
            process.wait()
        for job in left:
            self._settle(job.id, state=State.INTERRUPTED)

    # In the thread of an export

    def _run(self, name: str) -> None:
        with self._room:
            process = self._start(name)
            if process is None:
                return
            clock = Timer(_LONGEST, process.kill)
            clock.daemon = True
            clock.start()
            findings = self._listen(name, process)
            status = process.wait()
            clock.cancel()
        with self._lock:
            del self._processes[name]
            ended = not self._jobs[name].under_way
        if ended:
            return
        path = self._folder / name / _FILE
        if status == 0 and path.is_file():
            self._settle(name, state=State.DONE, size=path.stat().st_size)
        else:
            self._settle(name, state=State.FAILED, findings=findings or (Finding(code="H051"),))

    def _start(self, name: str) -> subprocess.Popen[bytes] | None:
        with self._lock:
            job = self._jobs[name]
            if not job.under_way:
                return None
            command = [sys.executable, "-P", "-m", "api.export_worker"]
            process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)  # noqa: S603  ourselves
            self._processes[name] = process
            self._jobs[name] = replace(job, state=State.RUNNING)
        if process.stdin is not None:
            with suppress(BrokenPipeError):
                process.stdin.write(asked(job.order, self._url, (self._folder / name / _FILE).absolute()))
                process.stdin.flush()
        return process

    def _listen(self, name: str, process: subprocess.Popen[bytes]) -> tuple[Finding, ...]:
        """Follow how far the process is until it says nothing more; return what it found wrong."""
        findings: tuple[Finding, ...] = ()
        for line in process.stdout or ():
            told = heard(line)
            if not told or isinstance(told[0], Finding):
                findings = tuple(one for one in told if isinstance(one, Finding))
                continue
            step, done, all_ = told
            with self._lock:
                self._jobs[name] = replace(self._jobs[name], step=str(step), done=int(str(done)), all=int(str(all_)))
        return findings

    # On disk

    def _settle(self, name: str, *, state: State, size: int = 0, findings: tuple[Finding, ...] = ()) -> None:
        """Keep how an export ended; of one that came to nothing only that."""
        with self._lock:
            job = replace(self._jobs[name], state=state, size=size, findings=findings)
            self._jobs[name] = job
        if state is not State.DONE:
            for path in self._beside(name):
                with suppress(OSError):
                    path.unlink()
        with suppress(OSError):  # a full disk: this server still knows
            self._keep(job)

    def _beside(self, name: str) -> Iterator[Path]:
        folder = self._folder / name
        if folder.is_dir():
            yield from (path for path in folder.iterdir() if path.name != _RECORD)

    def _keep(self, job: Job) -> None:
        told = {
            "account": job.account,
            "at": job.at.isoformat(),
            "state": job.state,
            "size": job.size,
            "order": asdict(job.order),
            "findings": [{"code": one.code, "args": dict(one.args)} for one in job.findings],
        }
        path = self._folder / job.id / _RECORD
        beside = path.with_suffix(".part")
        beside.write_text(json.dumps(told, ensure_ascii=False), encoding="utf-8")
        beside.replace(path)

    def _kept(self) -> Iterator[Job]:
        """Yield the exports that an earlier server left; what cannot be read is cleared away."""
        if not self._folder.is_dir():
            return
        for folder in sorted(path for path in self._folder.iterdir() if path.is_dir()):
            try:
                told = json.loads((folder / _RECORD).read_text(encoding="utf-8"))
                yield Job(
                    id=folder.name,
                    account=told["account"],
                    order=Order(**told["order"]),
                    at=datetime.fromisoformat(told["at"]),
                    state=State(told["state"]),
                    size=told["size"],
                    findings=tuple(Finding(code=one["code"], args=one["args"]) for one in told["findings"]),
                )
            except (OSError, ValueError, KeyError, TypeError):
                rmtree(folder, ignore_errors=True)

    def _forget(self, account: str, now: datetime) -> None:
        """Clear away what is older than a day, and of one account's all but the newest."""
        with self._lock:
            settled = sorted((j for j in self._jobs.values() if not j.under_way), key=lambda job: job.at, reverse=True)
            mine = [job for job in settled if job.account == account]
            gone = {job.id for job in [*(j for j in settled if now - j.at > KEPT), *mine[_MOST:]]}
            for name in gone:
                del self._jobs[name]
        for name in gone:
            rmtree(self._folder / name, ignore_errors=True)
