import { describe, expect, it } from '@jest/globals'
import { describeFault, targetOf, typeOf } from './fault.ts'
import { createSchedule } from './create-schedule.ts'

describe('a schedule of faults', () => {
  it('is the same for the same seed and length, and another for another seed', () => {
    expect(createSchedule(7, 60)).toEqual(createSchedule(7, 60))
    expect(createSchedule(7, 60)).not.toEqual(createSchedule(8, 60))
  })

  it('holds more than a hundred faults in thirty minutes, of every type', () => {
    const faults = createSchedule(1, 1800)
    expect(faults.length).toBeGreaterThan(100)
    const types = new Set(faults.map(typeOf))
    expect([...types].sort()).toEqual(
      [
        ...['kill-app', 'stop-app', 'kill-broker', 'kill-postgres', 'kill-redis', 'cut-line'],
        ...['latency', 'half-open', 'drop-replies', 'bandwidth'],
        ...['fill-stream', 'poison', 'migrate', 'deploy', 'gateway'],
        ...['step-clock', 'fill-disk'],
      ].sort(),
    )
  })

  it.each([1, 2, 3, 7, 99])('lets faults overlap, but never two on the same thing (seed %i)', (seed) => {
    const faults = createSchedule(seed, 600)
    const freeAtMs = new Map<string, number>()
    let overlaps = 0
    let busyUntilMs = 0
    for (const fault of faults) {
      expect(fault.atMs).toBeGreaterThanOrEqual(freeAtMs.get(targetOf(fault)) ?? 0)
      if (fault.atMs < busyUntilMs) overlaps++
      busyUntilMs = Math.max(busyUntilMs, fault.atMs + fault.lastsMs)
      freeAtMs.set(targetOf(fault), fault.atMs + fault.lastsMs)
    }
    expect(overlaps).toBeGreaterThan(10)
  })

  it.each([1, 2, 3, 7, 42])(
    'is ended when the load is ended, and short ones have many too (seed %i)',
    (seed) => {
      const faults = createSchedule(seed, 45)
      expect(faults.length).toBeGreaterThanOrEqual(15)
      for (const { atMs, lastsMs } of faults) expect(atMs + lastsMs).toBeLessThanOrEqual(45_000)
    },
  )

  it('describes each fault in few words', () => {
    expect(describeFault({ type: 'kill-app', app: 'consumer-1' })).toBe('kill-app consumer-1')
    expect(describeFault({ type: 'step-clock', app: 'consumer-1', byMs: -120_000 })).toBe(
      'step-clock clock of consumer-1 by -120 s',
    )
    expect(
      describeFault({ type: 'trouble-line', line: 'consumer-1>broker', mode: { type: 'half-open' } }),
    ).toBe('trouble-line consumer-1>broker {"type":"half-open"}')
  })
})
