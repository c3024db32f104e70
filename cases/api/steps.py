"""Steps and looks on one row: address, what goes in and what comes out, said in one line."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework.decorators import action

from accounts.http import AuthedApiRequest
from cases.api.access import second_factor_required
from cases.api.shapes import Nothing

View = Callable[..., Any]
DONE = {204: OpenApiResponse(description="Done.")}


def step(
    takes: Any = Nothing,
    *,
    output: Any,
    in_person: bool = False,
    detail: bool = True,
    **more: Any,
) -> Callable[[View], Any]:
    """`@step(In, output=Out)` above a method that is reached by POST. No output: 204.

    `in_person`: by somebody who proved just now that it is they, never by a token.
    """

    def decorate(view: View) -> Any:
        view = _in_person(view) if in_person else view
        made = action(detail=detail, methods=["post"], pagination_class=None, **more)(view)
        return extend_schema(request=takes, responses=output or DONE, filters=False)(made)

    return decorate


def _in_person(view: View) -> View:
    @wraps(view)
    def proven(viewset: Any, request: AuthedApiRequest, *args: Any, **kwargs: Any) -> Any:
        second_factor_required(request)
        return view(viewset, request, *args, **kwargs)

    return proven


def look(*, output: Any, pages: Any = None) -> Callable[[View], Any]:
    """`@look(output=Out)` above a method that only reads."""

    def decorate(view: View) -> Any:
        made = action(detail=True, methods=["get"], pagination_class=pages)(view)
        return extend_schema(responses=output, filters=False)(made)

    return decorate
