import type { FastifyRequest } from 'fastify'

/** @returns who did something, for the audit: a person by name, a key by its id as well, for names of keys may repeat */
export function actorOf({ principal: { kind, id, name } }: Pick<FastifyRequest, 'principal'>): string {
  return kind === 'key' ? `${name} (key ${id})` : name
}
