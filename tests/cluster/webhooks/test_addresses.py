"""URLs and addresses that nothing is ever sent to."""

import pytest

from cluster.webhooks.addresses import UrlRefused, is_public, target_of

REFUSED_URLS = """
    http://example.com/
    ftp://example.com/
    file:///etc/passwd
    gopher://example.com/
    javascript://example.com/
    //example.com/
    example.com/hook
    https:example.com
    https:/example.com
    https://
    https:///hook
    https://?x
    https://example.com:80/
    https://example.com:8443/
    https://example.com:6379/
    https://example.com:0/
    https://example.com:/
    https://example.com:99999/
    https://example.com:https/
    https://user@example.com/
    https://user:password@example.com/
    https://example.com@127.0.0.1/
    https://127.0.0.1#@example.com/
    https://example.com/#fragment
    https://127.0.0.1/
    https://127.1/
    https://127.0.1/
    https://0/
    https://0.0.0.0/
    https://2130706433/
    https://0x7f000001/
    https://0x7f.0.0.1/
    https://0x7f.1/
    https://0177.0.0.1/
    https://017700000001/
    https://00000177.0.0.1/
    https://127.0.0.1./
    https://8.8.8.8/
    https://10.0.0.1/
    https://169.254.169.254/latest/meta-data/
    https://192.168.0.1/
    https://[::1]/
    https://[::]/
    https://[::ffff:127.0.0.1]/
    https://[::ffff:7f00:1]/
    https://[::127.0.0.1]/
    https://[64:ff9b::7f00:1]/
    https://[2002:7f00:1::]/
    https://[2001:0:7f00:1::]/
    https://[fe80::1]/
    https://[fe80::1%25eth0]/
    https://[fc00::1]/
    https://[2606:4700::1111]/
    https://[::1/
    https://localhost/
    https://LOCALHOST/
    https://localhost./
    https://server/
    https://app.localhost/
    https://printer.local/
    https://db.internal/
    https://wiki.intranet/
    https://router.lan/
    https://nas.home/
    https://ldap.corp/
    https://1.0.0.127.in-addr.arpa/
    https://hidden.onion/
    https://example.test/
    https://example.com./
    https://.example.com/
    https://example..com/
    https://-example.com/
    https://exa mple.com/
    https://example.com\\@127.0.0.1/
    https://example.com%00.evil.com/
    https://example%2ecom/
    https://ex*mple.com/
    https://münchen.de/
    https://127。0。0。1/
    https://①②⑦.⓪.⓪.①/
    https://ⓔxample.com/
""".strip().splitlines()
PUBLIC = ("8.8.8.8", "1.1.1.1", "172.15.0.1", "172.32.0.1", "2606:4700::1111", "2a00:1450:4001::1", "64:ff9b::808:808")
INNER = (
    *("127.0.0.1", "127.255.255.254", "0.0.0.0", "0.1.2.3", "10.1.2.3", "172.16.0.1", "172.31.255.255", "192.168.1.1"),
    *("169.254.169.254", "100.64.0.1", "100.127.255.255", "192.0.0.1", "192.0.0.10", "192.0.2.1", "192.88.99.1"),
    *("198.18.0.1", "198.51.100.7", "203.0.113.9", "224.0.0.1", "239.255.255.250", "240.0.0.1", "255.255.255.255"),
    *("::", "::1", "::127.0.0.1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:169.254.169.254", "fe80::1"),
    *("fe80::1%eth0", "2606:4700::1%eth0", "fec0::1", "fc00::1", "fd12:3456::1", "ff02::1", "100::1", "2001:db8::1"),
    *("2001::7f00:1", "2001:0:808:808::", "2001:10::1", "2001:20::1", "2002:7f00:1::", "2002:808:808::", "3fff::1"),
    *("64:ff9b::7f00:1", "64:ff9b::a00:1", "64:ff9b::a9fe:a9fe", "64:ff9b:1::808:808", "5f00::1", "", "example.com"),
)


def test_there_are_more_than_sixty_forms() -> None:
    assert len(REFUSED_URLS) > 60
    assert len(set(REFUSED_URLS)) == len(REFUSED_URLS)


@pytest.mark.parametrize("url", [url.strip() for url in REFUSED_URLS])
def test_such_a_url_is_refused(url: str) -> None:
    with pytest.raises(UrlRefused) as refused:
        target_of(url)
    assert refused.value.cause
    assert refused.value.cure


@pytest.mark.parametrize("sign", ["\x00", "\t", "\n", "\r", " ", "\x7f", "\\"])
def test_a_sign_that_readers_of_urls_disagree_about_is_refused_anywhere(sign: str) -> None:
    for url in (f"{sign}https://example.com/", f"https://exam{sign}ple.com/", f"https://example.com/a{sign}b"):
        with pytest.raises(UrlRefused):
            target_of(url)


def test_a_good_url_is_taken_apart_once() -> None:
    target = target_of("https://Hooks.Example.com/in/box?a=1&b=%20")
    assert (target.scheme, target.host, target.port) == ("https", "hooks.example.com", 443)
    assert target.path == "/in/box?a=1&b=%20"
    assert target_of("https://xn--mnchen-3ya.de").path == "/"
    assert target_of("https://example.com:443/").port == 443


def test_only_when_told_so_this_machine_is_good_enough() -> None:
    target = target_of("http://127.0.0.1:8080/x", allow_private=True)
    assert (target.scheme, target.host, target.port) == ("http", "127.0.0.1", 8080)
    with pytest.raises(UrlRefused):
        target_of("ftp://127.0.0.1/", allow_private=True)


@pytest.mark.parametrize("address", PUBLIC)
def test_an_address_of_the_internet_is_public(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize("address", INNER)
def test_an_address_within_somebodys_network_is_not(address: str) -> None:
    assert not is_public(address)
