import { expect, it } from '@jest/globals'
import { createMetrics } from './metrics.ts'
import { tallies } from './tallies.ts'

it('shows what was counted at each scrape, and series without events as zero', async () => {
  const metrics = createMetrics('a')
  const start = tallies(metrics, 'runnel_things_total', 'Things', ['outcome'])
  const [good] = [start({ outcome: 'good' }), start({ outcome: 'bad' })]
  good.add()
  good.add(2)
  expect(await metrics.metrics()).toContain('runnel_things_total{outcome="good",app="a"} 3')
  good.add()
  const text = await metrics.metrics()
  expect(text).toContain('runnel_things_total{outcome="good",app="a"} 4')
  expect(text).toContain('runnel_things_total{outcome="bad",app="a"} 0')
})
