import { expect, it } from '@jest/globals'
import { createTestDatabase, spawnApp, testPrefix, type ManagedProcess } from '@runnel/testing'
import { readFileSync } from 'node:fs'
import { Readable } from 'node:stream'

const ROWS = 100_000

/** After these the process has what it needs: buffers, compiled code, connections. */
const WARM_UP_ROWS = 50_000

/** All that V8 may have: without a limit it collects only when there is much to collect. */
const HEAP_MEGABYTES = 96

/** What the process may still grow by; the file has 80 MB, and its rows as objects would be more. */
const GROWTH_BYTES = 64 * 1024 ** 2

it(`${ROWS} rows are imported in flat memory, and all of them are there`, async () => {
  await using database = await createTestDatabase()
  await using app = await spawnApp(
    'message-dispatcher',
    {
      DATABASE_URL: database.url,
      SUBJECT_PREFIX: testPrefix(),
      NODE_OPTIONS: `--max-old-space-size=${HEAP_MEGABYTES}`,
    },
    { waitFor: '/readyz' },
  )
  await send(app, WARM_UP_ROWS)
  const before = residentBytes(app)
  let peak = before
  const timer = setInterval(() => {
    peak = Math.max(peak, residentBytes(app))
  }, 20)
  const report = await send(app, ROWS)
  clearInterval(timer)
  expect(report).toMatchObject({
    status: 'completed',
    rows: ROWS,
    created: ROWS - WARM_UP_ROWS,
    unchanged: WARM_UP_ROWS,
    rejected: 0,
  })
  expect(peak - before).toBeLessThan(GROWTH_BYTES)
}, 240_000)

async function send(app: ManagedProcess, count: number): Promise<unknown> {
  const response = await fetch(`${app.url}/api/v1/clients/import?timeZone=Europe/Moscow`, {
    method: 'POST',
    headers: { 'content-type': 'text/csv' },
    body: Readable.toWeb(Readable.from(csv(count))) as ReadableStream,
    duplex: 'half',
  })
  return response.json()
}

function* csv(count: number): Generator<Buffer> {
  yield Buffer.from('phone,tag,note\n')
  const note = 'x'.repeat(780)
  for (let from = 0; from < count; from += 100) {
    const rows = Array.from(
      { length: 100 },
      (_, i) => `7916${String(from + i).padStart(7, '0')},t${i % 7},${note}\n`,
    )
    yield Buffer.from(rows.join(''))
  }
}

function residentBytes({ pid }: ManagedProcess): number {
  const kilobytes = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]
  return Number(kilobytes) * 1024
}
