"""What writes about people, one file a noun."""

from sapro.accounts.services.guests import let_guest_in, make_guest

__all__ = ["let_guest_in", "make_guest"]
