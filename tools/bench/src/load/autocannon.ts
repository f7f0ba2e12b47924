import autocannon, { type Request } from 'autocannon'
import { CONNECTIONS, JSON_HEADERS, type LoadGenerator } from './load-generator.ts'

/** For machines without wrk. It runs on Node as well, and takes more of the machine than what it measures. */
export function createAutocannon(): LoadGenerator {
  return {
    name: `autocannon, ${CONNECTIONS} connections`,
    run: async ({ url, body, headers = JSON_HEADERS, ids, perSecond }, seconds) => {
      const pathname = url.slice(new URL(url).origin.length)
      const result = await autocannon({
        url,
        connections: CONNECTIONS,
        duration: seconds,
        ...(body !== undefined && { method: 'POST', headers: { ...headers }, body }),
        ...(perSecond !== undefined && { overallRate: perSecond }),
        ...(ids !== undefined && {
          requests: [
            {
              setupRequest: (request: Request) => ({
                ...request,
                path: pathname.replace('{id}', String(ids.next())),
              }),
            },
          ],
        }),
      })
      return {
        requests: result.requests.total,
        requestsPerSecond: result.requests.total / result.duration,
        p50Ms: result.latency.p50,
        p99Ms: result.latency.p99,
        errors: result.errors + result.timeouts + result.non2xx,
      }
    },
  }
}
