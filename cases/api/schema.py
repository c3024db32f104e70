"""How the schema reads our viewsets: one shape goes in, another comes out."""

from typing import Any

from drf_spectacular.contrib.knox_auth_token import KnoxTokenScheme
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiParameter

IF_MATCH = OpenApiParameter(
    "If-Match",
    str,
    OpenApiParameter.HEADER,
    description='The version that was read, as ETag gave it: "3".',
)
WRITES = {"create", "partial_update"}

PROBLEM = {
    "description": "Refused: 400 bad input by field, 401 nobody signed in, 403 not your role, "
    "404 nothing that you may see, 409 a rule says no, with every reason, 412 somebody else "
    "saved first, with the row as it stands, 428 If-Match is missing, 429 too often.",
    "content": {"application/json": {"schema": {"type": "object", "additionalProperties": {}}}},
}


class DoorTokenScheme(KnoxTokenScheme):
    """Found by the schema because it is here: our authentication is knox's, and a door's."""

    target_class = "accounts.backends.DoorTokenAuthentication"
    name = "token"


class HouseSchema(AutoSchema):
    def get_request_serializer(self) -> Any:
        if self.view.action_map and getattr(self.view, "action", "") in WRITES:
            return getattr(self.view, "input", None)
        return None

    def get_response_serializers(self) -> Any:
        action = getattr(self.view, "action", "")
        if action == "destroy":
            return None
        if not hasattr(self.view, "output"):
            return super().get_response_serializers()
        output = (getattr(self.view, "listed", None) if action == "list" else None) or (
            self.view.output
        )
        return {201: output} if action == "create" else output(many=action == "list")

    def get_override_parameters(self) -> list[Any]:
        takes = getattr(self.view, "action", "") in {"partial_update", "destroy", "identity"}
        return [IF_MATCH] if takes or "assess" in self.path else []


def with_refusals(result: Any, **_more: Any) -> Any:
    """Every operation may be refused, and says how."""
    for path in result["paths"].values():
        for operation in path.values():
            operation["responses"]["4XX"] = PROBLEM
    return result
