"""Settings of the door for machines: the same everywhere, so nothing of the environment."""

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "accounts.backends.DoorTokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": [
        "rest_framework.parsers.JSONParser",
        "rest_framework.parsers.MultiPartParser",
    ],
    "DEFAULT_PAGINATION_CLASS": "cases.api.paging.ByKey",
    "DEFAULT_FILTER_BACKENDS": ["django_filters.rest_framework.DjangoFilterBackend"],
    "DEFAULT_SCHEMA_CLASS": "cases.api.schema.HouseSchema",
    "DEFAULT_METADATA_CLASS": None,  # the schema says what OPTIONS would
    "DEFAULT_THROTTLE_CLASSES": ["rest_framework.throttling.UserRateThrottle"],
    "DEFAULT_THROTTLE_RATES": {"user": "600/min"},
    "EXCEPTION_HANDLER": "cases.api.errors.exception_handler",
    "PAGE_SIZE": 50,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Reprisals",
    "DESCRIPTION": "The cases, letters and replies that your offices hold.",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "OAS_VERSION": "3.1.0",  # whose shapes are JSON Schema, so that answers can be held to them
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "cases.api.schema.with_refusals",
    ],
    "ENUM_NAME_OVERRIDES": {
        "CaseKind": "cases.vocabulary.CaseKind",
        "PersonKind": "cases.vocabulary.PersonKind",
        "ElementKind": "cases.vocabulary.ElementKind",
        "LetterStatus": "cases.lifecycles.LetterStatus",
        "TransferAnswer": "cases.models.transfer.TransferAnswer",
    },
}
REST_KNOX = {"TOKEN_LIMIT_PER_USER": 5, "AUTO_REFRESH": False}
