"""Roles, and the links that give them once."""

import hashlib
import secrets
from datetime import datetime, timedelta

from django.contrib.auth.models import Group
from django.db import transaction

from sapro.accounts.models import INSTRUCTORS, RoleLink, User

ADMIN = "admin"
INSTRUCTOR = "instructor"


class LinkSpent(Exception):
    """The link does not exist, was used before, or is too old."""


def hash_token(token: str) -> str:
    """What is kept of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def make_role_link(*, role: str, hours: int, now: datetime) -> str:
    """Make a link that gives ``role`` once, and return its token, which is kept nowhere."""
    token = secrets.token_urlsafe(32)
    RoleLink.objects.create(
        token_hash=hash_token(token), role=role, created_at=now, expires_at=now + timedelta(hours=hours)
    )
    return token


def use_role_link(*, token: str, member_id: int, now: datetime) -> str:
    """Give the link's role to a member and say which it was. Used once, whoever else tries. Raises LinkSpent."""
    with transaction.atomic():
        fresh = RoleLink.objects.filter(token_hash=hash_token(token), used_at=None, expires_at__gt=now)
        if fresh.update(used_at=now, used_by=User.objects.get(pk=member_id, is_guest=False)) != 1:
            raise LinkSpent
        role = RoleLink.objects.values_list("role", flat=True).get(token_hash=hash_token(token))
        grant_role(member_id=member_id, role=role)
    return role


def grant_role(*, member_id: int, role: str) -> None:
    """Make a member an instructor, or the operator, who may do what instructors may."""
    member = User.objects.get(pk=member_id, is_guest=False)
    member.groups.add(Group.objects.get_or_create(name=INSTRUCTORS)[0])
    if role == ADMIN:
        User.objects.filter(pk=member_id).update(is_superuser=True, is_staff=True)
