import { globSync, existsSync } from 'node:fs'
import { join } from 'node:path'
import { ensure } from '../ensure.ts'
import { sendRequest } from '../send-request.ts'
import { repositoryRoot } from '../repository-root.ts'
import type { Scenario } from '../scenario.ts'
import { runSimulator } from '../run-simulator.ts'

const SAMPLES = join(repositoryRoot, 'apps/producer-sim/samples')

/** Real data; it lies beside the repository, where it is available at all. */
const REAL_DATA = join(repositoryRoot, '../shared/data')

/** @returns the folder with the input, and whether it is the real one */
export function findReplayData(): { folder: string; real: boolean } {
  return existsSync(REAL_DATA) ? { folder: REAL_DATA, real: true } : { folder: SAMPLES, real: false }
}

/** Every file goes through HTTP twice: the same rows, every payload equal to its source, nothing buried. */
export const replay: Scenario = async (platform, { log }) => {
  const { folder } = findReplayData()
  const files = globSync('*.{log,csv,json}', { cwd: folder }).map((file) => join(folder, file))
  const { ingest, postgres, query } = platform
  const state = ['--state', join(platform.folder, 'replay.json')]
  const counts: string[] = []
  for (const round of [1, 2]) {
    const sent = await runSimulator(['replay', ...files, '--url', ingest.url, ...state], postgres.url)
    ensure(sent.exitCode === 0, `replay ${round} failed:\n${sent.stdout}${sent.stderr}`)
    const verified = await runSimulator(['verify', '--file', ...files, '--settle', '60'], postgres.url)
    log(`round ${round}\n${verified.stdout}`)
    ensure(verified.exitCode === 0, `verify ${round} failed:\n${verified.stdout}${verified.stderr}`)
    ensure(!verified.stdout.includes('dead-lettered'), 'something was dead-lettered')
    counts.push(verified.stdout)
  }
  ensure(counts[0] === counts[1], 'the second replay changed the row counts')
  const products = JSON.parse((await sendRequest(`${query.url}/products`)).body) as unknown[]
  log(`the product list shows ${products.length} products`)
}
