import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { eventually, spawnStandalone, type RunningStandalone } from '@runnel/testing'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createDispatcherClient, createIngestClient, createQueryClient } from '../src/index.ts'

const START_MS = 240_000

const folder = mkdtempSync(join(tmpdir(), 'runnel-client-'))
let runnel: RunningStandalone

beforeAll(async () => {
  runnel = await spawnStandalone(folder)
}, START_MS)

afterAll(async () => {
  await runnel?.close()
  rmSync(folder, { recursive: true, force: true })
}, START_MS)

describe('the REST clients', () => {
  it('send an event and read it back', async () => {
    const ingest = createIngestClient({ url: runnel.ingest })
    const { data: answer } = await ingest.POST('/api/v1/logs', {
      body: { message: 'by REST', service: 'rest-client' },
      params: { query: { wait: 'stored' } },
    })
    expect(answer?.status).toBe('stored')
    const query = createQueryClient({ url: runnel.query })
    const { data: page } = await query.GET('/api/v1/logs', {
      params: { query: { service: 'rest-client' } },
    })
    expect(page?.items.map(({ message }) => message)).toEqual(['by REST'])
  })

  it('give a refusal as an error with its code and field', async () => {
    const ingest = createIngestClient({ url: runnel.ingest })
    const { error, response } = await ingest.POST('/api/v1/metrics', {
      body: { data: { value: 'many' as unknown as number } },
    })
    expect(response.status).toBe(400)
    expect(error).toMatchObject({ code: 'invalid_field', field: '/data/value' })
  })

  it('reach mailings through query-api', async () => {
    const dispatcher = createDispatcherClient({ url: runnel.query })
    const read = () => dispatcher.GET('/api/v1/clients', { params: { query: { limit: 1 } } })
    // The clients of a first start are created beside.
    await eventually(async () => (await read()).data?.items.length === 1)
  })

  it('ask for the key before every request', async () => {
    const sent: (string | null)[] = []
    let key = 'rnl_old'
    const query = createQueryClient({
      url: 'http://runnel.test',
      key: () => key,
      fetch: async ({ headers }) => {
        sent.push(headers.get('authorization'))
        return Response.json({})
      },
    })
    await query.GET('/api/v1/me')
    key = 'rnl_new'
    await query.GET('/api/v1/me')
    expect(sent).toEqual(['Bearer rnl_old', 'Bearer rnl_new'])
  })
})
