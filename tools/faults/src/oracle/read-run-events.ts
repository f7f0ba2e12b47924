import { KINDS, type Kind } from '@runnel/contracts'
import { connectDatabase, findDeadLetteredItems, findStoredItems, type Database } from '@runnel/repositories'
import { isDeepStrictEqual } from 'node:util'
import { createPayload, ID_PATH, idOf } from './create-payload.ts'
import { parseId } from './delivery-modes.ts'

/** Where an event was found. */
export interface FoundEvent {
  rows: number
  /** Rows whose payload is not the one that was sent. */
  altered: number
  /** Why it is among the dead letters, as often as it is there. */
  readonly reasons: string[]
}

/** What the store holds of a run. */
export interface Found {
  readonly events: ReadonlyMap<string, FoundEvent>
  /** Rows and dead letters of this run without an id of it. */
  readonly strangers: readonly string[]
  readonly products: readonly FoundProduct[]
}

export interface FoundProduct {
  readonly id: number
  readonly version: number
  /** The oracle's id of the event that made it what it is. */
  readonly event: string | undefined
}

/** One pass over a long run's table takes a while. */
const STATEMENT_TIMEOUT_MS = 600_000
const MAX_STRANGERS = 20

/** Reads everything of a run, with the queries of `producer-sim verify`. @throws where the database is away */
export async function readFound(databaseUrl: string, run: string): Promise<Found> {
  const db = connectDatabase({
    ...{ url: databaseUrl, applicationName: 'oracle', poolSize: 1 },
    statementTimeoutMs: STATEMENT_TIMEOUT_MS,
  })
  try {
    const events = new Map<string, FoundEvent>()
    const strangers: string[] = []
    const note = (kind: Kind, id: string | undefined, what: string, change: (event: FoundEvent) => void) => {
      if (id === undefined)
        return void (strangers.length < MAX_STRANGERS && strangers.push(`${kind} ${what}`))
      const event = events.get(id) ?? { rows: 0, altered: 0, reasons: [] }
      change(event)
      events.set(id, event)
    }
    for (const kind of KINDS) {
      await readRows(db, run, kind, note)
      await readDeadLetters(db, run, kind, note)
    }
    return { events, strangers, products: await readProducts(db) }
  } finally {
    await db.close()
  }
}

type Note = (kind: Kind, id: string | undefined, what: string, change: (event: FoundEvent) => void) => void

async function readRows(db: Database, run: string, kind: Kind, note: Note): Promise<void> {
  const filter = { path: ID_PATH[kind], match: 'prefix', text: `${run}.`, receivedFrom: new Date(0) } as const
  for await (const page of findStoredItems(db, kind, filter)) {
    for (const { id: rowId, item } of page) {
      const id = idOf(run, kind, item)
      const name = id === undefined ? undefined : parseId(run, id)
      note(kind, id, `row ${rowId}`, (event) => {
        event.rows++
        if (name && !isDeepStrictEqual(item, createPayload(id!, name))) event.altered++
      })
    }
  }
}

async function readDeadLetters(db: Database, run: string, kind: Kind, note: Note): Promise<void> {
  // A dead letter may be anything at all; wherever its id stands, it is in its bytes.
  const pattern = new RegExp(`${run}\\.[a-z]+\\.[a-z]+\\.\\d+`, 'g')
  for await (const page of findDeadLetteredItems(db, kind, `${run}.`)) {
    for (const { sourceId, payload, reason } of page) {
      const ids = new Set(payload.toString('latin1').match(pattern) ?? [])
      if (ids.size === 0) note(kind, undefined, `dead letter ${sourceId}`, () => undefined)
      for (const id of ids) note(kind, id, `dead letter ${sourceId}`, ({ reasons }) => reasons.push(reason))
    }
  }
}

async function readProducts({ kysely }: Database): Promise<FoundProduct[]> {
  const rows = await kysely
    .selectFrom('product')
    .select(['id', 'version', 'attributes'])
    .where('deleted_at', 'is', null)
    .execute()
  return rows.map(({ id, version, attributes }) => ({
    ...{ id: Number(id), version: Number(version) },
    event: (attributes as { attributes?: { oracle?: string } }).attributes?.oracle,
  }))
}
