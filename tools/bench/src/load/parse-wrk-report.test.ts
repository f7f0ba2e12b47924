import { describe, expect, it } from '@jest/globals'
import { parseWrkReport } from './parse-wrk-report.ts'

const OUTPUT = `Running 3s test @ http://127.0.0.1:8080
  1 threads and 64 connections
  Thread Stats   Avg      Stdev     Max   +/- Stdev
    Latency     1.20ms  210.00us   9.30ms   91.20%
Requests/sec:  50000.00
Transfer/sec:      8.10MB

{"requests":150000,"durationUs":3000000,"p50Us":1150,"p99Us":2140,"errors":3}
`

describe('parseWrkReport', () => {
  it('reads the line of the script, not the text for people', () => {
    expect(parseWrkReport(OUTPUT)).toEqual({
      requests: 150_000,
      requestsPerSecond: 50_000,
      p50Ms: 1.15,
      p99Ms: 2.14,
      errors: 3,
    })
  })

  it('says what wrk said where there is no report', () => {
    expect(() => parseWrkReport('unable to connect')).toThrow('unable to connect')
  })
})
