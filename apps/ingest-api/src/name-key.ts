import { AppError, MAX_KEY_BYTES } from '@runnel/contracts'
import type { FastifyRequest } from 'fastify'

/** What the keys of a namespace begin with. */
const NAMESPACED = /^~[A-Za-z0-9_-]{1,32}~/

/** What a namespace adds to a key at most. */
export const NAMESPACE_BYTES = 32 + '~~'.length

/**
 * The idempotency key of an event as it is stored: equal keys of two namespaces are different ones.
 *
 * @param namespace of the owner; empty for the common one, undefined where access control is off
 * @throws AppError where it would be too long, or a key of the common namespace looks like one of another
 */
export function nameKey(key: string, namespace: string | undefined): string {
  if (namespace === undefined) return key
  if (namespace === '') {
    if (!NAMESPACED.test(key)) return key
    throw new AppError('invalid_field', 'The idempotency key begins like those of a namespace', {
      field: 'idempotency-key',
      expected: 'a key that does not begin with ~name~',
    })
  }
  const named = `~${namespace}~${key}`
  if (Buffer.byteLength(named) <= MAX_KEY_BYTES) return named
  throw new AppError('invalid_field', 'The idempotency key is too long with its namespace', {
    field: 'idempotency-key',
    expected: `up to ${MAX_KEY_BYTES - namespace.length - 2} bytes`,
  })
}

/** @returns options with the namespace of who sent a request */
export function withNamespace<T extends object>(
  { principal }: FastifyRequest,
  options: T,
): T & { readonly namespace?: string } {
  return principal.kind === 'open' ? options : { ...options, namespace: principal.namespace }
}
