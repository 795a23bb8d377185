"""Groups: firms that vet one another, agree on a rule sheet and stand in for each other's loans."""
