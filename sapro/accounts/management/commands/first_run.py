"""Say how to become the operator, as long as there is none. Safe to call at every start."""

from typing import Any

from django.core.management.base import BaseCommand

from quizzes import clock
from sapro.accounts.links import role_url
from sapro.accounts.models import RoleLink, User
from sapro.accounts.services.roles import ADMIN, make_role_link

HOURS = 24


class Command(BaseCommand):
    """Tell the first operator the way in."""

    help = "On the very first start print how to become operator and instructor; later at most a reminder."

    def handle(self, *args: Any, **options: Any) -> None:
        """The link on the first start; one line while nobody has used one; nothing once there is an operator."""
        if User.objects.filter(is_superuser=True, is_active=True).exists():
            return
        if RoleLink.objects.filter(role=ADMIN).exists():
            self.stdout.write("No operator yet. A new link: python manage.py make_role_link --role admin")
            return
        token = make_role_link(role=ADMIN, hours=HOURS, now=clock.read())
        self.stdout.write(
            "\nThis site has no operator yet. To become operator and instructor, open this link in a browser,\n"
            f"make an account, and confirm. It works once, for {HOURS} hours:\n\n"
            f"  {role_url(token)}\n\n"
            "Lost it? python manage.py make_role_link --role admin\n"
        )
