//! Any bytes as configuration, with rule files beside it that it may extend.
#![no_main]

use ssot_lint::config::{self, ConfigError};
use ssot_lint::pipeline::Settings;
use ssot_lint_fuzz::{laws, tree};

libfuzzer_sys::fuzz_target!(init: ssot_lint_fuzz::work_alone(), |data: &[u8]| {
    let tree = tree(data, "ssot.toml");
    let folder = laws::write(&tree);
    match config::load(&[], folder.path(), None, &ssot_lint::pipeline::read_pattern) {
        Ok(configuration) => {
            let settings = Settings::new(&configuration, jiff::civil::date(2026, 11, 21));
            assert!(settings.rules.rules.len() >= configuration.rules.len());
        }
        Err(error) => assert_shows(&error),
    }
});

/// Every complaint has a place in its text.
fn assert_shows(error: &ConfigError) {
    assert!(!error.to_string().is_empty());
    for complaint in error.complaints() {
        let text = complaint.source.text();
        let (start, end) = (complaint.span.start as usize, complaint.span.end as usize);
        assert!(text.get(start..end).is_some(), "{complaint:?}");
        assert!(!complaint.message.is_empty() && complaint.source.position(complaint.span.start).row > 0);
    }
}
