"""Makes what every start of the server copies or reads: a site, and the database of a WordPress that was just installed.

    prepare.py WORDPRESS HOME

`WORDPRESS` is the folder of an unpacked WordPress; below `HOME` come `site` (its copy, with our settings), `mysql` (the
database) and `admin` (the administrator's application password).
"""

import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True
import database  # noqa: E402

HERE = pathlib.Path(__file__).resolve().parent
INSTALLED = pathlib.Path("/usr/share/wordpress")


def main(wordpress: pathlib.Path, home: pathlib.Path) -> None:
    for name in ("site", "mysql"):
        shutil.rmtree(home / name, ignore_errors=True)
    copy_site(wordpress, home / "site")
    database.make(home / "mysql")
    # The path of a socket may have a hundred characters; that of a build folder may have more.
    with tempfile.TemporaryDirectory() as door, open(home / "prepare.log", "wb") as log:
        running = database.start(home / "mysql", pathlib.Path(door, "s"), log)
        try:
            (home / "admin").write_text(install(home, pathlib.Path(door, "s")))
        finally:
            database.end(running, gently=True)


def copy_site(wordpress: pathlib.Path, site: pathlib.Path) -> None:
    """Copies WordPress, with our settings instead of its own."""
    shutil.copytree(wordpress, site, symlinks=True)
    # Debian shares some files with other packages, by links that lead from where the package would be installed.
    for link in [path for path in site.rglob("*") if path.is_symlink()]:
        # By its words alone: the folders that a link climbs out of need not be there.
        shared = pathlib.Path(os.path.normpath(INSTALLED / link.relative_to(site).parent / link.readlink()))
        link.unlink()
        if shared.is_file():
            shutil.copy(shared, link)
    shutil.copy(HERE / "wp-config.php", site)


def install(home: pathlib.Path, door: pathlib.Path) -> str:
    """Lets WordPress install itself, and gives the administrator's application password."""
    there = {
        "GRIOT_WP_SITE": str(home / "site"),
        "GRIOT_WP_SOCKET": str(door),
        "GRIOT_WP_DATA": str(door.parent),
        "GRIOT_WP_URL": "http://127.0.0.1",
    }
    command = ["php", "-d", "sendmail_path=/bin/true", str(HERE / "install.php")]
    said = subprocess.run(command, check=True, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, env=os.environ | there)
    return said.stdout.decode().strip()


main(pathlib.Path(sys.argv[1]).resolve(), pathlib.Path(sys.argv[2]).resolve())
