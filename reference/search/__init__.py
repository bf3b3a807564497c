"""Searching notes and glossary: one interface, an index of the database behind it."""

from .engine import Found, Result, found_pages, search

__all__ = ["Found", "Result", "found_pages", "search"]
