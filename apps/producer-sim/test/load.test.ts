import { describe, expect, it } from '@jest/globals'
import { readLedger } from '../src/ledger/read-ledger.ts'
import { runCommand } from './run-command.ts'
import { accepted, scriptedIngest } from './scripted-ingest.ts'
import { temporaryFolder } from './temporary-folder.ts'

interface Summary {
  readonly run: string
  readonly scheduled: number
  readonly sent: number
  readonly acknowledged: number
  readonly unacknowledged: number
  readonly rejected: number
  readonly retries: number
  readonly droppedByGenerator: number
  readonly answers: Record<string, number>
  readonly latencyMs: Record<string, number>
}

async function load(
  args: readonly string[],
  signal?: AbortSignal,
): Promise<Summary & { readonly code: number }> {
  const { code, out, err } = await runCommand(['load', '--json', ...args], signal && { signal })
  // A run that takes long on a busy machine says how far it is.
  expect(err.replaceAll(/^load: .*\n/gm, '')).toBe('')
  return { code, ...(JSON.parse(out) as Summary) }
}

describe('load', () => {
  it('sends what was asked for and enters each 2xx into the ledger', async () => {
    await using folder = await temporaryFolder()
    await using server = await scriptedIngest(accepted)
    const args = ['--url', server.url, '--rate', '1000', '--duration', '0.3', '--batch', '10']
    const summary = await load([...args, '--kinds', 'logs', '--ledger', folder.path('l')])
    expect(summary).toMatchObject({
      code: 0,
      scheduled: 300,
      sent: 300,
      acknowledged: 300,
      answers: { '202': 30 },
    })
    const { runs } = await readLedger(folder.path('l'))
    expect(runs[0]?.start.run).toBe(summary.run)
    expect(runs[0]?.acknowledged.logs.length).toBe(300)
  })

  it('proves who sends by the key of INGEST_API_KEY', async () => {
    await using server = await scriptedIngest(accepted)
    const args = ['load', '--url', server.url, '--rate', '50', '--duration', '0.1']
    await runCommand(args, { env: { INGEST_API_KEY: 'rnl_key' } })
    await runCommand(args)
    const sent = new Set(server.received.map(({ authorization }) => authorization))
    expect(sent).toEqual(new Set(['Bearer rnl_key', undefined]))
  })

  it('makes the same events of the same seed and run', async () => {
    await using first = await scriptedIngest(accepted)
    await using second = await scriptedIngest(accepted)
    const args = ['--rate', '100', '--duration', '0.3', '--seed', '5', '--run', 'same', '--connections', '1']
    await load(['--url', first.url, ...args])
    await load(['--url', second.url, ...args])
    expect(first.received).toHaveLength(30)
    expect(second.received).toEqual(first.received)
  })

  it('never sends twice without keys: a 503 and a cut connection count as unacknowledged', async () => {
    await using folder = await temporaryFolder()
    await using server = await scriptedIngest((request, index) =>
      index % 3 === 0
        ? { status: 503, headers: { 'retry-after': '0' } }
        : index % 3 === 1
          ? 'cut'
          : accepted(request),
    )
    const args = ['--url', server.url, '--rate', '100', '--duration', '0.3', '--ledger', folder.path('l')]
    const summary = await load([...args, '--connections', '1'])
    expect(summary).toMatchObject({ sent: 30, acknowledged: 10, unacknowledged: 20, retries: 0 })
    expect(summary.answers).toEqual({ '202': 10, '503': 10, 'connection closed': 10 })
    expect(server.received).toHaveLength(30)
    const { runs } = await readLedger(folder.path('l'))
    const acks = Object.values(runs[0]!.acknowledged).flatMap((seqs) =>
      Array.from({ length: seqs.length }, (_, i) => seqs.get(i)),
    )
    expect(acks.reduce((sum, count) => sum + count, 0)).toBe(10)
  })

  it('sends again under the same key until accepted with --keyed', async () => {
    await using server = await scriptedIngest((request, index) =>
      index < 4 ? { status: 503, headers: { 'retry-after': '0' } } : accepted(request),
    )
    const args = ['--url', server.url, '--rate', '10', '--duration', '0.1', '--keyed', '--kinds', 'logs']
    const summary = await load([...args, '--run', 'k'])
    expect(summary).toMatchObject({ acknowledged: 1, unacknowledged: 0, retries: 4 })
    expect(server.received.map(({ items }) => items[0]?.['eventId'])).toEqual(Array(5).fill('load:k:logs:0'))
  })

  it('counts latency from the scheduled time: a server that stalls once shows in all that waited', async () => {
    let stalled = false
    await using server = await scriptedIngest((request) => {
      if (!stalled) {
        stalled = true
        // Blocks the event loop, as a long garbage collection would.
        const until = performance.now() + 300
        while (performance.now() < until);
      }
      return accepted(request)
    })
    const summary = await load([
      '--url',
      server.url,
      '--rate',
      '100',
      '--duration',
      '0.5',
      '--connections',
      '1',
    ])
    expect(summary.acknowledged).toBe(50)
    expect(summary.latencyMs['p50']).toBeGreaterThan(20)
    expect(summary.latencyMs['max']).toBeGreaterThan(290)
  })

  it('drops what exceeds the outstanding requests, and says so', async () => {
    await using server = await scriptedIngest(() => 'hang')
    const args = ['--url', server.url, '--rate', '100', '--duration', '0.3', '--max-outstanding', '5']
    // None may be given up before the last one is scheduled, however slow the machine is.
    const summary = await load([...args, '--timeout', '5'])
    expect(summary).toMatchObject({
      code: 1,
      scheduled: 30,
      sent: 5,
      droppedByGenerator: 25,
      unacknowledged: 5,
    })
    expect(summary.answers).toEqual({ timeout: 5 })
  })

  it('asks for stored events with --wait stored', async () => {
    await using server = await scriptedIngest((request) => ({
      ...(accepted(request) as object),
      status: 200,
    }))
    const args = [
      '--url',
      server.url,
      '--rate',
      '10',
      '--duration',
      '0.1',
      '--wait',
      'stored',
      '--kinds',
      'metrics',
    ]
    expect(await load(args)).toMatchObject({ acknowledged: 1, answers: { '200': 1 } })
    expect(server.received[0]?.path).toBe('/api/v1/metrics?wait=stored')
  })

  it('reports at Ctrl-C what it came to', async () => {
    const interrupt = new AbortController()
    await using server = await scriptedIngest((request, index) => {
      if (index === 4) interrupt.abort()
      return accepted(request)
    })
    const summary = await load(['--url', server.url, '--rate', '50', '--duration', '60'], interrupt.signal)
    expect(summary.code).toBe(130)
    expect(summary.acknowledged).toBe(summary.sent)
    expect(summary.sent).toBeGreaterThan(3)
  })
})
