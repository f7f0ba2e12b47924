import { describe, expect, it } from '@jest/globals'
import { renderReport, type Report } from './report.ts'
import { summarise } from './row-result.ts'

const row = { title: 'POST one metric', ceiling: 'bare Fastify', unit: 'events/s', aim: 0.7 }

function createReport(loadAtStart: number, errors = 0): Report {
  const turns = [
    { ceiling: { rate: 60_000, p99Ms: 2, errors: 0 }, runnel: { rate: 45_000, p99Ms: 3.25, errors } },
  ]
  const memory = [{ app: 'ingest-api', idleMb: 101.4, peakMb: 163 }]
  return {
    machine: { cores: 2, cpu: 'some', node: 'v24', nats: '2.9', postgres: '15', redis: '7', loadAtStart },
    generator: 'wrk, 64 connections',
    turns: 1,
    seconds: 3,
    memoryAimMb: 150,
    rows: [summarise('single', row, turns, memory)],
  }
}

describe('renderReport', () => {
  it('names the ceiling, both medians with their extremes, the ratio, p99 of both, the aim and the verdict', () => {
    const text = renderReport(createReport(0.1))
    const line = text.split('\n').find((one) => one.includes('single'))!
    const cells = line.split('|').map((cell) => cell.trim())
    expect(cells.slice(1, -1)).toEqual([
      'single: POST one metric',
      'bare Fastify',
      'events/s',
      '60.0k (60.0k-60.0k)',
      '45.0k (45.0k-45.0k)',
      '2.0 / 3.3',
      '0.75 (0.75-0.75)',
      '>= 0.70',
      'met',
    ])
    expect(text).toMatch(/ingest-api \| single \| 101 +\| 163 +\| <= 150 \| above/)
    expect(text).toContain('wrk, 64 connections; 1 turns of 3 s a side')
  })

  it('warns when the machine was busy', () => {
    expect(renderReport(createReport(0.9))).not.toContain('WARNING')
    expect(renderReport(createReport(1.1))).toContain('WARNING')
  })

  it('calls a row void whose requests failed', () => {
    expect(renderReport(createReport(0, 7))).toContain('void: 7 requests failed')
  })

  it('has columns that stand below each other', () => {
    const lines = renderReport(createReport(0)).split('\n')
    const rates = lines.slice(lines.findIndex((line) => line.startsWith('| row')))
    expect(new Set(rates.slice(0, 3).map((line) => line.length)).size).toBe(1)
  })
})
