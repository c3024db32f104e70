"""The parts of which every page is built: one tag, one template in `templates/_parts/`.

A builtin of the template engine, so no page loads it. `templates/_parts/README.md` shows each.
Tags ask objects for attributes by name and never ask the database for rows.
"""

from django.template import Library

from cases.templatetags import fields, frame, lists, panels, signs, words

register = Library()
for shelf in (words, frame, signs, panels, lists, fields):
    register.tags.update(shelf.register.tags)
    register.filters.update(shelf.register.filters)
