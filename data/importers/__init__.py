"""Other people's files in: read apart, told what they mean, checked row by row, written once."""
