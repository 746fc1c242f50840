"""What became of each number: its value, what was measured about it, and what competes with it
or differs from it.
"""
