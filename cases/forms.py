"""What every form of ours is made of: how it looks, what it takes, how it says no."""

import re
import unicodedata
from datetime import date, datetime
from typing import Any
from uuid import uuid4

from django import forms
from django.core.exceptions import ValidationError
from django.forms.renderers import BaseRenderer, DjangoTemplates
from django.template import loader
from django.utils import timezone
from django.utils.dates import MONTHS, MONTHS_3, MONTHS_ALT
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, override

KEPT_CONTROLS = "\n\t"
IN_CHINESE = re.compile(r"(\d{4})\s*年\s*(\d{1,2})\s*月\s*(\d{1,2})\s*日?")
DAY_FIRST = re.compile(r"(\d{1,2})[\s.]+(?:de\s+)?([^\W\d]+)[\s.,،]+(?:de\s+)?(\d{4})(?:\s*г\.?)?")
ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
DECEMBER = 12
EXAMPLE = date(2026, 11, 3)
DJANGOS_REQUIRED = forms.Field.default_error_messages["required"]


class Renderer(DjangoTemplates):
    """Draws fields with the parts of the house, widgets as Django does."""

    field_template_name = "_parts/field_group.html"

    def get_template(self, template_name: str) -> Any:
        if template_name.startswith("_parts/"):
            return loader.get_template(template_name)
        return super().get_template(template_name)


class _House:
    """The browser's own checks are off: ours name every error at once, in the page's language."""

    default_renderer: BaseRenderer | type[BaseRenderer] | None = Renderer
    use_required_attribute = False
    fields: dict[str, forms.Field]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            if field.error_messages.get("required") == DJANGOS_REQUIRED:
                field.error_messages["required"] = required_message(field)


class Form(_House, forms.Form):
    pass


class ModelForm(_House, forms.ModelForm):
    pass


class Versioned(forms.Form):
    """Mixin: carries the version of the row as the page showed it, so that a stale edit is told.

    The service compares it; a page that lost it cannot overwrite anything.
    """

    version = forms.IntegerField(
        min_value=1,
        widget=forms.HiddenInput,
        error_messages={"required": gettext_lazy("Reload the page and try again.")},
    )


class NewRow(forms.Form):
    """Mixin: the id of the row to be, chosen when the form is drawn.

    A form sent twice, by a slow line or a second press, carries the same id twice.
    """

    row = forms.UUIDField(
        initial=uuid4,
        widget=forms.HiddenInput,
        error_messages={
            "required": gettext_lazy("Reload the page and try again."),
            "invalid": gettext_lazy("Reload the page and try again."),
        },
    )


def required_message(field: forms.Field) -> str:
    if isinstance(field.widget, forms.CheckboxInput):
        return _("Tick the box to go on.")
    if isinstance(field.widget, (forms.CheckboxSelectMultiple, forms.SelectMultiple)):
        return _("Choose at least one.")
    if isinstance(field, forms.FileField):
        return _("Choose a file.")
    if isinstance(field, forms.ChoiceField) or hasattr(field, "choices"):
        return _("Choose one.")
    return _("Give a date.") if isinstance(field, DayField) else _("Fill this in.")


def plain(text: str, *, one_line: bool = False) -> str:
    """What a person typed, in any script, without what no keyboard types: NUL, control characters,
    the line ends of another system. Markup stays what it is, characters."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n")
    kept = (c for c in text if c in KEPT_CONTROLS or unicodedata.category(c) not in ("Cc", "Cs"))
    clean = "".join(kept)
    return " ".join(clean.split()) if one_line else clean.strip()


class PlainTextField(forms.CharField):
    """Free text: never HTML, at most `max_length` characters, said in plain words."""

    def __init__(self, *, one_line: bool = False, rows: int = 4, **kwargs: Any) -> None:
        self.one_line = one_line
        self.longest = kwargs.pop("max_length", None) or (200 if one_line else 20_000)
        if "widget" not in kwargs:
            attrs = {"rows": rows, "dir": "auto", "autocomplete": "off"}
            kwargs["widget"] = (
                forms.TextInput(attrs={"dir": "auto", "autocomplete": "off"})
                if one_line
                else forms.Textarea(attrs=attrs)
            )
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> str:
        text = super().to_python("" if value is None else plain(str(value), one_line=self.one_line))
        return text or ""

    def validate(self, value: str) -> None:
        super().validate(value)
        if (over := len(value) - self.longest) > 0:
            raise ValidationError(
                ngettext(
                    "Too long by %(over)d character; at most %(longest)d fit.",
                    "Too long by %(over)d characters; at most %(longest)d fit.",
                    over,
                ),
                code="too_long",
                params={"over": over, "longest": self.longest},
            )


class DayInput(forms.DateInput):
    """The browser's calendar; what it could not show again stays as typed, to be mended."""

    input_type = "date"

    def format_value(self, value: Any) -> str | None:
        return value.isoformat() if isinstance(value, date) else super().format_value(value)

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        shown = context["widget"]["value"]
        if shown and not _is_day(shown):
            context["widget"]["type"] = "text"
        return context


class DayField(forms.DateField):
    """A day: "2026-11-03", "3 Nov 2026", "3 November 2026", also as the page's language writes it.

    Not "3/11/2026": half of the world reads another day in it.
    """

    widget = DayInput

    def __init__(self, *, past_only: bool = False, **kwargs: Any) -> None:
        self.past_only = past_only
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> date | None:
        if isinstance(value, datetime):
            return value.date()
        if value in self.empty_values or isinstance(value, date):
            return value or None
        return _day(plain(str(value), one_line=True))

    def validate(self, value: date | None) -> None:
        super().validate(value)
        if value and self.past_only and value > timezone.localdate():
            raise ValidationError(_("This day is still to come."), code="future")


def _is_day(text: str) -> bool:
    try:
        return bool(datetime.strptime(text, "%Y-%m-%d"))
    except ValueError:
        return False


def _day(text: str) -> date:
    if found := ISO.fullmatch(text) or IN_CHINESE.fullmatch(text):
        year, month, number = (int(part) for part in found.groups())
    elif found := DAY_FIRST.fullmatch(text):
        number, month, year = int(found[1]), _month(found[2]), int(found[3])
    else:
        month = 0
    if not 1 <= month <= DECEMBER:
        raise ValidationError(
            _("Write the day like %(example)s."),
            code="invalid",
            params={"example": date_format(EXAMPLE)},
        )
    try:
        return date(year, month, number)
    except ValueError:
        name = capfirst(str(MONTHS[month]))
        raise ValidationError(
            _("%(day)d %(month)s %(year)d does not exist."),
            code="impossible",
            params={"day": number, "month": name, "year": year},
        ) from None


def _month(word: str) -> int:
    """1 to 12 for the name of a month, 0 for anything else."""
    names = _month_names()
    with override("en"):
        names |= _month_names() | {"sept": 9}
    return names.get(word.casefold().rstrip("."), 0)


def _month_names() -> dict[str, int]:
    return {
        str(name).casefold().rstrip("."): number
        for names in (MONTHS, MONTHS_3, MONTHS_ALT)  # the last: "of November", where it bends
        for number, name in names.items()
    }


class FileInput(forms.ClearableFileInput):
    """Offers only files that we take; what comes in is looked at all the same."""

    def __init__(self, accept: str = "", attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs={**(attrs or {}), **({"accept": accept} if accept else {})})
        self.is_required = True  # never the "clear" tick box of Django
