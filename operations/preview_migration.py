"""What moving a cohort to another version of its plan would do: counts, money, a sample. Nothing is written.
"""
