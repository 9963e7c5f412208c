//! Strongly connected components of a directed graph, by Tarjan's algorithm without recursion.

/// The component of every node below `count`, each named by one of its nodes. `next` gives the successor at a position of
/// a node, and the position behind it.
pub(super) fn components(count: usize, next: impl Fn(u32, usize) -> Option<(u32, usize)>) -> Vec<u32> {
    let mut walk = Walk::new(count);
    for node in 0..count as u32 {
        walk.visit(node, &next);
    }
    walk.component
}

/// The state of one search for components.
struct Walk {
    component: Vec<u32>,
    /// When a node was reached first; 0 when it was not.
    reached: Vec<u32>,
    /// The earliest node that is reached from below.
    lowest: Vec<u32>,
    /// Nodes that are in no component yet.
    stack: Vec<u32>,
    clock: u32,
}

const NO_COMPONENT: u32 = u32::MAX;

impl Walk {
    fn new(count: usize) -> Self {
        Self {
            component: vec![NO_COMPONENT; count],
            reached: vec![0; count],
            lowest: vec![0; count],
            stack: Vec::new(),
            clock: 0,
        }
    }

    /// Visits what can be reached from `root`.
    fn visit(&mut self, root: u32, next: &impl Fn(u32, usize) -> Option<(u32, usize)>) {
        if self.reached[root as usize] > 0 {
            return;
        }
        let mut path = vec![(self.enter(root), 0)];
        while let Some((node, at)) = path.last_mut() {
            let own = *node as usize;
            match next(*node, *at) {
                Some((child, behind)) => {
                    *at = behind;
                    if self.reached[child as usize] == 0 {
                        path.push((self.enter(child), 0));
                    } else if self.component[child as usize] == NO_COMPONENT {
                        self.lowest[own] = self.lowest[own].min(self.reached[child as usize]);
                    }
                }
                None => {
                    self.leave(own);
                    path.pop();
                    if let Some((parent, _)) = path.last() {
                        let parent = *parent as usize;
                        self.lowest[parent] = self.lowest[parent].min(self.lowest[own]);
                    }
                }
            }
        }
    }

    fn enter(&mut self, node: u32) -> u32 {
        self.clock += 1;
        self.reached[node as usize] = self.clock;
        self.lowest[node as usize] = self.clock;
        self.stack.push(node);
        node
    }

    fn leave(&mut self, node: usize) {
        if self.lowest[node] == self.reached[node] {
            while let Some(member) = self.stack.pop() {
                self.component[member as usize] = node as u32;
                if member as usize == node {
                    break;
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nodes_that_reach_each_other_are_one_component() {
        let out: [&[u32]; 6] = [&[1], &[2, 3], &[0], &[4], &[3], &[5]];
        let found = components(6, |node, at| out[node as usize].get(at).map(|&to| (to, at + 1)));
        let together = |one: usize, other: usize| found[one] == found[other];
        assert!(together(0, 1) && together(1, 2) && together(3, 4));
        assert!(!together(2, 3) && !together(4, 5) && !together(0, 5));
    }
}
