//! Whether a name can be bound without touching the meaning of another one.

use crate::model::{BindingId, FileFacts, Place, ScopeId};

/// True when `name` can be bound in `scope` and read from every scope of `readers` without touching any other
/// meaning. Bindings in `own` do not count: they are the ones to be renamed or unified with.
pub(super) fn is_free(
    facts: &FileFacts,
    name: &str,
    scope: ScopeId,
    readers: &[ScopeId],
    own: &[BindingId],
) -> bool {
    let bound_here = facts.scopes[scope as usize].names.get(name);
    if bound_here.is_some_and(|bindings| bindings.iter().any(|binding| !own.contains(binding))) {
        return false;
    }
    let captured = |reader: &ScopeId| {
        facts.lookup(*reader, name).is_some_and(|(owner, _)| owner != scope && facts.encloses(scope, owner))
    };
    if readers.iter().any(captured) {
        return false;
    }
    !facts.references.iter().any(|reference| {
        *reference.segments[0].name == *name
            && reference.place != Place::Export
            && facts.encloses(scope, reference.scope)
            && !reference.bindings.iter().any(|binding| own.contains(binding))
            && facts.lookup(reference.scope, name).is_none_or(|(owner, _)| facts.encloses(owner, scope))
    })
}
