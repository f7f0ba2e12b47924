import { standsStill } from '@runnel/services'
import { spawn, type ChildProcess } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { connect, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { until } from './until.ts'

/** A nats-server of one test, which may be killed, frozen and started again. */
export class PrivateNats {
  readonly url: string
  readonly #port: number
  #store: string
  #process: ChildProcess | undefined

  constructor(port: number, store: string) {
    this.#port = port
    this.#store = store
    this.url = `nats://127.0.0.1:${port}`
  }

  /** Reserves a port; the server is not started yet. */
  static async create(): Promise<PrivateNats> {
    return new PrivateNats(await freePort(), await newStore())
  }

  async start(): Promise<void> {
    const args = ['-js', '-sd', this.#store, '-a', '127.0.0.1', '-p', `${this.#port}`]
    this.#process = spawn('nats-server', args, { stdio: 'ignore' })
    await until('the server listens', () => isListening(this.#port))
  }

  async kill(): Promise<void> {
    const child = this.#process
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return
    const gone = new Promise((resolve) => child.once('exit', resolve))
    child.kill('SIGKILL')
    await gone
  }

  /** Resolves when no thread of it goes on any more. */
  async freeze(): Promise<void> {
    const { pid } = this.#process ?? {}
    if (pid === undefined) return
    process.kill(pid, 'SIGSTOP')
    await until('the server stands still', () => standsStill(pid))
  }

  thaw(): void {
    this.#process?.kill('SIGCONT')
  }

  /** What was stored is gone at the next start. */
  async forget(): Promise<void> {
    await rm(this.#store, { recursive: true, force: true })
    this.#store = await newStore()
  }

  async remove(): Promise<void> {
    await this.kill()
    await rm(this.#store, { recursive: true, force: true })
  }
}

function newStore(): Promise<string> {
  return mkdtemp(join(tmpdir(), 'runnel-nats-'))
}

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  await new Promise((resolve) => server.close(resolve))
  if (address === null || typeof address === 'string') throw new Error('No port')
  return address.port
}

function isListening(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1' })
    socket.once('data', () => (socket.destroy(), resolve(true)))
    socket.once('error', () => resolve(false))
  })
}
