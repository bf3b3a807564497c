"""How passwords are kept."""

from django.contrib.auth.hashers import Argon2PasswordHasher


class TunedArgon2Hasher(Argon2PasswordHasher):
    """Argon2id with the parameters of the OWASP password storage cheat sheet: 19 MiB, 2 passes, 1 lane.

    The framework's own 100 MiB and 8 lanes take four times as long and stall a class that signs in at once.
    """

    time_cost = 2
    memory_cost = 19456
    parallelism = 1
