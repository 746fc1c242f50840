"""Performance, as ratios against what a user would run instead."""
