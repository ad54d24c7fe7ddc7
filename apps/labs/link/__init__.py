"""The link to analysers: frames (ASTM E1381, MLLP), messages (ASTM E1394, HL7 v2), listener."""
