import type { FastifyRequest } from 'fastify'

/** Longer names are cut, in characters. */
const MAX_ACTOR = 200

/** @returns who asks, as a proxy that authenticates people says; the network must let nobody else set the header */
export function actorOf({ headers }: FastifyRequest): string {
  const name = [headers['x-forwarded-user']].flat().join(',').trim().slice(0, MAX_ACTOR)
  return name === '' ? 'anonymous' : name
}
