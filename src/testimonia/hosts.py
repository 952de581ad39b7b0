"""Which hosts are outside: a rule that all share who call other machines for somebody else."""

from __future__ import annotations

import ipaddress


def is_public(number: str) -> bool:
    """Whether an IP address, as a resolver writes it, is a public one; also that which it carries
    within itself (IPv4-mapped, 6to4).

    Raises:
        ValueError: it is no address.
    """
    found = ipaddress.ip_address(number.partition("%")[0])
    carried = getattr(found, "ipv4_mapped", None) or getattr(found, "sixtofour", None)
    return found.is_global and not found.is_multicast and (carried is None or carried.is_global)
