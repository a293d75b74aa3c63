//! The rules of the house, checked by machine: the architecture's invariants, the size budgets, the names,
//! the documents. Every rule is a pure function over the tree, so that `tidy/broken.rs` can break each one
//! on a scratch copy and see it named with file and line.
//!
//! Deliberately absent: everything that rustfmt, clippy or cargo-deny already say.

mod tidy {
    pub(crate) mod broken;
    pub(crate) mod documents;
    pub(crate) mod house;
    pub(crate) mod manifests;
    pub(crate) mod ports;
    pub(crate) mod sentences;
    pub(crate) mod shape;
    pub(crate) mod source;
    pub(crate) mod ui;
    pub(crate) mod walls;
    pub(crate) mod words;
}

use tidy::house::{Breach, House};
use tidy::{documents, manifests, ports, sentences, shape, ui, walls, words};

/// A rule: its name as it is printed, and what finds its breaches.
pub(crate) type Rule = (&'static str, fn(&House) -> Vec<Breach>);

/// Every rule of the house. A rule without a row in `tidy/broken.rs` fails the suite.
pub(crate) const RULES: &[Rule] = &[
    ("sql-only-in-store", walls::sql_only_in_store),
    ("http-only-in-networks", walls::http_only_in_networks),
    ("process-only-in-ffmpeg", walls::process_only_in_ffmpeg),
    ("tauri-only-in-the-window", walls::tauri_only_in_the_window),
    ("ports", ports::nothing_below_the_hosts_asks_the_world),
    ("nothing-held-across-await", walls::nothing_held_across_await),
    ("transact-is-the-door", walls::transact_is_the_door),
    ("media-never-rides-the-rpc", walls::media_never_rides_the_rpc),
    ("hosts-add-nothing", walls::hosts_add_nothing),
    ("loopback-only", walls::loopback_only),
    ("tauri-api-only-in-host", ui::tauri_api_only_in_host),
    ("ui-decides-nothing", ui::decides_nothing),
    ("features-apart", ui::features_apart),
    ("contract-is-plain", ui::contract_is_plain),
    ("one-key-one-sentence", ui::one_key_one_sentence),
    ("one-way", manifests::dependencies_point_one_way),
    ("dependency-reasons", manifests::every_dependency_has_its_reason),
    ("one-version", manifests::members_take_the_workspace_version),
    ("lock-files-name-no-place", manifests::lock_files_name_no_place),
    ("file-size", shape::files_are_small),
    ("function-size", shape::functions_are_small),
    ("names", shape::names_are_domain_words),
    ("module-docs", shape::every_module_says_why),
    ("migrations-in-order", shape::migrations_are_in_order),
    ("typed-errors", words::errors_are_typed),
    ("both-languages", sentences::reasons_have_both_languages),
    ("french-is-french", sentences::french_is_french),
    ("unfinished", words::nothing_unfinished),
    ("expect-not-allow", words::expect_not_allow),
    ("no-place-of-one-machine", words::no_place_of_one_machine),
    ("no-secrets", words::no_secrets),
    ("corpora-only-in-tests", words::corpora_only_in_tests),
    ("plain-text", words::plain_text),
    ("rules-are-dated", documents::rules_are_dated),
    ("two-commands", documents::two_commands),
    ("invariants-are-written", documents::invariants_are_written),
    ("code-map", documents::code_map_names_every_crate),
    ("links", documents::links_lead_somewhere),
    ("decisions", documents::decisions_are_numbered),
    ("required-files", documents::required_files),
];

/// All breaches of all rules, one line each, sorted by place.
pub(crate) fn breaches(house: &House) -> Vec<String> {
    let mut all: Vec<String> = RULES
        .iter()
        .flat_map(|(name, rule)| rule(house).into_iter().map(move |breach| breach.line_for(name)))
        .collect();
    all.sort();
    all
}

#[test]
fn the_house_is_in_order() {
    let house = House::of_this_repository();
    assert!(house.files().count() > 50, "the walk found hardly a file: is this the repository?");
    let found = breaches(house);
    assert!(found.is_empty(), "{} breach(es) of the house rules:\n{}\n", found.len(), found.join("\n"));
}
