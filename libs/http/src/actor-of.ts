import type { FastifyRequest } from 'fastify'

/** Longer names are cut, in characters. */
const MAX_ACTOR = 200

/** @returns the user that an authenticating proxy names; the network must not let other senders set this header */
export function actorOf({ headers }: FastifyRequest): string {
  const name = [headers['x-forwarded-user']].flat().join(',').trim().slice(0, MAX_ACTOR)
  return name === '' ? 'anonymous' : name
}
