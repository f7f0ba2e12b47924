import { createHash } from 'node:crypto'
import type { WireRequest } from '../../wire-format.ts'

/**
 * Stands in for an Idempotency-Key, for protocols that have none: a client that lost an answer sends the same bytes to the same
 * path once more. Tenants share neither.
 */
export function keyOfBody({ url, headers }: Pick<WireRequest, 'url' | 'headers'>, bytes: Buffer): string {
  const tenant = headers['x-scope-orgid']
  const head = JSON.stringify([url.split('?', 1)[0], tenant])
  return createHash('sha256').update(head).update(bytes).digest('base64url')
}
