import { actorOf } from '@runnel/http'
import { findCreators } from '@runnel/repositories-access'
import type { Database, RunQuery } from '@runnel/repositories-database'
import type { FastifyRequest } from 'fastify'

/**
 * Who stands behind a request, for the rule of the second person, as far as that is known: of a person name and id, of a key the key
 * itself and who made it, up to the first, who comes last. Two requests with one of these in common are of one person.
 */
export async function readAuthorNames(
  { principal }: Pick<FastifyRequest, 'principal'>,
  database: Database,
  runQuery: RunQuery,
): Promise<string[]> {
  const actor = actorOf({ principal })
  if (principal.kind !== 'key') return [toAuthorName(actor), `id ${principal.id}`]
  const creators = await runQuery(() => findCreators(database, principal.id))
  return [actor, ...creators].map(toAuthorName)
}

/** A local account and an account at the provider under one name are of one person, in whatever case it is written. */
function toAuthorName(name: string): string {
  return name.replace(/ \(local\)$/, '').toLowerCase()
}
