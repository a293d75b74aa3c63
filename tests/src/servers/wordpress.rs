//! The real WordPress, with a database of its own.
//!
//! It comes from Debian's packages. Where there are none, nothing can be started: the tests that need it say so.

use std::process::Command;

use serde_json::{Value, json};
use tempfile::TempDir;

use super::child::{Running, installed, is_installed, scripts};
use super::oracle;

const INTERFACE: &str = "/wp-json/wp/v2/";
/// What is there when it is installed.
const PROOF: &str = "admin";

/// A running site; it ends when this is dropped, with the processes that belong to it.
#[derive(Debug)]
pub struct WordPress {
    running: Running,
    // Removed after the processes that write into it: fields drop in order.
    _data: TempDir,
}

/// A user of a site who may publish.
#[derive(Debug, Clone)]
pub struct Author {
    /// The number by which the site knows the user.
    pub id: u64,
    /// The name that is typed.
    pub name: String,
    /// An application password: what a person gives to Griot.
    pub password: String,
    /// What the site calls that password.
    uuid: String,
}

impl WordPress {
    /// Whether this system can have one. Says so where it cannot.
    #[must_use]
    pub fn is_here() -> bool {
        let here = cfg!(target_os = "linux") && std::path::Path::new("/usr/bin/apt-get").exists();
        if !here {
            eprintln!("WordPress absent: skipped");
        }
        here
    }

    /// Whether it is installed.
    #[must_use]
    pub fn is_installed() -> bool {
        is_installed("wordpress", PROOF)
    }

    /// Starts a site of its own and waits until it answers (1 to 3 s).
    ///
    /// # Panics
    /// When it is not installed, with the command that installs it.
    #[must_use]
    pub fn start() -> Self {
        let home = installed("wordpress", PROOF);
        let data = tempfile::tempdir().expect("a temporary folder");
        let running = Running::start(|| {
            // A port that was taken leaves the attempt's files behind.
            let attempt = tempfile::tempdir_in(data.path()).expect("a folder").keep();
            let mut command = Command::new("python3");
            command.arg(scripts("wordpress").join("start.py")).arg(&home).current_dir(attempt);
            command
        });
        Self { running, _data: data }
    }

