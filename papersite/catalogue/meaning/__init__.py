"""What papers mean, beside their words: a sentence encoder, a vector for each paper, and what lies close.

All of it is optional. Without a model, or where something is wrong with it, ``site.meaning()`` is None and words
alone do the work.
"""
