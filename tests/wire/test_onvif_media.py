"""Video sources of the media service, by documented shapes (media.wsdl, deviceio.wsdl, onvif.xsd)."""

import pytest

from scanner.wire.errors import WireError
from scanner.wire.onvif_media import source_count, video_sources

SOURCES = (
    '<r><VideoSources token="VideoSource_1"><Resolution><Width>2688</Width><Height>1520</Height></Resolution>'
    '</VideoSources><VideoSources token="VideoSource_2"><Resolution><Width>x</Width><Height>9</Height></Resolution>'
    "</VideoSources></r>"
)


def _configuration(name: str, token: str) -> str:
    return f"<Configurations><Name>{name}</Name><SourceToken>{token}</SourceToken></Configurations>"


def test_a_channel_for_each_source_with_its_number_and_size() -> None:
    one, two = video_sources(SOURCES)
    assert (one.number, one.token, one.resolution) == (1, "VideoSource_1", "2688x1520")
    assert (two.number, two.resolution) == (2, None)


def test_numbers_from_zero_are_told_from_one() -> None:
    xml = '<r><VideoSources token="00000"/><VideoSources token="00001"/></r>'
    assert [row.number for row in video_sources(xml)] == [1, 2]


@pytest.mark.parametrize("tokens", [("a", "b"), ("a1", "b1"), ("a1", "b")])
def test_tokens_that_number_nothing(tokens: tuple[str, str]) -> None:
    xml = "".join(f'<VideoSources token="{token}"/>' for token in tokens)
    assert [row.number for row in video_sources(f"<r>{xml}</r>")] == [None, None]


def test_names_count_only_where_they_tell_channels_apart() -> None:
    different = _configuration("Gate", "S_1") + _configuration("Yard", "S_2")
    assert [row.name for row in video_sources(f"<r>{different}</r>")] == ["Gate", "Yard"]
    same = _configuration("VideoSourceConfig", "S_1") + _configuration("VideoSourceConfig", "S_2")
    assert [row.name for row in video_sources(f"<r>{same}</r>")] == [None, None]


def test_profiles_give_the_largest_size_and_audio_is_no_channel() -> None:
    def profile(width: int) -> str:
        return (
            "<Profiles><VideoSourceConfiguration><SourceToken>S_1</SourceToken></VideoSourceConfiguration>"
            "<AudioSourceConfiguration><SourceToken>A_1</SourceToken></AudioSourceConfiguration>"
            f"<VideoEncoderConfiguration><Resolution><Width>{width}</Width><Height>9</Height></Resolution>"
            "</VideoEncoderConfiguration></Profiles>"
        )

    (row,) = video_sources(f"<r>{profile(704)}{profile(1920)}</r>")
    assert row.resolution == "1920x9"


@pytest.mark.parametrize(
    ("xml", "count"),
    [
        ("<r><Extension><DeviceIO><XAddr>http://x</XAddr><VideoSources>4</VideoSources></DeviceIO></Extension></r>", 4),
        ('<r><Capabilities><Capabilities VideoSources="16"/></Capabilities></r>', 16),
        ('<r><Capabilities VideoSources="99999"/></r>', None),
        ('<r><Capabilities VideoSources="-3"/></r>', None),
        ("<r><DeviceIO/></r>", None),
    ],
)
def test_how_many_it_states(xml: str, count: int | None) -> None:
    assert source_count(xml) == count


def test_no_xml_is_an_error() -> None:
    with pytest.raises(WireError):
        video_sources("")
