import { describe, expect, it } from '@jest/globals'
import { parseLookups, shareOf } from './cache-lookups.ts'

const TEXT = `# TYPE runnel_cache_requests_total counter
runnel_cache_requests_total{layer="memory",outcome="hit",app="query-api"} 40
runnel_cache_requests_total{layer="memory",outcome="miss",app="query-api"} 60
runnel_cache_requests_total{layer="redis",outcome="hit",app="query-api"} 55
runnel_cache_memory_bytes{app="query-api"} 1
`

describe('the share of look-ups', () => {
  it('is read from the metrics of the app', () => {
    expect(parseLookups(TEXT)).toEqual({ 'memory.hit': 40, 'memory.miss': 60, 'redis.hit': 55 })
  })

  it('counts what came since, among all that began in the process', () => {
    const before = { 'memory.hit': 10, 'memory.miss': 0, 'redis.hit': 0 }
    const after = { 'memory.hit': 20, 'memory.miss': 90, 'redis.hit': 80, 'redis.miss': 10 }
    expect(shareOf(['redis.hit'], before, after)).toBe(0.8)
    expect(shareOf(['redis.miss', 'redis.hit'], before, after)).toBe(0.1)
  })

  it('is nothing where nothing was looked up', () => {
    expect(shareOf(['redis.hit'], {}, {})).toBe(0)
  })
})
