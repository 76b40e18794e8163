"""
What one member is told: its statement in its language, and answers to "what if", from its own figures alone.

``statement`` makes a statement, ``text`` writes it out, ``what_if`` answers a question; who may see what is decided in
``guards`` alone.
"""
