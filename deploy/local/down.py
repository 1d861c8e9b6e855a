"""`make down`: stop everything, and look for what is left instead of believing it."""

import signal
from pathlib import Path

import psutil

from deploy.local.errors import StackError
from deploy.local.servers import CLUSTERS, postgres_home, run_dir
from deploy.local.supervise import MARK, Supervisor

GRACE_S = 15


def down() -> int:
    """Stop the process manager and all that it started; leave no process."""
    run = run_dir()
    supervisor = Supervisor(run)
    if not supervisor.is_running() and not leftovers(run):
        print("nothing runs")
        return 0
    if supervisor.is_running():
        print("Stopping the services and servers …", flush=True)
        supervisor.shut_down()
    stop_leftovers(run)
    print("stopped; the data stays in place (make clean removes it)")
    return 0


def stop_leftovers(run: Path) -> None:
    """Stop processes of this run folder that no process manager watches any more."""
    left = leftovers(run)
    for process in left:
        # INT is PostgreSQL's fast stop; the others end on it, too.
        process.send_signal(signal.SIGINT)
    _, stubborn = psutil.wait_procs(left, timeout=GRACE_S)
    for process in stubborn:
        process.kill()
    psutil.wait_procs(stubborn, timeout=GRACE_S)
    still = leftovers(run)
    if still:
        message = f"these processes do not end: {', '.join(str(process.pid) for process in still)}"
        raise StackError(message)


def leftovers(run: Path) -> list[psutil.Process]:
    """Return the processes that carry this run folder's mark, and its PostgreSQL."""
    marked = [process for process in psutil.process_iter() if _mark(process) == str(run)]
    return marked + [process for name in CLUSTERS for process in _postmaster(run, name) if process not in marked]


def _mark(process: psutil.Process) -> str | None:
    try:
        found: str | None = process.environ().get(MARK)
    except (psutil.Error, OSError):
        # Somebody else's, or gone.
        return None
    return found


def _postmaster(run: Path, name: str) -> list[psutil.Process]:
    """Return a PostgreSQL's first process; it writes over its environment, but leaves its number in a file."""
    file = postgres_home(run, name) / "data" / "postmaster.pid"
    try:
        process = psutil.Process(int(file.read_text().split()[0]))
        return [process] if "postgres" in process.name() else []
    except (OSError, ValueError, IndexError, psutil.Error):
        return []
