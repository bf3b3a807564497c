"""Anki: decks, and notes as text. What a note means: ``notes`` of other people’s, ``own`` and ``edited`` of ours."""
