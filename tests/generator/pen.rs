//! What all forms are written with: the names of the shims, uses of them, paths that may be relative.

use super::consumers::Consumer;
use super::core::{FOLDER, PACKAGE};
use super::layout::Slot;
use super::page::Part;
use super::random::Random;

/// What a form may look at while it writes its part.
pub struct Pen<'a> {
    /// The module that is written.
    pub slot: &'a Slot,
    /// Number of the part within its module: names made with it do not clash.
    pub number: usize,
    /// Chance.
    pub random: &'a mut Random,
    /// The modules written so far whose own name for the class a migration changes.
    pub consumers: &'a mut Vec<Consumer>,
}

/// A name that a shim hands on.
#[derive(Clone, Copy)]
pub struct Legacy {
    /// The shim, `manager` or `unified_manager`.
    pub module: &'static str,
    /// The name in the shim.
    pub name: &'static str,
}

/// The class under the name that a migration changes.
pub const UNIFIED: Legacy = Legacy { module: "unified_manager", name: "UnifiedWebSocketManager" };
/// The class under the name that stays.
pub const CLASS: Legacy = Legacy { module: "manager", name: "WebSocketManager" };
const NAMES: [(usize, &Legacy); 6] = [
    (50, &CLASS),
    (25, &UNIFIED),
    (12, &Legacy { module: "manager", name: "get_websocket_manager" }),
    (5, &Legacy { module: "manager", name: "MAX_CONNECTIONS" }),
    (4, &Legacy { module: "manager", name: "ConnectionLost" }),
    (4, &Legacy { module: "unified_manager", name: "get_websocket_manager" }),
];

impl Legacy {
    /// Any name of a shim, the frequent ones more often.
    pub fn any(random: &mut Random) -> Self {
        *random.weighted(&NAMES)
    }

    /// The class under one of its names.
    pub fn class(random: &mut Random) -> Self {
        *random.weighted(&NAMES[..2])
    }

    /// A name of the shim `manager`.
    pub fn manager(random: &mut Random) -> Self {
        loop {
            let legacy = Self::any(random);
            if legacy.module == "manager" {
                return legacy;
            }
        }
    }

    /// The legacy path.
    pub fn path(self) -> String {
        format!("{PACKAGE}.{}.{}", self.module, self.name)
    }

    /// The name as an occurrence.
    pub fn found(self) -> String {
        format!("⟦1|{}|{}⟧", self.path(), self.name)
    }

    /// An expression that works when `written` is what the name stands for, and its value.
    pub fn use_of(self, written: &str, random: &mut Random) -> (String, String) {
        let pair = |value: String, expected: &str| (value, expected.to_owned());
        match self.name {
            "MAX_CONNECTIONS" => pair(format!("{written} + 1"), "4"),
            "ConnectionLost" => pair(format!("issubclass({written}, Exception)"), "True"),
            "get_websocket_manager" => pair(format!("{written}(\"ann\").user"), "\"ann\""),
            _ => match random.below(7) {
                0 => pair(format!("isinstance({written}(\"bob\"), {written})"), "True"),
                1 => pair(format!("[{written}(user).user for user in \"ab\"]"), "[\"a\", \"b\"]"),
                2 => pair(format!("f\"{{{written}('eve').user}}!\""), "\"eve!\""),
                3 => pair(format!("(lambda kind={written}: kind(\"joe\").user)()"), "\"joe\""),
                4 => pair(format!("type(\"Sub\", ({written},), {{}})(\"kim\").user"), "\"kim\""),
                _ => pair(format!("{written}(\"ann\").describe()"), "\"manager of ann\""),
            },
        }
    }
}

impl Pen<'_> {
    /// `netra_backend.app.websocket_core` or a module in it, absolute or, where that is possible, sometimes relative.
    pub fn core(&mut self, module: &str) -> String {
        let absolute = if module.is_empty() { PACKAGE.to_owned() } else { format!("{PACKAGE}.{module}") };
        let percent = match () {
            () if self.slot.is_below(FOLDER) => 70,
            () if self.slot.is_below("netra_backend/app") => 12,
            () => 0,
        };
        if self.random.chance(percent) { self.slot.relative(&absolute) } else { absolute }
    }

    /// `from … import name` with `name` as an occurrence.
    pub fn import(&mut self, legacy: Legacy) -> String {
        format!("from {} import {}", self.core(legacy.module), legacy.found())
    }

    /// A part whose probe uses `legacy` by what is `written` for it.
    pub fn part(&mut self, legacy: Legacy, written: &str, top: String) -> Part {
        let (value, expected) = legacy.use_of(written, self.random);
        Part { top, value, expected, ..Part::default() }
    }
}

/// Where a form can stand.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// In any module.
    Anywhere,
    /// In test modules: it patches.
    Tests,
    /// In other modules.
    Modules,
    /// Only alone: it binds a name that other forms need.
    Alone,
}

/// One form.
pub struct Form {
    /// How frequent it is among the forms that fit.
    pub weight: usize,
    /// How many occurrences it brings.
    pub cost: usize,
    /// Where it can stand.
    pub place: Place,
    /// Writes it.
    pub write: fn(&mut Pen) -> Part,
}
