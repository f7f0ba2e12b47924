import { describe, expect, it } from '@jest/globals'
import { renderReport, type Report } from './report.ts'
import { summarise } from './row-result.ts'

const row = {
  ...{ title: 'POST one metric', ceiling: 'bare Fastify', unit: 'events/s', aim: 0.7 },
  p99Aim: { timesCeiling: 2 },
}

function createReport(loadAtStart: number, errors = 0): Report {
  const use = { process: 'ingest-api', cpuSeconds: 2.5, peakMb: 163 }
  const ceiling = { rate: 60_000, operations: 180_000, p50Ms: 1, p99Ms: 2, errors: 0, processes: [] }
  const runnel = {
    ...{ rate: 45_000, operations: 125_000, p50Ms: 1.5, p99Ms: 3.25, errors },
    processes: [use],
  }
  const turns = [{ ceiling, runnel, also: { 'beside more': { ...runnel, rate: 30_000, errors: 0 } } }]
  const watched = [{ process: 'ingest-api', role: 'app', idleMb: 121.4 }] as const
  return {
    machine: {
      cores: 2,
      cpu: 'some',
      node: 'v24',
      broker: 'nats-server 2.9',
      postgres: '15',
      redis: '7',
      loadAtStart,
    },
    generator: 'wrk, 64 connections',
    turns: 1,
    seconds: 3,
    idleAimMb: 120,
    rows: [{ ...summarise('single', row, turns, watched), stolen: 0.123 }],
  }
}

function cellsOf(text: string, part: string): string[] {
  const line = text.split('\n').find((one) => one.includes(part))!
  return line
    .split('|')
    .map((cell) => cell.trim())
    .slice(1, -1)
}

describe('renderReport', () => {
  it('names the ceiling, both medians with their extremes, the ratio, p50 and p99 of both, aims and verdicts', () => {
    const text = renderReport(createReport(0.1))
    expect(cellsOf(text, 'single: POST')).toEqual([
      ...['single: POST one metric', 'bare Fastify', 'events/s'],
      ...['60.0k (60.0k-60.0k)', '45.0k (45.0k-45.0k)', '1.0 / 1.5', '2.0 / 3.3', '0.75 (0.75-0.75)'],
      ...['>= 0.70', 'met', "<= 2 x the ceiling's", 'met', '12 %'],
    ])
    expect(text).toContain('wrk, 64 connections; 1 turns of 3 s a side')
  })

  it('shows what else was measured of Runnel below the row', () => {
    const cells = cellsOf(renderReport(createReport(0.1)), 'beside more')
    expect([cells[0], cells[4], cells[7]]).toEqual([
      ...['single: beside more', '30.0k (30.0k-30.0k)', '0.50 (0.50-0.50)'],
    ])
  })

  it('reports what each process cost, and judges the idle memory of apps', () => {
    expect(cellsOf(renderReport(createReport(0.1)), '| ingest-api')).toEqual([
      ...['ingest-api', 'single', '0.00', '2.00', '163', '121', '<= 120', 'missed'],
    ])
  })

  it('warns when the machine was busy', () => {
    expect(renderReport(createReport(0.9))).not.toContain('WARNING')
    expect(renderReport(createReport(1.1))).toContain('WARNING')
  })

  it('calls a row void whose requests failed', () => {
    expect(renderReport(createReport(0, 7))).toContain('void: 7 requests failed')
  })

  it('reports how many requests went the way that the row is about', () => {
    const report = createReport(0)
    const rows = report.rows.map((row) => ({ ...row, share: 0.998 }))
    expect(cellsOf(renderReport({ ...report, rows }), 'single: POST')[9]).toBe('met; 99.8 % went this way')
  })

  it('has columns that stand below each other', () => {
    const lines = renderReport(createReport(0)).split('\n')
    const rates = lines.slice(lines.findIndex((line) => line.startsWith('| row')))
    expect(new Set(rates.slice(0, 4).map((line) => line.length)).size).toBe(1)
  })
})
