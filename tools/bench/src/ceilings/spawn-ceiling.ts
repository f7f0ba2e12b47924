import { eventually, freePort } from '@runnel/testing'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { connect } from 'node:net'
import { join } from 'node:path'

export type CeilingName = 'bare-intake' | 'bare-static'

/**
 * Starts a ceiling as a process of its own.
 *
 * @returns its address; it ends with the stack
 * @throws Error when it does not listen in time
 */
export async function spawnCeiling(
  stack: AsyncDisposableStack,
  name: CeilingName,
  ...args: readonly string[]
): Promise<string> {
  const port = await freePort()
  const script = join(import.meta.dirname, `${name}-main.ts`)
  const child = spawn(process.execPath, [script, String(port), ...args], {
    env: { ...process.env, NODE_OPTIONS: '' },
    stdio: ['ignore', 'inherit', 'inherit'],
  })
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
  return `http://127.0.0.1:${port}`
}
