import type { Database, Schema } from '@runnel/repositories-database'
import type { Transaction } from 'kysely'
import { auditAccess } from '../audit-access.ts'
import type { PersonKey } from './list-sessions.ts'

/** Which sessions end; everything that is given has to match. */
export type EndedSessions =
  | { readonly sha256: Buffer }
  /** With `person`: only if it is theirs. */
  | { readonly id: string; readonly person?: PersonKey | undefined }
  /** What an issuer ends: one session there. */
  | { readonly issuer: string; readonly providerSession: string }
  /** All of a person there, or only those of which the session there is not known. */
  | (PersonKey & { readonly unnamed?: boolean })

/** By whom, and how, for the audit log. */
export interface EndedBy {
  readonly actor: string
  readonly action: 'sign-out' | 'revoke'
}

/**
 * Ends sessions, each with an entry of the audit log.
 *
 * @param by left out where another session takes the place, whose beginning is noted
 * @returns ids of the sessions that were ended by this
 */
export async function endSessions(
  { kysely }: Database,
  which: EndedSessions,
  by?: EndedBy,
): Promise<string[]> {
  return kysely.transaction().execute(async (trx) => {
    const ended = await deleteSessions(trx, which)
    if (by)
      for (const { id, name } of ended)
        await auditAccess(trx, { ...by, subject: 'session', detail: { id, name } })
    return ended.map(({ id }) => id)
  })
}

function deleteSessions(trx: Transaction<Schema>, which: EndedSessions) {
  const ofPerson = (ended: typeof query, { issuer, personId }: PersonKey) =>
    ended.where('issuer', '=', issuer).where('person_id', '=', personId)
  let query = trx.deleteFrom('person_session').returning(['id', 'name'])
  if ('sha256' in which) query = query.where('sha256', '=', which.sha256)
  else if ('id' in which) {
    query = query.where('id', '=', which.id)
    if (which.person) query = ofPerson(query, which.person)
  } else if ('providerSession' in which)
    query = query.where('issuer', '=', which.issuer).where('provider_session', '=', which.providerSession)
  else {
    query = ofPerson(query, which)
    if (which.unnamed) query = query.where('provider_session', 'is', null)
  }
  return query.execute()
}
