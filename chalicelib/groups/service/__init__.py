"""Use-cases of groups: finding each other, vetting, rule sheets, briefing and exposure, living with each other."""
