"""Thin views: load, parse with a form, call one service, answer."""
