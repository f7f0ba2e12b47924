import { expect, test } from '@jest/globals'
import { once } from 'node:events'
import { connect, createServer, type AddressInfo } from 'node:net'
import {
  freePort,
  ManagedProcess,
  onFreePorts,
  PortTakenError,
  probeRedis,
  spawnApp,
  startNats,
  startPostgres,
  startRedis,
  type ServerOptions,
} from '../src/index.ts'

/** Starts a process that answers at a port. */
type Start = (port: number) => Promise<ManagedProcess>

const SERVERS: readonly [name: string, start: (options: ServerOptions) => Promise<ManagedProcess>][] = [
  ['PostgreSQL', startPostgres],
  ['NATS', startNats],
  ['Redis', startRedis],
]
const KINDS: readonly [name: string, start: Start][] = [
  ...SERVERS.map(([name, start]): [string, Start] => [name, (port) => start({ port })]),
  ['an app', (port) => spawnApp('producer-sim', { PORT: String(port) })],
]

test.each(KINDS)('%s whose port another one has is not taken for that one', async (_, start) => {
  await using stranger = await onFreePorts(async () => start(await freePort()))
  await expect(start(stranger.port)).rejects.toThrow(PortTakenError)
  expect(stranger.pid).toBeDefined()
})

test('what loses its port to another process comes up on another port', async () => {
  await using strangers = new AsyncDisposableStack()
  const ports: number[] = []
  await using server = await onFreePorts(async () => {
    const port = await freePort()
    ports.push(port)
    if (ports.length < 3) strangers.use(await startRedis({ port }))
    return startRedis({ port })
  })
  expect(ports).toHaveLength(3)
  expect(server.port).toBe(ports[2])
  await probeRedis(server.url)
})

test('what loses its port each time is an error, and so is anything else at once', async () => {
  let tries = 0
  const lose = () => Promise.reject(new PortTakenError(`try ${++tries}`))
  await expect(onFreePorts(lose)).rejects.toThrow('try 5')
  const fail = () => Promise.reject(new Error(`try ${++tries}`))
  await expect(onFreePorts(fail)).rejects.toThrow('try 6')
})

/** Runs a program that is ready once its port accepts connections. */
function startProgram(program: string, port: number, readyMs?: number): Promise<ManagedProcess> {
  return ManagedProcess.start({
    ...{ name: 'the program', command: process.execPath, args: ['-e', program] },
    ...{ env: { ...process.env, NODE_OPTIONS: '' }, url: `http://127.0.0.1:${port}`, port, readyMs },
    probe: () => requireConnection(port),
  })
}

async function requireConnection(port: number): Promise<void> {
  const socket = connect(port, '127.0.0.1')
  await once(socket, 'connect').finally(() => socket.destroy())
}

test('a process does not become ready by what another one answers', async () => {
  const stranger = createServer().listen(0, '127.0.0.1')
  await once(stranger, 'listening')
  const { port } = stranger.address() as AddressInfo
  const starting = startProgram('setInterval(() => {}, 1000)', port, 100)
  await expect(starting).rejects.toMatchObject({
    message: expect.stringContaining('did not become ready in time'),
    cause: expect.objectContaining({ message: `Another process listens on port ${port}` }),
  })
  stranger.close()
})

test('a process becomes ready by what a child of it answers', async () => {
  const listen = (port: number) => `require('node:net').createServer().listen(${port}, '127.0.0.1')`
  const within = (program: string) =>
    `require('node:child_process').spawn(process.execPath, ['-e', ${JSON.stringify(program)}])`
  await using program = await onFreePorts(async () => {
    const port = await freePort()
    return startProgram(within(listen(port)), port)
  })
  // With it, its child.
  await program.kill('SIGKILL')
})
