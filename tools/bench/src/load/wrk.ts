import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { CONNECTIONS, type LoadGenerator } from './load-generator.ts'
import { parseWrkReport } from './wrk-report.ts'

const SCRIPT = join(import.meta.dirname, 'wrk-script.lua')
/** One thread is more than a process of Node can answer. */
const ARGS = ['--threads', '1', '--connections', String(CONNECTIONS), '--timeout', '5s', '--script', SCRIPT]

/** @param path of the program */
export function createWrk(path: string): LoadGenerator {
  return {
    name: `wrk, ${CONNECTIONS} connections`,
    run: async ({ url, body }, seconds) => {
      const folder = mkdtempSync(join(tmpdir(), 'runnel-bench-'))
      try {
        const file = join(folder, 'body.json')
        if (body !== undefined) writeFileSync(file, body)
        const args = [...ARGS, '--duration', `${seconds}s`, url, ...(body === undefined ? [] : ['--', file])]
        const { stdout } = await promisify(execFile)(path, args, { timeout: (seconds + 30) * 1000 })
        return parseWrkReport(stdout)
      } finally {
        rmSync(folder, { recursive: true, force: true })
      }
    },
  }
}
