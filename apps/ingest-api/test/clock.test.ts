import { expect, it } from '@jest/globals'
import { createEventIds, createTopology, eventTimeMs } from '@runnel/contracts'
import { connectBroker } from '@runnel/messaging'
import { createLogger } from '@runnel/observability'
import { eventually } from '@runnel/testing'
import { followClock } from '../src/follow-clock.ts'
import { createNoticedClock } from '../src/noticed-clock.ts'

/** Far beyond what a loaded machine takes, and far below what the clocks are apart. */
const TOLERANCE_MS = 60_000

it('asks for the time at its start, and gives ids by that of the database, not by its own', async () => {
  const broker = await connectBroker('memory:', { name: 'test', log: createLogger('test', 'silent') })
  const topology = createTopology('')
  // A consumer, as far as its notices go.
  broker.subscribe(topology.clockWanted, () =>
    broker.send(topology.clock, Buffer.from(JSON.stringify({ nowMs: Date.now(), steady: true }))),
  )
  const abort = new AbortController()
  const replicas = [-120_000, 120_000].map((offMs) => {
    const clock = createNoticedClock({
      wallMs: () => Date.now() + offMs,
      monotonicMs: () => performance.now(),
    })
    const following = followClock({ notices: broker, topology, clock, signal: abort.signal })
    return { clock, following, nextId: createEventIds(clock.nowMs) }
  })
  try {
    await eventually(() => replicas.every(({ clock }) => clock.offsetMs() !== undefined))
    for (const { nextId } of replicas)
      expect(Math.abs(eventTimeMs(nextId()) - Date.now())).toBeLessThan(TOLERANCE_MS)
  } finally {
    abort.abort()
    for (const { following } of replicas) following.close()
    await broker.close()
  }
})
