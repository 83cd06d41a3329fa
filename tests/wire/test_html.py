"""Titles and tags."""

from __future__ import annotations

import pytest

from scanner.wire.html import tags, title


@pytest.mark.parametrize(
    ("page", "expected"),
    [
        ("<html><head><title>WEB SERVICE</title>", "WEB SERVICE"),
        ("<TITLE>\r\n  Network\tCamera\n</TITLE>", "Network Camera"),
        ('<title id="x" data-y>NVR</title>', "NVR"),
        ("<title>A &amp; B &#8211; &lt;C&gt;</title>", "A & B – <C>"),
        ("<title></title><title>second</title>", "second"),
        ("<title>never closed<body>", "never closed"),
        ("<title>cut here", "cut here"),
        ("<titles>no</titles><title>yes</title>", "yes"),
        ("<title>\x1b[31mred\u202e</title>", "red"),
        ("İİİ<title>after odd letters</title>", "after odd letters"),
        ("<title>&#" + "9" * 9000 + ";x</title>", "\ufffd"),
        ("<p>no title</p>", None),
        ("<title", None),
        ("<title>   </title>", None),
        ("", None),
    ],
)
def test_title(page: str, expected: str | None) -> None:
    assert title(page) == expected


def test_tags() -> None:
    page = "<LINK Rel='shortcut icon' HREF=/a.ico/><link><linkx a=b><link a = \"1 > 2\" b c=&quot;>"
    assert tags(page, "link") == [
        {"rel": "shortcut icon", "href": "/a.ico/"},
        {"a": "1 "},
    ]
    assert len(tags("<link a=b>" * 500, "link")) == 64
    assert tags("<link rel=icon href='/cut", "link") == [{"rel": "icon", "href": "/cut"}]
