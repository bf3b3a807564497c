"""People: learners with an account, guests without one, and what lets an operator in the first time."""

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models.functions import Lower
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

INSTRUCTORS = "instructors"


class User(AbstractUser):
    """A person. A guest is a real row without a password: sign-up converts it, nothing is moved."""

    is_guest = models.BooleanField(_("guest"), default=False)
    time_zone = models.CharField(_("time zone"), max_length=64, default="UTC")
    shortcuts_off = models.BooleanField(_("keyboard shortcuts off"), default=False)
    active_on = models.DateField(_("last active on"), null=True)

    class Meta(AbstractUser.Meta):
        indexes = [
            # The sweeper of idle guests asks for exactly these.
            models.Index(fields=["active_on"], name="user_idle_guest", condition=models.Q(is_guest=True)),
        ]
        constraints = [models.UniqueConstraint(Lower("username"), name="user_name_any_case")]

    def __str__(self) -> str:
        return str(_("Guest")) if self.is_guest else self.get_username()

    @cached_property
    def is_instructor(self) -> bool:
        """May write questions and quizzes and run classes: the instructors, and the operator."""
        return self.is_superuser or (not self.is_guest and self.groups.filter(name=INSTRUCTORS).exists())


class RoleLink(models.Model):
    """A link that gives a role once. Only the hash of its token is kept."""

    token_hash = models.CharField(max_length=64, unique=True)
    role = models.CharField(max_length=16, choices=[("admin", _("operator")), ("instructor", _("instructor"))])
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    used_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL)

    def __str__(self) -> str:
        return f"{self.role} until {self.expires_at:%Y-%m-%d %H:%M}"
