"""What would be otherwise: headline numbers under another decision, what is most sensitive, and
the decision adopted.
"""
