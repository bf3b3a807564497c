"""Small helps for the pages that django-allauth brings."""

from django import template
from django.forms import BaseForm

register = template.Library()


@register.filter
def plain(form: BaseForm) -> BaseForm:
    """The form without placeholders that only repeat what its labels say."""
    for field in form.fields.values():
        field.widget.attrs.pop("placeholder", None)
    return form
