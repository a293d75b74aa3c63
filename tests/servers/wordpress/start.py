"""Starts WordPress on loopback, on a port of its own, and says `READY <url> <password>` on one line: the administrator's
application password.

    start.py HOME

`HOME` is what prepare.py made; it is only read. Everything the server keeps is below the current directory. It ends, with
every process that it started, when its standard input does, so that it never outlives the test that started it. Ends with
code 98 when its port was taken between choosing and binding it: start it again.
"""

import http.client
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import sys
import time

sys.dont_write_bytecode = True
import database  # noqa: E402

HERE = pathlib.Path(__file__).resolve().parent
PORT_TAKEN = 98
PATIENCE = 60
# What a form and a file in it may hold, and what PHP may use: little, as on many a host.
LARGEST_FORM = "16M"
MEMORY = "128M"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def lay_out(home: pathlib.Path, data: pathlib.Path) -> None:
    """The database and an empty library; what WordPress only reads stays where it is."""
    shutil.copytree(home / "mysql", data / "mysql")
    (data / "wp-content" / "uploads").mkdir(parents=True)
    for shared in ("plugins", "themes"):
        (data / "wp-content" / shared).symlink_to(home / "site" / "wp-content" / shared)
    (data / "wp-content" / "mu-plugins").symlink_to(HERE / "mu-plugins")


def start_php(home: pathlib.Path, data: pathlib.Path, port: int, log) -> subprocess.Popen:
    settings = {
        "post_max_size": LARGEST_FORM,
        "upload_max_filesize": LARGEST_FORM,
        "memory_limit": MEMORY,
        "sendmail_path": "/bin/true",
        "display_errors": "0",
        "log_errors": "1",
        "opcache.enable_cli": "1",
    }
    command = ["php", "-S", f"127.0.0.1:{port}", "-t", str(home / "site")]
    command += [word for name, value in settings.items() for word in ("-d", f"{name}={value}")]
    there = {
        "PHP_CLI_SERVER_WORKERS": "3",
        "GRIOT_WP_DATA": str(data),
        "GRIOT_WP_SOCKET": str(data / "mysql.sock"),
        "GRIOT_WP_URL": f"http://127.0.0.1:{port}",
    }
    return subprocess.Popen(
        command + [str(HERE / "router.php")],
        stdin=subprocess.DEVNULL,
        stdout=log,
        stderr=log,
        env=os.environ | there,
        start_new_session=True,
    )


def answers(port: int) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    try:
        connection.request("GET", "/wp-json/")
        return connection.getresponse().status == 200
    except OSError:
        return False
    finally:
        connection.close()


def serve(home: pathlib.Path, data: pathlib.Path, running: list[subprocess.Popen], log) -> None:
    lay_out(home, data)
    running.append(database.start(data / "mysql", data / "mysql.sock", log))
    port = int(os.environ.get("WORDPRESS_PORT", "0")) or free_port()
    php = start_php(home, data, port, log)
    running.append(php)
    until = time.monotonic() + PATIENCE
    while not answers(port):
        if php.poll() is not None:
            raise SystemExit(PORT_TAKEN if b"in use" in (data / "log").read_bytes() else 1)
        if time.monotonic() > until:
            raise SystemExit(f"WordPress does not answer: see {log.name}")
        time.sleep(0.01)
    print(f"READY http://127.0.0.1:{port} {(home / 'admin').read_text().strip()}", flush=True)
    sys.stdin.buffer.read()


def main(home: pathlib.Path, data: pathlib.Path) -> None:
    # Asked to go, it goes the same way.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    running: list[subprocess.Popen] = []
    with open(data / "log", "wb") as log:
        try:
            serve(home, data, running, log)
        except KeyboardInterrupt:
            pass
        finally:
            for server in reversed(running):
                database.end(server)


main(pathlib.Path(sys.argv[1]).resolve(), pathlib.Path.cwd())
