from __future__ import annotations

import asyncio
import datetime as dt
import ssl
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from aiohttp import web
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from bot.appstore import check_links
from bot.appstore.links import Reach, anywhere, is_public
from bot.appstore.trust import trusted

HERE = Reach(allowed=anywhere)


class Site:
    def __init__(self) -> None:
        self.url = ""
        self.asked: list[str] = []
        self.hosts: set[str] = set()
        self.out = 0
        self.most_out = 0

    def named(self, host: str) -> str:
        return self.url.replace("localhost", host)

    async def serve(self, request: web.Request) -> web.StreamResponse:
        self.asked.append(f"{request.method} {request.path}")
        self.hosts.add(request.host)
        name = request.match_info["name"]
        if name.isdecimal():
            return web.Response(status=int(name))
        return await getattr(self, f"at_{name}")(request)

    async def at_no_head(self, request: web.Request) -> web.StreamResponse:
        return web.Response(status=200 if request.method == "GET" else 405)

    async def at_hangs_up_on_head(self, request: web.Request) -> web.StreamResponse:
        if request.method == "HEAD":
            assert request.transport is not None
            request.transport.abort()
        return web.Response()

    async def at_slow(self, request: web.Request) -> web.StreamResponse:
        self.out += 1
        self.most_out = max(self.most_out, self.out)
        await asyncio.sleep(0.02)
        self.out -= 1
        return web.Response()

    async def at_never(self, request: web.Request) -> web.StreamResponse:
        await asyncio.Event().wait()
        return web.Response()

    async def at_endless(self, request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        while request.method == "GET":
            await response.write(b"x" * 65536)
        return response

    async def at_leads(self, request: web.Request) -> web.StreamResponse:
        return web.Response(status=302, headers={"Location": request.query["to"]})

    async def at_hops(self, request: web.Request) -> web.StreamResponse:
        left = int(request.query["left"])
        headers = {"Location": f"/hops?left={left - 1}"} if left else {}
        return web.Response(status=301 if left else 200, headers=headers)


@pytest.fixture
async def site() -> AsyncIterator[Site]:
    async with serving("127.0.0.1") as site:
        yield site


@pytest.fixture
async def private() -> AsyncIterator[Site]:
    async with serving("127.0.0.2") as site:
        yield site


@asynccontextmanager
async def serving(address: str) -> AsyncIterator[Site]:
    site = Site()
    app = web.Application()
    app.add_routes([web.route("*", "/{name}", site.serve)])
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, address, 0).start()
    site.url = f"http://localhost:{runner.addresses[0][1]}"
    yield site
    await runner.cleanup()


async def problem(link: str, seconds: float = 10.0) -> str | None:
    found = await check_links([link], reach=HERE, seconds=seconds)
    return found[link]


async def test_a_link_that_answers_is_fine_and_is_asked_as_its_own_host(site: Site) -> None:
    assert await problem(f"{site.url}/200#part") is None
    assert site.asked == ["HEAD /200"]
    assert site.hosts == {site.url.removeprefix("http://")}


@pytest.mark.parametrize("name", ["no_head", "hangs_up_on_head"])
async def test_a_site_that_does_not_know_head_is_asked_with_get(site: Site, name: str) -> None:
    assert await problem(f"{site.url}/{name}") is None
    assert site.asked == [f"HEAD /{name}", f"GET /{name}"]


@pytest.mark.parametrize(
    ("status", "sentence"),
    [
        (404, "It answers 404 (Not Found)."),
        (500, "It answers 500 (Internal Server Error)."),
        (599, "It answers 599."),
        (
            403,
            "It answers 403 (Forbidden); perhaps to programs only, so open it in a browser.",
        ),
    ],
)
async def test_a_link_that_is_broken_says_how(site: Site, status: int, sentence: str) -> None:
    assert await problem(f"{site.url}/{status}") == sentence


async def test_redirects_are_followed_up_to_five(site: Site) -> None:
    assert await problem(f"{site.url}/hops?left=5") is None
    assert await problem(f"{site.url}/hops?left=6") == "It redirects more than 5 times."
    assert len(site.asked) == 12


async def test_a_redirect_to_what_is_broken_names_its_end(site: Site) -> None:
    end = f"{site.url}/404"
    found = await problem(f"{site.url}/leads?to={end}")
    assert found == f"It leads to {end}, which answers 404 (Not Found)."


