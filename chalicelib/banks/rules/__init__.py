"""Partner banks and what they tell us: who they are, how a message proves to be theirs, and what an event may become. Pure."""
