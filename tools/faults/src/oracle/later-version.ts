import { connectDatabase, migrateToLatest } from '@runnel/repositories-database'
import { sql, type Kysely } from 'kysely'
import type { Migration } from 'kysely/migration'
import { setTimeout as sleep } from 'node:timers/promises'

/** A later version of the schema first adds what it needs, so that the present version goes on beside it. */
const expand: Migration = {
  up: async (db: Kysely<unknown>) => {
    await sql`set local lock_timeout = '2s'`.execute(db)
    await sql`alter table log add column oracle_note text`.execute(db)
    await sql`alter table product add column oracle_note text`.execute(db)
    await sql`create index log_oracle_note on log (oracle_note)`.execute(db)
  },
}

/** And takes it away once no process uses it any more. */
const contract: Migration = {
  up: async (db: Kysely<unknown>) => {
    await sql`set local lock_timeout = '2s'`.execute(db)
    await sql`drop index log_oracle_note`.execute(db)
    await sql`alter table product drop column oracle_note`.execute(db)
    await sql`alter table log drop column oracle_note`.execute(db)
  },
}

/** While PostgreSQL is away, or something holds the lock. */
const RETRY_MS = 250
const GIVE_UP_MS = 60_000

/** The schema of a version that is not there yet: it grows and shrinks in turns. */
export class LaterVersion {
  readonly #databaseUrl: string
  #migrations: Readonly<Record<string, Migration>> = {}

  constructor(databaseUrl: string) {
    this.#databaseUrl = databaseUrl
  }

  /** One migration more, again until it is applied. @throws what it fails with in the end */
  async migrate(): Promise<void> {
    const number = Object.keys(this.#migrations).length + 1
    const migration = number % 2 === 1 ? expand : contract
    // Far beyond the numbers of ours, which are applied in their order.
    const name = `${9000 + number}-oracle`
    this.#migrations = { ...this.#migrations, [name]: migration }
    for (const untilMs = Date.now() + GIVE_UP_MS; ;) {
      try {
        return await this.#apply()
      } catch (error) {
        if (Date.now() > untilMs) throw error
        await sleep(RETRY_MS)
      }
    }
  }

  async #apply(): Promise<void> {
    const database = connectDatabase({
      url: this.#databaseUrl,
      ...{ applicationName: 'oracle migrate', poolSize: 2, statementTimeoutMs: 30_000 },
    })
    try {
      await migrateToLatest(database, this.#migrations)
    } finally {
      await database.close()
    }
  }
}
