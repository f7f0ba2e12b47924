/** Characters of a detail. */
const MAX_DETAIL = 200

/** Characters of an answer in the log. */
const MAX_LOGGED = 4096

export interface Redaction {
  /** For a row: short, one line, without the token. */
  detail(text: string): string
  /** For the log: without the token. */
  logged(text: string): string
}

/** A gateway may echo the request, token included. The token is removed before the text is cut, so that no part of it stays. */
export function createRedaction(token: string): Redaction {
  const escaped = JSON.stringify(token).slice(1, -1)
  const redact = (text: string) => text.replaceAll(token, '***').replaceAll(escaped, '***')
  // Control characters, of which PostgreSQL refuses NUL, and halves of surrogate pairs cannot be stored.
  const oneLine = (text: string) => text.replace(/[\x00-\x20\x7f]+/g, ' ').trim()
  return {
    detail: (text) => oneLine(redact(text)).slice(0, MAX_DETAIL).toWellFormed(),
    logged: (text) => redact(text).slice(0, MAX_LOGGED),
  }
}
