import { afterEach, beforeEach, expect, it } from '@jest/globals'
import { createEventIds, eventTimeMs, type JsonObject } from '@runnel/contracts'
import {
  connectPGlite,
  ensurePartitions,
  migrateToLatest,
  type Database,
} from '@runnel/repositories-database'
import { storeLogs } from '@runnel/repositories-events'
import { openLedger } from '../src/ledger/open-ledger.ts'
import { createPayload } from '../src/load/create-payload.ts'
import { runCommand } from './run-command.ts'
import { temporaryFolder, type TemporaryFolder } from './temporary-folder.ts'

const run = { run: 'folder', seed: 3, keyed: false }

let files: TemporaryFolder
let database: Database

beforeEach(async () => {
  files = await temporaryFolder()
  const ledger = await openLedger(files.path('l'))
  await ledger.append({ type: 'run', ...run, payloadVersion: 2, startedAt: Date.now() })
  await ledger.append({
    type: 'ack',
    run: run.run,
    kind: 'logs',
    from: 0,
    count: 2,
    status: 202,
    attempts: 1,
    at: 0,
  })
  await ledger.close()
  database = await connectPGlite({ folder: files.path('data'), onFatal: () => undefined })
  await migrateToLatest(database)
  await ensurePartitions(database, [Date.now()])
})

afterEach(async () => {
  await database.close()
  await files[Symbol.asyncDispose]()
})

async function store(seq: number): Promise<void> {
  const id = createEventIds()()
  const data = createPayload(run, 'logs', seq) as JsonObject
  const row = { id, occurredAtMs: eventTimeMs(id), level: null, service: null, message: null, data }
  await storeLogs(database, [row], [])
}

const verify = (folder = 'data') =>
  runCommand(['verify', '--ledger', files.path('l'), '--data-dir', files.path(folder), '--settle', '0'])

it('verifies the folder of a standalone Runnel that has stopped, and no other', async () => {
  await store(0)
  expect(await verify()).toMatchObject({ code: 1, err: expect.stringContaining('is in use by process') })
  await database.close()
  expect(await verify()).toMatchObject({ code: 1, out: expect.stringMatching(/logs +2 +1 +1/) })
  database = await connectPGlite({ folder: files.path('data'), onFatal: () => undefined })
  await store(1)
  await database.close()
  expect((await verify()).code).toBe(0)
  expect(await verify('nothing')).toMatchObject({ code: 1, err: expect.stringContaining('holds no data') })
})
