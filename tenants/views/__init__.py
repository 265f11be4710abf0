"""Thin views: find what the reader may see, call a service, answer."""
