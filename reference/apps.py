"""The notes."""

from django.apps import AppConfig


class ReferenceConfig(AppConfig):
    """Reference pages rendered from Markdown notes."""

    name = "reference"
