"""
Every tag and filter of the design system in one library; a builtin, so that no template loads it.

docs/design-system.md shows each with an example, /styleguide/ shows it drawn.
"""

from django import template

from . import fields, parts, rich, words

register = template.Library()
for _library in (words.register, parts.register, fields.register, rich.register):
    register.tags.update(_library.tags)
    register.filters.update(_library.filters)
