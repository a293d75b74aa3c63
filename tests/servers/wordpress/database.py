"""A MariaDB of one's own: its files in one folder, no port, a socket beside them.

Deliberately absent: passwords (nobody else gets into the folder) and caution (what it keeps is thrown away).
"""

import os
import pathlib
import pwd
import signal
import socket
import subprocess
import time

# Debian keeps it where only root looks for programs.
PROGRAM = "/usr/sbin/mariadbd"
PATIENCE = 60
# Small files, because every start of the server copies them.
FILES = ["--innodb-log-file-size=8M", "--innodb-data-file-path=ibdata1:4M:autoextend", "--innodb-autoextend-increment=2"]


def _as_whom() -> list[str]:
    """MariaDB refuses to run as root unless it is told to."""
    return [f"--user={pwd.getpwuid(os.getuid()).pw_name}"]


def make(folder: pathlib.Path) -> None:
    """Makes an empty database below `folder`."""
    command = ["mariadb-install-db", "--no-defaults", f"--datadir={folder}", "--skip-test-db"]
    command += ["--auth-root-authentication-method=normal", *_as_whom(), *FILES]
    subprocess.run(command, check=True, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)


def start(folder: pathlib.Path, door: pathlib.Path, log) -> subprocess.Popen:
    """Starts the server over `folder` in a process group of its own and waits until it listens at `door`."""
    command = [PROGRAM, "--no-defaults", f"--datadir={folder}", f"--socket={door}", "--skip-networking"]
    command += [f"--pid-file={door}.pid", "--skip-name-resolve", "--performance-schema=OFF"]
    command += ["--innodb-buffer-pool-size=24M", "--innodb-flush-log-at-trx-commit=0", "--innodb-flush-method=nosync"]
    command += ["--innodb-buffer-pool-load-at-startup=OFF", "--innodb-buffer-pool-dump-at-shutdown=OFF"]
    server = subprocess.Popen(
        command + _as_whom() + FILES,
        stdin=subprocess.DEVNULL,
        stdout=log,
        stderr=log,
        start_new_session=True,
    )
    until = time.monotonic() + PATIENCE
    while not _listens(door):
        if server.poll() is not None or time.monotonic() > until:
            end(server)
            raise SystemExit(f"MariaDB did not start: see {log.name}")
        time.sleep(0.01)
    return server


def end(server: subprocess.Popen, gently: bool = False) -> None:
    """Ends a server and every process that it started."""
    if server.poll() is None and gently:
        server.terminate()
        server.wait(PATIENCE)
    try:
        os.killpg(server.pid, signal.SIGKILL)
    except ProcessLookupError:
        pass
    server.wait()


def _listens(door: pathlib.Path) -> bool:
    with socket.socket(socket.AF_UNIX) as probe:
        return probe.connect_ex(str(door)) == 0
