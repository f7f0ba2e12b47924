import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import { connect } from 'nats'
import { Client } from 'pg'
import {
  connectRedisOnce,
  eventually,
  natsOptions,
  probeNats,
  probePostgres,
  probeRedis,
  startNats,
  startPostgres,
  startRedis,
  type ManagedProcess,
} from '../src/index.ts'

type Kind = [name: string, start: () => Promise<ManagedProcess>, probe: (url: string) => Promise<void>]

const KINDS: Kind[] = [
  ['postgres', startPostgres, probePostgres],
  ['nats', startNats, probeNats],
  ['redis', startRedis, probeRedis],
]

test.each(KINDS)('a private %s ends, comes back on its port, and leaves nothing', async (_, start, probe) => {
  const server = await start()
  const { pid, url } = server
  expect(existsSync(server.temporaryFolder ?? '')).toBe(true)
  await probe(url)
  await server.kill('SIGKILL')
  await expect(probe(url)).rejects.toThrow()
  await server.restart()
  expect(server.pid).not.toBe(pid)
  await probe(url)
  await server.close()
  await expect(probe(url)).rejects.toThrow()
  expect(existsSync(server.temporaryFolder ?? '')).toBe(false)
  await expect(server.restart()).rejects.toThrow('is closed')
})

test.each(KINDS)('a private %s hangs after SIGSTOP, and goes on after SIGCONT', async (_, start, probe) => {
  await using server = await start()
  await server.kill('SIGSTOP')
  await expect(probe(server.url)).rejects.toThrow()
  await server.kill('SIGCONT')
  await probe(server.url)
})

test('PostgreSQL keeps committed rows over a restart, and SIGSTOP reaches open connections', async () => {
  await using server = await startPostgres()
  const client = await connectPostgres(server.url)
  await client.query('create table kept (id int); insert into kept values (1)')
  await server.kill('SIGSTOP')
  let answered = false
  const query = client.query('select 1').then(() => (answered = true))
  // Gives up after a while in which what is asked over the open connection would be answered too.
  await expect(probePostgres(server.url)).rejects.toThrow()
  expect(answered).toBe(false)
  await server.kill('SIGCONT')
  await query
  await client.end()
  await server.restart()
  const again = await connectPostgres(server.url)
  expect((await again.query('select id from kept')).rows).toEqual([{ id: 1 }])
  await again.end()
})

test('NATS keeps streams and messages over a SIGKILL', async () => {
  await using server = await startNats()
  const first = await connect(natsOptions(server.url))
  await (await first.jetstreamManager()).streams.add({ name: 'kept', subjects: ['kept'] })
  await first.jetstream().publish('kept', 'one')
  await first.close()
  await server.kill('SIGKILL')
  await server.restart()
  const second = await connect(natsOptions(server.url))
  const info = await (await second.jetstreamManager()).streams.info('kept')
  expect(info.state.messages).toBe(1)
  await second.close()
})

test('Redis with a data folder keeps its keys over a SIGKILL', async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'runnel-kept-'))
  await using server = await startRedis({ dataDir })
  const first = connectRedisOnce(server.url)
  await first.connect()
  await first.config('SET', 'appendfsync', 'always')
  await first.set('kept', 'one')
  first.disconnect()
  await server.kill('SIGKILL')
  await server.restart()
  const second = connectRedisOnce(server.url)
  await second.connect()
  expect(await second.get('kept')).toBe('one')
  second.disconnect()
  await server.close()
  expect(existsSync(dataDir)).toBe(true)
  rmSync(dataDir, { recursive: true })
})

test.each(['', `await server.kill('SIGKILL')`])(
  'when its owner is killed, a server and its data go: %j',
  async (last) => {
    const script = `
    import { startRedis } from ${JSON.stringify(new URL('../src/index.ts', import.meta.url).href)}
    const server = await startRedis()
    ${last}
    console.log(JSON.stringify({ url: server.url, folder: server.temporaryFolder }))
    setInterval(() => {}, 1000)
  `
    const owner = spawn(process.execPath, ['--input-type=module', '-e', script], {
      env: { ...process.env, NODE_OPTIONS: '' },
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const [line] = (await once(owner.stdout.setEncoding('utf8'), 'data')) as [string]
    const { url, folder } = JSON.parse(line) as { url: string; folder: string }
    if (last === '') await probeRedis(url)
    expect(existsSync(folder)).toBe(true)
    owner.kill('SIGKILL')
    await eventually(() => !existsSync(folder))
    await expect(probeRedis(url)).rejects.toThrow()
  },
)

async function connectPostgres(url: string): Promise<Client> {
  const client = new Client({ connectionString: url })
  // The restart ends the connection.
  client.on('error', () => {})
  await client.connect()
  return client
}
