//! Which of many changes break a validation: as many as possible are kept, in as few validations as possible.

/// From this many changes on, a second look at those that were left out would cost too many validations.
const MOST_LOOKED_AT_TWICE: usize = 5;

/// What a bisection found; every change is in one of the three lists, each sorted.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Found<F> {
    /// Changes that pass together.
    pub good: Vec<usize>,
    /// Changes that break the good ones, each with what the validation said.
    pub bad: Vec<(usize, F)>,
    /// Changes that no validation was left for.
    pub undecided: Vec<usize>,
}

/// Looks among `count` changes, which fail together with `fault`, for those that break the others. `test` says what is
/// wrong with some of them, sorted, or `None` when they pass; that nothing at all passes is taken for granted. `budget` is
/// how often it may be asked.
///
/// # Errors
/// The first one of `test`.
pub(super) fn bisect<F: Clone, E>(
    count: usize,
    fault: F,
    budget: usize,
    test: impl FnMut(&[usize]) -> Result<Option<F>, E>,
) -> Result<Found<F>, E> {
    let found = Found { good: Vec::new(), bad: Vec::new(), undecided: Vec::new() };
    let mut search = Search { found, budget, test };
    let all: Vec<usize> = (0..count).collect();
    search.settle(&all, Some(fault))?;
    while search.second_look()? {}
    search.found.good.sort_unstable();
    search.found.bad.sort_unstable_by_key(|(change, _)| *change);
    search.found.undecided.sort_unstable();
    Ok(search.found)
}

struct Search<F, T> {
    found: Found<F>,
    budget: usize,
    test: T,
}

/// What is known of some changes on top of the good ones.
enum Verdict<F> {
    Pass,
    Fail(F),
    Unknown,
}

impl<F: Clone, E, T: FnMut(&[usize]) -> Result<Option<F>, E>> Search<F, T> {
    /// Asks about `part` on top of what is good.
    fn ask(&mut self, part: &[usize]) -> Result<Verdict<F>, E> {
        if self.budget == 0 {
            return Ok(Verdict::Unknown);
        }
        self.budget -= 1;
        let mut changes = [&self.found.good, part].concat();
        changes.sort_unstable();
        Ok((self.test)(&changes)?.map_or(Verdict::Pass, Verdict::Fail))
    }

    /// Sorts `part` out. `fault` is known when it is known to fail on top of the good ones. True when all of it is good.
    fn settle(&mut self, part: &[usize], fault: Option<F>) -> Result<bool, E> {
        let fault = match fault.map_or_else(|| self.ask(part), |fault| Ok(Verdict::Fail(fault)))? {
            Verdict::Pass => {
                self.found.good.extend(part);
                return Ok(true);
            }
            Verdict::Fail(fault) => fault,
            Verdict::Unknown => {
                self.found.undecided.extend(part);
                return Ok(false);
            }
        };
        match part {
            [] => {}
            [change] => self.found.bad.push((*change, fault)),
            _ => {
                let (left, right) = part.split_at(part.len() / 2);
                // Where the left half is good, it is the right one that the whole failed for.
                let is_left_good = self.settle(left, None)?;
                self.settle(right, is_left_good.then_some(fault))?;
            }
        }
        Ok(false)
    }

    /// Changes that pass only together were each found bad: asks about all bad ones but one, then about pairs. True
    /// when some of them turned out good.
    fn second_look(&mut self) -> Result<bool, E> {
        let bad: Vec<usize> = self.found.bad.iter().map(|(change, _)| *change).collect();
        if !(3..=MOST_LOOKED_AT_TWICE).contains(&bad.len()) {
            return Ok(false);
        }
        let all_but = |left: &usize| bad.iter().copied().filter(|change| change != left).collect::<Vec<_>>();
        let pairs = bad.iter().enumerate().flat_map(|(at, &one)| {
            let others = bad[at + 1..].iter();
            others.map(move |&other| vec![one, other])
        });
        // Of three, all but one are a pair.
        let pairs = pairs.filter(|_| bad.len() > 3);
        for part in bad.iter().map(all_but).chain(pairs) {
            if let Verdict::Pass = self.ask(&part)? {
                self.found.bad.retain(|(change, _)| !part.contains(change));
                self.found.good.extend(part);
                return Ok(true);
            }
        }
        Ok(false)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// What a bisection of `count` changes finds and the number of validations, where `breaks` says what fails.
    fn run(count: usize, budget: usize, breaks: impl Fn(&[usize]) -> bool) -> (Found<()>, usize) {
        let mut asked = 0;
        let test = |changes: &[usize]| {
            asked += 1;
            Ok::<_, ()>(breaks(changes).then_some(()))
        };
        let found = bisect(count, (), budget, test).unwrap();
        (found, asked)
    }

    fn bad(found: &Found<()>) -> Vec<usize> {
        found.bad.iter().map(|(change, ())| *change).collect()
    }

    #[test]
    fn one_bad_change_among_a_thousand_takes_few_validations() {
        let (found, asked) = run(1000, 64, |changes| changes.contains(&617));
        assert_eq!((bad(&found), found.good.len(), found.undecided.len()), (vec![617], 999, 0));
        assert!(asked <= 20, "{asked}");
    }

    #[test]
    fn two_that_break_only_together_cost_one() {
        let (found, _) = run(9, 64, |changes| changes.contains(&2) && changes.contains(&7));
        assert_eq!((bad(&found), found.good.len()), (vec![7], 8));
    }

    #[test]
    fn two_that_pass_only_together_are_kept_beside_a_bad_one() {
        let breaks = |changes: &[usize]| {
            changes.contains(&0) != changes.contains(&7) || changes.contains(&3) || changes.contains(&5)
        };
        let (found, _) = run(8, 64, breaks);
        assert_eq!((bad(&found), found.good), (vec![3, 5], vec![0, 1, 2, 4, 6, 7]));
    }

    #[test]
    fn what_the_budget_does_not_reach_is_undecided() {
        let (found, asked) = run(64, 3, |changes| changes.contains(&0));
        assert_eq!((asked, bad(&found), found.good.len()), (3, vec![], 0));
        assert_eq!(found.undecided.len(), 64);
        let (found, asked) = run(64, 3, |changes| changes.contains(&63));
        assert_eq!((asked, found.good.len(), found.undecided.len()), (3, 56, 8));
    }

    #[test]
    fn an_error_stops_it() {
        assert_eq!(bisect(4, (), 64, |_| Err::<Option<()>, _>("full")), Err("full"));
    }

    proptest! {
        #[test]
        fn the_good_ones_pass_and_each_bad_one_breaks_them(
            count in 1..40_usize,
            alone in prop::collection::btree_set(0..40_usize, 0..5),
            pair in (0..40_usize, 0..40_usize),
        ) {
            let breaks = |changes: &[usize]| {
                changes.iter().any(|change| alone.contains(change))
                    || (changes.contains(&pair.0) && changes.contains(&pair.1))
            };
            let all: Vec<usize> = (0..count).collect();
            prop_assume!(breaks(&all));
            let (found, _) = run(count, 10_000, breaks);
            prop_assert!(!breaks(&found.good) && found.undecided.is_empty());
            prop_assert_eq!(found.good.len() + found.bad.len(), count);
            for change in bad(&found) {
                prop_assert!(breaks(&[&found.good[..], &[change]].concat()));
            }
        }
    }
}