async def test_a_redirect_to_no_web_address_is_not_followed(site: Site) -> None:
    found = await problem(f"{site.url}/leads?to=file:///etc/hosts")
    assert found == "It redirects to what is no address of a web page."


async def test_a_link_that_never_answers_ends_in_time(site: Site) -> None:
    assert await problem(f"{site.url}/never", 0.1) == "It does not answer within 0.1 seconds."


async def test_a_body_without_end_is_not_waited_for(site: Site) -> None:
    assert await problem(f"{site.url}/endless", 5.0) is None


async def test_eight_links_at_most_are_asked_at_once(site: Site) -> None:
    links = [f"{site.url}/slow?{number}" for number in range(30)]
    found = await check_links([*links, *links], reach=HERE)
    assert found == dict.fromkeys(links)
    assert site.most_out == 8
    assert len(site.asked) == 30


async def test_more_than_two_hundred_links_are_not_all_asked() -> None:
    links = [f"nothing-{number}" for number in range(201)]
    found = await check_links(links)
    assert list(found) == links
    assert found["nothing-199"] == "It is no address of a web page."
    assert "more than 200 links" in str(found["nothing-200"])


async def test_a_private_host_is_not_connected_to(site: Site) -> None:
    port = site.url.rpartition(":")[2]
    links = [f"http://{host}:{port}/200" for host in ("localhost", "127.0.0.1", "[::1]")]
    found = await check_links(links)
    assert site.asked == []
    assert all("private network" in str(sentence) for sentence in found.values())


class Names:
    """Names for this machine's loopback, of which only 127.0.0.1 plays the open network."""

    def __init__(self, **addresses: tuple[str, ...]) -> None:
        self.left = {name: list(known) for name, known in addresses.items()}
        self.looked_up: list[str] = []

    async def resolve(self, host: str, port: int) -> Sequence[str]:
        self.looked_up.append(host)
        known = self.left[host.removesuffix(".example")]
        return [known.pop(0) if len(known) > 1 else known[0]]

    def reach(self) -> Reach:
        return Reach(resolver=self.resolve, allowed=lambda address: address == "127.0.0.1")


async def test_a_redirect_into_a_private_network_is_not_followed(site: Site, private: Site) -> None:
    names = Names(public=("127.0.0.1",), inside=("127.0.0.2",))
    link = f"{site.named('public.example')}/leads?to={private.named('inside.example')}/200"
    found = await check_links([link], reach=names.reach())
    assert "leads into a private network (inside.example)" in str(found[link])
    assert site.asked[0].endswith("/leads")
    assert private.asked == []


async def test_a_redirect_to_a_private_address_is_not_followed(site: Site, private: Site) -> None:
    async def literal(host: str, port: int) -> Sequence[str]:
        return ["127.0.0.1" if host == "public.example" else host]

    link = f"{site.named('public.example')}/leads?to={private.named('127.0.0.2')}/200"
    reach = Reach(resolver=literal, allowed=lambda address: address == "127.0.0.1")
    found = await check_links([link], reach=reach)
    assert "private network (127.0.0.2)" in str(found[link])
    assert private.asked == []


async def test_a_name_that_means_another_address_later_is_asked_at_the_one_that_was_judged(
    site: Site, private: Site
) -> None:
    names = Names(turning=("127.0.0.1", "127.0.0.2"))
    link = f"{site.named('turning.example')}/no_head"
    assert await check_links([link], reach=names.reach()) == {link: None}
    assert names.looked_up == ["turning.example"]
    assert site.asked == ["HEAD /no_head", "GET /no_head"]
    assert site.hosts == {link.split("/")[2]}
    assert private.asked == []


async def test_a_name_that_means_another_address_at_its_redirect_is_judged_anew(
    site: Site, private: Site
) -> None:
    names = Names(turning=("127.0.0.1", "127.0.0.2"))
    link = f"{site.named('turning.example')}/leads?to={private.named('turning.example')}/200"
    found = await check_links([link], reach=names.reach())
    assert "private network (turning.example)" in str(found[link])
    assert private.asked == []


async def test_a_host_of_which_one_address_is_private_is_not_connected_to(site: Site) -> None:
    async def both(host: str, port: int) -> Sequence[str]:
        return ["127.0.0.1", "127.0.0.2"]

    link = f"{site.named('mixed.example')}/200"
    reach = Reach(resolver=both, allowed=lambda address: address == "127.0.0.1")
    found = await check_links([link], reach=reach)
    assert "private network" in str(found[link])
    assert site.asked == []


