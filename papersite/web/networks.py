"""What counts as one network: whoever holds one address of it mostly holds all."""

import ipaddress

IPV4_PREFIX = 24
# What a provider gives to one household (RFC 6177), at the least.
IPV6_PREFIX = 64


def network_of(address: str) -> str:
    """The first address of the network that an address lies in; what is no address stays as it is."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return address
    if isinstance(found, ipaddress.IPv6Address) and found.ipv4_mapped:
        found = found.ipv4_mapped
    prefix = IPV4_PREFIX if found.version == 4 else IPV6_PREFIX
    # An interface's zone ("%eth0") is the host's own business.
    plain = str(found).partition("%")[0]
    return str(ipaddress.ip_network(f"{plain}/{prefix}", strict=False).network_address)
