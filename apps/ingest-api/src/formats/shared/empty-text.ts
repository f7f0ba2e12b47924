/** A text without characters, as JSON. */
export const EMPTY = '""'
