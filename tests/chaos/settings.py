"""The site's own settings; only the course is the small one, out of a folder whose files change during a run."""

from sapro.settings import *  # noqa: F403
from sapro.settings import DATA, ROOT

COURSE_NOTES = ROOT / "tests" / "course" / "notes"
COURSE_DIAGRAMS = ROOT / "tests" / "course" / "diagrams"
COURSE_REGISTER = ROOT / "tests" / "course" / "lifecycle.yaml"
COURSE_BANK = DATA / "bank"
