import { expect, it } from '@jest/globals'
import type { Fault } from './fault.ts'
import { countTypes, describeEntry, runSchedule } from './run-schedule.ts'

it('lets faults overlap, notes when each came and went, and one that fails spoils no other', async () => {
  const faults: Fault[] = [
    { type: 'kill-app', app: 'consumer-1', atMs: 0, lastsMs: 0 },
    { type: 'kill-store', store: 'broker', atMs: 10, lastsMs: 0 },
  ]
  const both = Promise.withResolvers<void>()
  let running = 0
  const entries = await runSchedule(faults, Date.now(), async (fault) => {
    if (++running === 2) both.resolve()
    await both.promise
    if (fault.type === 'kill-store') throw new Error('did not come back')
  })
  expect(entries.map(describeEntry)).toEqual([
    expect.stringMatching(/^ +0\.\d s until 0\.\d s {2}kill-app consumer-1$/),
    expect.stringMatching(/ never ended {2}kill-store broker: Error: did not come back$/),
  ])
  expect(countTypes(entries)).toEqual({ 'kill-app': 1, 'kill-broker': 1 })
})
