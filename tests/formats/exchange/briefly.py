"""What came of a question of a file, in one line, for tables of expectations."""

from quizzes.formats.exchange.model import ReadItem


def brief(item: ReadItem) -> str:
    """Kind and key, the severities and aspects of the account; or the problem."""
    if item.question is None:
        return f"{item.place}: {item.problem}"[:80]
    content = item.question.content
    extra = content.extra
    key = "".join(one.id[0] for one in content.options if one.correct)
    if content.kind == "matching":
        texts = {one["id"]: one["text"] for one in extra["targets"]}
        key = ", ".join(f"{one.text}={texts[extra['pairs'][one.id]]}" for one in content.options) + f" of {len(texts)}"
    elif content.kind == "numeric":
        key = f"{extra['answer']}±{extra.get('tolerance', '0')}"
    elif content.kind == "short_text":
        key = "/".join(extra["accepted"])
    else:
        key = f"{key} of {len(content.options)}"
    account = "".join(f" {one.severity}:{one.aspect}" for one in item.notes)
    return f"{content.kind} {key}{account}"
