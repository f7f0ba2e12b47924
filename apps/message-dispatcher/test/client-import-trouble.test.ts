import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { connectDatabase } from '@runnel/repositories-database'
import { eventually } from '@runnel/testing'
import { sql } from 'kysely'
import { request, type ClientRequest, type IncomingMessage } from 'node:http'
import { startDispatcher, type TestDispatcher } from './start-dispatcher.ts'

const IMPORT = '/api/v1/clients/import?timeZone=Europe/Moscow'

let dispatcher: TestDispatcher
let port: number

async function start(env: Record<string, string> = {}): Promise<void> {
  dispatcher = await startDispatcher({
    env: { CLIENT_IMPORT_BATCH_ROWS: '10', CLIENT_IMPORT_CONCURRENCY: '1', ...env },
  })
  await dispatcher.http.listen({ host: '127.0.0.1', port: 0 })
  port = (dispatcher.http.server.address() as { port: number }).port
}

beforeEach(() => start())
afterEach(() => dispatcher.stop())

interface Answer {
  readonly status: number
  readonly headers: IncomingMessage['headers']
  readonly body: {
    code?: string
    import?: Record<string, unknown>
    [member: string]: unknown
  }
}

/** An upload that continues until the test ends it. */
function upload(): { readonly sending: ClientRequest; readonly answer: Promise<Answer> } {
  const sending = request({
    port,
    host: '127.0.0.1',
    path: IMPORT,
    method: 'POST',
    headers: { 'content-type': 'text/csv' },
  })
  const answer = new Promise<Answer>((resolve, reject) => {
    sending.on('error', reject)
    sending.on('response', (response) => {
      let text = ''
      response.setEncoding('utf8').on('data', (part) => (text += String(part)))
      response.on('end', () =>
        resolve({
          status: response.statusCode!,
          headers: response.headers,
          body: JSON.parse(text) as Answer['body'],
        }),
      )
    })
  })
  answer.catch(() => undefined)
  return { sending, answer }
}

const rows = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, i) => `7916${String(from + i).padStart(7, '0')}\n`).join('')

const countClients = async () => {
  const found = await sql<{ n: number }>`select count(*)::int as n from client`.execute(
    dispatcher.database.kysely,
  )
  return found.rows[0]!.n
}

const imports = async () =>
  (await dispatcher.get('/api/v1/clients/imports')).json<{ items: Record<string, unknown>[] }>().items

/** An upload of which the first 25 rows have arrived, and 20 are stored. */
async function uploadHalf() {
  const { sending, answer } = upload()
  sending.write(`phone\n${rows(0, 25)}`)
  await eventually(async () => (await countClients()) >= 20)
  return { sending, answer }
}

async function sendWhole(): Promise<Answer> {
  const { sending, answer } = upload()
  sending.end(`phone\n${rows(0, 25)}`)
  return answer
}

describe('an import in the middle', () => {
  it('shows how far it has come', async () => {
    const { sending, answer } = await uploadHalf()
    expect(await imports()).toMatchObject([{ status: 'running', rows: 20, created: 20, finishedAt: null }])
    sending.end(rows(25, 40))
    expect(await answer).toMatchObject({ status: 200, body: { status: 'completed', rows: 40, created: 40 } })
    expect(await imports()).toMatchObject([{ status: 'completed', rows: 40 }])
  })

  it('of which the connection is cut keeps what is stored, and may be sent again', async () => {
    const { sending } = await uploadHalf()
    sending.destroy()
    await eventually(async () => (await imports())[0]!['status'] === 'aborted')
    const [{ rows: stored } = {}] = await imports()
    expect(stored).toBe(await countClients())
    expect(await sendWhole()).toMatchObject({ status: 200, body: { rows: 25, unchanged: stored } })
    expect(await countClients()).toBe(25)
  })

  it('whose sender falls silent is ended with what is stored', async () => {
    await dispatcher.stop()
    await start({ CLIENT_IMPORT_IDLE_MS: '300' })
    const { sending, answer } = upload()
    sending.write(`phone\n${rows(0, 25)}`)
    const { status, body } = await answer
    sending.destroy()
    expect([status, body.code, body.import?.['status']]).toEqual([400, 'bad_request', 'aborted'])
    expect(body.import?.['rows']).toBe(await countClients())
  })

  it('is answered by the drain with 503 and what is stored', async () => {
    const { sending, answer } = await uploadHalf()
    await dispatcher.drain()
    const { status, headers, body } = await answer
    expect([status, body.code]).toEqual([503, 'shutting_down'])
    expect(Number(headers['retry-after'])).toBeGreaterThan(0)
    expect(body.import).toMatchObject({ status: 'aborted', rows: 20 })
    expect(await imports()).toMatchObject([{ status: 'aborted', reason: 'shutting_down', rows: 20 }])
    sending.destroy()
  })

  it('that loses its database is answered with 503 and what is stored, and may be sent again', async () => {
    const { sending, answer } = await uploadHalf()
    const name = new URL(dispatcher.databaseUrl).pathname.slice(1)
    await allowConnections(name, false)
    sending.write(rows(25, 60))
    const { status, headers, body } = await answer
    sending.destroy()
    await allowConnections(name, true)
    expect([status, body.code]).toEqual([503, 'database_unavailable'])
    expect(Number(headers['retry-after'])).toBeGreaterThan(0)
    expect(body.import).toMatchObject({ status: 'aborted', rows: 20, created: 20 })
    expect(await eventually(sendWhole)).toMatchObject({
      status: 200,
      body: { rows: 25, unchanged: 20, created: 5 },
    })
  })

  it('runs no more imports than allowed at once, and answers others with Retry-After', async () => {
    const { sending, answer } = await uploadHalf()
    const refused = await sendWhole()
    expect([refused.status, refused.body.code]).toEqual([429, 'too_busy'])
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0)
    sending.end()
    expect((await answer).status).toBe(200)
    expect((await sendWhole()).status).toBe(200)
  })
})

it('an import of a lost database is refused before anything is read', async () => {
  const name = new URL(dispatcher.databaseUrl).pathname.slice(1)
  await allowConnections(name, false)
  const { status, body } = await sendWhole()
  await allowConnections(name, true)
  expect([status, body.code]).toEqual([503, 'database_unavailable'])
})

/** Makes the database unreachable: its connections are ended, and new ones refused. */
async function allowConnections(name: string, allowed: boolean): Promise<void> {
  const url = new URL(dispatcher.databaseUrl)
  url.pathname = '/postgres'
  const admin = connectDatabase({
    url: url.href,
    applicationName: 'test',
    poolSize: 1,
    statementTimeoutMs: 5000,
  })
  await sql`alter database ${sql.id(name)} allow_connections ${sql.raw(String(allowed))}`.execute(
    admin.kysely,
  )
  if (!allowed) {
    await sql`select pg_terminate_backend(pid) from pg_stat_activity where datname = ${name}`.execute(
      admin.kysely,
    )
  }
  await admin.close()
}
