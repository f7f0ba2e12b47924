import type { MailingStore } from './mailing-store.ts'

const CELLS = 100
const SLOTS = 8
const STATUSES = ['pending', 'retry', 'sent', 'failed', 'unknown']
const ENDS = ['sent', 'failed']
const HOURS = 24

/** Rows that {@link fillCounters} makes for each. */
export const COUNTERS_OF_A_MAILING = (CELLS * STATUSES.length + HOURS * ENDS.length) * SLOTS

/**
 * The counters of so many mailings of a million messages each, in every slot that replicas use, half-way through their
 * day. Those of a mailing lie together, as its materialisation leaves them. The messages themselves are not there: statistics
 * do not look at them.
 */
export async function fillCounters(store: MailingStore, mailings: number): Promise<void> {
  const all = [mailings]
  await store.query(
    `insert into mailing (status, starts_at, ends_at, template, audience_through, materialised_through, materialised_at,
       message_count, started_at)
     select 'running', now() - interval '1 day', now() + interval '1 day', 'x', 1000000, 1000000, now(), 1000000,
       now() - interval '1 day' from generate_series(1, $1)`,
    all,
  )
  await store.query(
    `insert into mailing_cell (mailing_id, id, operator_code, tag)
     select m.id, c, (900 + c % 10)::text, 'tag ' || c / 10 from mailing m, generate_series(0, ${CELLS - 1}) c order by m.id`,
  )
  await store.query(
    `insert into mailing_stat (mailing_id, cell, status, slot, count)
     select m.id, c, s, slot, ${1_000_000 / CELLS / SLOTS / STATUSES.length}
     from mailing m, generate_series(0, ${CELLS - 1}) c, unnest($1::text[]) s, generate_series(0, ${SLOTS - 1}) slot
     order by m.id`,
    [STATUSES],
  )
  await store.query(
    `insert into mailing_tally (mailing_id, unit, at, status, slot, count)
     select m.id, 'hour', date_trunc('hour', now(), 'UTC') - h * interval '1 hour', s, slot, 1000
     from mailing m, generate_series(1, ${HOURS}) h, unnest($1::text[]) s,
       generate_series(0, ${SLOTS - 1}) slot
     order by m.id`,
    [ENDS],
  )
  await store.query('vacuum analyze')
}
