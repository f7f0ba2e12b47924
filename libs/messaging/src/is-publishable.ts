/** Longest subject that is published to. */
const MAX_SUBJECT_BYTES = 255

/** Tokens without blanks, control characters and wildcards, with dots between. */
const SUBJECT = /^[^\u0000-\u0020\u007f.*>]+(?:\.[^\u0000-\u0020\u007f.*>]+)*$/

/**
 * @returns whether a subject may be published to: it is well formed, so that the server does not cut the connection for it,
 * and none of the server's own (`$JS.API...`), whatever data it comes from
 */
export function isPublishable(subject: string): boolean {
  return !subject.startsWith('$') && Buffer.byteLength(subject) <= MAX_SUBJECT_BYTES && SUBJECT.test(subject)
}
