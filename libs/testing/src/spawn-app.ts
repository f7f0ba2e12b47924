import { spawn, type ChildProcess } from 'node:child_process'
import { join } from 'node:path'
import { FAKE_GATEWAY, portVariable, type AppName } from '@runnel/contracts/apps'
import { freePort } from './servers/free-port.ts'
import { guardChild } from './servers/guard.ts'
import { eventually } from './eventually.ts'
import { workspaceRoot } from './workspace-root.ts'

export interface AppExit {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
}

/** An app that runs as a process of its own. */
export interface RunningApp {
  readonly url: string
  readonly port: number
  readonly pid: number
  /** Resolves when the process has ended. */
  readonly exited: Promise<AppExit>
  /** All that it wrote to stdout and stderr. */
  logs(): string
  kill(signal?: NodeJS.Signals): void
  /** SIGTERM, then SIGKILL when it has not ended after `deadlineMs`. */
  stop(deadlineMs?: number): Promise<AppExit>
  [Symbol.asyncDispose](): Promise<void>
}

export interface SpawnOptions {
  /** Route that must answer 200 first: `/healthz` (default) or `/readyz`; false waits for nothing. */
  readonly waitFor?: '/healthz' | '/readyz' | false
  readonly timeoutMs?: number
  /** What to start, relative to the root: the app's sources by default. */
  readonly program?: string
}

/** An app is up in a second; not so where tests of several projects share two processors. */
const READY_MS = 40_000

/**
 * Starts an app on a free port, with this process's environment and `env` over it.
 *
 * @throws Error with its log when it ends or does not answer in time
 */
export async function spawnApp(
  app: AppName,
  env: Readonly<Record<string, string>> = {},
  options: SpawnOptions = {},
): Promise<RunningApp> {
  const port = Number(env['PORT'] ?? (await freePort()))
  const { program = `apps/${app}/src/main.ts` } = options
  // What this process may have in its own environment would win over PORT.
  const unset = { [portVariable(app)]: '', [FAKE_GATEWAY.portVariable]: '' }
  return spawnProgram(program, port, { ...unset, ...env, PORT: String(port) }, options)
}

/**
 * Starts a program of this repository. It ends with this process, however that ends.
 *
 * @param file relative to the root
 * @param port on which it will answer
 * @throws Error with its log when it ends or does not answer in time
 */
export async function spawnProgram(
  file: string,
  port: number,
  env: Readonly<Record<string, string>>,
  { waitFor = '/healthz', timeoutMs = READY_MS }: SpawnOptions = {},
): Promise<RunningApp> {
  const child = spawn(process.execPath, [join(workspaceRoot, file)], {
    // Port 0 of the fake gateway: several of producer-sim never meet.
    env: { ...process.env, NODE_OPTIONS: '', HOST: '127.0.0.1', GATEWAY_PORT: '0', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  guardChild(child)
  const running = describeApp(child, port)
  if (waitFor === false) return running
  let exit: AppExit | undefined
  void running.exited.then((result) => (exit = result))
  try {
    await eventually(async () => exit !== undefined || (await answers(running.url + waitFor)), { timeoutMs })
  } catch (cause) {
    await running.stop(0)
    throw new Error(`${file} did not answer ${waitFor} in time\n${running.logs()}`, { cause })
  }
  if (exit !== undefined)
    throw new Error(`${file} ended with ${exit.signal ?? `code ${exit.code}`}\n${running.logs()}`)
  return running
}

async function answers(url: string): Promise<boolean> {
  const response = await fetch(url, { signal: AbortSignal.timeout(2000) })
  await response.body?.cancel()
  return response.ok
}

function describeApp(child: ChildProcess, port: number): RunningApp {
  let log = ''
  for (const output of [child.stdout, child.stderr])
    output?.setEncoding('utf8').on('data', (text: string) => (log += text))
  const exited = new Promise<AppExit>((resolve) => {
    child.once('close', (code, signal) => resolve({ code, signal }))
  })
  const stop = async (deadlineMs = 25_000) => {
    child.kill('SIGTERM')
    const timer = setTimeout(() => child.kill('SIGKILL'), deadlineMs)
    const exit = await exited
    clearTimeout(timer)
    return exit
  }
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    pid: child.pid ?? 0,
    exited,
    logs: () => log,
    kill: (signal = 'SIGTERM') => void child.kill(signal),
    stop,
    [Symbol.asyncDispose]: async () => void (await stop()),
  }
}
