import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { findBinary, freePort } from '@runnel/testing'
import type { ServiceKind } from './service-kinds.ts'
import type { FoundService } from './service-search.ts'

const WORKSPACE_ROOT = fileURLToPath(new URL('../../..', import.meta.url))
/** Without logins, or with one that this machine knows. */
const SERVERS = 'deploy/compose/servers.yaml'
const PROBE_MS = 5000
/** Images may have to be fetched first. */
const UP_MS = 600_000

/**
 * Starts the given services of deploy/compose/servers.yaml on free ports, as a project of this process alone; a dataDir makes
 * it one project whose volumes stay.
 *
 * @throws Error when no docker engine answers or a service does not become healthy
 */
export async function startCompose(
  kinds: readonly ServiceKind[],
  { dataDir, report }: { readonly dataDir?: string | undefined; readonly report: (line: string) => void },
): Promise<Map<ServiceKind, FoundService>> {
  const docker = findBinary('docker')
  if (docker === undefined) throw new Error('no docker either')
  const keeps = dataDir !== undefined
  const env: NodeJS.ProcessEnv = { ...process.env }
  const run = (args: string[], timeout: number) =>
    promisify(execFile)(docker, args, { cwd: WORKSPACE_ROOT, env, timeout })
  await run(['version', '--format', '{{.Server.Version}}'], PROBE_MS).catch((cause: unknown) => {
    throw new Error('no docker engine answers either', { cause })
  })
  const compose = ['compose', '-f', SERVERS, '-p', keeps ? 'runnel-dev' : `runnel-test-${process.pid}`]
  const found = new Map<ServiceKind, FoundService>()
  const down = async () =>
    void (await run([...compose, ...(keeps ? ['stop'] : ['down', '--volumes'])], UP_MS))
  for (const kind of kinds) {
    const port = await freePort()
    env[kind.compose.portVariable] = String(port)
    // The last of a kind's logins is the one of that file.
    const url = kind.localUrls(port).at(-1) ?? ''
    // Ending a project twice is harmless, and each service may be the only one of it.
    found.set(kind, { url, close: down })
  }
  report('Starting containers ...')
  try {
    await run([...compose, 'up', '-d', '--wait', ...kinds.map((kind) => kind.compose.service)], UP_MS)
  } catch (cause) {
    await down()
    throw new Error('docker compose could not start it', { cause })
  }
  return found
}
