//! Where a string is data and yet names a path: variables, keywords, keys and calls of Celery, Django, logging and others.
//! Data only.

use crate::model::DataRole;
use rustc_hash::FxHashMap;
use std::sync::LazyLock;

/// Variables, attributes, keywords and keys whose values hold paths, at any depth.
const NAMES: &[(DataRole, &[&str])] = &[
    (
        DataRole::Setting,
        &[
            "INSTALLED_APPS",
            "MIDDLEWARE",
            "MIDDLEWARE_CLASSES",
            "ROOT_URLCONF",
            "WSGI_APPLICATION",
            "ASGI_APPLICATION",
            "AUTHENTICATION_BACKENDS",
            "AUTH_PASSWORD_VALIDATORS",
            "PASSWORD_HASHERS",
            "TEMPLATES",
            "TEMPLATE_CONTEXT_PROCESSORS",
            "TEMPLATE_LOADERS",
            "CACHES",
            "DATABASES",
            "DATABASE_ROUTERS",
            "STORAGES",
            "DEFAULT_FILE_STORAGE",
            "STATICFILES_STORAGE",
            "STATICFILES_FINDERS",
            "FILE_UPLOAD_HANDLERS",
            "EMAIL_BACKEND",
            "SESSION_ENGINE",
            "SESSION_SERIALIZER",
            "MESSAGE_STORAGE",
            "LOGGING",
            "LOGGING_CONFIG",
            "TEST_RUNNER",
            "TASKS",
            "MIGRATION_MODULES",
            "FORMAT_MODULE_PATH",
            "SERIALIZATION_MODULES",
            "FIXTURE_DIRS",
            "CSRF_FAILURE_VIEW",
            "DEFAULT_AUTO_FIELD",
            "DEFAULT_EXCEPTION_REPORTER",
            "DEFAULT_EXCEPTION_REPORTER_FILTER",
            "SIGNING_BACKEND",
            "FORM_RENDERER",
            "REST_FRAMEWORK",
            "REST_AUTH",
            "SIMPLE_JWT",
            "SPECTACULAR_SETTINGS",
            "CHANNEL_LAYERS",
            "GRAPHENE",
            "HAYSTACK_CONNECTIONS",
            "DEBUG_TOOLBAR_PANELS",
            "DEBUG_TOOLBAR_CONFIG",
            "ACCOUNT_ADAPTER",
            "SOCIALACCOUNT_ADAPTER",
            "handler400",
            "handler403",
            "handler404",
            "handler500",
            "default_app_config",
            "wsgi_app",
            "worker_class",
            "pytest_plugins",
        ],
    ),
    (
        DataRole::Task,
        &[
            "task_routes",
            "CELERY_TASK_ROUTES",
            "CELERY_ROUTES",
            "task_annotations",
            "CELERY_TASK_ANNOTATIONS",
            "CELERY_ANNOTATIONS",
            "beat_schedule",
            "CELERY_BEAT_SCHEDULE",
            "CELERYBEAT_SCHEDULE",
            "imports",
            "include",
            "CELERY_IMPORTS",
            "CELERY_INCLUDE",
            "task_cls",
        ],
    ),
    (DataRole::Logger, &["loggers"]),
    (DataRole::ModuleName, &["__module__"]),
    (DataRole::EntryPoint, &["entry_points"]),
];

/// Keys of dictionaries whose own value is a path.
const KEYS: &[(&str, DataRole)] = &[
    ("task", DataRole::Task),
    ("class", DataRole::Setting),
    ("()", DataRole::Setting),
    ("factory", DataRole::Setting),
];

/// What a call takes: the last name of the callee, its argument as the first one and under these names.
pub(super) struct DataCall {
    pub(super) role: DataRole,
    pub(super) takes_first: bool,
    pub(super) keywords: &'static [&'static str],
    /// True when only `module:attribute` is meant.
    pub(super) wants_colon: bool,
}

const fn call(role: DataRole, takes_first: bool, keywords: &'static [&'static str]) -> DataCall {
    DataCall { role, takes_first, keywords, wants_colon: false }
}

const CALLS: &[(&str, DataCall)] = &[
    ("send_task", call(DataRole::Task, true, &["name"])),
    ("signature", call(DataRole::Task, true, &["task"])),
    ("subtask", call(DataRole::Task, true, &["task"])),
    ("task", call(DataRole::OwnTask, false, &["name"])),
    ("shared_task", call(DataRole::OwnTask, false, &["name"])),
    ("autodiscover_tasks", call(DataRole::Task, true, &["packages"])),
    ("getLogger", call(DataRole::Logger, true, &["name"])),
    ("assertLogs", call(DataRole::Logger, true, &["logger"])),
    ("assertNoLogs", call(DataRole::Logger, true, &["logger"])),
    ("at_level", call(DataRole::Logger, false, &["logger"])),
    ("set_level", call(DataRole::Logger, false, &["logger"])),
    ("include", call(DataRole::Setting, true, &["arg"])),
    ("add_extension", call(DataRole::ModuleName, true, &["module"])),
    ("remove_extension", call(DataRole::ModuleName, true, &["module"])),
    (
        "run",
        DataCall { role: DataRole::EntryPoint, takes_first: true, keywords: &["app"], wants_colon: true },
    ),
];

/// The role of what a variable, attribute, keyword or key of this name holds.
pub(super) fn role_of(name: &str) -> Option<DataRole> {
    static ROLES: LazyLock<FxHashMap<&str, DataRole>> = LazyLock::new(|| {
        let pairs = |(role, names): &(DataRole, &'static [&'static str])| {
            let role = *role;
            names.iter().map(move |name| (*name, role))
        };
        NAMES.iter().flat_map(pairs).collect()
    });
    ROLES.get(name).copied()
}

/// The role of the value beside a key.
pub(super) fn role_of_key(key: &str) -> Option<DataRole> {
    KEYS.iter().find(|(known, _)| *known == key).map(|(_, role)| *role)
}

/// What a call of this name takes.
pub(super) fn data_call(name: &str) -> Option<&'static DataCall> {
    static NAMED: LazyLock<FxHashMap<&str, &DataCall>> =
        LazyLock::new(|| CALLS.iter().map(|(name, call)| (*name, call)).collect());
    NAMED.get(name).copied()
}
