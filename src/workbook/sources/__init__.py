"""Sources: what they hold, as it arrived (profile), and what a stranger's files seem to hold
(onboard).
"""
