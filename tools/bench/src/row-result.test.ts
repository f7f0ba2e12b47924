import { describe, expect, it } from '@jest/globals'
import { summarise } from './row-result.ts'
import type { Turn } from './take-turns.ts'

const row = { title: 'POST', ceiling: 'bare', unit: 'requests/s', aim: 0.7 }

const sample = (rate: number, errors = 0) => ({
  ...{ rate, operations: 1000, p50Ms: rate / 20, p99Ms: rate / 10, errors },
  processes: [{ process: 'ingest-api', cpuSeconds: 0.02, peakMb: rate }],
})

const turn = (ceiling: number, runnel: number, errors = 0): Turn => ({
  ceiling: sample(ceiling),
  runnel: sample(runnel, errors),
  also: {},
})

describe('summarise', () => {
  it('takes ratios within turns, for the machine changes between them', () => {
    const turns = [turn(100, 80), turn(50, 40), turn(10, 9)]
    const { ratio, ceiling, runnel } = summarise('single', row, turns, [])
    expect(ratio).toEqual({ median: 0.8, min: 0.8, max: 0.9 })
    expect(ceiling).toEqual({ rate: { median: 50, min: 10, max: 100 }, p50Ms: 2.5, p99Ms: 5 })
    expect(runnel).toEqual({ rate: { median: 40, min: 9, max: 80 }, p50Ms: 2, p99Ms: 4 })
  })

  it.each([
    ['met', [turn(10, 7)]],
    ['missed', [turn(10, 6.9)]],
    ['met', [turn(10, 1), turn(10, 7), turn(10, 8)]],
    ['void', [turn(10, 9), turn(10, 9, 1)]],
  ])('judges the median: %s', (verdict, turns) => {
    expect(summarise('single', row, turns, []).verdict).toBe(verdict)
  })

  it.each([
    ['met', 0.95],
    ['void', 0.94],
  ])('is about the requests that went its way: %s at %d', (verdict, share) => {
    const short = { ...turn(10, 9), runnel: { ...sample(9), share } }
    const turns = [{ ...turn(10, 9), runnel: { ...sample(9), share: 1 } }, short]
    expect(summarise('product-miss', row, turns, [])).toMatchObject({ verdict, share })
  })

  it.each([
    ['none', {}],
    ['met', { p99Aim: { ms: 1.6 } }],
    ['missed', { p99Aim: { ms: 1.5 } }],
    ['met', { p99Aim: { timesCeiling: 1.6 } }],
    ['missed', { p99Aim: { timesCeiling: 1.5 } }],
  ])('judges p99 by itself: %s of %j', (verdict, aim) => {
    const result = summarise('single', { ...row, ...aim }, [turn(10, 16)], [])
    expect(result).toMatchObject({ verdict: 'met', p99Verdict: verdict })
  })

  it('has no p99 where there were no requests', () => {
    const bare = { rate: 2, operations: 1, errors: 0, processes: [] }
    const turns = [{ ceiling: bare, runnel: bare, also: {} }]
    expect(summarise('drain', row, turns, []).runnel).not.toHaveProperty('p99Ms')
  })

  it('compares what else was measured with the same ceiling', () => {
    const { also, errors } = summarise(
      'growth',
      row,
      [{ ...turn(10, 8), also: { '10k': sample(11, 3) } }],
      [],
    )
    expect(also).toMatchObject([{ title: '10k', ratio: { median: 1.1 }, runnel: { rate: { median: 11 } } }])
    expect(errors).toBe(3)
  })

  it('divides CPU time by operations, over all turns of a side', () => {
    const watched = [
      { process: 'ingest-api', role: 'app', idleMb: 5 },
      { process: 'gone', role: 'shared', idleMb: 5 },
    ] as const
    const { processes } = summarise('single', row, [turn(10, 8), turn(30, 9)], watched)
    expect(processes).toEqual([{ ...watched[0], peakMb: 30, ceilingCpu: 2, runnelCpu: 2 }])
  })
})
