//! The real WordPress for the publishing tests: PHP and MariaDB as packages of the system, WordPress itself unpacked from
//! Debian's package beside the other servers.
//!
//! It is unpacked and not installed: the package would bring a web server, and MariaDB's own would bring a database, that
//! start with the machine. Deliberately absent: any other source. Where there is no apt, the tests that need it say so.

use std::fs;
use std::path::{Path, PathBuf};

use crate::fault::{Fault, WhileDoing};
use crate::setup::{self, Need, tool};
use crate::stamp::Stamp;
use crate::{places, shell};

/// Beside what was installed.
const STAMP: &str = ".installed-from";
/// WordPress, and what it looks like.
const PACKAGES: &[&str] = &["wordpress", "wordpress-theme-twentytwentythree"];
/// What the server's start files are made of; a change to them prepares it anew.
const INPUTS: &[&str] = &["database.py", "prepare.py", "install.php", "wp-config.php"];

/// What runs it. The parts of PHP are asked for by what they bring.
const NEEDS: &[Need] = &[
    tool(
        "/usr/sbin/mariadbd",
        "--version",
        "mariadb-server-core",
        "the database of the WordPress test server",
    ),
    tool("my_print_defaults", "--version", "mariadb-client-core", "makes that database"),
    tool("php", "--version", "php-cli", "runs WordPress"),
    part("-r exit((int)!extension_loaded('mysqli'));", "php-mysql"),
    part("-r exit((int)!extension_loaded('gd'));", "php-gd"),
    part("-r exit((int)!extension_loaded('xml'));", "php-xml"),
    part("-r exit((int)!extension_loaded('mbstring'));", "php-mbstring"),
    part("-r exit((int)!extension_loaded('curl'));", "php-curl"),
    part("-r exit((int)!is_file('/usr/share/php/getid3/getid3.php'));", "php-getid3"),
];

const fn part(asks: &'static str, debian: &'static str) -> Need {
    tool("php", asks, debian, "a part of PHP that WordPress needs")
}

/// WordPress, unpacked and set up once; every start of the server copies its database.
pub(crate) fn install(python: &str) -> Result<(), Fault> {
    if !setup::has_apt() {
        println!("setup: no WordPress test server without apt; the tests that need it say so");
        return Ok(());
    }
    setup::packages(NEEDS)?;
    let from = places::root().join("tests/servers/wordpress");
    let home = places::servers().join("wordpress");
    let tools = ["/usr/sbin/mariadbd", "php"]
        .map(|name| shell::said(shell::program(name).arg("--version")).unwrap_or_default());
    let inputs: Vec<PathBuf> = INPUTS.iter().map(|name| from.join(name)).collect();
    let stamp = Stamp::of(home.join(STAMP), &inputs, &tools.join("\n"))?;
    if stamp.holds() && home.join("admin").exists() {
        println!("setup: WordPress test server there");
        return Ok(());
    }
    println!("setup: installing the WordPress test server (half a minute, 90 MB)");
    let unpacked = home.join("unpacked");
    unpack(&home.join("packages"), &unpacked)?;
    let mut prepare = shell::program(python);
    prepare.arg(from.join("prepare.py")).arg(unpacked.join("usr/share/wordpress")).arg(&home);
    shell::run(&mut prepare)?;
    for spent in ["packages", "unpacked"] {
        fs::remove_dir_all(home.join(spent)).while_doing(|| format!("removing {spent}"))?;
    }
    stamp.write()
}

/// Fetches the packages into one folder and unpacks them into the other. None of their own scripts runs.
fn unpack(packages: &Path, unpacked: &Path) -> Result<(), Fault> {
    for folder in [packages, unpacked] {
        if folder.exists() {
            fs::remove_dir_all(folder).while_doing(|| format!("clearing {}", folder.display()))?;
        }
        fs::create_dir_all(folder).while_doing(|| format!("making {}", folder.display()))?;
    }
    let fetch = || {
        let mut command = shell::program("apt-get");
        command.current_dir(packages).args(["-qq", "download"]).args(PACKAGES);
        command
    };
    // A machine that was set up from an image may know of no packages yet.
    if shell::run(&mut fetch()).is_err() {
        setup::refresh_apt()?;
        shell::run(&mut fetch())?;
    }
    let fetched = fs::read_dir(packages).while_doing(|| format!("reading {}", packages.display()))?;
    for package in fetched.flatten() {
        shell::run(shell::program("dpkg-deb").arg("--extract").arg(package.path()).arg(unpacked))?;
    }
    Ok(())
}
