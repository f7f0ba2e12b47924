import { MAX_KEY_BYTES } from '@runnel/contracts'
import { hash } from 'node:crypto'
import { NAMESPACE_BYTES } from '../../name-key.ts'

/** @returns an idempotency key of what names an event; its hash where it would be too long */
export function boundedKey(name: string): string {
  const isShort = Buffer.byteLength(name) <= MAX_KEY_BYTES - NAMESPACE_BYTES
  return isShort ? name : `sha256:${hash('sha256', name, 'base64url')}`
}
