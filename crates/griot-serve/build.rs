//! A program that people get carries the page inside, so it is built anew when the page is. Debug builds read the page
//! from its folder instead.

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    if std::env::var_os("PROFILE").is_some_and(|profile| profile == "release") {
        println!("cargo::rerun-if-changed=../../ui/dist");
    }
}
