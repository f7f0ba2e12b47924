import { freePort, ManagedProcess } from '@runnel/testing'
import { once } from 'node:events'
import { connect } from 'node:net'
import { join } from 'node:path'
import type { ProcessCosts } from '../process-costs.ts'

export type CeilingName =
  | 'bare-intake'
  | 'bare-postgres'
  | 'bare-redis'
  | 'bare-refusal'
  | 'bare-static'
  | 'bare-stored'
  | 'bare-tail'
  | 'bare-wire'

/**
 * Starts a ceiling as a process of its own, which is watched from when it listens.
 *
 * @returns its address; it ends with the stack
 * @throws Error when it does not listen in time
 */
export async function spawnCeiling(
  stack: AsyncDisposableStack,
  costs: ProcessCosts,
  name: CeilingName,
  ...args: readonly string[]
): Promise<string> {
  const port = await freePort()
  const ceiling = await ManagedProcess.start({
    name,
    command: process.execPath,
    args: [join(import.meta.dirname, `${name}-main.ts`), String(port), ...args],
    env: { ...process.env, NODE_OPTIONS: '' },
    url: `http://127.0.0.1:${port}`,
    port,
    probe: () => requireListener(port),
    // It has nothing to drain.
    stopSignal: 'SIGKILL',
  })
  stack.use(ceiling)
  costs.watch(name, ceiling.pid, 'ceiling')
  return ceiling.url
}

/** @throws Error unless a server listens on the port */
async function requireListener(port: number): Promise<void> {
  const socket = connect(port, '127.0.0.1')
  await once(socket, 'connect')
  socket.destroy()
}
