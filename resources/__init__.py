"""What the program ships besides code: fonts, icons, regions, ideas, poverty lines, sample data, licences, pictures."""
