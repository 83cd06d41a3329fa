"""The lab's media service: video sources, their configurations, profiles; one source a channel of a recorder.

Shapes: media.wsdl and onvif.xsd, version 2.x. Access classes: READ_MEDIA, so none of it is open before a login.
"""

from __future__ import annotations

from collections.abc import Iterator
from xml.sax.saxutils import escape, quoteattr

from scanner.lab.spec import Onvif, VideoSource
from scanner.lab.station import Station


def sources_of(device: Onvif) -> tuple[VideoSource, ...]:
    """The video sources; one of a camera that names none, and made-up ones where it floods."""
    made = tuple(VideoSource(token=f"Flood_{number}") for number in range(device.flood))
    return (*device.sources, *made) or (VideoSource(token="VideoSource_1", name="VideoSourceConfig"),)  # noqa: S106


def video_sources(_station: Station, device: Onvif) -> str:
    """GetVideoSources."""
    rows = "".join(
        f"<trt:VideoSources token={quoteattr(each.token)}><tt:Framerate>25</tt:Framerate>{_size(each)}"
        "</trt:VideoSources>"
        for each in sources_of(device)
    )
    return f"<trt:GetVideoSourcesResponse>{rows}</trt:GetVideoSourcesResponse>"


def configurations(_station: Station, device: Onvif) -> str:
    """GetVideoSourceConfigurations."""
    rows = "".join(
        f'<trt:Configurations token="Config_{number}">{_source(each)}</trt:Configurations>'
        for number, each in enumerate(sources_of(device), 1)
    )
    return f"<trt:GetVideoSourceConfigurationsResponse>{rows}</trt:GetVideoSourceConfigurationsResponse>"


def profiles(_station: Station, device: Onvif) -> str:
    """GetProfiles: a main and a sub stream of each source."""
    rows = "".join(row for number, each in enumerate(sources_of(device), 1) for row in _profiles(number, each))
    return f"<trt:GetProfilesResponse>{rows}</trt:GetProfilesResponse>"


def _profiles(number: int, source: VideoSource) -> Iterator[str]:
    small = VideoSource(token=source.token, name=source.name, width=704, height=480)
    for name, size in (("MainStream", source), ("SubStream", small)):
        yield (
            f'<trt:Profiles token="Profile_{number}_{name}" fixed="true"><tt:Name>{name}</tt:Name>'
            f'<tt:VideoSourceConfiguration token="Config_{number}">{_source(source)}</tt:VideoSourceConfiguration>'
            f'<tt:VideoEncoderConfiguration token="Encoder_{number}_{name}"><tt:Name>{name}</tt:Name>'
            f"<tt:UseCount>1</tt:UseCount><tt:Encoding>H264</tt:Encoding>{_size(size)}<tt:Quality>4</tt:Quality>"
            "</tt:VideoEncoderConfiguration></trt:Profiles>"
        )


def _source(source: VideoSource) -> str:
    return (
        f"<tt:Name>{escape(source.name)}</tt:Name><tt:UseCount>2</tt:UseCount>"
        f"<tt:SourceToken>{escape(source.token)}</tt:SourceToken>"
        f'<tt:Bounds x="0" y="0" width="{source.width}" height="{source.height}"/>'
    )


def _size(source: VideoSource) -> str:
    return f"<tt:Resolution><tt:Width>{source.width}</tt:Width><tt:Height>{source.height}</tt:Height></tt:Resolution>"
