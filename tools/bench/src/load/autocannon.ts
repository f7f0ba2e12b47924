import autocannon from 'autocannon'
import { CONNECTIONS, type LoadGenerator } from './load-generator.ts'

/** For machines without wrk. It runs on Node as well, and takes more of the machine than what it measures. */
export function createAutocannon(): LoadGenerator {
  return {
    name: `autocannon, ${CONNECTIONS} connections`,
    run: async ({ url, body }, seconds) => {
      const result = await autocannon({
        url,
        connections: CONNECTIONS,
        duration: seconds,
        ...(body !== undefined && { method: 'POST', headers: { 'content-type': 'application/json' }, body }),
      })
      return {
        requestsPerSecond: result.requests.total / result.duration,
        p99Ms: result.latency.p99,
        errors: result.errors + result.timeouts + result.non2xx,
      }
    },
  }
}
