import { hash } from 'node:crypto'

/** @returns the first 16 bytes of SHA-256 over the parts, written as a uuid */
export function hashToUuid(...parts: string[]): string {
  const hex = hash('sha256', parts.join('\0'), 'hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20, 32)}`
}
