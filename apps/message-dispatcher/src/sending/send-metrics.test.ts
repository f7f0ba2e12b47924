import { expect, it } from '@jest/globals'
import { createMetrics } from '@runnel/observability'
import type { SendBacklog } from '@runnel/repositories-mailings'
import type { ChannelBreaker, BreakerState } from './breaker/channel-breaker.ts'
import type { Channel } from './channels/channel.ts'
import { createSendMetrics } from './send-metrics.ts'

const BACKLOG = { openChunks: 3, retryLagSeconds: 4.5, chunkLagSeconds: 0 }

function create(readBacklog: () => Promise<SendBacklog> = async () => BACKLOG) {
  const metrics = createMetrics('test')
  const breaker = {
    state: 'closed' as BreakerState,
    reason: null as string | null,
    resumesInMs: (): number | undefined => undefined,
  }
  let nowMs = 0
  const made = createSendMetrics({
    metrics,
    breakers: new Map([['gateway', breaker as ChannelBreaker]]),
    readBacklog,
    now: () => nowMs,
  })
  const lines = async () => (await metrics.metrics()).split('\n').filter((line) => line.startsWith('runnel_'))
  return { ...made, breaker, lines, later: () => (nowMs += 2000) }
}

it('attempts are counted by outcome, which show from the start, and timed', async () => {
  const { measure, lines } = create()
  const gateway: Channel = {
    send: async () => ({ outcome: 'uncertain', startedAtMs: 0, durationMs: 700 }),
    close: async () => {},
  }
  const counted = measure('gateway', gateway)
  expect(await lines()).toContain('runnel_sends_total{channel="gateway",outcome="rejected",app="test"} 0')
  await counted.send({ id: 1, phone: 1, text: '' }, { mailingId: 1, clientId: 1 })
  expect(await lines()).toEqual(
    expect.arrayContaining([
      'runnel_sends_total{channel="gateway",outcome="uncertain",app="test"} 1',
      'runnel_send_attempt_seconds_bucket{le="0.5",app="test",channel="gateway"} 0',
      'runnel_send_attempt_seconds_bucket{le="1",app="test",channel="gateway"} 1',
    ]),
  )
})

it('the state of the breaker is looked up at a scrape', async () => {
  const { breaker, lines } = create()
  expect(await lines()).toContain('runnel_gateway_breaker_state{state="closed",app="test"} 1')
  breaker.state = 'probing'
  const found = await lines()
  expect(found).toContain('runnel_gateway_breaker_state{state="closed",app="test"} 0')
  expect(found).toContain('runnel_gateway_breaker_state{state="probing",app="test"} 1')
  expect(found).toContain('runnel_channel_breaker_state{channel="gateway",state="probing",app="test"} 1')
})

it('the backlog is read once for several scrapes, and is left out while it cannot be read', async () => {
  let reads = 0
  let isUnreachable = false
  const { lines, later } = create(async () => {
    reads++
    if (isUnreachable) throw new Error('unreachable')
    return BACKLOG
  })
  await lines()
  const found = await lines()
  expect(reads).toBe(1)
  expect(found).toContain('runnel_send_chunks_open{app="test"} 3')
  expect(found).toContain('runnel_send_due_lag_seconds{work="retry",app="test"} 4.5')
  expect(found).toContain('runnel_send_due_lag_seconds{work="chunk",app="test"} 0')
  isUnreachable = true
  later()
  const blind = (await lines()).filter((line) => /chunks_open|due_lag/.test(line))
  expect(blind).toEqual([])
})
