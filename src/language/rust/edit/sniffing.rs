//! What the `use` declarations of a file tell about its style.

use super::layout::{Style, Tactic, columns};
use super::order::Order;
use super::statement::Statement;
use super::tree::{End, Group, Tree};
use crate::model::Span;
use rustc_hash::FxHashSet;

/// Widths that are tried, the default of `rustfmt` first.
const WIDTHS: [usize; 8] = [100, 110, 120, 80, 90, 140, 160, 79];

/// The layout that all declarations have, as far as they can be compared; that of `rustfmt` when there is none.
pub(super) fn style(text: &str, statements: &[Statement]) -> Style {
    let unit = unit(statements);
    let tactics = [Tactic::Mixed, Tactic::LongVertical, Tactic::Vertical];
    let mut styles = WIDTHS.iter().flat_map(|&width| tactics.map(|tactic| Style { width, tactic, unit }));
    let fits = |style: &Style| {
        let groups = statements.iter().filter(|statement| has_group(statement));
        groups.clone().all(|statement| is_formatted(*style, text, statement))
    };
    styles.find(fits).unwrap_or(Style { width: WIDTHS[0], tactic: Tactic::Mixed, unit })
}

fn has_group(statement: &Statement) -> bool {
    statement.tree.as_ref().is_some_and(|(tree, _)| tree.group().is_some() && !tree.has_odd_comments())
}

/// True when the statement is laid out as `style` does it.
pub(super) fn is_formatted(style: Style, text: &str, statement: &Statement) -> bool {
    let Some((tree, span)) = &statement.tree else { return false };
    if tree.has_odd_comments() {
        return false;
    }
    let Some(lines) = &statement.lines else { return !span.of(text).contains('\n') };
    let before = columns(&lines.indent) + columns(Span::new(statement.span.start, span.start).of(text));
    style.render(tree, &lines.indent, before) == span.of(text).replace("\r\n", "\n")
}

/// One level of indentation, by the groups that have lines of their own.
fn unit(statements: &[Statement]) -> &'static str {
    let indents = statements.iter().find_map(|statement| {
        let (tree, _) = statement.tree.as_ref()?;
        let lines = tree.group()?.layout.lines.as_ref().filter(|lines| !lines.is_hanging)?;
        Some(lines.inner.strip_prefix(lines.close.as_str())?.to_owned())
    });
    let has_tabs = || {
        statements
            .iter()
            .any(|statement| statement.lines.as_ref().is_some_and(|lines| lines.indent.starts_with('\t')))
    };
    match indents.as_deref() {
        Some("\t") => "\t",
        Some("  ") => "  ",
        Some("   ") => "   ",
        Some("        ") => "        ",
        None if has_tabs() => "\t",
        _ => "    ",
    }
}

/// The order that the groups and runs obey.
pub(super) fn order(statements: &[Statement]) -> Order {
    let trees: Vec<&Tree> =
        statements.iter().filter_map(|statement| Some(&statement.tree.as_ref()?.0)).collect();
    let count = |order: Order| {
        let groups: usize = trees.iter().map(|tree| unsorted(tree, order)).sum();
        let runs = statements.windows(2).filter(|pair| {
            let (one, other) = (&pair[0], &pair[1]);
            match (&one.tree, &other.tree) {
                (Some((left, _)), Some((right, _))) => {
                    touches(one, other) && order.compare(left, right).is_gt()
                }
                _ => false,
            }
        });
        groups + runs.count()
    };
    if count(Order::Version) < count(Order::Classic) { Order::Version } else { Order::Classic }
}

/// True when the second stands on the line behind the first.
pub(super) fn touches(one: &Statement, other: &Statement) -> bool {
    match (&one.lines, &other.lines) {
        (Some(above), Some(below)) => {
            above.span.end == below.span.start && one.is_extern_crate == other.is_extern_crate
        }
        _ => false,
    }
}

fn unsorted(tree: &Tree, order: Order) -> usize {
    let Some(Group { items, .. }) = tree.group() else { return 0 };
    usize::from(!order.is_sorted(items)) + items.iter().map(|item| unsorted(item, order)).sum::<usize>()
}

/// True when the file gives each name a declaration of its own: two from one module, and no group.
pub(super) fn is_granular(statements: &[Statement]) -> bool {
    let mut seen = FxHashSet::default();
    let mut has_pair = false;
    for statement in statements.iter().filter(|statement| statement.attributes.is_empty()) {
        let Some((tree, _)) = &statement.tree else { continue };
        match tree.end {
            End::Group(_) => return false,
            End::Star => {}
            End::Name(_) => {
                let is_module = tree.module().len() > usize::from(tree.path[0] == "crate");
                let key = (statement.block, statement.visibility.as_str(), tree.module());
                has_pair |= is_module && !seen.insert(key);
            }
        }
    }
    has_pair
}
