"""Onboarding: from files nobody has described yet to a first draft of 03_sources.yml, with
every guess marked (`add`). The profile of sources reads a part of it, so nothing is imported here.
"""
