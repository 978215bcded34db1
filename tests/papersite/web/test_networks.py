"""One household or office is one network."""

import pytest

from papersite.web.networks import network_of


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("198.51.100.7", "198.51.100.0"),
        ("198.51.100.255", "198.51.100.0"),
        ("198.51.101.7", "198.51.101.0"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
        ("2001:DB8:1:2::1", "2001:db8:1:2::"),
        ("2001:db8:1:3::1", "2001:db8:1:3::"),
        ("::ffff:198.51.100.7", "198.51.100.0"),
        ("fe80::1%eth0", "fe80::"),
        ("", ""),
        ("no address", "no address"),
    ],
)
def test_network_of(address: str, network: str) -> None:
    assert network_of(address) == network
    assert network_of(network) == network
