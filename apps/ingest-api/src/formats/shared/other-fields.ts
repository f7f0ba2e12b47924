/** Fields of a message of Protocol Buffers other than those that are looked for: reading cannot stop halfway between them. */
export const MAX_OTHER_FIELDS = 100_000
