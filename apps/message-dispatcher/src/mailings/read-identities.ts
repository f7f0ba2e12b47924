import { actorOf } from '@runnel/http'
import { findCreators } from '@runnel/repositories-access'
import type { Database, RunQuery } from '@runnel/repositories-database'
import type { FastifyRequest } from 'fastify'

/**
 * Who stands behind a request, for the rule of the second person, as far as that is known: of a person name and id, of a key itself and
 * who made it. Two requests with one of these in common are of one person.
 */
export async function readIdentities(
  { principal }: Pick<FastifyRequest, 'principal'>,
  database: Database,
  runQuery: RunQuery,
): Promise<string[]> {
  const actor = actorOf({ principal })
  if (principal.kind !== 'key') return [withoutOrigin(actor), `id ${principal.id}`]
  const creators = await runQuery(() => findCreators(database, principal.id))
  return [actor, ...creators.map(withoutOrigin)]
}

/** A local account and an account at the provider under one name are of one person, in whatever case it is written. */
function withoutOrigin(name: string): string {
  return name.replace(/ \(local\)$/, '').toLowerCase()
}
