import { sql } from 'kysely'
import { Migrator, type Migration } from 'kysely/migration'
import type { Database } from './database.ts'
import * as events from './migrations/0001-events.ts'
import * as products from './migrations/0002-products.ts'
import * as delivery from './migrations/0003-delivery.ts'
import * as mailings from './migrations/0004-mailings.ts'
import * as provider from './migrations/0005-provider.ts'
import * as clientImports from './migrations/0006-client-imports.ts'
import * as retryDoubt from './migrations/0007-retry-doubt.ts'
import * as timeMark from './migrations/0008-time-mark.ts'
import * as productOrder from './migrations/0009-product-order.ts'
import * as itemKeys from './migrations/0010-item-keys.ts'
import * as unreadTimes from './migrations/0011-unread-times.ts'
import * as deadLetterOrigin from './migrations/0012-dead-letter-origin.ts'
import * as refusals from './migrations/0013-refusals.ts'
import * as restReason from './migrations/0014-rest-reason.ts'
import * as suppression from './migrations/0015-suppression.ts'
import * as mailingLife from './migrations/0017-mailing-life.ts'
import * as auditReads from './migrations/0018-audit-reads.ts'
import * as notifications from './migrations/0019-notifications.ts'
import * as channels from './migrations/0020-channels.ts'
import * as keys from './migrations/0021-keys.ts'
import * as people from './migrations/0022-people.ts'
import * as localAccounts from './migrations/0023-local-accounts.ts'
import * as traces from './migrations/0024-traces.ts'
import * as keyUsage from './migrations/0026-key-usage.ts'
import * as secondPerson from './migrations/0027-second-person.ts'
import * as logCounters from './migrations/0028-log-counters.ts'
import * as importNames from './migrations/0029-import-names.ts'
import * as dashboards from './migrations/0031-dashboards.ts'
import { requireUtf8 } from './require-utf8.ts'
import { UnusableDatabaseError } from './unusable-database-error.ts'

/** In order. A merged migration is never edited: expand first, contract in a later one. */
const MIGRATIONS: Record<string, Migration> = {
  '0001-events': events,
  '0002-products': products,
  '0003-delivery': delivery,
  '0004-mailings': mailings,
  '0005-provider': provider,
  '0006-client-imports': clientImports,
  '0007-retry-doubt': retryDoubt,
  '0008-time-mark': timeMark,
  '0009-product-order': productOrder,
  '0010-item-keys': itemKeys,
  '0011-unread-times': unreadTimes,
  '0012-dead-letter-origin': deadLetterOrigin,
  '0013-refusals': refusals,
  '0014-rest-reason': restReason,
  '0015-suppression': suppression,
  '0017-mailing-life': mailingLife,
  '0018-audit-reads': auditReads,
  '0019-notifications': notifications,
  '0020-channels': channels,
  '0021-keys': keys,
  '0022-people': people,
  '0023-local-accounts': localAccounts,
  '0024-traces': traces,
  '0026-key-usage': keyUsage,
  '0027-second-person': secondPerson,
  '0028-log-counters': logCounters,
  '0029-import-names': importNames,
  '0031-dashboards': dashboards,
}

/** The database answers, but lacks migrations: nothing but `npm run migrate` can help. */
export class UnmigratedError extends UnusableDatabaseError {
  constructor(missing: readonly string[]) {
    super(`The database lacks ${missing.length} migration(s), first ${missing[0]}: run npm run migrate`)
    this.name = 'UnmigratedError'
  }
}

/**
 * Applies what is missing. Safe when several run at once: the second one waits at an advisory lock and finds nothing to
 * do.
 *
 * @param more migrations of a later version, to try an upgrade; their names come after the existing ones
 * @returns names of the migrations that were applied
 * @throws UnusableDatabaseError where the database cannot hold every text
 * @throws what the failing migration threw; it is rolled back
 */
export async function migrateToLatest(
  database: Database,
  more: Readonly<Record<string, Migration>> = {},
): Promise<string[]> {
  await requireUtf8(database)
  await createChosenSchema(database)
  const getMigrations = async () => ({ ...MIGRATIONS, ...more })
  const migrator = new Migrator({ db: database.sessions, provider: { getMigrations } })
  const { error, results } = await migrator.migrateToLatest()
  if (error) throw error
  return (results ?? []).map((result) => result.migrationName)
}

/** The schema that DATABASE_URL names, where it is missing. */
async function createChosenSchema({ sessions }: Database): Promise<void> {
  const { rows } = await sql<{ chosen: string }>`
    select current_setting('search_path') as chosen where current_schema() is null`.execute(sessions)
  if (rows[0]) await sql`create schema if not exists ${sql.id(rows[0].chosen)}`.execute(sessions)
}

/**
 * @throws UnmigratedError when the database answers without all migrations
 * @throws UnusableDatabaseError when it cannot hold every text
 * @throws what the driver throws when it does not answer
 */
export async function requireMigrated(database: Database): Promise<void> {
  const { kysely } = database
  await requireUtf8(database)
  const known = Object.keys(MIGRATIONS)
  const found = await sql<{ present: boolean }>`
    select to_regclass('kysely_migration') is not null as present`.execute(kysely)
  if (!found.rows[0]?.present) throw new UnmigratedError(known)
  const { rows } = await sql<{ name: string }>`select name from kysely_migration`.execute(kysely)
  const applied = new Set(rows.map((row) => row.name))
  const missing = known.filter((name) => !applied.has(name))
  if (missing.length > 0) throw new UnmigratedError(missing)
}
