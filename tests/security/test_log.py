"""The log of ``make fuzz`` counts what was sent, and hides no violation."""

import json

from tests.security.log import report

COUNTS = {"met": {"404": 2, "200": 1000}, "methods": {"GET": 1002}, "roles": {"guest": 1002}}
SENT = json.dumps(COUNTS | {"milliseconds": 9, "seed": "7"})
RESULTS = f"""<testsuites><testsuite>
<testcase name="test_whatever[exam]"><properties><property name="requests exam" value='{SENT}'/></properties></testcase>
<testcase name="test_notes[policy-0]"><properties><property name="pages policy" value="3"/></properties></testcase>
<testcase name="test_notes[policy-1]"><properties><property name="pages policy" value="4"/></properties></testcase>
<testcase name="test_notes[no policy-1]"><properties><property name="pages no policy" value="5"/></properties>
  <failure message="a script ran&#10;more">x</failure><error message="">x</error></testcase>
</testsuite></testsuites>"""


def test_the_log_counts_and_names_what_is_broken() -> None:
    text = report(RESULTS)
    assert "exam: 1,002 requests by seed 7" in text
    assert "answered  200 × 1,000, 404 × 2" in text
    assert "notes: 7 and 5" in text
    assert "Violations: 2.\n  test_notes[no policy-1]: a script ran\n  test_notes[no policy-1]: no message" in text
    assert text.count("more") == 0
