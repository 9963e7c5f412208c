//! The edits that mend the findings, as one diff.

use crate::model::Outcome;
use crate::report::{Style, unified_diff};
use std::io;

/// Writes the diff as `migrate --dry-run` does, for `git apply`; nothing when nothing can be mended.
///
/// # Errors
/// When `out` cannot be written.
pub fn render(outcome: &Outcome, _style: &Style, out: &mut dyn io::Write) -> io::Result<()> {
    outcome.plan.as_ref().map_or(Ok(()), |plan| out.write_all(&unified_diff(plan)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::made_up;

    #[test]
    fn the_plan_is_shown_whole() {
        let outcome = made_up::mended("\tfrom shop.prices import VAT\r\n", &[("shop.prices", "shop.tax")]);
        let expected = "\
diff --git a/shop/cart.py b/shop/cart.py
--- a/shop/cart.py
+++ b/shop/cart.py
@@ -1 +1 @@
-\tfrom shop.prices import VAT\r
+\tfrom shop.tax import VAT\r
";
        assert_eq!(made_up::text(render, &outcome), expected);
    }

    #[test]
    fn nothing_to_mend_is_no_text() {
        assert_eq!(made_up::text(render, &made_up::one()), "");
    }
}
