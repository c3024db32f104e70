"""Forms: the summary of errors, and each field with label, help and error before the control."""

from collections.abc import Iterable, Iterator
from typing import Any

from django import forms
from django.contrib.humanize.templatetags.humanize import apnumber
from django.core.exceptions import ValidationError
from django.forms import BaseForm, BaseFormSet, BoundField
from django.template import Library
from django.utils.choices import flatten_choices
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cases.models.term import listed
from cases.templatetags.words import day

register = Library()

CONTROL = "form-control"
CLASSES: tuple[tuple[type[forms.Widget], str], ...] = (
    (forms.CheckboxInput, "form-check-input"),
    (forms.Select, "form-select"),
    (forms.Widget, CONTROL),
)


@register.inclusion_tag("_parts/errors.html")
def errors(*given: BaseForm | BaseFormSet | None) -> dict[str, Any]:
    """`{% errors form %}`, `{% errors form formset %}`: above the form, nothing without errors.

    How many things need attention, in words, each with a link to its field. Takes the focus.
    """
    items = [item for one in given if one is not None for item in _errors_of(one)]
    words = ngettext(
        "%(number)s thing needs your attention",
        "%(number)s things need your attention",
        len(items),
    )
    return {"items": items, "title": capfirst(words % {"number": apnumber(len(items))})}


def _errors_of(given: BaseForm | BaseFormSet) -> Iterator[dict[str, str]]:
    if not given.is_bound:
        return
    if isinstance(given, BaseFormSet):
        yield from ({"text": str(text), "id": ""} for text in given.non_form_errors())
        for form in given.forms:
            yield from _errors_of(form)
        return
    yield from ({"text": str(text), "id": ""} for text in given.non_field_errors())
    for field in given:
        for text in field.errors:
            yield {"text": f"{field.label}: {text}", "id": _target(field)}


def _target(field: BoundField) -> str:
    """The id a link can jump to: the first choice where there are several."""
    if field.is_hidden:
        return ""
    return str(field.id_for_label or f"{field.auto_id}_0")


@register.inclusion_tag("_parts/field.html")
def field(bound: BoundField, label: str = "", inline: bool = False) -> dict[str, Any]:
    """`{% field form.title %}`: any field of any form, also of other apps.

    `label` replaces the label of the form; `inline` puts choices beside each other.
    """
    kind = _kind(bound)
    return {
        "field": bound,
        "kind": kind,
        "label": label or bound.label,
        "inline": inline,
        "optional": not bound.field.required and kind != "check",
        "control": _control(bound) if kind in ("control", "check") else "",
        "options": list(_headed(bound)) if kind == "choices" else [],
        "shown": readable(bound) if kind == "readonly" else "",
    }


def _headed(bound: BoundField) -> Iterator[tuple[str, Any]]:
    """Every choice, with the heading of its group before the first of each."""
    widget = bound.field.widget
    assert isinstance(widget, forms.CheckboxSelectMultiple | forms.RadioSelect)  # noqa: S101
    choices = iter(bound.subwidgets)
    for title, some, _place in widget.optgroups(bound.html_name, []):
        for number, option in enumerate(some):
            yield (str(title or "") if not number else ""), next(choices, option)


def _kind(bound: BoundField) -> str:
    widget = bound.field.widget
    if bound.is_hidden:
        return "hidden"
    if bound.field.disabled:
        return "readonly"
    if isinstance(widget, (forms.RadioSelect, forms.CheckboxSelectMultiple)):
        return "choices"
    return "check" if isinstance(widget, forms.CheckboxInput) else "control"


def _control(bound: BoundField) -> SafeString:
    widget = bound.field.widget
    wanted = next(name for kind, name in CLASSES if isinstance(widget, kind))
    given = str(widget.attrs.get("class", ""))
    return bound.as_widget(attrs={"class": f"{wanted} {given}".strip()})


def readable(bound: BoundField) -> str:
    """What a person reads where nothing can be typed: the label of a choice, not its code."""
    value = bound.value()
    if isinstance(bound.field, forms.BooleanField):
        return _("Yes") if value else _("No")
    if isinstance(bound.field, forms.DateField):
        return _day(bound.field, value)
    held = {str(one) for one in value} if isinstance(value, (list, tuple)) else {str(value)}
    choices: Iterable[Any] = flatten_choices(getattr(bound.field, "choices", ()))
    labels = [str(label) for code, label in choices if str(code) in held and str(code)]
    return listed(labels) if labels else str("" if value in (None, []) else value)


def _day(of: forms.DateField, value: Any) -> str:
    """The day as the page writes days; what is no day stays as it was typed."""
    try:
        return day(of.to_python(value))
    except ValidationError:
        return str(value)


@register.inclusion_tag("_parts/form_fields.html")
def form_fields(form: BaseForm) -> dict[str, Any]:
    """`{% form_fields form %}`: every field in its order, hidden ones too. Errors stand above."""
    return {"form": form}
