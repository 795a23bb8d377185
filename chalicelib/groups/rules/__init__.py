"""Rules of groups: who stands together, under which terms, and who bears what when one of them fails."""
