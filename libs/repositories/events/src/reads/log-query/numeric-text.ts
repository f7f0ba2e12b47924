/** Texts that are compared as numbers; JavaScript and PostgreSQL read this expression alike. */
export const NUMERIC_TEXT = '^-?[0-9]{1,50}([.][0-9]{1,50})?$'
