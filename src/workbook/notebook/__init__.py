"""What an open project answers in a notebook: its tables by name, rows behind a number."""

from workbook.notebook.data_access import DataAccess

__all__ = ["DataAccess"]
