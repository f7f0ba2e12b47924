import { spawnStandalone, workspaceRoot } from '@runnel/testing'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { installClients } from './install-clients.ts'
import { chooseListenerPorts } from './listeners.ts'

const USAGE = `npm run test:clients [-- --folder PATH] [-- part of a case's name ...]
Real clients of the protocols that ingest-api speaks send to npm start, and what they sent is looked for. The cases are a folder of
their own beside the repository (default: ../shared/clients).`

/** Logs and metrics have to be seen within this. */
const WAIT_MS = '20000'

/** @returns the exit code of the cases; 1 where one failed */
async function run(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { folder: { type: 'string' }, help: { type: 'boolean', default: false } },
  })
  if (values.help) {
    console.log(USAGE)
    return 0
  }
  const folder = resolve(values.folder ?? join(workspaceRoot, '..', 'shared', 'clients'))
  if (!existsSync(join(folder, 'run.mjs')))
    throw new Error(`There are no clients in ${folder}: name their folder with --folder`)
  const copy = join(workspaceRoot, 'tmp', 'standard-clients')
  const withoutDebian = installClients(folder, copy)
  if (withoutDebian !== undefined) console.log(`Programs of Debian are left out: ${withoutDebian}`)
  return runCases(copy, positionals)
}

async function runCases(folder: string, words: readonly string[]): Promise<number> {
  const data = mkdtempSync(join(tmpdir(), 'runnel-clients-'))
  const { settings, addresses } = await chooseListenerPorts()
  try {
    await using runnel = await spawnStandalone(data, settings)
    const cases = spawn(process.execPath, ['run.mjs', ...words], {
      cwd: folder,
      stdio: 'inherit',
      env: { ...process.env, WAIT_MS, ...addresses, INGEST_URL: runnel.ingest, QUERY_URL: runnel.query },
    })
    const [code] = (await once(cases, 'exit')) as [number | null]
    return code ?? 1
  } finally {
    rmSync(data, { recursive: true, force: true })
  }
}

try {
  process.exitCode = await run(process.argv.slice(2))
} catch (error) {
  console.error((error as Error).message)
  process.exitCode = 1
}
