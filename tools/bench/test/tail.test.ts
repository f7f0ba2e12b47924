import { afterEach, beforeEach, expect, it } from '@jest/globals'
import { eventually, serviceUrls, testPrefix } from '@runnel/testing'
import { connect } from 'nats'
import { spawnCeiling } from '../src/ceilings/spawn-ceiling.ts'
import { ProcessCosts } from '../src/process-costs.ts'
import { publishSteadily } from '../src/publish-steadily.ts'
import { createLiveEntries, toEventText } from '../src/tail/live-entries.ts'
import { TailClients } from '../src/tail/tail-clients.ts'

let stack: AsyncDisposableStack

beforeEach(() => {
  stack = new AsyncDisposableStack()
})
afterEach(() => stack.disposeAsync())

it('every client of the ceiling gets every line, and how late it was is known', async () => {
  const { NATS_URL: nats } = serviceUrls()
  const subject = `${testPrefix()}.lines`
  const url = await spawnCeiling(stack, new ProcessCosts(), 'bare-tail', nats, subject)
  const clients = await TailClients.connect(stack, url, 5)
  const broker = await connect({ servers: nats })
  stack.defer(() => broker.close())
  const entries = createLiveEntries()
  const published = await publishSteadily(100, 0.5, (count) =>
    broker.publish(subject, entries(count).map(toEventText).join('')),
  )
  expect(published).toBe(50)
  await eventually(() => clients.lines >= 5 * published)
  const latenciesMs = clients.take()
  expect(latenciesMs).toHaveLength(5 * published)
  expect(Math.min(...latenciesMs)).toBeGreaterThanOrEqual(0)
  expect(clients.lines).toBe(0)
})
