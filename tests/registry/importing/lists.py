"""Files in the forms of the official lists, with a few rows each: made up but for the names of companies."""

# ruff: noqa: E501 - rows stand as the lists have them

from __future__ import annotations

from pathlib import Path

DOD = """\
Name,Clean Name,Alias,Previous Name,Parent Name,Note,Start date,End date,Source Url
"Hangzhou Hikvision Digital Technology Co., Ltd. (Hikvision)*","Hangzhou Hikvision Digital Technology Co., Ltd.",Hikvision,,,,2021-06-03,,
"Hangzhou Hikvision Digital Technology Co., Ltd. (Hikvision)","Hangzhou Hikvision Digital Technology Co., Ltd.",Hikvision,,,,2026-11-20,,
"Beijing Megvii Technology Co., Ltd. (Megvii)","Beijing Megvii Technology Co., Ltd.",Megvii,,,,2024-01-31,2025-01-07,
"Zhejiang Dahua Technology Co., Ltd. (Dahua)*","Zhejiang Dahua Technology Co., Ltd.",Dahua,,,,2022-10-05,2026-11-20,
"Huawei Technologies Co., Ltd. (Huawei)*","Huawei Technologies Co., Ltd.",Huawei,,,,2021-06-03,,
"Zhejiang Uniview Technologies Co., Ltd.","Zhejiang Uniview Technologies Co., Ltd.",UNV,,,,2026-11-20,,https://media.defense.gov/x.pdf
"Tiandi Technology Co., Ltd.","Tiandi Technology Co., Ltd.",Tiandy,,,,2026-11-20,,
Shanghai Dahua Scale Factory,Shanghai Dahua Scale Factory,,,,,2026-11-20,,
"""

CSL_JSON = """\
{"total": 4, "results": [
 {"id": "a1", "source": "Entity List (EL) - Bureau of Industry and Security", "type": null,
  "name": "Zhejiang Uniview Technologies Co., Ltd.", "start_date": "2024-12-10", "alt_names": []},
 {"id": "a2", "source": "Entity List (EL) - Bureau of Industry and Security",
  "name": "Hanwha Vision Co., Ltd.", "start_date": "2026-11-01", "alt_names": ["Wisenet"]},
 {"id": "a3", "source": "Non-SDN Chinese Military-Industrial Complex Companies List (CMIC) - Treasury Department",
  "name": "TIANDY TECHNOLOGIES CO., LTD.", "alt_names": [], "start_date": null},
 {"id": "a4", "source": "Specially Designated Nationals (SDN) - Treasury Department", "type": "Entity",
  "name": "Axis Communications AB", "alt_names": null}
]}
"""

CSL_CSV = """\
_id,source,entity_number,type,programs,name,title,addresses,federal_register_notice,start_date,end_date,alt_names
b1,Entity List (EL) - Bureau of Industry and Security,,,,"Tiandy Technologies Co., Ltd.",,,,2022-12-16,,X; Y
b2,Entity List (EL) - Bureau of Industry and Security,,,,Somebody Else,,,,2022-12-16,,"Alias One; Hanwha Vision Co., Ltd."
"""

OFAC_CSV = """\
30945,"HANGZHOU HIKVISION DIGITAL TECHNOLOGY CO., LTD.","-0- ","CMIC-EO13959",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,"r"
30946,"PERSON, Some","individual","CMIC-EO13959",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0-
30947,"UNRELATED CO","-0- ","UKRAINE-EO13662",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0-
\x1a
"""

OFAC_XML = """\
<?xml version="1.0" standalone="yes"?>
<sdnList xmlns="https://sanctionslistservice.ofac.treas.gov/api/PublicationPreview/exports/XML">
 <publshInformation><Publish_Date>11/20/2026</Publish_Date><Record_Count>2</Record_Count></publshInformation>
 <sdnEntry><uid>1</uid><lastName>HUAWEI TECHNOLOGIES CO., LTD.</lastName><sdnType>Entity</sdnType>
  <programList><program>CMIC-EO13959</program></programList>
  <akaList><aka><uid>2</uid><type>a.k.a.</type><lastName>HUAWEI</lastName></aka></akaList></sdnEntry>
 <sdnEntry><uid>3</uid><firstName>A</firstName><lastName>B</lastName><sdnType>Individual</sdnType></sdnEntry>
</sdnList>
"""

FCC = """\
<html><body><table><thead><tr><th>Covered Equipment or Services*</th>
<th>Date of Inclusion on Covered List</th></tr></thead><tbody>
<tr><td>Telecommunications equipment produced by <strong>Huawei Technologies Company</strong>, including services.</td>
<td><p>March 12, 2021</p></td></tr>
<tr><td>Video surveillance equipment produced by <strong>Dahua Technology Company</strong>.</td><td>March 12, 2021</td></tr>
<tr><td>Video surveillance equipment produced by <b>Zhejiang Uniview Technologies Co., Ltd.</b></td>
<td>November 2, 2026</td></tr>
<tr><td>Uncrewed aircraft systems produced in a foreign country and section 1709(a)(1) equipment</td>
<td><p>December 22, 2025</p><p>Updated:<br/>January 7, 2026<br/>Updated:<br/>November 20, 2026</p></td></tr>
</tbody></table></body></html>
"""

BIS = """\
<html><body><h1>Supplement No. 4 to Part 744, Entity List</h1><table>
<tr><th>Country</th><th>Entity</th><th>License requirement</th><th>License review policy</th>
<th>Federal Register citation</th></tr>
<tr><td>CHINA, PEOPLE'S REPUBLIC OF</td><td>Zhejiang Uniview Technologies Co., Ltd., a.k.a., the following one alias:
—UNV. 369 Xietong Road, Hangzhou.</td><td>For all items</td><td>Presumption of denial</td><td>89 FR 96836, 12/10/24.</td></tr>
<tr><td></td><td>Hanwha Vision Co., Ltd., 6 Pangyo-ro, Seongnam.</td><td>For all items</td><td>Denial</td>
<td>91 FR 1, 11/20/26.</td></tr></table></body></html>
"""

UK = """\
Report Date: 20-Nov-2026
Last Updated,Unique ID,OFSI Group ID,UN Reference Number,Name 6,Name 1,Name 2,Name type,Regime Name,Designation Type,Date Designated
20/11/2026,GHR0001,1,,Tiandy,,,Alias,Global Human Rights,Entity,19/11/2026
20/11/2026,GHR0001,1,,"Tiandy Technologies Co., Ltd.",,,Primary Name,Global Human Rights,Entity,19/11/2026
20/11/2026,GHR0002,2,,PERSON,Some,,Primary Name,Global Human Rights,Individual,19/11/2026
"""

DEBARMENT = """\
Supplier name,Ground,Date added,Date removed
"Zhejiang Uniview Technologies Co., Ltd.",national security,20/11/2026,
Somebody,poor performance,20/11/2026,
"""

OPENSANCTIONS = """\
id,schema,name,aliases,birth_date,countries,addresses,identifiers,sanctions,phones,emails,program_ids,dataset,first_seen,last_seen,last_change
NK-1,Company,"Zhejiang Uniview Technologies Co., Ltd.",UNV,,cn,,,,,,,us_dod_chinese_milcorps,2026-11-10T00:00:00,2026-11-20T00:00:00,
NK-2,Person,Some Person,,,,,,,,,,us_dod_chinese_milcorps,2026-11-10,2026-11-20,
"""


def write(folder: Path, text: str, name: str = "list") -> Path:
    """The file, under a name that says nothing."""
    path = folder / name
    path.write_text(text, "utf-8")
    return path
