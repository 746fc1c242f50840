"""A compiler from customer-model decisions to evidence."""

__version__ = "0.1.0"
