"""Questions that show a format: three for the sample file, and one of every kind to tell which kinds it has."""

from quizzes.engine.content import Content, Option
from quizzes.formats.drafts import Attributes
from quizzes.formats.exchange.model import Exchanged

_CHOICE = Content(
    kind="multiple_choice",
    stem="An application reads the same 2 MB object from Amazon S3 several thousand times a minute, from all over the"
    " world. Which change lowers latency at the **least** operational effort?",
    choose=1,
    order="shuffle",
    options=(
        Option(
            "a", "Put an Amazon CloudFront distribution in front of the bucket.", True, "Edge caches answer nearby."
        ),
        Option("b", "Copy the object to a bucket in every Region.", False, "It works, but the copies must be kept up."),
        Option("c", "Move the object to `S3 Glacier Deep Archive`.", False, "It would take hours to be read at all."),
        Option(
            "d", "Raise the number of prefixes in the bucket.", False, "Prefixes raise request rates, not nearness."
        ),
    ),
)
_RESPONSE = Content(
    kind="multiple_response",
    stem="Which **two** statements about a security group hold?",
    choose=2,
    order="shuffle",
    options=(
        Option("a", "It is stateful: replies to what was let in may leave.", True, "Connections are tracked."),
        Option("b", "It has rules that allow, and none that deny.", True, "Whatever no rule allows is refused."),
        Option("c", "It is attached to a subnet.", False, "That is a network ACL; a group belongs to interfaces."),
        Option("d", "Its rules are tried by number until one fits.", False, "That, too, is a network ACL."),
    ),
)
_MATCHING = Content(
    kind="matching",
    stem="Which service fits which need?",
    choose=3,
    order="shuffle",
    options=(
        Option("a", "A queue between two services", True, "A queue keeps messages until they are deleted."),
        Option("b", "One message to many subscribers", True, "A topic pushes to all that subscribe."),
        Option("c", "Steps with retries and branches", True, "A state machine keeps track of the steps."),
    ),
    extra={
        "targets": [
            {"id": "1", "text": "Amazon SQS"},
            {"id": "2", "text": "Amazon SNS"},
            {"id": "3", "text": "AWS Step Functions"},
        ],
        "pairs": {"a": "1", "b": "2", "c": "3"},
    },
)
_TRUE_FALSE = Content(
    kind="true_false",
    stem="A network ACL is stateless.",
    choose=1,
    order="fixed",
    options=(
        Option("true", "True", True, "Replies need a rule of their own."),
        Option("false", "False", False, "Nothing of a connection is kept."),
    ),
)
_ORDERING = Content(
    kind="ordering",
    stem="Bring the steps of a blue-green deployment into order.",
    choose=3,
    order="shuffle",
    options=(
        Option("a", "Start the new version beside the old one.", True, "Nothing is switched yet."),
        Option("b", "Send the traffic to the new version.", True, "It was tested before."),
        Option("c", "Take the old version away.", True, "Until then one can go back."),
    ),
)
_NUMERIC = Content(
    kind="numeric",
    stem="How many usable addresses has a subnet of the size /24 in a VPC?",
    choose=1,
    order="fixed",
    options=(),
    extra={"answer": "251", "rationale": "Of 256 addresses five are reserved in every subnet."},
)
_SHORT = Content(
    kind="short_text",
    stem="Which service keeps log events of applications in log groups?",
    choose=1,
    order="fixed",
    options=(),
    extra={"accepted": ["CloudWatch Logs", "Amazon CloudWatch Logs"], "rationale": "Log groups belong to it."},
)

EXAMPLES = tuple(
    Exchanged(code, content, title=title, known=Attributes(tags=("example",)))
    for code, title, content in (
        ("example-choice", "Latency of one object", _CHOICE),
        ("example-response", "Security groups", _RESPONSE),
        ("example-matching", "Services and needs", _MATCHING),
    )
)
"""What a sample file holds, as far as its format has a place for it."""

OF_EACH_KIND = (
    *(one.content for one in EXAMPLES),
    *(_TRUE_FALSE, _ORDERING, _NUMERIC, _SHORT),
)
"""One question of every kind."""
