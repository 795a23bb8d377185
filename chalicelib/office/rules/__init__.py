"""What officers must do, find and account for, as pure rules."""
