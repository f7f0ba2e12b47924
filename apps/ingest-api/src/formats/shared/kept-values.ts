/**
 * Of bodies that are larger, in bytes or characters, only the texts of events are kept, which admission reads again: values survive until
 * then, and what survives for long stops the process while it is copied.
 */
export const KEPT_VALUES_SIZE = 512 * 1024
