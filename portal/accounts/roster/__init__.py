"""
Reading a roster file: what it says, what is wrong with it, what it would change.

Nothing in here writes; operations.roster does.
"""
