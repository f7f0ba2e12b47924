import { KINDS, type JsonObject, type Kind } from '@runnel/contracts'
import {
  canonicalJson,
  readStoredEvents,
  type StoredEventsQuery,
  type StoredEventsVisitor,
} from '@runnel/producer-sim/event-ledger'
import { connectDatabase, type Database } from '@runnel/repositories-database'
import { createPayload, ID_PATH, idOf } from './create-payload.ts'
import { parseEventId } from './delivery-modes.ts'

/** What the store holds of one event. */
export interface StoredEvent {
  rows: number
  /** Of those rows. */
  readonly rowIds: string[]
  /** Rows whose payload is not the one that was sent. */
  altered: number
  /** Of its dead letters. */
  readonly reasons: string[]
}

/** What the store holds of a run. */
export interface RunEvents {
  readonly events: ReadonlyMap<string, StoredEvent>
  /** Rows and dead letters of this run without an id of it. */
  readonly unrecognised: readonly string[]
  readonly products: readonly StoredProduct[]
}

interface StoredProduct {
  readonly id: number
  readonly version: number
  /** The id of the event that made it what it is. */
  readonly event: string | undefined
}

/** One pass over a long run's table takes a while. */
const STATEMENT_TIMEOUT_MS = 600_000
const MAX_UNRECOGNISED = 20

/** Reads everything of a run, as `producer-sim verify` does. @throws where the database is unreachable */
export async function readRunEvents(databaseUrl: string, run: string): Promise<RunEvents> {
  const db = connectDatabase({
    ...{ url: databaseUrl, applicationName: 'oracle', poolSize: 1 },
    statementTimeoutMs: STATEMENT_TIMEOUT_MS,
  })
  try {
    const events = new Map<string, StoredEvent>()
    const unrecognised: string[] = []
    for (const kind of KINDS)
      await readStoredEvents(db, queryOf(run, kind), collect(events, unrecognised, kind))
    return { events, unrecognised, products: await readProducts(db) }
  } finally {
    await db.close()
  }
}

function queryOf(run: string, kind: Kind): StoredEventsQuery<string> {
  // A dead letter may hold any bytes; wherever its id stands, it can be found in them.
  const pattern = new RegExp(`${run}\\.[a-z-]+\\.[a-z]+\\.\\d+`, 'g')
  return {
    kind,
    filter: { path: ID_PATH[kind], match: 'prefix', text: `${run}.`, receivedFrom: new Date(0) },
    keyOf: (item) => idOf(run, kind, item),
    matches: (id, item) => canonicalJson(item) === canonicalJson(sentItem(run, id)),
    keysOfDeadLetter: (payload) => payload.toString('latin1').match(pattern) ?? [],
  }
}

function sentItem(run: string, id: string): JsonObject {
  return createPayload(id, parseEventId(run, id)!)
}

function collect(
  events: Map<string, StoredEvent>,
  unrecognised: string[],
  kind: Kind,
): StoredEventsVisitor<string> {
  const note = (id: string | undefined, what: string, change: (event: StoredEvent) => void) => {
    if (id === undefined) {
      if (unrecognised.length < MAX_UNRECOGNISED) unrecognised.push(`${kind} ${what}`)
      return
    }
    const event = events.get(id) ?? { rows: 0, rowIds: [], altered: 0, reasons: [] }
    change(event)
    events.set(id, event)
  }
  return {
    row: (id, rowId, isAltered) =>
      note(id, `row ${rowId}`, (event) => {
        event.rows++
        event.rowIds.push(rowId)
        if (isAltered) event.altered++
      }),
    deadLetter: (id, sourceId, reason) =>
      note(id, `dead letter ${sourceId}`, ({ reasons }) => reasons.push(reason)),
  }
}

async function readProducts({ kysely }: Database): Promise<StoredProduct[]> {
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
