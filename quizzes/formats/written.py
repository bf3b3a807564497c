"""Bank questions as the checks on written items see them."""

from quizzes.engine.writing import Item, ItemOption, Source
from quizzes.formats.native import BankQuestion


def written_item(one: BankQuestion) -> Item:
    """The question for ``check_item`` and ``check_bank``."""
    flaws = {option: (breaks, family) for option, breaks, family in one.flaws}
    content = one.content
    return Item(
        id=one.code,
        kind=content.kind,
        stem=content.stem,
        options=tuple(
            ItemOption(option.id, option.text, option.correct, option.rationale, *flaws.get(option.id, (None, None)))
            for option in content.options
        ),
        choose=content.choose,
        level=one.level,
        task=one.task,
        domain=one.domain,
        verified_on=one.verified_on,
        order=content.order,
        difficulty=one.difficulty,
        constraints=dict(one.constraints),
        topics=one.topics,
        references=tuple(f"{topic}^{anchor}" for topic, anchor in one.references),
        sources=tuple(Source(title, url) for title, url in one.sources),
        flags=frozenset(one.flags),
        enemies=frozenset(one.enemies),
        contrast=frozenset(one.contrast),
    )
