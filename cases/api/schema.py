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
VERSIONED = {"partial_update", "destroy", "identity", "assess"}

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
        writes = getattr(self.view, "action", "") in WRITES
        return getattr(self.view, "input", None) if writes else None

    def get_response_serializers(self) -> Any:
        """A list of rows, or one; two codes where the same request may come twice."""
        action = getattr(self.view, "action", "")
        if action == "destroy" or not hasattr(self.view, "output"):
            return None if action == "destroy" else super().get_response_serializers()
        output = self.view.output
        if action == "list":
            return (getattr(self.view, "listed", None) or output)(many=True)
        return {201: output, 200: output} if action == "create" else output

    def get_override_parameters(self) -> list[Any]:
        return [IF_MATCH] if getattr(self.view, "action", "") in VERSIONED else []


def with_refusals(result: Any, **_more: Any) -> Any:
    """Every operation may be refused, and says how."""
    for path in result["paths"].values():
        for operation in path.values():
            operation["responses"]["4XX"] = PROBLEM
    return result
