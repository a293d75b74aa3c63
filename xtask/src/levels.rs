//! Which test programs there are and to which level each belongs. They are taken from cargo's own report of
//! what it built, so that a new file in `tests/tests` is found without being named here.

use crate::json::{self, Value};

/// A built test program.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Program {
    /// Where it is.
    pub(crate) path: String,
    /// The folder of its crate, in which it runs.
    pub(crate) folder: String,
    /// The crate.
    pub(crate) package: String,
    /// The name of its target: the library, the binary, or the file in `tests`.
    pub(crate) target: String,
}

/// The levels in the order in which they run: the quick ones first. Each must run at least one test.
pub(crate) const REQUIRED: &[&str] = &[
    "house rules",
    "rules",
    "tables",
    "media",
    "networks",
    "studio",
    "migrations",
    "scenarios",
    "terminal",
    "serve",
    "crash",
    "chaos",
    "ui",
    "e2e",
    "desktop",
];

/// The page's own tests, which npm runs.
pub(crate) const UI: &str = "ui";
/// The page in a browser with the real studio, which npm runs.
pub(crate) const E2E: &str = "e2e";
/// The real window, for which there is a driver on Linux alone.
pub(crate) const DESKTOP: &str = "desktop";

/// The levels that must have run here.
pub(crate) fn required() -> Vec<&'static str> {
    REQUIRED.iter().copied().filter(|level| *level != DESKTOP || cfg!(target_os = "linux")).collect()
}

/// The level of the developers' own tools, last.
pub(crate) const TOOLS: &str = "xtask";

/// The level of a program. Programs of `tests/tests` that have no level of that name are one by themselves.
pub(crate) fn level(program: &Program) -> String {
    let known = match (program.package.as_str(), program.target.as_str()) {
        ("griot-domain", _) => "rules",
        ("griot-store", _) => "tables",
        ("griot-media", _) => "media",
        ("griot-networks", _) | ("griot-tests", "griot_tests") => "networks",
        ("griot-app", _) => "studio",
        ("griot-cli", _) => "terminal",
        ("griot-serve", _) => "serve",
        ("griot-studio", _) => DESKTOP,
        ("xtask", _) => TOOLS,
        ("griot-tests", "tidy") => "house rules",
        ("griot-tests", name) => {
            let first = name.split(['_', '-']).next().unwrap_or(name);
            return if REQUIRED.contains(&first) { first.to_owned() } else { name.replace('_', " ") };
        }
        (package, _) => package,
    };
    known.to_owned()
}

/// True for levels whose tests talk to real servers or run the program itself.
pub(crate) fn is_end_to_end(program: &Program) -> bool {
    let within = ["tidy", "scenarios", "migrations", "griot_tests"];
    program.package == "griot-tests" && !within.contains(&program.target.as_str())
}

/// Where a level stands in the order of the run.
pub(crate) fn rank(level: &str) -> usize {
    let after = if level == TOOLS { 1 } else { 0 };
    REQUIRED.iter().position(|name| *name == level).unwrap_or(REQUIRED.len() + after)
}

/// The test program that one line of `cargo test --message-format=json` reports, if it reports one.
pub(crate) fn reported(line: &str) -> Option<Program> {
    let message = json::parse(line).ok()?;
    let is_test = message.get("reason")?.text()? == "compiler-artifact"
        && matches!(message.get("profile")?.get("test")?, Value::Truth(true));
    let path = message.get("executable")?.text().filter(|_| is_test)?;
    let manifest = message.get("manifest_path")?.text()?;
    let folder = manifest.trim_end_matches("Cargo.toml").trim_end_matches(['/', '\\']);
    // `path+file:///.../griot-domain#0.1.0`, or `...#griot-tests@0.1.0` where the folder has another name.
    let id = message.get("package_id")?.text()?;
    let (place, version) = id.rsplit_once('#')?;
    let package = version.split_once('@').map_or_else(|| place.rsplit('/').next(), |(name, _)| Some(name))?;
    Some(Program {
        path: path.to_owned(),
        folder: folder.to_owned(),
        package: package.to_owned(),
        target: message.get("target")?.get("name")?.text()?.to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const LINE: &str = r#"{"reason":"compiler-artifact","package_id":"path+file:///x/tests#griot-tests@0.1.0",
        "manifest_path":"/x/tests/Cargo.toml","target":{"kind":["test"],"name":"crash_points"},
        "profile":{"test":true},"filenames":["/x/t"],"executable":"/x/target/crash_points-1","fresh":true}"#;

    fn program(package: &str, target: &str) -> Program {
        Program { path: String::new(), folder: String::new(), package: package.into(), target: target.into() }
    }

    #[test]
    fn a_built_test_is_found_in_cargos_report() {
        let found = reported(LINE).expect("a test program");
        assert_eq!(found.path, "/x/target/crash_points-1");
        assert_eq!(found.folder, "/x/tests");
        assert_eq!((found.package.as_str(), found.target.as_str()), ("griot-tests", "crash_points"));
        let by_folder = LINE.replace("tests#griot-tests@0.1.0", "griot-domain#0.1.0");
        assert_eq!(reported(&by_folder).expect("a test program").package, "griot-domain");
    }

    #[test]
    fn what_is_not_a_test_is_passed_over() {
        assert_eq!(reported(&LINE.replace("\"test\":true", "\"test\":false")), None);
        assert_eq!(reported(&LINE.replace("\"/x/target/crash_points-1\"", "null")), None);
        assert_eq!(reported("warning: not an object"), None);
    }

    #[test]
    fn each_program_has_its_level() {
        let check = |package, target, expect| {
            assert_eq!(level(&program(package, target)), expect, "{package} {target}")
        };
        check("griot-domain", "griot_domain", "rules");
        check("griot-app", "contract", "studio");
        check("griot-tests", "tidy", "house rules");
        check("griot-tests", "crash_points", "crash");
        check("griot-tests", "networks", "networks");
        check("griot-tests", "desktop", "desktop");
        check("griot-studio", "griot-studio", "desktop");
        check("griot-tests", "whole_day", "whole day");
        assert!(is_end_to_end(&program("griot-tests", "crash_points")));
        assert!(!is_end_to_end(&program("griot-tests", "scenarios")));
        assert!(
            rank("rules") < rank("crash")
                && rank("crash") < rank("whole day")
                && rank("whole day") < rank(TOOLS)
        );
    }
}
