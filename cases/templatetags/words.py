"""Codes, dates and counts as people say them, in the language of the page."""

from collections.abc import Iterable
from datetime import date, datetime

from django.template import Library
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from cases.models.term import label as label_of
from cases.models.term import listed

register = Library()


@register.filter
def term(code: str | None, vocabulary: str) -> str:
    """`{{ act.kind|term:"V-ACT" }}`: what the code is called. An unknown code shows itself."""
    return label_of(vocabulary, code) or code if code else ""


@register.filter
def terms(codes: Iterable[str] | None, vocabulary: str) -> str:
    """`{{ person.roles|terms:"V-ROLE" }}`: the same for a list, with commas of the language."""
    return listed(term(code, vocabulary) for code in codes or ())


@register.filter
def state_label(state: object) -> str:
    """`{{ case.state|state_label }}`: "Ardania (XAA)" in the language of the page."""
    return str(getattr(state, "label", None) or state or "")


@register.filter
def day(value: date | datetime | None) -> str:
    """`{{ act.began_on|day }}`: "3 Nov 2026", the day of Geneva. Nothing for nothing."""
    if value is None or value == "":
        return ""
    return date_format(_local(value), "DATE_FORMAT")


@register.filter
def when(value: datetime | None) -> str:
    """`{{ event.at|when }}`: "Today 10:42", "Yesterday 9:10", "3 Nov 14:20", "3 Nov 2025"."""
    if value is None or value == "":
        return ""
    moment, today = timezone.localtime(value), timezone.localdate()
    clock = date_format(moment, "G:i")
    days_ago = (today - moment.date()).days
    if days_ago == 0:
        return _("Today %(time)s") % {"time": clock}
    if days_ago == 1:
        return _("Yesterday %(time)s") % {"time": clock}
    if moment.year != today.year:
        return day(moment)
    return f"{date_format(moment, 'MONTH_DAY_FORMAT')} {clock}"


@register.filter
def machine_time(value: date | datetime | None) -> str:
    """For `<time datetime="…">` and for the script: ISO 8601."""
    return _local(value).isoformat() if value else ""


def _local(value: date | datetime) -> date | datetime:
    return timezone.localtime(value) if isinstance(value, datetime) else value
