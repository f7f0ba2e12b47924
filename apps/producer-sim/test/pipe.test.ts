import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { eventually, runIf } from '@runnel/testing'
import { join } from 'node:path'
import { dataSamples, NO_DATA, ownSamples } from './data-samples.ts'
import { startPipe, type Pipe } from './pipe.ts'
import { runCommand } from './run-command.ts'
import { temporaryFolder } from './temporary-folder.ts'

let pipe: Pipe

beforeAll(async () => {
  pipe = await startPipe()
})

afterAll(async () => pipe?.[Symbol.asyncDispose](), 60_000)

async function replayTwiceAndVerify(files: readonly string[], entries: number): Promise<void> {
  await using folder = await temporaryFolder()
  const replay = ['replay', ...files, '--url', pipe.ingest, '--state', folder.path('s'), '--batch', '50']
  const verify = ['verify', ...files.flatMap((file) => ['--file', file]), '--json']
  const duplicates = await pipe.outcomes('duplicate')

  expect(await runCommand(replay)).toMatchObject({ code: 0, err: '' })
  const once = await runCommand(verify, { env: pipe.env })
  expect(once).toMatchObject({ code: 0, err: '' })
  const { findings } = JSON.parse(once.out) as { findings: { stored: number }[] }
  expect(findings.reduce((sum, { stored }) => sum + stored, 0)).toBe(entries)
  const rows = await pipe.rows()

  expect(await runCommand(replay)).toMatchObject({ code: 0, err: '' })
  await eventually(async () => (await pipe.outcomes('duplicate')) === duplicates + entries, {
    timeoutMs: 20_000,
  })
  expect(await pipe.rows()).toEqual(rows)
  expect(await runCommand(verify, { env: pipe.env })).toMatchObject({ code: 0 })
}

describe('replay', () => {
  it('stores every entry of the samples once, equal to its source, however often they are replayed', async () => {
    const files = ['sample.log', 'room-temperature.csv', 'products.json'].map((name) =>
      join(ownSamples, name),
    )
    await replayTwiceAndVerify(files, 15 + 48 + 10)
  })

  const real = runIf(dataSamples !== undefined, it, NO_DATA)
  real(
    'does the same with real files (RUNNEL_DATA_SAMPLES, or shared/data beside the project)',
    async () => {
      const files = [
        'Apache_2k.log',
        'HDFS_2k.log',
        'OpenStack_2k.log',
        'rds_cpu_utilization_e47b3b.csv',
        'products.json',
      ]
      await replayTwiceAndVerify(
        files.map((name) => join(dataSamples!, name)),
        6000 + 4032 + 194,
      )
    },
    120_000,
  )
})

describe('load and verify', () => {
  const load = (ledger: string, ...args: string[]) =>
    runCommand(['load', '--url', pipe.ingest, '--json', '--ledger', ledger, '--duration', '1', ...args])

  it.each([
    ['single events', ['--rate', '300']],
    ['batches', ['--rate', '3000', '--batch', '50']],
    ['keys', ['--rate', '300', '--keyed', '--batch', '3']],
    ['answers after the commit', ['--rate', '300', '--wait', 'stored']],
  ])(
    'is green: %s',
    async (_, args) => {
      await using folder = await temporaryFolder()
      const { code, out } = await load(folder.path('l'), ...args)
      expect(code).toBe(0)
      const { sent, acknowledged, answers } = JSON.parse(out) as Record<string, unknown>
      expect(acknowledged).toBe(sent)
      expect(Object.keys(answers as object)).toEqual([args.includes('stored') ? '200' : '202'])
      const verified = await runCommand(['verify', '--ledger', folder.path('l')], { env: pipe.env })
      // On a busy machine it says how far it is, and nothing else.
      const progress = /^(verify: \d+\/\d+ events, \d+ missing so far\n)*$/
      expect(verified).toMatchObject({ code: 0, err: expect.stringMatching(progress) })
    },
    60_000,
  )

  it('stores a keyed run once although it is sent twice', async () => {
    await using folder = await temporaryFolder()
    const before = await pipe.rows()
    const args = ['--rate', '200', '--keyed', '--run', 'again', '--kinds', 'logs']
    await load(folder.path('l'), ...args)
    await load(folder.path('l'), ...args)
    const { code, out } = await runCommand(['verify', '--ledger', folder.path('l'), '--json'], {
      env: pipe.env,
    })
    expect(code).toBe(0)
    expect((JSON.parse(out) as { findings: object[] }).findings).toMatchObject([
      { stored: 200, duplicates: 200 },
    ])
    expect(await pipe.rows()).toEqual({ ...before, logs: before.logs + 200 })
  })

  it('turns red when a stored row is deleted, doubled or altered behind its back', async () => {
    await using folder = await temporaryFolder()
    await load(folder.path('l'), '--rate', '100', '--run', 'spoilt', '--kinds', 'metrics')
    const verify = () =>
      runCommand(['verify', '--ledger', folder.path('l'), '--settle', '0'], { env: pipe.env })
    const row = (seq: number) => `tags->>'run' = 'spoilt' and (tags->>'seq')::int = ${seq}`
    expect(await runCommand(['verify', '--ledger', folder.path('l')], { env: pipe.env })).toMatchObject({
      code: 0,
    })

    await pipe.execute(`update metric set data = data || '{"value": 0}' where ${row(1)}`)
    expect((await verify()).out).toMatch(/altered \(spoilt, metrics\): seq 1 \(/)
    await pipe.execute(`delete from metric where ${row(1)}`)
    expect((await verify()).out).toMatch('lost (spoilt, metrics): seq 1\n')
    const columns = 'received_at, occurred_at, name, value, unit, tags, data, extra'
    await pipe.execute(
      `insert into metric (id, ${columns}) select gen_random_uuid(), ${columns} from metric where ${row(2)}`,
    )
    const { code, out } = await verify()
    expect(code).toBe(1)
    expect(out).toMatch('doubled (spoilt, metrics): seq 2\n')
  })
})
