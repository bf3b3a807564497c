"""Check a receipt that somebody brings: whether this site wrote it, and whether it still agrees with the site."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from quizzes.queries.receipts import BadReceipt, differences, verify_receipt

LARGEST = 5_000_000


class Command(BaseCommand):
    """``verify_receipt FILE`` exits with 0 where hash and signature hold, and tells what has changed since."""

    help = "Check the hash and signature of a receipt, and compare it with what the site holds."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The file."""
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        """Say what holds; fail where it is no receipt of this site."""
        try:
            with options["file"].open("rb") as stream:
                text = stream.read(LARGEST + 1)
            if len(text) > LARGEST:
                raise CommandError(f"This is larger than any receipt ({LARGEST} bytes).")
            record = verify_receipt(json.loads(text))
        except OSError as error:
            raise CommandError(f"This file cannot be read: {error.strerror}.") from error
        except (json.JSONDecodeError, UnicodeDecodeError, RecursionError) as error:
            raise CommandError("This is no JSON.") from error
        except BadReceipt as error:
            raise CommandError(str(error)) from error
        answered = sum(bool(one.get("choice")) for one in record.get("responses", []))
        self.stdout.write(f"Genuine: {record['title']}, attempt {record['code']}, {answered} answered.")
        for line in differences(record) or ["It agrees with what the site holds."]:
            self.stdout.write(line)
