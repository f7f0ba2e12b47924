import { expect, it } from '@jest/globals'
import { createMetrics } from '@runnel/observability'
import { createMessageCounts } from './message-counts.ts'

it('messages are counted by the status that they came to; every status shows from the start', async () => {
  const metrics = createMetrics('test')
  createMessageCounts(metrics)([{ to: 'sent' }, { to: 'sent' }, { to: 'unknown' }])
  const lines = (await metrics.metrics()).split('\n')
  expect(lines).toContain('runnel_messages_total{status="sent",app="test"} 2')
  expect(lines).toContain('runnel_messages_total{status="unknown",app="test"} 1')
  expect(lines).toContain('runnel_messages_total{status="failed",app="test"} 0')
})