async def test_many_silent_links_end_together_and_the_rest_say_that_they_were_not_checked(
    site: Site,
) -> None:
    silent = [f"{site.url}/never?{number}" for number in range(50)]
    links = [f"{site.url}/200", *silent]
    async with asyncio.timeout(5):
        found = await check_links(links, seconds=2.0, in_all=0.5, reach=HERE)
    assert list(found) == links
    assert found[links[0]] is None
    said = "It was not checked in time (0.5 seconds for all links)."
    assert {found[link] for link in silent} == {said}


@pytest.mark.parametrize("link", ["", "example.com", "ftp://example.com", "http://", "http://[::1"])
async def test_what_is_no_web_address_is_told_as_such(link: str) -> None:
    assert await problem(link) == "It is no address of a web page."


async def test_a_host_that_does_not_exist_is_named() -> None:
    assert await problem("https://nowhere.invalid/x") == "There is no host nowhere.invalid."


@pytest.mark.parametrize(
    "link",
    [
        "http://localhost:99999/",
        "http://localhost:0/",
        "http://.../",
        f"http://{'a' * 300}.invalid/",
        "http://[::1%25lo]:1/",
        "http://nowhere.invalid/\u2603?\x7f",
        "https://user:secret@nowhere.invalid/",
    ],
)
async def test_an_odd_link_is_told_of_and_harms_no_other(site: Site, link: str) -> None:
    found = await check_links([link, f"{site.url}/200"], reach=HERE, seconds=5.0)
    assert found[link]
    assert found[f"{site.url}/200"] is None


async def test_nobody_listening_is_a_failed_connection() -> None:
    found = await problem("http://127.0.0.1:1/")
    assert found == "The connection fails: ConnectError."


async def welcome(request: web.Request) -> web.Response:
    return web.Response()


@asynccontextmanager
async def encrypted(folder: Path) -> AsyncIterator[int]:
    """Serve with a certificate for localhost and no address, and give the port."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(self_signed(folder))
    app = web.Application()
    app.add_routes([web.get("/", welcome)])
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0, ssl_context=context).start()
    try:
        yield runner.addresses[0][1]
    finally:
        await runner.cleanup()


async def test_a_certificate_that_nobody_vouches_for_is_told(tmp_path: Path) -> None:
    async with encrypted(tmp_path) as port:
        assert await problem(f"https://localhost:{port}/") == "Its certificate is not valid."


async def test_a_certificate_is_held_against_the_name_and_not_the_address(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with encrypted(tmp_path) as port:
        monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "server.pem"))
        trusted.cache_clear()
        try:
            assert await problem(f"https://localhost:{port}/") is None
            assert await problem(f"https://127.0.0.1:{port}/") == "Its certificate is not valid."
        finally:
            trusted.cache_clear()


def self_signed(folder: Path) -> Path:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    now = dt.datetime.now(dt.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.DNSName("localhost")]),
            critical=False,
        )
        .sign(key, hashes.SHA256())
    )
    pem = folder / "server.pem"
    pem.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + certificate.public_bytes(serialization.Encoding.PEM)
    )
    return pem


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("17.253.144.10", True),
        ("2620:149:af0::10", True),
        ("10.0.0.1", False),
        ("127.0.0.1", False),
        ("169.254.169.254", False),
        ("192.168.1.1", False),
        ("100.64.0.1", False),
        ("0.0.0.0", False),
        ("224.0.0.251", False),
        ("::1", False),
        ("fe80::1%eth0", False),
        ("fd00::1", False),
        ("::ffff:127.0.0.1", False),
        ("2002:7f00:1::", False),
        ("64:ff9b::a00:1", False),
        ("192.88.99.1", False),
        ("255.255.255.255", False),
        ("::", False),
        ("::127.0.0.1", False),
        ("::10.0.0.1", False),
        ("fec0::1", False),
        ("64:ff9b::11fd:900a", True),
        ("64:ff9b:1::a00:1", False),
        ("100::1", False),
        ("2001:db8::1", False),
        ("3fff::1", False),
        ("5f00::1", False),
        ("no address", False),
    ],
)
def test_addresses_are_public_or_not_whatever_they_are_wrapped_in(
    address: str, public: bool
) -> None:
    assert is_public(address) is public
