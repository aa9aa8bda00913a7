//! Links within the texts lead somewhere.

use std::path::Path;

/// Every heading as it is linked to: GitHub's rule for letters, digits, blanks and hyphens.
fn anchors(text: &str) -> Vec<String> {
    let headings = text.lines().filter(|line| line.starts_with('#')).map(|line| line.trim_start_matches('#').trim());
    let anchor = |heading: &str| -> String {
        let kept = heading
            .to_lowercase()
            .chars()
            .filter(|c| c.is_alphanumeric() || [' ', '-', '_'].contains(c))
            .collect::<String>();
        kept.replace(' ', "-")
    };
    headings.map(anchor).collect()
}

/// The targets of all `](...)` and `href="..."` that are not of the web.
fn targets(text: &str) -> Vec<&str> {
    let links = text.split("](").skip(1).filter_map(|after| after.split_once(')')).map(|(target, _)| target);
    let pages = text.split("href=\"").skip(1).filter_map(|after| after.split_once('"')).map(|(target, _)| target);
    links.chain(pages).filter(|target| !target.contains("://")).collect()
}

/// Those that lead nowhere.
fn lost(text: &str, is_file: impl Fn(&str) -> bool) -> Vec<&str> {
    let anchors = anchors(text);
    let leads_somewhere = |target: &str| match target.strip_prefix('#') {
        Some(anchor) => anchors.iter().any(|known| known == anchor),
        None => is_file(target),
    };
    targets(text).into_iter().filter(|target| !leads_somewhere(target)).collect()
}

#[test]
fn a_link_that_leads_nowhere_is_found() {
    let text = "# 1. Build, and install\n[a](#1-build-and-install) [b](#build) [c](here.md) [d](gone.md) [e](https://example.com/x)\n\
                <a href=\"gone.png\">\n";
    assert_eq!(lost(text, |name| name == "here.md"), ["#build", "gone.md", "gone.png"]);
}

#[test]
fn every_link_of_the_readme_leads_to_a_heading_or_a_file() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    for (name, text) in [
        ("README.md", include_str!("../../README.md")),
        ("CONTRIBUTING.md", include_str!("../../CONTRIBUTING.md")),
        ("CHANGELOG.md", include_str!("../../CHANGELOG.md")),
    ] {
        assert_eq!(lost(text, |target| root.join(target).exists()), Vec::<&str>::new(), "{name}");
    }
    assert!(targets(include_str!("../../README.md")).len() > 50, "the README's links are found");
}
