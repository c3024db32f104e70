"""A step on one row: its address, what it takes and what it answers, said in one line."""

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework.decorators import action

from cases.api.shapes import Nothing

View = TypeVar("View", bound=Callable[..., Any])
DONE = {204: OpenApiResponse(description="Done.")}


def step(
    takes: Any = Nothing, *, output: Any, methods: Sequence[str] = ("post",), **more: Any
) -> Callable[[View], View]:
    """`@step(In, output=Out)` above a method of a viewset. No output: 204."""

    def decorate(view: View) -> View:
        request = takes if "post" in methods else None
        told = extend_schema(request=request, responses=output or DONE, filters=False)(view)
        return action(detail=True, methods=list(methods), pagination_class=None, **more)(told)

    return decorate
