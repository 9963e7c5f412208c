//! Cycles in a directed graph that share no edge, the shortest first.

use super::components::components;
use rustc_hash::FxHashSet;
use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// One edge: the node `from` needs the node `to`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Arrow {
    /// Where it begins.
    pub from: u32,
    /// Where it ends.
    pub to: u32,
    /// How it came about.
    pub cause: Cause,
}

/// How an edge came about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cause {
    /// It is written.
    Asked,
    /// It comes along with these other edges, by index, and is gone when all of them are; it stays when there are none.
    Along(Vec<u32>),
}

/// The cycles in `arrows` between nodes below `count`, each as the indices of its arrows in order.
///
/// First those of written edges alone: the shortest is taken, its edges are removed, and so on until no cycle is left.
/// Then the same with the edges that come along, as far as `is_real` says yes to the arrows of a cycle; each of these has
/// a written edge. Arrows must be sorted by their ends; equal input gives equal cycles.
pub fn cycles(count: usize, arrows: &[Arrow], is_real: &dyn Fn(&[u32]) -> bool) -> Vec<Vec<u32>> {
    let mut search = Search::new(count, arrows);
    search.run(&|_| true);
    search.release();
    search.run(is_real);
    search.found
}

/// Along the arrows.
const AHEAD: usize = 0;
/// Against them.
const BACK: usize = 1;

/// Shortest ways are searched for within components only, and anew only where an edge has gone.
struct Search<'arrows> {
    arrows: &'arrows [Arrow],
    /// By direction and node: the arrows that begin there, and those that end there.
    near: [Vec<Vec<u32>>; 2],
    /// The arrows that may be used now.
    usable: Vec<bool>,
    /// The arrows of cycles that were found.
    taken: FxHashSet<u32>,
    component: Vec<u32>,
    /// By direction and node: in which search it was seen last, and by which arrow.
    seen: [Vec<(u32, u32)>; 2],
    /// By direction: the nodes that were seen in its last step.
    frontiers: [Vec<u32>; 2],
    searches: u32,
    found: Vec<Vec<u32>>,
}

impl<'arrows> Search<'arrows> {
    fn new(count: usize, arrows: &'arrows [Arrow]) -> Self {
        let mut near = [vec![Vec::new(); count], vec![Vec::new(); count]];
        for (index, arrow) in (0..).zip(arrows) {
            near[AHEAD][arrow.from as usize].push(index);
            near[BACK][arrow.to as usize].push(index);
        }
        Self {
            arrows,
            near,
            usable: arrows.iter().map(|arrow| arrow.cause == Cause::Asked).collect(),
            taken: FxHashSet::default(),
            component: Vec::new(),
            seen: [vec![(0, 0); count], vec![(0, 0); count]],
            frontiers: [Vec::new(), Vec::new()],
            searches: 0,
            found: Vec::new(),
        }
    }

    /// Lets in the edges that come along with others which are still there.
    fn release(&mut self) {
        for arrow in 0..self.arrows.len() as u32 {
            if self.arrows[arrow as usize].cause != Cause::Asked {
                self.usable[arrow as usize] = self.is_there(arrow);
            }
        }
    }

    /// Takes the shortest cycle through a written edge until there is none. A length that was found earlier can only have
    /// grown since, so what the heap gives is the shortest of all once it is confirmed.
    fn run(&mut self, is_real: &dyn Fn(&[u32]) -> bool) {
        self.component = self.components();
        let seeds = (0..self.arrows.len() as u32).filter(|&arrow| self.is_seed(arrow));
        let mut heap: BinaryHeap<Reverse<(usize, u32)>> = seeds.map(|arrow| Reverse((2, arrow))).collect();
        let (mut level, mut is_stale) = (2, false);
        while let Some(Reverse((bound, seed))) = heap.pop() {
            if is_stale && bound > level {
                self.component = self.components();
                is_stale = false;
            }
            level = bound;
            let Some(cycle) = self.is_seed(seed).then(|| self.shortest_through(seed)).flatten() else {
                continue;
            };
            if cycle.len() > bound {
                heap.push(Reverse((cycle.len(), seed)));
            } else if is_real(&cycle) {
                self.take(cycle);
                is_stale = true;
            }
        }
    }

