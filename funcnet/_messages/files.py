"""Files that are refused; the reader says what it found."""

MESSAGES = {
    "file.damaged": "{text}",
    "file.refused": "{text}",
}
