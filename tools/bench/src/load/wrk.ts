import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { IdWalk } from './id-walk.ts'
import { CONNECTIONS, JSON_HEADERS, type LoadGenerator } from './load-generator.ts'
import { parseWrkReport } from './parse-wrk-report.ts'

const SCRIPT = join(import.meta.dirname, 'wrk-script.lua')
/** One thread is more than a process of Node can answer. */
const ARGS = ['--threads', '1', '--connections', String(CONNECTIONS), '--timeout', '5s', '--script', SCRIPT]

/** @param path of the program */
export function createWrk(path: string): LoadGenerator {
  return {
    name: `wrk, ${CONNECTIONS} connections`,
    run: async ({ url, body, headers = JSON_HEADERS, ids, perSecond }, seconds) => {
      const folder = mkdtempSync(join(tmpdir(), 'runnel-bench-'))
      try {
        const file = join(folder, 'body')
        if (body !== undefined) writeFileSync(file, body)
        const work = body === undefined ? walkOf(ids) : ['--', 'post', file, ...paceOf(perSecond)]
        const options = ['--duration', `${seconds}s`, ...(body === undefined ? [] : headerArgs(headers))]
        const args = [...ARGS, ...options, url, ...work]
        const { stdout } = await promisify(execFile)(path, args, { timeout: (seconds + 30) * 1000 })
        const result = parseWrkReport(stdout)
        // What was still asked at the end is not among the answered.
        ids?.skip(result.requests + 2 * CONNECTIONS)
        return result
      } finally {
        rmSync(folder, { recursive: true, force: true })
      }
    },
  }
}

function headerArgs(headers: Readonly<Record<string, string>>): string[] {
  return Object.entries(headers).flatMap(([name, value]) => ['--header', `${name}: ${value}`])
}

/** @returns how long a connection pauses between two requests, in milliseconds */
function paceOf(perSecond: number | undefined): string[] {
  return perSecond === undefined ? [] : [String((CONNECTIONS * 1000) / perSecond)]
}

function walkOf(ids: IdWalk | undefined): string[] {
  return ids === undefined ? [] : ['--', 'walk', ...[ids.place, ids.count, ids.stride].map(String)]
}
