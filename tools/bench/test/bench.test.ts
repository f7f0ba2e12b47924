import { beforeAll, describe, expect, it } from '@jest/globals'
import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { ROWS, type Report, type RowName } from '../src/index.ts'

const MAIN = join(import.meta.dirname, '../src/bench-main.ts')

function runBench(...args: string[]) {
  const env = { ...process.env, NODE_OPTIONS: '' }
  return promisify(execFile)(process.execPath, [MAIN, ...args], { env })
}

/** One row of each kind: the others differ in what they ask for. All of them together take minutes. */
const KINDS: readonly RowName[] = [
  ...([
    'single',
    'keys',
    'visible',
    'drain-products',
    'send',
    'fairness',
    'product-redis',
    'log-counts',
    'growth-product',
  ] as const),
]

/** As short as it can be. How fast anything is does not matter here. */
describe('npm run bench', () => {
  let report: Report

  beforeAll(async () => {
    const { stdout } = await runBench('--json', '--turns', '1', '--seconds', '1', '--only', KINDS.join(','))
    report = JSON.parse(stdout) as Report
  }, 400_000)

  it('measures rows of every kind on both sides, without a failed request', () => {
    expect(report.rows.map(({ row }) => row)).toEqual(KINDS)
    for (const { row, turns, ratio, errors, aim } of report.rows) {
      expect({ row, turns: turns.length, errors }).toEqual({ row, turns: 1, errors: 0 })
      expect(turns[0]!.ceiling.rate).toBeGreaterThan(0)
      expect(turns[0]!.runnel.rate).toBeGreaterThan(0)
      expect(ratio.median).toBe(turns[0]!.runnel.rate / turns[0]!.ceiling.rate)
      expect(aim).toBe(ROWS[row as RowName].aim)
    }
  })

  it('reports the latency of requests, and what each process cost that takes part', () => {
    const byRow = Object.fromEntries(
      report.rows.map(({ row, runnel, processes }) => [
        row,
        { hasTimes: runnel.p50Ms! <= runnel.p99Ms!, processes: processes.map((one) => one.process).sort() },
      ]),
    )
    expect(byRow).toEqual({
      single: { hasTimes: true, processes: ['bare-intake', 'ingest-api', 'nats-server'] },
      keys: {
        hasTimes: true,
        processes: ['ingest-api', 'ingest-api without keys', 'nats-server', 'postgres'],
      },
      visible: {
        hasTimes: true,
        processes: ['consumer', 'ingest-api', 'nats-server', 'postgres', 'query-api'],
      },
      'drain-products': { hasTimes: false, processes: ['bench', 'consumer', 'nats-server', 'postgres'] },
      send: {
        hasTimes: false,
        processes: ['bench', 'gateway', 'message-dispatcher', 'nats-server', 'postgres', 'redis-server'],
      },
      fairness: {
        hasTimes: false,
        processes: ['gateway', 'message-dispatcher', 'nats-server', 'postgres', 'redis-server'],
      },
      'product-redis': {
        hasTimes: true,
        processes: ['bare-redis', 'nats-server', 'postgres', 'query-api', 'redis-server'],
      },
      'log-counts': { hasTimes: true, processes: ['bench', 'nats-server', 'postgres', 'query-api'] },
      'growth-product': {
        hasTimes: true,
        processes: [
          ...['nats-server', 'postgres'],
          ...['query-api beside 100', 'query-api beside 1000', 'query-api beside 10000'],
        ],
      },
    })
    for (const { processes } of report.rows)
      for (const { role, idleMb, peakMb, ceilingCpu, runnelCpu } of processes) {
        expect(peakMb).toBeGreaterThan(0)
        expect(idleMb).toBeGreaterThan(0)
        expect(role === 'ceiling' ? ceilingCpu : runnelCpu).toBeGreaterThanOrEqual(0)
      }
    const ingest = report.rows[0]!.processes.find((one) => one.role === 'app')!
    expect(ingest.runnelCpu).toBeGreaterThan(ingest.ceilingCpu)
  })

  it('reports how many requests went the way of a row where that could be another one', () => {
    const shares = report.rows.flatMap(({ row, share }) => (share === undefined ? [] : [[row, share > 0.5]]))
    expect(shares).toEqual([['product-redis', true]])
  })

  it('measures Runnel beside less and more stored rows', () => {
    const { also, ceilingName } = report.rows.find(({ row }) => row === 'growth-product')!
    expect(ceilingName).toBe('the same beside 100k stored rows')
    expect(also).toMatchObject([{ title: 'beside 10k stored rows', ratio: { median: expect.any(Number) } }])
  })

  it('names the machine and the load generator', () => {
    const { machine, generator } = report
    expect(generator).toMatch(/^(wrk|autocannon), 64 connections$/)
    expect(machine).toMatchObject({ node: process.version, cores: expect.any(Number) })
    for (const version of [machine.broker, machine.postgres, machine.redis])
      expect(version).toMatch(/(^| )\d+\./)
  })

  it('refuses a row that it does not know', async () => {
    await expect(runBench('--only', 'single,nope')).rejects.toMatchObject({
      stderr: expect.stringContaining('There is no row nope'),
    })
  })
})
