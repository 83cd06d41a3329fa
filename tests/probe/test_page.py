import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scanner.probe.page import Lead, lead
from scanner.wire.message import HttpResponse

HOST = "198.51.100.10"


def _lead(body: str = "", *, location: str | None = None, path: str = "/") -> Lead | None:
    headers = (("Location", location),) if location is not None else ()
    answer = HttpResponse(302 if location is not None else 200, "", "HTTP/1.1", headers, body.encode())
    return lead(answer, tls=False, host=HOST, port=80, path=path)


@pytest.mark.parametrize(
    ("body", "path"),
    [
        ('<meta http-equiv="refresh" content="0; url=/doc/page/login.asp">', "/doc/page/login.asp"),
        ("<META HTTP-EQUIV=Refresh CONTENT='0;URL=index.htm'>", "/index.htm"),
        ('<script>window.location.href = "/doc/page/login.asp?_1";</script>', "/doc/page/login.asp?_1"),
        ("<script>location.replace('view.html')</script>", "/view.html"),
        ("<script>window.location='/a';</script>", "/a"),
        ('<script>document.location.href="./b/"</script>', "/b/"),
    ],
)
def test_pages_that_lead_on(body: str, path: str) -> None:
    assert _lead(body) == Lead(False, HOST, 80, path)


@pytest.mark.parametrize(
    "body",
    [
        "<p>window.location is a property</p>",
        '<script>location.href = base + "/x"</script>',
        '<script>location.href = "/x?" + now()</script>',
        "<script>if (location.href == other) {}</script>",
        '<script>location.href = "javascript:void(0)"</script>',
        '<meta http-equiv="refresh" content="30">',
        '<script>location.href="/"</script>',
    ],
)
def test_pages_that_do_not(body: str) -> None:
    assert _lead(body) is None


@pytest.mark.parametrize(
    "location", ["", "http://[", "/a b", "/a\r\nX: y", "ftp://198.51.100.10/", "/é", "/" + "a" * 600, "http://h:99999/"]
)
def test_bad_locations_lead_nowhere(location: str) -> None:
    assert _lead(location=location) is None


def test_location_counts_only_in_a_redirect_and_names_other_places_as_they_are() -> None:
    assert _lead(location="https://203.0.113.9/x") == Lead(True, "203.0.113.9", 443, "/x")
    assert lead(HttpResponse(200, "", "", (("Location", "/x"),), b""), tls=False, host=HOST, port=80, path="/") is None


@settings(max_examples=80, deadline=None)
@given(
    st.text(max_size=300), st.sampled_from(["location.href", "window.location", "<meta http-equiv=refresh content="])
)
def test_any_page_is_survived(text: str, sign: str) -> None:
    found = _lead(text + sign + text)
    assert found is None or (found.path.isprintable() and " " not in found.path)
