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

/** Every row, as short as it can be. How fast anything is does not matter here. */
describe('npm run bench', () => {
  let report: Report

  beforeAll(async () => {
    const { stdout } = await runBench('--json', '--turns', '1', '--seconds', '1')
    report = JSON.parse(stdout) as Report
  }, 240_000)

  it('measures every row on both sides, without a failed request', () => {
    expect(report.rows.map(({ row }) => row)).toEqual(Object.keys(ROWS))
    for (const { row, turns, ratio, errors, aim } of report.rows) {
      expect({ row, turns: turns.length, errors }).toEqual({ row, turns: 1, errors: 0 })
      expect(turns[0]!.ceiling.rate).toBeGreaterThan(0)
      expect(turns[0]!.runnel.rate).toBeGreaterThan(0)
      expect(ratio.median).toBe(turns[0]!.runnel.rate / turns[0]!.ceiling.rate)
      expect(aim).toBe(ROWS[row as RowName].aim)
    }
  })

  it('tells the latency of requests, and the memory of the app that serves them', () => {
    const byRow = Object.fromEntries(
      report.rows.map(({ row, runnel, memory }) => [
        row,
        { hasP99: runnel.p99Ms !== undefined, apps: memory.map(({ app }) => app) },
      ]),
    )
    expect(byRow).toEqual({
      single: { hasP99: true, apps: ['ingest-api'] },
      batch: { hasP99: true, apps: ['ingest-api'] },
      drain: { hasP99: false, apps: ['consumer'] },
      product: { hasP99: true, apps: ['query-api'] },
    })
    for (const { memory } of report.rows)
      for (const { idleMb, peakMb } of memory) expect(peakMb).toBeGreaterThanOrEqual(idleMb)
  })

  it('names the machine and the load generator', () => {
    const { machine, generator } = report
    expect(generator).toMatch(/^(wrk|autocannon), 64 connections$/)
    expect(machine).toMatchObject({ node: process.version, cores: expect.any(Number) })
    for (const version of [machine.nats, machine.postgres, machine.redis]) expect(version).toMatch(/^\d+\./)
  })

  it('refuses a row that it does not know', async () => {
    await expect(runBench('--only', 'single,nope')).rejects.toMatchObject({
      stderr: expect.stringContaining('There is no row nope'),
    })
  })
})
