import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import type { IncomingMessage } from 'node:http'
import { get } from 'node:https'
import { join } from 'node:path'
import {
  BROKER_VARIABLES,
  DATABASE_VARIABLES,
  FAKE_GATEWAY,
  portVariable,
  type AppName,
} from '@runnel/contracts/apps'
import { ManagedProcess, type ProcessRecipe } from './managed-process.ts'
import { onPort } from './servers/on-free-ports.ts'
import { workspaceRoot } from './workspace-root.ts'

export interface SpawnOptions extends Partial<Pick<ProcessRecipe, 'name' | 'onExit' | 'logChars'>> {
  /** Route that must answer 200 first: `/healthz` (default) or `/readyz`; false waits for nothing. */
  readonly waitFor?: '/healthz' | '/readyz' | false
  readonly timeoutMs?: number
  /** What to start, relative to the root: by default the bundle that this run of tests has made, else the app's sources. */
  readonly program?: string
}

/** Names the folder, relative to the root, with a bundle of each app: `<app>/main.mjs`. `npm test` makes them, for an app starts from them in half the processor time. */
export const BUNDLES_VARIABLE = 'RUNNEL_TEST_BUNDLES'

const ANSWER_MS = 2000

/**
 * Starts an app on a free port, with this process's environment and `env` over it.
 *
 * @throws Error with its log when it ends or does not answer in time
 */
export function spawnApp(
  app: AppName,
  env: Readonly<Record<string, string>> = {},
  options: SpawnOptions = {},
): Promise<ManagedProcess> {
  const { program = programOf(app) } = options
  // What this process may have in its own environment would win over PORT, or be a second broker or database.
  const given = [BROKER_VARIABLES, DATABASE_VARIABLES].filter((names) => names.some((name) => env[name]))
  const names = [portVariable(app), FAKE_GATEWAY.portVariable, ...given.flat()]
  const unset = Object.fromEntries(names.map((name) => [name, '']))
  return onPort(env['PORT'] === undefined ? undefined : Number(env['PORT']), (port) =>
    spawnProgram(program, port, { ...unset, ...env, PORT: String(port) }, { name: app, ...options }),
  )
}

function programOf(app: AppName): string {
  const bundles = process.env[BUNDLES_VARIABLE]
  return bundles ? `${bundles}/${app}/main.mjs` : `apps/${app}/src/main.ts`
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
    url: `${env['TLS_CERT_FILE'] ? 'https' : 'http'}://127.0.0.1:${port}`,
    port,
    probe: waitFor === false ? undefined : (url) => requireAnswer(url + waitFor, env),
    readyMs: timeoutMs,
    ...(onExit && { onExit }),
    ...(logChars !== undefined && { logChars }),
  })
}

/** @throws Error unless the route answers with 2xx */
async function requireAnswer(url: string, env: Readonly<Record<string, string>>): Promise<void> {
  const status = await (url.startsWith('https:') ? askSecurely(url, env) : ask(url))
  if (status < 200 || status > 299) throw new Error(`${url} answers ${status}`)
}

async function ask(url: string): Promise<number> {
  const response = await fetch(url, { signal: AbortSignal.timeout(ANSWER_MS) })
  await response.body?.cancel()
  return response.status
}

/** With the app's own certificate, which its authority lets in; whom it is for is what tests look at themselves. */
async function askSecurely(url: string, env: Readonly<Record<string, string>>): Promise<number> {
  const [cert, key] = [readFileSync(env['TLS_CERT_FILE']!), readFileSync(env['TLS_KEY_FILE']!)]
  const request = get(url, { cert, key, rejectUnauthorized: false, agent: false, timeout: ANSWER_MS })
  request.once('timeout', () => request.destroy(new Error(`${url} does not answer`)))
  const [response] = (await once(request, 'response')) as [IncomingMessage]
  response.resume()
  return response.statusCode ?? 0
}
