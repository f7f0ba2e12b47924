import type { Database, Schema } from '@runnel/repositories-database'
import { sql, type Transaction } from 'kysely'
import { auditAccess } from '../audit-access.ts'
import type { NewSession, SessionLimits } from './new-session.ts'

/**
 * Begins a session, by the clock of the database. Sessions that have ended are deleted with it, and of the person the oldest ones
 * beyond the limit: their number is bounded without a task of its own. The audit log has who signed in, and from where.
 *
 * @param replaced hash of the token that the browser held before; its session ends
 * @param confirm what has to hold in the same transaction; what it throws undoes everything
 */
export async function beginSession(
  { kysely }: Database,
  session: NewSession,
  { idleMs, absoluteMs, ofPerson }: SessionLimits,
  replaced?: Buffer,
  confirm?: (trx: Transaction<Schema>) => Promise<void>,
): Promise<void> {
  const { id, sha256, issuer, personId, name, roles, providerSession, userAgent, address } = session
  await kysely.transaction().execute(async (trx) => {
    await confirm?.(trx)
    if (replaced) await trx.deleteFrom('person_session').where('sha256', '=', replaced).execute()
    // In the order of ids and past what others delete, so that two replicas never wait for each other.
    await sql`
      delete from person_session where id in (
        select id from person_session where idle_ends_at <= clock_timestamp()
        order by id limit 1000 for update skip locked)`.execute(trx)
    await sql`
      insert into person_session (id, sha256, issuer, person_id, name, roles, provider_session, user_agent, address,
        idle_ends_at, ends_at)
      select ${id}, ${sha256}, ${issuer}, ${personId}, ${name}, ${[...roles]}::text[], ${providerSession}, ${userAgent},
        ${address}, least(t + ${idleMs} * interval '1 ms', t + ${absoluteMs} * interval '1 ms'),
        t + ${absoluteMs} * interval '1 ms'
      from (select clock_timestamp() as t) as now`.execute(trx)
    await sql`
      delete from person_session where id in (
        select id from person_session where issuer = ${issuer} and person_id = ${personId} and id <> ${id}
        order by created_at desc offset ${ofPerson - 1} for update skip locked)`.execute(trx)
    const detail = { id, issuer, personId, roles, address }
    await auditAccess(trx, { actor: name, action: 'sign-in', subject: 'session', detail })
  })
}
