"""Everything the program ships besides code: fonts, icons, regions, ideas, poverty lines, letterhead, sample data, licences."""
