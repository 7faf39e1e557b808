"""A tier's colour as the ground of its name, on the pages of members."""

DARK_LETTERS, LIGHT_LETTERS = "#212529", "#ffffff"
#: From this brightness on (of 255) a ground asks for dark letters; the till has the same one.
BRIGHT_FROM = 150


def letters_on(color):
    """Letters that can be read on ``color`` (#rrggbb).

    >>> letters_on("#1d8fd1"), letters_on("#FFD700")
    ('#ffffff', '#212529')
    """
    red, green, blue = (int(color[at : at + 2], 16) for at in (1, 3, 5))
    # the brightness of a colour to the human eye (ITU-R BT.601)
    brightness = 0.299 * red + 0.587 * green + 0.114 * blue
    return DARK_LETTERS if brightness > BRIGHT_FROM else LIGHT_LETTERS
