"""What officers and banks see of differences."""
