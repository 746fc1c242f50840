"""From what a number means to the tables that hold it: expressions, rules, rows, values by
period and segment.
"""