    /// `http://127.0.0.1:port`.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.running.ready[0]
    }

    /// The id of the process that holds the others.
    #[must_use]
    pub fn process(&self) -> u32 {
        self.running.id()
    }

    /// Makes a user with a role (`author`, `contributor`, ...) and an application password.
    ///
    /// # Panics
    /// When the site refuses.
    #[must_use]
    pub fn user(&self, name: &str, role: &str) -> Author {
        let email = format!("{name}@example.test");
        let made = self.post(
            "users",
            &json!({"username": name, "email": email, "password": "the account's own password", "roles": [role]}),
        );
        let id = made["id"].as_u64().expect("a number");
        let (password, uuid) = self.password(id, "Griot");
        Author { id, name: name.to_owned(), password, uuid }
    }

    /// Another application password, under a name that the author's others do not have.
    ///
    /// # Panics
    /// When the site refuses.
    #[must_use]
    pub fn another(&self, author: &Author, name: &str) -> Author {
        let (password, uuid) = self.password(author.id, name);
        Author { password, uuid, ..author.clone() }
    }

    fn password(&self, id: u64, name: &str) -> (String, String) {
        let app = self.post(&format!("users/{id}/application-passwords"), &json!({ "name": name }));
        let text = |name: &str| app[name].as_str().expect("a text").to_owned();
        (text("password"), text("uuid"))
    }

    /// The site's scheduler runs: every article of the author whose date is not after `millis` (since 1970) goes out.
    ///
    /// # Panics
    /// When the site refuses.
    pub fn publish_due(&self, author: &Author, millis: i64) {
        let url = format!("{}/wp-json/griot/v1/dates", self.url());
        let body = json!({"author": author.id, "now": millis / 1000});
        let (status, answer) = oracle::signed(&url, &self.admin(), Some(&body));
        assert_eq!(status, 200, "{answer}");
    }

    /// Takes the author's application password back.
    ///
    /// # Panics
    /// When the site refuses.
    pub fn revoke(&self, author: &Author) {
        let route = format!("users/{}/application-passwords/{}", author.id, author.uuid);
        let (status, answer) = oracle::delete(&self.route(&route), &self.admin());
        assert_eq!(status, 200, "{answer}");
    }

    /// Puts an article or a medium into the bin, or out of the library for ever.
    ///
    /// # Panics
    /// When the site refuses.
    pub fn delete(&self, route: &str) {
        let (status, answer) = oracle::delete(&self.route(route), &self.admin());
        assert_eq!(status, 200, "{answer}");
    }

    /// Every article of an author in any of these states, newest first, as its editor sees it.
    ///
    /// # Panics
    /// When the site refuses.
    #[must_use]
    pub fn articles(&self, author: &Author, states: &str) -> Vec<Value> {
        let route = format!("posts?author={}&status={states}&per_page=100&context=edit", author.id);
        self.get(&route).as_array().cloned().expect("a list")
    }

    /// Every medium that an author has in the library.
    ///
    /// # Panics
    /// When the site refuses.
    #[must_use]
    pub fn library(&self, author: &Author) -> Vec<Value> {
        let route = format!("media?author={}&per_page=100&context=edit", author.id);
        self.get(&route).as_array().cloned().expect("a list")
    }

    /// What the administrator gets from a route (`posts/7`).
    ///
    /// # Panics
    /// When the status is not 200.
    #[must_use]
    pub fn get(&self, route: &str) -> Value {
        match oracle::signed(&self.route(route), &self.admin(), None) {
            (200, answer) => answer,
            other => panic!("{route}: {other:?}"),
        }
    }

    /// What the site answers when the administrator sends something to a route.
    ///
    /// # Panics
    /// When it refuses.
    pub fn post(&self, route: &str, body: &Value) -> Value {
        match oracle::signed(&self.route(route), &self.admin(), Some(body)) {
            (200 | 201, answer) => answer,
            other => panic!("{route}: {other:?}"),
        }
    }

    /// What a stranger reads at an address of the site.
    #[must_use]
    pub fn page(&self, url: &str) -> String {
        assert!(url.starts_with(self.url()), "{url} is not on {}", self.url());
        oracle::text(url)
    }

    /// The bytes behind an address that the site names.
    #[must_use]
    pub fn bytes(&self, url: &str) -> Vec<u8> {
        assert!(url.starts_with(self.url()), "{url} is not on {}", self.url());
        oracle::bytes(url)
    }

    fn route(&self, route: &str) -> String {
        format!("{}{INTERFACE}{route}", self.url())
    }

    fn admin(&self) -> String {
        format!("admin:{}", self.running.ready[1])
    }
}

impl Drop for WordPress {
    fn drop(&mut self) {
        self.running.end_gently();
    }
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    /// The processes whose command line names one of these.
    fn processes(naming: &[String]) -> usize {
        let lines = std::fs::read_dir("/proc").expect("the list of processes").flatten();
        let lines = lines.filter_map(|process| std::fs::read(process.path().join("cmdline")).ok());
        lines.filter(|line| naming.iter().any(|name| String::from_utf8_lossy(line).contains(name))).count()
    }

    #[test]
    fn a_site_takes_everything_with_it_that_it_started() {
        if !WordPress::is_here() {
            return;
        }
        let site = WordPress::start();
        let (data, url) = (site._data.path().to_owned(), site.url().to_owned());
        let naming = [data.display().to_string(), url.trim_start_matches("http://").to_owned()];
        assert!(processes(&naming) >= 5, "the database, the web server and its three workers");
        let made = site.post("posts", &json!({"title": "x", "content": "y", "status": "publish"}));
        assert!(site.page(made["link"].as_str().expect("an address")).contains("<p>y</p>"));
        drop(site);
        assert_eq!((processes(&naming), data.exists()), (0, false));
    }
}
