"""The log of ``make fuzz``: what was sent and what came back, in words, from the results that pytest leaves behind."""

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any
from xml.etree import ElementTree

from tests.security import corpus

Case = ElementTree.Element


def report(results: str) -> str:
    """All of it. ``results`` is what ``--junitxml`` writes."""
    cases = list(ElementTree.fromstring(results).iter("testcase"))
    broken = [line for case in cases for line in _broken(case)]
    skipped = sum(case.find("skipped") is not None for case in cases)
    parts = [*_requests(cases), "", *_texts(cases), "", f"Tests: {len(cases)}. Left out: {skipped}."]
    return "\n".join([*parts, f"Violations: {len(broken)}.", *broken]) + "\n"


def _requests(cases: list[Case]) -> Iterator[str]:
    yield "Requests that no page would send. Each is answered, looked at and undone. A violation is an answer by 5xx,"
    yield "one without the policy or without a reason, two seconds of the processor, or a refusal that changed a table."
    total = 0
    for name, value in _properties(cases, "requests "):
        said = json.loads(value)
        count = sum(said["methods"].values())
        total += count
        yield f"\n  {name}: {count:,} requests by seed {said['seed']}"
        yield f"    sent      {_counts(said['methods'])}"
        yield f"    by        {_counts(said['roles'])}"
        yield f"    answered  {_counts(dict(sorted(said['met'].items())), most=False)}"
        yield f"    at most   {said['milliseconds']} ms of the processor"
    yield f"\n  together: {total:,} requests"


def _texts(cases: list[Case]) -> Iterator[str]:
    found = dict(_properties(cases, ""))
    browser, ran = found.get("browser", "was not started"), found.get("ran", "none")
    yield f"Texts that would run: {len(corpus.LARGE):,} on pages of authors and of challenges, {len(corpus.SMALL)} of"
    yield f"them in fields, addresses and titles. Chromium {browser}. A violation is a script that runs, a request"
    yield "to another host or one that only markup of a writer sends, and markup that stays."
    yield f"The control: of those that need no click, {ran} ran in a page without a guard."
    yield "Pages looked at, under the site’s policy and with the policy switched off:\n"
    pages: dict[str, Counter[str]] = {}
    for case in cases:
        for name, value in _properties([case], "pages "):
            title = (case.get("name") or "").partition("[")[0].removeprefix("test_").replace("_", " ")
            pages.setdefault(title, Counter())[name] += int(value)
    for title, counts in pages.items():
        yield f"  {title}: {counts['policy']:,} and {counts['no policy']:,}"


def _properties(cases: list[Case], prefix: str) -> Iterator[tuple[str, str]]:
    for case in cases:
        for one in case.iter("property"):
            name = one.get("name") or ""
            if name.startswith(prefix):
                yield name.removeprefix(prefix), one.get("value") or ""


def _broken(case: Case) -> Iterator[str]:
    """A line for each way in which a test failed."""
    for one in [*case.findall("failure"), *case.findall("error")]:
        yield f"  {case.get('name')}: {(one.get('message') or 'no message').splitlines()[0][:200]}"


def _counts(counts: Mapping[str, Any], *, most: bool = True) -> str:
    ordered = sorted(counts.items(), key=lambda one: -one[1]) if most else list(counts.items())
    return ", ".join(f"{name} {'' if most else '× '}{count:,}" for name, count in ordered)
