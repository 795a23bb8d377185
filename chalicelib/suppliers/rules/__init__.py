"""The supplier programme's rules, by subject: cover, qualification, figures, the programme itself. Pure."""