    fn is_seed(&self, arrow: u32) -> bool {
        self.arrows[arrow as usize].cause == Cause::Asked && self.is_inside(arrow)
    }

    /// True when an arrow can still be part of a cycle of several nodes.
    fn is_inside(&self, arrow: u32) -> bool {
        let Arrow { from, to, .. } = self.arrows[arrow as usize];
        self.usable[arrow as usize]
            && from != to
            && self.component[from as usize] == self.component[to as usize]
    }

    fn take(&mut self, cycle: Vec<u32>) {
        for &arrow in &cycle {
            self.usable[arrow as usize] = false;
            self.taken.insert(arrow);
        }
        for &arrow in &cycle {
            for &beside in &self.near[AHEAD][self.arrows[arrow as usize].from as usize] {
                self.usable[beside as usize] &= self.is_there(beside);
            }
        }
        self.found.push(cycle);
    }

    /// False for an edge that came along with others which are all gone.
    fn is_there(&self, arrow: u32) -> bool {
        match &self.arrows[arrow as usize].cause {
            Cause::Asked => true,
            Cause::Along(with) => with.is_empty() || with.iter().any(|other| !self.taken.contains(other)),
        }
    }

    /// A shortest cycle that begins with this arrow. Two searches meet: one goes on from its end, one back from its
    /// beginning, always the smaller one by a whole step; so their first meeting is on a shortest way.
    fn shortest_through(&mut self, seed: u32) -> Option<Vec<u32>> {
        let Arrow { from: goal, to: start, .. } = self.arrows[seed as usize];
        self.searches += 1;
        self.frontiers = [vec![start], vec![goal]];
        for (side, node) in [(AHEAD, start), (BACK, goal)] {
            self.seen[side][node as usize] = (self.searches, seed);
        }
        while self.frontiers.iter().all(|frontier| !frontier.is_empty()) {
            let side = if self.frontiers[AHEAD].len() <= self.frontiers[BACK].len() { AHEAD } else { BACK };
            if let Some(meeting) = self.step(side) {
                return Some(self.way_through(meeting, seed));
            }
        }
        None
    }

    /// Takes one side a step further; the first node that the other side has seen.
    fn step(&mut self, side: usize) -> Option<u32> {
        for node in std::mem::take(&mut self.frontiers[side]) {
            for &arrow in &self.near[side][node as usize] {
                let Arrow { from, to, .. } = self.arrows[arrow as usize];
                let next = if side == AHEAD { to } else { from };
                if self.seen[side][next as usize].0 == self.searches || !self.is_inside(arrow) {
                    continue;
                }
                self.seen[side][next as usize] = (self.searches, arrow);
                if self.seen[1 - side][next as usize].0 == self.searches {
                    return Some(next);
                }
                self.frontiers[side].push(next);
            }
        }
        None
    }

    /// The seed and the arrows round to its start again, as both sides have seen them.
    fn way_through(&self, meeting: u32, seed: u32) -> Vec<u32> {
        let walk = |side: usize| {
            let mut node = meeting;
            std::iter::from_fn(move || {
                let arrow = self.seen[side][node as usize].1;
                let Arrow { from, to, .. } = self.arrows[arrow as usize];
                node = if side == AHEAD { from } else { to };
                (arrow != seed).then_some(arrow)
            })
        };
        let mut way: Vec<u32> = walk(AHEAD).collect();
        way.push(seed);
        way.reverse();
        way.extend(walk(BACK));
        way
    }

