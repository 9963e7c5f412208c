//! The modules that every generated tree has: the one home, the two shims, and neighbours with names like theirs.

/// The package of the home and the shims, as a path.
pub const FOLDER: &str = "netra_backend/app/websocket_core";
/// The same as a dotted path.
pub const PACKAGE: &str = "netra_backend.app.websocket_core";
/// The rules of the tree.
pub const CONFIG: &str = r#"[[symbol]]
id = "websocket-manager"
canonical = "netra_backend.app.websocket_core.websocket_manager.WebSocketManager"
legacy = [
  "netra_backend.app.websocket_core.manager.WebSocketManager",
  "netra_backend.app.websocket_core.unified_manager.UnifiedWebSocketManager",
]

[[module]]
id = "manager-modules"
canonical = "netra_backend.app.websocket_core.websocket_manager"
legacy = ["netra_backend.app.websocket_core.manager", "netra_backend.app.websocket_core.unified_manager"]
renames = { UnifiedWebSocketManager = "WebSocketManager" }
"#;

/// Path and text of each fixed module. Marks stand as in [`super::page`].
pub const FILES: [(&str, &str); 16] = [
    ("netra_backend/__init__.py", ""),
    ("netra_backend/app/__init__.py", ""),
    ("netra_backend/app/websocket_core/__init__.py", PACKAGE_TEXT),
    ("netra_backend/app/websocket_core/websocket_manager.py", HOME),
    ("netra_backend/app/websocket_core/manager.py", MANAGER),
    ("netra_backend/app/websocket_core/unified_manager.py", UNIFIED_MANAGER),
    ("netra_backend/app/websocket_core/managers.py", OWN_CLASSES),
    ("netra_backend/app/websocket_core/manager_pool.py", OWN_CLASSES),
    ("netra_backend/app/websocket_core_v2/__init__.py", ""),
    ("netra_backend/app/websocket_core_v2/manager.py", OWN_CLASSES),
    ("netra_backend/app/gateway/__init__.py", ""),
    ("netra_backend/app/gateway/manager.py", OWN_CLASSES),
    ("netra_backend/app/gateway/websocket_core/__init__.py", ""),
    ("netra_backend/app/gateway/websocket_core/manager.py", OWN_CLASSES),
    ("tests/__init__.py", ""),
    ("tests/unit/__init__.py", ""),
];

/// Modules that must not be taken for a shim.
pub const TWINS: [&str; 5] = [
    "netra_backend.app.websocket_core.managers",
    "netra_backend.app.websocket_core.manager_pool",
    "netra_backend.app.websocket_core_v2.manager",
    "netra_backend.app.gateway.manager",
    "netra_backend.app.gateway.websocket_core.manager",
];

const PACKAGE_TEXT: &str = r#""""Everything about WebSocket connections."""

from .manager import ⟦1|netra_backend.app.websocket_core.manager.WebSocketManager|WebSocketManager⟧
from .manager import ⟦1|netra_backend.app.websocket_core.manager.get_websocket_manager|get_websocket_manager⟧

__all__ = ["WebSocketManager", "get_websocket_manager"]
"#;

const HOME: &str = r#""""The one home of the WebSocket manager."""

__all__ = ["MAX_CONNECTIONS", "ConnectionLost", "WebSocketManager", "get_websocket_manager"]

MAX_CONNECTIONS = 3


class ConnectionLost(Exception):
    pass


class WebSocketManager:
    def __init__(self, user):
        self.user = user

    def describe(self):
        return f"manager of {self.user}"


def get_websocket_manager(user):
    return WebSocketManager(user)
"#;

const MANAGER: &str = r#""""Legacy: see ``websocket_manager``."""

from netra_backend.app.websocket_core.websocket_manager import (
    MAX_CONNECTIONS,
    ConnectionLost,
    WebSocketManager,
    get_websocket_manager,
)

__all__ = ["MAX_CONNECTIONS", "ConnectionLost", "WebSocketManager", "get_websocket_manager"]
"#;

const UNIFIED_MANAGER: &str = r#""""Legacy: see ``websocket_manager``."""

from netra_backend.app.websocket_core.websocket_manager import WebSocketManager, get_websocket_manager

UnifiedWebSocketManager = WebSocketManager

__all__ = ["UnifiedWebSocketManager", "get_websocket_manager"]
"#;

const OWN_CLASSES: &str = r#""""Classes of its own; only the names are the same."""


class WebSocketManager:
    kind = "another"


class UnifiedWebSocketManager(WebSocketManager):
    kind = "another unified"
"#;
