"""The operator's desk, ``python -m tests.chaos.desk``: orders come in as lines of JSON, and so do the answers.

A process of its own with the site's code and its database.
"""

import json
import os
import sys

import django


def main() -> None:
    """Answer until nobody asks any more."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.chaos.settings"
    django.setup()
    # Models can be imported only once Django is set up.
    from tests.chaos.orders import answer

    for line in sys.stdin:
        print(json.dumps(answer(json.loads(line))), flush=True)


if __name__ == "__main__":
    main()
