import { createHash } from 'node:crypto'
import type { WireRequest } from '../../wire-format.ts'

/**
 * Stands in for an Idempotency-Key, for protocols that have none: a client that lost an answer sends the same bytes to the same
 * address once more. All that bodies are read by beside their bytes is part of it: path, parameters such as a precision, media type and
 * tenant.
 */
export function keyOfBody({ url, headers }: Pick<WireRequest, 'url' | 'headers'>, bytes: Buffer): string {
  const head = JSON.stringify([url, headers['content-type'], headers['x-scope-orgid']])
  return createHash('sha256').update(head).update(bytes).digest('base64url')
}
