/** In an answer, in place of a length: the piece is not here (any more). Part of the format of the content channel. */
export const NOT_HERE = -1;
/** In an answer, in place of a length: the piece had no room in it and must be asked for again. */
export const NO_ROOM = -2;
