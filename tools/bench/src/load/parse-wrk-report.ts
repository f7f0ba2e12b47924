import type { LoadResult } from './load-generator.ts'

/** The line that wrk-script.lua writes. */
interface WrkReport {
  readonly requests: number
  readonly durationUs: number
  readonly p50Us: number
  readonly p99Us: number
  readonly errors: number
}

/** @throws Error when the output of wrk does not end with a report */
export function parseWrkReport(output: string): LoadResult {
  const line = output.split('\n').findLast((text) => text.startsWith('{"requests":'))
  if (line === undefined) throw new Error(`wrk gave no report:\n${output}`)
  const { requests, durationUs, p50Us, p99Us, errors } = JSON.parse(line) as WrkReport
  const requestsPerSecond = requests / (durationUs / 1e6)
  return { requests, requestsPerSecond, p50Ms: p50Us / 1000, p99Ms: p99Us / 1000, errors }
}
