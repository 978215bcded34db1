"""Words that a stemmer takes for forms of another: an animal is no animation, and severe is not several.

The Snowball stemmer cuts an ending wherever there is one. Here stand common words that mean something else than
most others of their stem: they are found by their own endings alone. Found by holding, for every word of twenty
thousand abstracts, how often it stands there against how often its stem does.
"""

from functools import cache

# Each line: words of one stem, each with a meaning of its own.
_APART = """
    positive position positional posit
    animal animation animate
    emergency emergence
    authority author authorship
    relativity relative relation relational relatively
    informal information informative
    marginal margin
    import importance important
    severe severity several
    transformer transformation
    direction directly
    personal person personality
    activity activation
    critic critical
    respect respective respectively
    organ organization organic organism
    universe university universal universality
    experience experiment experimental
    special specialization specialist
    format formation
    period periodic
    polar polarity polarization
    contract contraction
    digit digital
    mechanic mechanics mechanical mechanism
    popular popularity population
    reasonable
    extension extensive
    intensity intensive
    public publication
    conversion conversation conversational conversely
    incident incidence
    initial initiative
    module modulation
    normal normalization
    regular regularity regularization
    token
    minimal minimum minimization
    terminal termination
    constitution constitutional
    exceptional exception
    derivative
    medication medical medicine
    integral integrity integration
    identity identical
    present presentation
    occupation occupational occupancy
    commitment
    competition competitive competency
    determinant determination
    utility utilization
    continuity continuous continual
    subject subjective
    object objective
    additive addition additional additionally
    character characterization
    responsible responsibility response responsive
    numeric numerical numerous
    intention intent
    factor factorization
    resolution
    expense expensive
    customer custom customization
    business busy
    politics political polite
    operator operation operational
    productivity production
    equipment
    government governance
    elicit
    sole
""".split()  # noqa: SIM905  two hundred lines of a list would be no easier to read
_VOWELS = "aeiou"


def own_forms(word: str) -> tuple[str, ...]:
    """A word with its own endings, itself first, where its stem has other words; none where the stem will do."""
    forms = _forms().get(word, ())
    return (word, *(form for form in forms if form != word)) if forms else ()


@cache
def _forms() -> dict[str, tuple[str, ...]]:
    inflected = [tuple(dict.fromkeys(_inflected(word))) for word in _spelt_both_ways()]
    return {form: forms for forms in reversed(inflected) for form in reversed(forms)} | {
        forms[0]: forms for forms in inflected
    }


def _spelt_both_ways() -> list[str]:
    return _APART + [word.replace("ization", "isation") for word in _APART if "ization" in word]


def _inflected(word: str) -> list[str]:
    """A word, in the plural, and as a verb if it is one; what there is not is in no paper."""
    if word.endswith("y") and word[-2] not in _VOWELS:
        return [word, f"{word[:-1]}ies"]
    if word.endswith(("s", "x", "ch", "sh")):
        return [word, f"{word}es"]
    if word.endswith("e"):
        return [word, f"{word}s", f"{word}d", f"{word[:-1]}ing"]
    return [word, f"{word}s", f"{word}ed", f"{word}ing"]