    /// The strongly connected component of every node, as far as arrows are usable.
    fn components(&self) -> Vec<u32> {
        components(self.near[AHEAD].len(), |node, at| {
            let rest = self.near[AHEAD][node as usize].get(at..)?.iter().enumerate();
            let mut usable = rest.filter(|(_, arrow)| self.usable[**arrow as usize]);
            usable.next().map(|(skipped, &arrow)| (self.arrows[arrow as usize].to, at + skipped + 1))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `a>b` is written, `a~b` comes along with nothing, `a~b<0` with arrow 0; nodes are letters.
    fn found(text: &str) -> Vec<String> {
        let arrow = |word: &str| {
            let (ends, with) = word.split_once('<').unwrap_or((word, ""));
            let node = |at: usize| u32::from(ends.as_bytes()[at] - b'a');
            let with = with.split(',').filter_map(|index| index.parse().ok()).collect();
            let cause = if ends.contains('>') { Cause::Asked } else { Cause::Along(with) };
            Arrow { from: node(0), to: node(2), cause }
        };
        let arrows: Vec<Arrow> = text.split(' ').map(arrow).collect();
        let letter = |arrow: &u32| char::from(b'a' + arrows[*arrow as usize].from as u8);
        let cycles = cycles(26, &arrows, &|_| true);
        cycles.iter().map(|cycle| cycle.iter().map(letter).collect()).collect()
    }

    #[test]
    fn the_shortest_come_first_and_share_no_edge() {
        assert_eq!(found("a>b b>c c>a c>d d>c"), ["cd", "abc"]);
        assert_eq!(found("a>b b>a b>c c>a"), ["ab"]);
        assert_eq!(found("a>b a>c b>a c>a"), ["ab", "ac"]);
    }

    #[test]
    fn what_is_not_cyclic_is_not_found() {
        assert_eq!(found("a>a a>b b>c a>c"), [""; 0]);
    }

    #[test]
    fn a_cycle_that_grows_when_another_one_goes_is_found_later() {
        // b-a-c is as short as it gets until a-b goes; then the way back is longer.
        assert_eq!(found("a>b b>a b>c c>a c>d d>b"), ["ab", "bcd"]);
    }

    #[test]
    fn edges_that_come_along_close_cycles_of_written_ones_only_afterwards() {
        assert_eq!(found("a>b b~a"), ["ab"]);
        assert_eq!(found("a~b b~a"), [""; 0]);
        assert_eq!(found("a>b b>a b>c c>b a~c<0"), ["ab", "bc"]);
        assert_eq!(found("a>b b>a b>c c>d d~b c>e"), ["ab", "bcd"]);
    }

    #[test]
    fn an_edge_goes_with_those_that_brought_it() {
        assert_eq!(found("a>b b>a c>a a~c<0"), ["ab"]);
        assert_eq!(found("a>b a>d b>a c>a a~c<0,1"), ["ab", "ca"]);
    }

    #[test]
    fn what_is_left_of_any_graph_is_not_cyclic() {
        let mut state = 7_u32;
        let mut random = |below: u32| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (state >> 8) % below
        };
        for _ in 0..200 {
            let ends: std::collections::BTreeSet<(u32, u32)> =
                (0..random(40)).map(|_| (random(9), random(9))).collect();
            let arrows: Vec<Arrow> =
                ends.into_iter().map(|(from, to)| Arrow { from, to, cause: Cause::Asked }).collect();
            let found = cycles(9, &arrows, &|_| true);
            assert!(found.is_sorted_by_key(Vec::len));
            for cycle in &found {
                let next = cycle.iter().cycle().skip(1);
                let is_joined =
                    |(one, two): (&u32, &u32)| arrows[*one as usize].to == arrows[*two as usize].from;
                assert!(cycle.len() > 1 && cycle.iter().zip(next).all(is_joined));
            }
            let taken: Vec<u32> = found.concat();
            assert_eq!(taken.iter().collect::<FxHashSet<_>>().len(), taken.len(), "an edge is in two cycles");
            let left = (0..).zip(&arrows).filter(|(index, _)| !taken.contains(index));
            let left: Vec<Arrow> = left.map(|(_, arrow)| arrow.clone()).collect();
            assert_eq!(cycles(9, &left, &|_| true), [[0_u32; 0]; 0]);
            let rest = Search::new(9, &left);
            let components = rest.components();
            let is_loop = |arrow: &Arrow| components[arrow.from as usize] == components[arrow.to as usize];
            assert!(left.iter().all(|arrow| arrow.from == arrow.to || !is_loop(arrow)));
        }
    }

    #[test]
    fn a_long_ring_needs_neither_stack_nor_patience() {
        let count = 2_000;
        let arrow = |from: u32| Arrow { from, to: (from + 1) % count, cause: Cause::Asked };
        let arrows: Vec<Arrow> = (0..count).map(arrow).collect();
        let found = cycles(count as usize, &arrows[..], &|_| true);
        assert_eq!(found.iter().map(Vec::len).collect::<Vec<_>>(), [count as usize]);
    }
}
