import { join } from 'node:path'
import { FAKE_GATEWAY, portVariable, type AppName } from '@runnel/contracts/apps'
import { ManagedProcess, type ProcessRecipe } from './managed-process.ts'
import { freePort } from './servers/free-port.ts'
import { workspaceRoot } from './workspace-root.ts'

export interface SpawnOptions extends Partial<Pick<ProcessRecipe, 'name' | 'onExit' | 'logChars'>> {
  /** Route that must answer 200 first: `/healthz` (default) or `/readyz`; false waits for nothing. */
  readonly waitFor?: '/healthz' | '/readyz' | false
  readonly timeoutMs?: number
  /** What to start, relative to the root: the app's sources by default. */
  readonly program?: string
}

const ANSWER_MS = 2000

/**
 * Starts an app on a free port, with this process's environment and `env` over it.
 *
 * @throws Error with its log when it ends or does not answer in time
 */
export async function spawnApp(
  app: AppName,
  env: Readonly<Record<string, string>> = {},
  options: SpawnOptions = {},
): Promise<ManagedProcess> {
  const port = Number(env['PORT'] ?? (await freePort()))
  const { program = `apps/${app}/src/main.ts` } = options
  // What this process may have in its own environment would win over PORT.
  const unset = { [portVariable(app)]: '', [FAKE_GATEWAY.portVariable]: '' }
  return spawnProgram(program, port, { ...unset, ...env, PORT: String(port) }, { name: app, ...options })
}

/**
 * Starts a program of this repository. It ends with this process, however that ends.
 *
 * @param file relative to the root
 * @param port on which it will answer
 * @throws Error with its log when it ends or does not answer in time
 */
export function spawnProgram(
  file: string,
  port: number,
  env: Readonly<Record<string, string>>,
  { name = file, waitFor = '/healthz', timeoutMs, onExit, logChars }: SpawnOptions = {},
): Promise<ManagedProcess> {
  return ManagedProcess.start({
    name,
    command: process.execPath,
    args: [join(workspaceRoot, file)],
    // Port 0 of the fake gateway: several of producer-sim never meet.
    env: { ...process.env, NODE_OPTIONS: '', HOST: '127.0.0.1', GATEWAY_PORT: '0', ...env },
    url: `http://127.0.0.1:${port}`,
    port,
    probe: waitFor === false ? undefined : (url) => requireAnswer(url + waitFor),
    readyMs: timeoutMs,
    ...(onExit && { onExit }),
    ...(logChars !== undefined && { logChars }),
  })
}

/** @throws Error unless the route answers with 2xx */
async function requireAnswer(url: string): Promise<void> {
  const response = await fetch(url, { signal: AbortSignal.timeout(ANSWER_MS) })
  await response.body?.cancel()
  if (!response.ok) throw new Error(`${url} answers ${response.status}`)
}
