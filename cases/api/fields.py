"""The kinds of fields that input is made of."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.db import models
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from cases.forms import plain
from cases.models.fields import NOT_OF_THE_LIST
from cases.models.term import choices

LONGEST_TEXT = 20_000
MOST_LINKS = 200

Rows = Callable[[Any], models.QuerySet[Any]]


class Text(serializers.CharField):
    """Free text: never HTML, without what no keyboard types."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", LONGEST_TEXT)
        kwargs.setdefault("required", False)
        kwargs.setdefault("allow_blank", not kwargs["required"])
        super().__init__(**kwargs)

    def to_internal_value(self, data: Any) -> str:
        return plain(super().to_internal_value(data))


class Code(serializers.CharField):
    """A code that its vocabulary offers today, or that the row holds already."""

    def __init__(self, vocabulary: str, **kwargs: Any) -> None:
        self.vocabulary = vocabulary
        kwargs.setdefault("max_length", 20)
        kwargs.setdefault("help_text", f"A code of {vocabulary}.")
        kwargs.setdefault("required", False)
        kwargs.setdefault("allow_blank", not kwargs["required"])
        super().__init__(**kwargs)

    def to_internal_value(self, data: Any) -> str:
        code = super().to_internal_value(data)
        if code and code not in _offered(self.vocabulary) | {_held(self)}:
            raise serializers.ValidationError(str(NOT_OF_THE_LIST), code="unknown_code")
        return code


class Codes(serializers.ListField):
    """Several codes of one vocabulary."""

    def __init__(self, vocabulary: str, **kwargs: Any) -> None:
        self.vocabulary = vocabulary
        kwargs.setdefault("child", serializers.CharField(max_length=20))
        kwargs.setdefault("max_length", MOST_LINKS)
        kwargs.setdefault("help_text", f"Codes of {vocabulary}.")
        kwargs.setdefault("required", False)
        super().__init__(**kwargs)

    def to_internal_value(self, data: Any) -> list[str]:
        codes: list[str] = super().to_internal_value(data)
        if set(codes) - _offered(self.vocabulary) - set(_held(self) or ()):
            raise serializers.ValidationError(str(NOT_OF_THE_LIST), code="unknown_code")
        return list(dict.fromkeys(codes))


class Link(serializers.PrimaryKeyRelatedField):
    """A row that this person may see; any other does not exist here."""

    def __init__(self, model: type[models.Model], rows: Rows | None = None, **kwargs: Any) -> None:
        self.rows: Rows = rows or model._default_manager.visible_to  # type: ignore[attr-defined]
        super().__init__(queryset=model._default_manager.all(), **kwargs)

    def get_queryset(self) -> models.QuerySet[Any]:
        return self.rows(self.context["request"].user)

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, str) and "\0" in data:
            self.fail("does_not_exist", pk_value="")  # PostgreSQL cannot even be asked
        return super().to_internal_value(data)


@extend_schema_field({"type": "array", "maxItems": MOST_LINKS, "items": {"type": "string"}})
class Links(serializers.Field):
    """Several such rows, found in one query."""

    def __init__(self, model: type[models.Model], rows: Rows | None = None, **kwargs: Any) -> None:
        key: Any = model._meta.pk
        is_uuid = isinstance(key, models.UUIDField)
        child = serializers.UUIDField() if is_uuid else serializers.CharField(max_length=20)
        self.ids = serializers.ListField(child=child, max_length=MOST_LINKS)
        self.rows: Rows = rows or model._default_manager.visible_to  # type: ignore[attr-defined]
        kwargs.setdefault("required", False)
        super().__init__(**kwargs)

    def to_internal_value(self, data: Any) -> list[Any]:
        wanted: set[UUID | str] = set(self.ids.run_validation(data))
        found = list(self.rows(self.context["request"].user).filter(pk__in=wanted))
        if missing := wanted - {row.pk for row in found}:
            lost = ", ".join(sorted(str(pk) for pk in missing))
            raise serializers.ValidationError(_("Not found: %(ids)s.") % {"ids": lost})
        return found

    def to_representation(self, value: Any) -> list[Any]:
        return [row.pk for row in value.all()]


@extend_schema_field(OpenApiTypes.BINARY)
class Upload(serializers.FileField):
    """A file; `cases.files` looks at what it is."""


def _offered(vocabulary: str) -> set[Any]:
    return {code for code, _label in choices(vocabulary)}


def _held(field: serializers.Field) -> Any:
    return getattr(getattr(field.parent, "instance", None), field.field_name or "", None)
