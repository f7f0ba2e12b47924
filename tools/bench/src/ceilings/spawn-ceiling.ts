import { eventually, freePort, guardChild } from '@runnel/testing'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { connect } from 'node:net'
import { join } from 'node:path'
import type { ProcessCosts } from '../process-costs.ts'

export type CeilingName =
  'bare-intake' | 'bare-postgres' | 'bare-redis' | 'bare-static' | 'bare-stored' | 'bare-tail'

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
  const script = join(import.meta.dirname, `${name}-main.ts`)
  const child = spawn(process.execPath, [script, String(port), ...args], {
    env: { ...process.env, NODE_OPTIONS: '' },
    stdio: ['ignore', 'inherit', 'inherit'],
  })
  guardChild(child)
  stack.defer(async () => {
    if (child.exitCode !== null || child.signalCode !== null) return
    child.kill('SIGKILL')
    await once(child, 'exit')
  })
  await eventually(async () => {
    const socket = connect(port, '127.0.0.1')
    await once(socket, 'connect')
    socket.destroy()
    return true
  })
  costs.watch(name, child.pid, 'ceiling')
  return `http://127.0.0.1:${port}`
}
